package io.cinnabar.structure;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.Seed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Ziplists and zipmaps: whole ones are read as they were written, damaged ones do no harm. */
final class OldFormatsTest {

  private static final int ROUNDS = 2000;
  private static final String[] ELEMENTS = {
    "",
    "a",
    "0",
    "1",
    "12",
    "13",
    "-1",
    "127",
    "128",
    "-128",
    "-129",
    "32767",
    "32768",
    "-32768",
    "8388607",
    "8388608",
    "-8388608",
    "-8388609",
    "2147483647",
    "2147483648",
    "-2147483648",
    "-2147483649",
    "9223372036854775807",
    "-9223372036854775808",
    "9223372036854775808",
    "007",
    "x".repeat(63),
    "x".repeat(64),
    "y".repeat(248),
    "y".repeat(253),
    "y".repeat(254),
    "z".repeat(16_383),
    "z".repeat(16_384)
  };

  private final long seed = Seed.of(OldFormatsTest.class);
  private final Random random = new Random(seed);

  /** A redis-server that got it by RESTORE said of it: 1, 256, abc, -70000. */
  private static final byte[] FROM_REDIS =
      HexFormat.of().parseHex("1b00000015000000040000f202c00001040361626305f090eefeff");

  @Test
  void readsAnExampleByHand() {
    assertThat(ziplist(FROM_REDIS, 0)).containsExactly("1", "256", "abc", "-70000");
  }

  @Test
  void ziplistsAreReadAsTheyWereWritten() {
    for (int i = 0; i < ROUNDS; i++) {
      List<String> elements = elements(random.nextInt(8));
      byte[] bytes = OldFormats.ziplist(bytes(elements));
      assertThat(ziplist(bytes, random.nextInt(3))).as("seed %d", seed).isEqualTo(elements);
    }
  }

  @Test
  void zipmapsAreReadAsTheyWereWritten() {
    for (int i = 0; i < ROUNDS; i++) {
      List<String> elements = elements(2 * random.nextInt(4));
      byte[] bytes = OldFormats.zipmap(bytes(elements), random.nextInt(3));
      assertThat(zipmap(bytes, random.nextInt(3))).as("seed %d", seed).isEqualTo(elements);
    }
  }

  @Test
  void moreElementsThanAHeaderCounts() {
    List<String> many = new ArrayList<>();
    for (int i = 0; i < 70_000; i++) {
      many.add(Integer.toString(i));
    }
    assertThat(ziplist(OldFormats.ziplist(bytes(many)), 0)).isEqualTo(many);
    assertThat(zipmap(OldFormats.zipmap(bytes(many), 0), 0)).isEqualTo(many);
  }

  @Test
  void damagedOnesAreRefusedOrRead() {
    int refused = 0;
    for (int i = 0; i < 20 * ROUNDS; i++) {
      List<byte[]> elements = bytes(elements(2 * random.nextInt(4)));
      boolean isZiplist = random.nextBoolean();
      byte[] bytes =
          isZiplist ? OldFormats.ziplist(elements) : OldFormats.zipmap(elements, random.nextInt(3));
      if (random.nextInt(4) == 0) {
        bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
      }
      for (int n = random.nextInt(3); n >= 0 && bytes.length > 0; n--) {
        int at = random.nextInt(Math.min(bytes.length, 40));
        bytes[at] = (byte) (random.nextBoolean() ? random.nextInt(256) : -random.nextInt(4));
      }
      List<String> read;
      try {
        read = isZiplist ? ziplist(bytes, 0) : zipmap(bytes, 0);
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ": " + HexFormat.of().formatHex(bytes), e);
      }
      refused += read == null ? 1 : 0;
    }
    assertThat(refused).isBetween(ROUNDS, 20 * ROUNDS - 1);
  }

  @Test
  void eachByteOfASmallOneMayBeAnything() {
    byte[] zipmap = OldFormats.zipmap(bytes(List.of("f", "v", "field", "value")), 1);
    for (byte[] whole : List.of(FROM_REDIS, zipmap)) {
      for (int at = 0; at < whole.length; at++) {
        for (int value = 0; value < 256; value++) {
          byte[] bytes = whole.clone();
          bytes[at] = (byte) value;
          List<String> read = Arrays.equals(whole, zipmap) ? zipmap(bytes, 0) : ziplist(bytes, 0);
          assertThat(read == null || read.size() <= 4).isTrue();
        }
        byte[] cut = Arrays.copyOf(whole, at);
        assertThat(Arrays.equals(whole, zipmap) ? zipmap(cut, 0) : ziplist(cut, 0)).isNull();
      }
    }
  }

  /**
   * What a ziplist holds; null if it is none. It is read somewhere in an array that ends with it.
   */
  private static @Nullable List<String> ziplist(byte[] bytes, int before) {
    Ziplist ziplist = new Ziplist();
    if (!ziplist.over(within(bytes, before))) {
      return null;
    }
    List<String> elements = new ArrayList<>();
    Slice element = new Slice();
    while (ziplist.next(element, new byte[IntegerText.MAX_LONG_BYTES])) {
      elements.add(text(element));
    }
    assertThat(ziplist.count()).isEqualTo(elements.size());
    return elements;
  }

  private static @Nullable List<String> zipmap(byte[] bytes, int before) {
    Zipmap zipmap = new Zipmap();
    if (!zipmap.over(within(bytes, before))) {
      return null;
    }
    List<String> elements = new ArrayList<>();
    Slice field = new Slice();
    Slice value = new Slice();
    while (zipmap.next(field, value)) {
      elements.add(text(field));
      elements.add(text(value));
    }
    assertThat(2 * zipmap.count()).isEqualTo(elements.size());
    return elements;
  }

  private static Slice within(byte[] bytes, int before) {
    byte[] array = new byte[before + bytes.length];
    System.arraycopy(bytes, 0, array, before, bytes.length);
    return new Slice().set(array, before, bytes.length);
  }

  private static String text(Slice slice) {
    return new String(slice.array, slice.offset, slice.length, ISO_8859_1);
  }

  private List<String> elements(int count) {
    List<String> elements = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      elements.add(ELEMENTS[random.nextInt(ELEMENTS.length)]);
    }
    return elements;
  }

  private static List<byte[]> bytes(List<String> elements) {
    return elements.stream().map(element -> element.getBytes(ISO_8859_1)).toList();
  }
}
