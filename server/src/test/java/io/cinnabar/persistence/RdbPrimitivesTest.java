package io.cinnabar.persistence;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cinnabar.Seed;
import io.cinnabar.structure.Slice;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The parts of values in RDB: what is written is read, and nothing else is. */
final class RdbPrimitivesTest {

  private static final int ROUNDS = 2000;

  private final long seed = Seed.of(RdbPrimitivesTest.class);
  private final Random random = new Random(seed);
  private final RdbWriter out = new RdbWriter();
  private final RdbReader in = new RdbReader();

  private RdbReader over(String hex) {
    in.over(new Slice(HexFormat.of().parseHex(hex)));
    return in;
  }

  private RdbReader overWritten() {
    in.over(new Slice(Arrays.copyOf(out.array(), out.size())));
    return in;
  }

  private String written() {
    return HexFormat.of().formatHex(out.array(), 0, out.size());
  }

  private static String text(Slice slice) {
    return new String(slice.array, slice.offset, slice.length, ISO_8859_1);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 00",
    "63, 3f",
    "64, 4040",
    "16383, 7fff",
    "16384, 8000004000",
    "4294967295, 80ffffffff",
    "4294967296, 810000000100000000",
    "9223372036854775807, 817fffffffffffffff",
    "-1, 81ffffffffffffffff"
  })
  void lengths(long length, String hex) throws RdbException {
    out.length(length);
    assertThat(written()).isEqualTo(hex);
    assertThat(over(hex).length()).isEqualTo(length);
    assertThat(in.remaining()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "40", "80000000", "8100000000000000", "82", "bf", "c0", "c3", "ff"})
  void whatIsNoLength(String hex) {
    assertThatThrownBy(() -> over(hex).length()).isInstanceOf(RdbException.class);
  }

  /** As DUMP of a redis-server had them. */
  @ParameterizedTest
  @CsvSource({
    "'', 00",
    "0, c000",
    "127, c07f",
    "-128, c080",
    "128, c18000",
    "-32768, c10080",
    "32768, c200800000",
    "-2147483648, c200000080",
    "2147483648, 0a32313437343833363438",
    "007, 03303037",
    "-0, 022d30",
    "+1, 022b31",
    "hello, 0568656c6c6f"
  })
  void strings(String text, String hex) throws RdbException {
    out.string(new Slice(text.getBytes(ISO_8859_1)));
    assertThat(written()).isEqualTo(hex);
    assertThat(text(over(hex).string(new RdbString()))).isEqualTo(text);
    assertThat(in.remaining()).isZero();
  }

  /** What no writer makes, but is a string all the same. */
  @ParameterizedTest
  @CsvSource({
    "40016b, k",
    "80000000016b, k",
    "8100000000000000016b, k",
    "c10100, 1",
    "c2ffffffff, -1",
    "c30201006b, k",
    "c40c, none"
  })
  void stringsByOtherWriters(String hex, String text) throws RdbException {
    if (text.equals("none")) {
      assertThatThrownBy(() -> over(hex).string(new RdbString())).isInstanceOf(RdbException.class);
      return;
    }
    assertThat(text(over(hex).string(new RdbString()))).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "05",
        "0561626364",
        "8000000001",
        "80ffffffff",
        "817fffffffffffffff61",
        "81ffffffffffffffff61",
        "c0",
        "c100",
        "c2000000",
        "c4",
        "ff",
        "82",
        "c3",
        "c302",
        "c30201",
        "c3020100",
        "c3c000",
        "c302c00061",
        "c3020000",
        "c3020061",
        "c3030100",
        // claims more than LZF can make of it: 2^63-1, 2^31-1, a hundred times as much
        "c302817fffffffffffffff0061",
        "c302807fffffff0061",
        "c3024190ff61",
        // another length than was claimed, and a reference before the beginning
        "c3020000610061",
        "c302020061",
        "c30404006120010a"
      })
  void whatIsNoString(String hex) {
    assertThatThrownBy(() -> over(hex).string(new RdbString())).isInstanceOf(RdbException.class);
  }

  @Test
  void stringsAreReadAsTheyWereWritten() throws RdbException {
    RdbString into = new RdbString();
    for (int i = 0; i < ROUNDS; i++) {
      out.reset();
      out.compress(random.nextBoolean());
      byte[] bytes = bytes();
      out.string(bytes, 0, bytes.length);
      out.length(7);
      Slice read = overWritten().string(into);
      assertThat(read.toByteArray()).as("seed %d", seed).isEqualTo(bytes);
      assertThat(in.length()).as("seed %d", seed).isEqualTo(7);
      into.release();
    }
  }

  /** Of any length up to 100,000, with more and less that repeats itself. */
  private byte[] bytes() {
    byte[] bytes = new byte[random.nextInt(1 << random.nextInt(17))];
    int letters = 1 + random.nextInt(256);
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (random.nextInt(letters) + '0');
    }
    return bytes;
  }

  @Test
  void damagedStringsAreRefusedOrRead() {
    RdbString into = new RdbString();
    for (int i = 0; i < 10 * ROUNDS; i++) {
      out.reset();
      out.compress(true);
      byte[] bytes = bytes();
      out.string(bytes, 0, bytes.length);
      byte[] damaged = Arrays.copyOf(out.array(), out.size());
      for (int n = random.nextInt(3); n >= 0; n--) {
        damaged[random.nextInt(Math.min(20, damaged.length))] = (byte) random.nextInt(256);
      }
      in.over(new Slice(damaged));
      try {
        assertThat(in.string(into).length).isNotNegative();
      } catch (RdbException refused) {
        assertThat(refused).hasMessageNotContaining("null");
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + HexFormat.of().formatHex(damaged), e);
      }
      into.release();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "fe, Infinity",
    "ff, -Infinity",
    "fd, NaN",
    "0131, 1",
    "03312e35, 1.5",
    "022d30, -0",
    "05312e356530, 1.5",
    "0378797a, NaN",
    "00, NaN",
    "036e616e, NaN",
    "12302e30303030303030303030303030303031, 0.0000000000000001"
  })
  void doublesOfOld(String hex, double value) throws RdbException {
    assertThat(over(hex).textDouble()).isEqualTo((Double) value);
    assertThat(in.remaining()).isZero();
  }

  @Test
  void doubles() throws RdbException {
    for (double value : new double[] {0, -0.0, 1.5, Double.MIN_VALUE, Double.NEGATIVE_INFINITY}) {
      out.reset();
      out.binaryDouble(value);
      assertThat(overWritten().binaryDouble()).isEqualTo(value);
    }
    assertThatThrownBy(() -> over("00000000000000").binaryDouble())
        .isInstanceOf(RdbException.class);
  }

  @Test
  void partsAreNotMoreThanTheBytesLeft() throws RdbException {
    assertThat(over("03010203").count(1)).isEqualTo(3);
    assertThatThrownBy(() -> over("04010203").count(1)).isInstanceOf(RdbException.class);
    assertThatThrownBy(() -> over("02010203").count(2)).isInstanceOf(RdbException.class);
    assertThatThrownBy(() -> over("81ffffffffffffffff00").count(1))
        .isInstanceOf(RdbException.class);
  }
}
