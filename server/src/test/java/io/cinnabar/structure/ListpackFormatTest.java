package io.cinnabar.structure;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.Seed;
import io.cinnabar.arena.Bytes;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The bytes, as DUMP of redis-server 7.0.15 contains them for the same elements, and what becomes
 * of them when they are damaged.
 */
final class ListpackFormatTest {

  private final long seed = Seed.of(ListpackFormatTest.class);
  private final SplittableRandom random = new SplittableRandom(seed);
  private final EditableArray bytes = new EditableArray(random);
  private final Slice text = new Slice();
  private final byte[] digits = new byte[IntegerText.MAX_LONG_BYTES];

  @ParameterizedTest
  @CsvSource({
    "0, 0001",
    "127, 7f01",
    "128, c08002",
    "-1, dfff02",
    "-4096, d00002",
    "4095, cfff02",
    "4096, f1001003",
    "-4097, f1ffef03",
    "32767, f1ff7f03",
    "-32768, f1008003",
    "32768, f200800004",
    "-32769, f2ff7fff04",
    "8388607, f2ffff7f04",
    "-8388608, f200008004",
    "8388608, f30000800005",
    "-8388609, f3ffff7fff05",
    "2147483647, f3ffffff7f05",
    "-2147483648, f30000008005",
    "2147483648, f4000000800000000009",
    "-2147483649, f4ffffff7fffffffff09",
    "9223372036854775807, f4ffffffffffffff7f09",
    "-9223372036854775808, f4000000000000008009",
    "9223372036854775808, 933932323333373230333638353437373538303814",
    "-0, 822d3003",
    "00, 82303003",
    "+1, 822b3103",
    "'', 8001",
    "a, 816102",
    "' 1', 82203103",
    "-, 812d02",
  })
  void elementIsWhatARealServerMakes(String element, String entry) {
    Listpack.format(bytes);
    Listpack.append(bytes, Slice.of(element));
    int total = 7 + entry.length() / 2;
    assertBytes("%02x0000000100".formatted(total) + entry + "ff");
    assertRead(element.getBytes(US_ASCII));
    if (IntegerText.isLong(Slice.of(element))) {
      Listpack.format(bytes);
      Listpack.append(bytes, Long.parseLong(element));
      assertBytes("%02x0000000100".formatted(total) + entry + "ff");
    }
  }

  /** Strings of {@code length} times x: what stands before and behind them. */
  @ParameterizedTest
  @CsvSource({
    "62, 470000000100be, 3fff",
    "63, 480000000100bf, 40ff",
    "64, 4a0000000100e040, 42ff",
    "65, 4b0000000100e041, 43ff",
    "124, 860000000100e07c, 7eff",
    "125, 870000000100e07d, 7fff",
    "126, 890000000100e07e, 0180ff",
    "4095, 0a1000000100efff, 2081ff",
    "4096, 0e1000000100f000100000, 2085ff",
    "16376, 064000000100f0f83f0000, 7ffdff",
    "16377, 074000000100f0f93f0000, 7ffeff",
    "16378, 094000000100f0fa3f0000, 00ffffff",
    "16379, 0a4000000100f0fb3f0000, 018080ff",
    "2097145, 080020000100f0f9ff1f00, 7ffffeff",
    "2097146, 0a0020000100f0faff1f00, 00ffffffff",
    "2097147, 0b0020000100f0fbff1f00, 01808080ff",
  })
  void stringIsWhatARealServerMakes(int length, String before, String behind) {
    byte[] element = new byte[length];
    Arrays.fill(element, (byte) 'x');
    Listpack.format(bytes);
    Listpack.append(bytes, new Slice(element));
    String hex = HexFormat.of().formatHex(bytes.copy());
    assertThat(hex.replace("78".repeat(length), " ")).isEqualTo(before + " " + behind);
    assertRead(element);
  }

  private void assertRead(byte[] element) {
    byte[] a = bytes.array();
    int start = bytes.offset();
    assertThat(Listpack.validate(a, start, bytes.length(), true)).isTrue();
    int p = Listpack.last(a, start);
    assertThat(p).isEqualTo(Listpack.first(a, start));
    Listpack.text(a, start, p, text, digits);
    assertThat(text.toByteArray()).isEqualTo(element);
    assertThat(Listpack.find(a, start, p, new Slice(element), 0)).isEqualTo(p);
    int size = ListpackEntry.encodedBytes(new Slice(element));
    assertThat(size).isEqualTo(bytes.length() - Listpack.EMPTY_BYTES);
    assertThat(ListpackEntry.entryBytes(a, start + p)).isEqualTo(size);
  }

  @Test
  void hashIsWhatARealServerMakes() {
    Listpack.format(bytes);
    for (String word : new String[] {"name", "Ada", "age", "36", "", ""}) {
      Listpack.append(bytes, Slice.of(word));
    }
    assertBytes("1d0000000600846e616d650583416461048361676504240180018001ff");
  }

  @Test
  void sortedSetIsWhatARealServerMakes() {
    Listpack.format(bytes);
    Listpack.appendPair(bytes, Slice.of("a"), Slice.of("1"));
    Listpack.insertPair(bytes, 6, Slice.of("300"), Slice.of("-3"));
    Listpack.appendPair(bytes, Slice.of("7"), Slice.of("1.5"));
    assertBytes("190000000600c12c02dffd028161020101070183312e3504ff");
  }

  private void assertBytes(String hex) {
    assertThat(HexFormat.of().formatHex(bytes.copy())).isEqualTo(hex);
  }

  /** A sequence of entries of all kinds. */
  private byte[] allKinds() {
    Listpack.format(bytes);
    for (long value : new long[] {5, -5, 5000, 70_000, 1 << 30, 1L << 40}) {
      Listpack.append(bytes, value);
    }
    for (int length : new int[] {0, 3, 70, 200, 4100}) {
      byte[] element = new byte[length];
      random.nextBytes(element);
      Listpack.append(bytes, new Slice(element));
    }
    return bytes.copy();
  }

  @Test
  void refusesWhatIsCutOff() {
    byte[] intact = allKinds();
    assertThat(validate(intact)).isTrue();
    for (int length = 0; length < intact.length; length++) {
      byte[] cut = Arrays.copyOf(intact, length);
      assertThat(validate(cut)).as("seed %d, %d bytes", seed, length).isFalse();
      // As if it knew its length.
      if (length >= Listpack.EMPTY_BYTES) {
        Bytes.putInt(cut, 0, length);
        cut[length - 1] = (byte) 0xFF;
        assertThat(validate(cut)).as("seed %d, %d bytes with an end", seed, length).isFalse();
      }
    }
  }

  /** What isn't found to be damaged can be read from end to end. */
  @Test
  void refusesOrReadsWhatIsDamaged() {
    byte[] intact = allKinds();
    int refused = 0;
    for (int i = 0; i < intact.length; i++) {
      for (int mask = 1; mask < 0x100; mask = i < 400 ? mask + 1 : 2 * mask) {
        byte[] damaged = intact.clone();
        damaged[i] ^= (byte) mask;
        refused += readIfValid(damaged, "seed " + seed + ", byte " + i + " ^ " + mask) ? 0 : 1;
      }
    }
    assertThat(refused).isGreaterThan(1000);
  }

  @Test
  void refusesOrReadsAnyBytes() {
    for (int round = 0; round < 200_000; round++) {
      byte[] any = new byte[Listpack.EMPTY_BYTES + random.nextInt(40)];
      for (int i = 6; i < any.length; i++) {
        any[i] = (byte) (random.nextInt(3) == 0 ? random.nextInt(256) : random.nextInt(6));
      }
      any[0] = (byte) any.length;
      any[4] = any[5] = (byte) 0xFF;
      any[any.length - 1] = (byte) 0xFF;
      readIfValid(any, "seed " + seed + ": " + HexFormat.of().formatHex(any));
    }
  }

  @Test
  void refusesLengthsThatWrapAround() {
    for (String size : new String[] {"ffffff7f", "faffffff", "fbffffff", "fdffffff", "00000080"}) {
      byte[] claiming = HexFormat.of().parseHex("0e0000000100f0" + size + "610001ff");
      claiming[0] = (byte) claiming.length;
      assertThat(validate(claiming)).as(size).isFalse();
    }
  }

  @Test
  void looksOnlyAtHeaderAndEndIfNotDeep() {
    byte[] damaged = allKinds();
    damaged[6] = (byte) 0xF7;
    bytes.place(damaged);
    assertThat(Listpack.validate(bytes.array(), bytes.offset(), damaged.length, false)).isTrue();
    assertThat(Listpack.validate(bytes.array(), bytes.offset(), damaged.length, true)).isFalse();
    damaged[0]++;
    bytes.place(damaged);
    assertThat(Listpack.validate(bytes.array(), bytes.offset(), damaged.length, false)).isFalse();
  }

  private boolean readIfValid(byte[] listpack, String description) {
    // In an array of their length: what reads beyond it fails.
    if (!Listpack.validate(listpack, 0, listpack.length, true)) {
      return false;
    }
    int count = 0;
    for (int p = Listpack.first(listpack, 0); p != -1; p = Listpack.next(listpack, 0, p)) {
      Listpack.text(listpack, 0, p, text, digits);
      assertThat(text.offset).as(description).isNotNegative();
      assertThat(text.end()).as(description).isLessThanOrEqualTo(text.array.length);
      count++;
    }
    int backwards = 0;
    for (int p = Listpack.last(listpack, 0); p != -1; p = Listpack.previous(listpack, 0, p)) {
      backwards++;
    }
    assertThat(backwards).as(description).isEqualTo(count);
    assertThat(Listpack.count(listpack, 0)).as(description).isEqualTo(count);
    return true;
  }

  private static boolean validate(byte[] listpack) {
    return Listpack.validate(listpack, 0, listpack.length, true);
  }
}
