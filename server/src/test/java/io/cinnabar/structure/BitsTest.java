package io.cinnabar.structure;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.Seed;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Against a model of one boolean a bit, at random places of arrays with other bytes around. */
final class BitsTest {

  private static final int ROUNDS = 20_000;

  private final long seed = Seed.of(BitsTest.class);
  private final SplittableRandom random = new SplittableRandom(seed);

  private byte[] array = {};
  private int offset;
  private int length;
  private boolean[] model = {};

  /** Bytes of which long runs are all 0 or all 1, with as many more around them. */
  private void make(int maxLength) {
    length = 1 + random.nextInt(maxLength);
    offset = random.nextInt(20);
    array = new byte[offset + length + random.nextInt(3) * random.nextInt(20)];
    random.nextBytes(array);
    int from = offset + random.nextInt(length);
    int to = from + random.nextInt(offset + length - from + 1);
    if (random.nextInt(3) > 0) {
      Arrays.fill(array, from, to, (byte) (random.nextBoolean() ? 0 : -1));
    }
    model = new boolean[8 * length];
    for (int i = 0; i < model.length; i++) {
      model[i] = (array[offset + i / 8] & 0x80 >> (i % 8)) != 0;
    }
  }

  private long bits() {
    return 8L * length;
  }

  private void assertArrayIsModel(byte[] before) {
    for (int i = 0; i < model.length; i++) {
      assertThat((array[offset + i / 8] & 0x80 >> (i % 8)) != 0)
          .as("%s, bit %d", shown(), i)
          .isEqualTo(model[i]);
    }
    assertThat(Arrays.copyOf(array, offset)).as(shown()).isEqualTo(Arrays.copyOf(before, offset));
    assertThat(Arrays.copyOfRange(array, offset + length, array.length))
        .as(shown())
        .isEqualTo(Arrays.copyOfRange(before, offset + length, array.length));
  }

  private String shown() {
    return "seed " + seed + ", offset " + offset + ", length " + length;
  }

  @Test
  void singleBits() {
    for (int round = 0; round < ROUNDS; round++) {
      make(20);
      byte[] before = array.clone();
      int bit = random.nextInt(model.length);
      assertThat(Bits.get(array, offset, bit)).as(shown()).isEqualTo(model[bit] ? 1 : 0);
      model[bit] = random.nextBoolean();
      Bits.set(array, offset, bit, model[bit]);
      assertArrayIsModel(before);
    }
  }

  @Test
  void counts() {
    for (int round = 0; round < ROUNDS; round++) {
      make(150);
      long first = random.nextLong(bits());
      long last = first + random.nextLong(bits() - first);
      assertThat(Bits.count(array, offset, first, last))
          .as("%s, %d to %d", shown(), first, last)
          .isEqualTo(countInModel(first, last));
      assertThat(Bits.count(array, offset, length))
          .as(shown())
          .isEqualTo(countInModel(0, bits() - 1));
    }
    assertThat(Bits.count(new byte[5], 5, 0)).isZero();
  }

  private long countInModel(long first, long last) {
    long count = 0;
    for (long i = first; i <= last; i++) {
      count += model[(int) i] ? 1 : 0;
    }
    return count;
  }

  @Test
  void firstBits() {
    for (int round = 0; round < ROUNDS; round++) {
      make(150);
      long first = random.nextLong(bits());
      long last = first + random.nextLong(bits() - first);
      for (boolean on : new boolean[] {false, true}) {
        assertThat(Bits.indexOf(on, array, offset, first, last))
            .as("%s, %b, %d to %d", shown(), on, first, last)
            .isEqualTo(indexInModel(on, first, last));
      }
    }
  }

  private long indexInModel(boolean on, long first, long last) {
    for (long i = first; i <= last; i++) {
      if (model[(int) i] == on) {
        return i;
      }
    }
    return -1;
  }

  @Test
  void fieldsAreReadAsIfZerosFollowed() {
    for (int round = 0; round < ROUNDS; round++) {
      make(24);
      long bit = random.nextLong(bits() + 70);
      int width = 1 + random.nextInt(64);
      assertThat(Bits.field(array, offset, length, bit, width))
          .as("%s, bit %d, width %d", shown(), bit, width)
          .isEqualTo(fieldInModel(bit, width));
    }
    assertThat(Bits.field(new byte[9], 0, 9, Long.MAX_VALUE, 64)).isZero();
  }

  private long fieldInModel(long bit, int width) {
    long field = 0;
    for (long i = bit; i < bit + width; i++) {
      field = field << 1 | (i < model.length && model[(int) i] ? 1 : 0);
    }
    return field;
  }

  @Test
  void fieldsAreWrittenWithoutTouchingOthers() {
    for (int round = 0; round < ROUNDS; round++) {
      make(24);
      byte[] before = array.clone();
      int width = 1 + random.nextInt((int) Math.min(64, bits()));
      long bit = random.nextLong(bits() - width + 1);
      long value = random.nextLong();
      Bits.putField(array, offset, length, bit, width, value);
      for (int i = 0; i < width; i++) {
        model[(int) bit + i] = (value >>> (width - 1 - i) & 1) != 0;
      }
      assertArrayIsModel(before);
    }
  }
}
