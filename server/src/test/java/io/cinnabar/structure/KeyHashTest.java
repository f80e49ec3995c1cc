package io.cinnabar.structure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class KeyHashTest {
  private final KeyHash hash = new KeyHash(42);

  @Test
  void dependsOnNothingOutsideTheSlice() {
    Random random = new Random(1);
    for (int length = 0; length <= 100; length++) {
      byte[] exact = new byte[length];
      random.nextBytes(exact);
      byte[] wide = new byte[length + 40];
      random.nextBytes(wide);
      System.arraycopy(exact, 0, wide, 17, length);

      // The exact array also proves that nothing beyond it is read.
      assertThat(hash.of(new Slice().set(wide, 17, length))).isEqualTo(hash.of(new Slice(exact)));
    }
  }

  @Test
  void everyBitAndTheLengthMatter() {
    for (int length = 1; length <= 70; length++) {
      Set<Long> hashes = new HashSet<>();
      byte[] key = new byte[length];
      hashes.add(hash.of(new Slice(key)));
      hashes.add(hash.of(new Slice(Arrays.copyOf(key, length - 1))));
      for (int bit = 0; bit < length * 8; bit++) {
        key[bit >>> 3] ^= (byte) (1 << (bit & 7));
        hashes.add(hash.of(new Slice(key)));
        key[bit >>> 3] ^= (byte) (1 << (bit & 7));
      }
      assertThat(hashes).as("length %d", length).hasSize(length * 8 + 2);
    }
  }

  @Test
  void theSeedDecides() {
    Slice key = Slice.of("key:000000000001");

    assertThat(new KeyHash(43).of(key)).isNotEqualTo(hash.of(key));
    assertThat(new KeyHash(42).of(key)).isEqualTo(hash.of(key));
  }

  @Test
  void keysThatCountSpreadEvenlyOverEveryPartOfTheHash() {
    int keys = 30_000;
    for (String format : new String[] {"key:%012d", "%d", "user:%d:name", "%032d"}) {
      int[][] counts = new int[8][256];
      for (int i = 0; i < keys; i++) {
        long of = hash.of(Slice.of(String.format(format, i)));
        for (int part = 0; part < 8; part++) {
          counts[part][(int) (of >>> (part * 8)) & 0xff]++;
        }
      }
      double expected = keys / 256.0;
      for (int part = 0; part < 8; part++) {
        double chiSquare = 0;
        for (int count : counts[part]) {
          chiSquare += (count - expected) * (count - expected) / expected;
        }
        // 255 degrees of freedom: 350 is beyond the 99.99th percentile, and the seed is fixed.
        assertThat(chiSquare).as("%s, byte %d", format, part).isLessThan(350);
      }
    }
  }
}
