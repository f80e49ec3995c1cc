package io.cinnabar.structure;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.Seed;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LzfTest {

  private static final int ROUNDS = 20_000;

  private final long seed = Seed.of(LzfTest.class);
  private final SplittableRandom random = new SplittableRandom(seed);
  private final Lzf lzf = new Lzf();

  /** Compressed by redis-server 7.0.15. */
  @Test
  void readsWhatARealServerHasCompressed() {
    String text =
        "the quick brown fox jumps over the quick brown dog, "
            + "the quick brown fox jumps over the quick brown dog; "
            + "a".repeat(300)
            + "abc".repeat(4);
    assertDecompresses(
        "1f74686520717569636b2062726f776e20666f78206a756d7073206f7665722074e0061e03646f672c"
            + "e00814e01933023b2061e0ff00e01b00016263a002016263",
        text);
    assertDecompresses("017878e05700017878", "x".repeat(100));
  }

  /** A copy that is as long as its distance, shorter and longer; the longest and the farthest. */
  @ParameterizedTest
  @CsvSource({
    "00 61, a",
    "02 616263 2002, abcabc",
    "02 616263 4001, abcbcbc",
    "02 616263 6000, abcccccc",
    "01 6162 e00001, abababababa",
    "03 61626364 c003, abcdabcdabcd",
  })
  void decompresses(String hex, String text) {
    assertDecompresses(hex.replace(" ", ""), text);
  }

  private static void assertDecompresses(String hex, String text) {
    byte[] compressed = HexFormat.of().parseHex(hex);
    byte[] output = new byte[text.length()];
    assertThat(Lzf.decompress(compressed, 0, compressed.length, output, 0, output.length)).isTrue();
    assertThat(new String(output, US_ASCII)).isEqualTo(text);
  }

  @Test
  void decompressesWhatItHasCompressed() {
    for (int round = 0; round < ROUNDS; round++) {
      String description = "seed " + seed + ", round " + round;
      byte[] original = original(round % 100 == 0 ? 40_000 : 600);
      int from = random.nextInt(original.length + 1);
      int length = random.nextInt(original.length - from + 1);
      byte[] compressed = new byte[5 + 2 * length];
      int size = lzf.compress(original, from, length, compressed, 3, compressed.length - 5);
      if (length == 0) {
        assertThat(size).as(description).isZero();
        continue;
      }
      assertThat(size).as(description).isPositive();
      assertThat(size).as(description).isLessThanOrEqualTo(length + (length + 31) / 32);
      assertThat(compressed[3 + size]).as(description).isZero();

      byte[] output = new byte[length + 4];
      assertThat(Lzf.decompress(compressed, 3, size, output, 2, length)).as(description).isTrue();
      byte[] expected = new byte[length + 4];
      System.arraycopy(original, from, expected, 2, length);
      assertThat(output).as(description).isEqualTo(expected);
      assertThat(Lzf.decompress(compressed, 3, size, output, 2, length - 1)).isFalse();
      assertThat(Lzf.decompress(compressed, 3, size, output, 2, length + 1)).isFalse();
      assertThat(Lzf.decompress(compressed, 3, size - 1, output, 2, length)).isFalse();
      assertFitsExactly(original, from, length, compressed, size);
    }
  }

  /** The same input gives the same bytes, into just enough room for them, and none into less. */
  private void assertFitsExactly(byte[] original, int from, int length, byte[] before, int size) {
    byte[] compressed = new byte[before.length];
    assertThat(lzf.compress(original, from, length, compressed, 3, size)).isEqualTo(size);
    assertThat(compressed).as("seed %d", seed).isEqualTo(before);
    byte[] tooShort = new byte[size - 1];
    assertThat(lzf.compress(original, from, length, tooShort, 0, size - 1)).isZero();
  }

  @Test
  void compressesWhatRepeats() {
    byte[] text = "{\"id\":1,\"name\":\"ada\",\"tags\":[]}".repeat(20).getBytes(US_ASCII);
    byte[] output = new byte[text.length];
    assertThat(lzf.compress(text, 0, text.length, output, 0, output.length)).isBetween(1, 60);
    byte[] zeros = new byte[100_000];
    assertThat(lzf.compress(zeros, 0, zeros.length, output, 0, output.length)).isZero();
    output = new byte[2000];
    assertThat(lzf.compress(zeros, 0, zeros.length, output, 0, output.length)).isBetween(1, 1150);
  }

  @Test
  void refusesWhatIsDamaged() {
    for (String hex : new String[] {"02", "0261", "20", "2000", "0061e000", "0061e0", "006120"}) {
      byte[] damaged = HexFormat.of().parseHex(hex);
      assertThat(Lzf.decompress(damaged, 0, damaged.length, new byte[99], 0, 99)).isFalse();
    }
    for (int round = 0; round < ROUNDS; round++) {
      byte[] original = original(100);
      byte[] compressed = new byte[2 * original.length];
      int size = lzf.compress(original, 0, original.length, compressed, 0, compressed.length);
      byte[] damaged = Arrays.copyOf(compressed, size);
      damaged[random.nextInt(size)] = (byte) random.nextInt(256);
      // In arrays of their lengths: what reads or writes beyond them fails.
      byte[] output = new byte[original.length];
      boolean read = Lzf.decompress(damaged, 0, size, output, 0, output.length);
      assertThat(read || !Arrays.equals(damaged, compressed)).as("seed %d", seed).isTrue();
    }
  }

  /** At least one byte; more or less of it repeats, near and far. */
  private byte[] original(int maxLength) {
    byte[] bytes = new byte[1 + random.nextInt(maxLength)];
    int letters = 1 + random.nextInt(random.nextBoolean() ? 4 : 256);
    for (int i = 0; i < bytes.length; ) {
      if (i > 0 && random.nextInt(4) == 0) {
        int from = random.nextInt(i);
        for (int end = Math.min(bytes.length, i + random.nextInt(400)); i < end; i++) {
          bytes[i] = bytes[from++];
        }
      } else {
        bytes[i++] = (byte) random.nextInt(letters);
      }
    }
    return bytes;
  }
}
