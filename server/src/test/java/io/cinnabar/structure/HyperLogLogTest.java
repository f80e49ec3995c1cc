package io.cinnabar.structure;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.cinnabar.Seed;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HyperLogLogTest {

  private final long seed = Seed.of(HyperLogLogTest.class);
  private final Random random = new Random(seed);
  private final RegisterHistogram histogram = new RegisterHistogram();

  /** Registers and ranks as PFDEBUG DECODE of a redis-server showed them. */
  @ParameterizedTest
  @CsvSource({"a, 12711, 2", "b, 15780, 1", "c, 8436, 1", "d, 7292, 1"})
  void elementsGoWhereRedisPutsThem(String element, int index, int rank) {
    long hash = HyperLogLog.hash(Slice.of(element));
    assertThat(HyperLogLog.index(hash)).isEqualTo(index);
    assertThat(HyperLogLog.rank(hash)).isEqualTo(rank);
  }

  @Test
  void theHashDependsOnNothingOutsideTheElement() {
    for (int length = 0; length <= 40; length++) {
      byte[] exact = new byte[length];
      random.nextBytes(exact);
      byte[] wide = new byte[length + 40];
      random.nextBytes(wide);
      System.arraycopy(exact, 0, wide, 17, length);

      // The exact array also proves that nothing beyond it is read.
      assertThat(HyperLogLog.hash(new Slice().set(wide, 17, length)))
          .isEqualTo(HyperLogLog.hash(new Slice(exact)));
    }
  }

  @Test
  void ranksAreThePlacesOfTheLowestOne() {
    for (int place = 0; place < 50; place++) {
      assertThat(HyperLogLog.rank(1L << (14 + place))).isEqualTo(place + 1);
      assertThat(HyperLogLog.rank(-1L << (14 + place))).isEqualTo(place + 1);
    }
    assertThat(HyperLogLog.rank(0)).isEqualTo(51);
    assertThat(HyperLogLog.rank(0x3fff)).isEqualTo(51);
  }

  @Test
  void theHeaderDecidesWhatIsASketch() {
    assertThat(isValid("HYLL\1" + "\0".repeat(11))).isTrue();
    assertThat(isValid("HYLL\1" + "x".repeat(5000))).isTrue();
    assertThat(isValid("HYLL\0" + "x".repeat(12_299))).isTrue();
    assertThat(isValid("HYLL\0" + "x".repeat(12_300))).isFalse();
    assertThat(isValid("HYLL\0" + "x".repeat(12_298))).isFalse();
    assertThat(isValid("HYLL\1" + "\0".repeat(10))).isFalse();
    assertThat(isValid("HYLL\2" + "\0".repeat(11))).isFalse();
    assertThat(isValid("HYLL\u0081" + "\0".repeat(11))).isFalse();
    assertThat(isValid("HYLl\1" + "\0".repeat(11))).isFalse();
    for (String text : new String[] {"", "H", "HYLL", "HYLL\1"}) {
      assertThat(isValid(text)).isFalse();
    }
  }

  private static boolean isValid(String text) {
    return HyperLogLog.isValid(new Slice(text.getBytes(ISO_8859_1)));
  }

  @Test
  void theCardinalityIsStaleUntilItIsCounted() {
    HyperLogLogEditor editor = new HyperLogLogEditor();
    editor.create();
    Slice sketch = editor.bytes();
    assertThat(HyperLogLog.cardinality(sketch)).isZero();
    HyperLogLog.putCardinality(sketch, 12_345_678_901L);
    assertThat(HyperLogLog.cardinality(sketch)).isEqualTo(12_345_678_901L);
    HyperLogLog.invalidateCardinality(sketch);
    HyperLogLog.invalidateCardinality(sketch);
    assertThat(HyperLogLog.cardinality(sketch)).isEqualTo(12_345_678_901L | Long.MIN_VALUE);
  }

  @Test
  void denseRegistersAreIndependent() {
    int offset = random.nextInt(20);
    byte[] array = new byte[offset + DenseRegisters.BYTES];
    byte[] model = new byte[HyperLogLog.REGISTERS];
    for (int i = 0; i < 100_000; i++) {
      int index = random.nextInt(HyperLogLog.REGISTERS);
      model[index] = (byte) random.nextInt(64);
      DenseRegisters.set(array, offset, index, model[index]);
    }
    assertHolds(array, offset, model);
    for (int i = 0; i < offset; i++) {
      assertThat(array[i]).as("before the registers, seed %d", seed).isZero();
    }
  }

  private void assertHolds(byte[] array, int offset, byte[] model) {
    for (int i = 0; i < model.length; i++) {
      assertThat(DenseRegisters.get(array, offset, i))
          .as("register %d, seed %d", i, seed)
          .isEqualTo(model[i]);
    }
  }

  @Test
  void denseRegistersAreReadAndWrittenAllAtOnce() {
    byte[] model = new byte[HyperLogLog.REGISTERS];
    byte[] array = new byte[3 + DenseRegisters.BYTES];
    for (int i = 0; i < model.length; i++) {
      model[i] = (byte) random.nextInt(64);
    }
    DenseRegisters.putAll(array, 3, model);
    assertHolds(array, 3, model);

    byte[] ranks = new byte[HyperLogLog.REGISTERS];
    byte[] expected = new byte[HyperLogLog.REGISTERS];
    for (int i = 0; i < ranks.length; i++) {
      ranks[i] = (byte) random.nextInt(64);
      expected[i] = (byte) Math.max(ranks[i], model[i]);
    }
    DenseRegisters.raise(array, 3, ranks);
    assertThat(ranks).as("seed %d", seed).isEqualTo(expected);
  }

  /** The same sum in the order in which the paper writes it, register by register. */
  private static double naiveEstimate(byte[] ranks) {
    double m = ranks.length;
    int zeros = 0;
    int full = 0;
    double sum = 0;
    for (byte rank : ranks) {
      zeros += rank == 0 ? 1 : 0;
      full += rank == 51 ? 1 : 0;
      sum += rank == 0 || rank > 50 ? 0 : Math.pow(2, -rank);
    }
    double x = zeros / m;
    double sigma = x;
    for (int k = 1; k < 40; k++) {
      sigma += Math.pow(x, Math.pow(2, k)) * Math.pow(2, k - 1);
    }
    double y = 1 - full / m;
    double tau = 1 - y;
    for (int k = 1; k < 60; k++) {
      tau -= Math.pow(1 - Math.pow(y, Math.pow(2, -k)), 2) * Math.pow(2, -k);
    }
    return m * m / (2 * Math.log(2)) / (m * sigma + sum + m * Math.pow(2, -50) * tau / 3);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 10, 20, 35, 48, 52})
  void theEstimateIsThatOfThePaper(int mostRanks) {
    for (int round = 0; round < 20; round++) {
      byte[] ranks = new byte[HyperLogLog.REGISTERS];
      int lowest = random.nextInt(mostRanks);
      int used = random.nextInt(1, ranks.length + 1);
      for (int i = 0; i < used; i++) {
        ranks[i] = (byte) random.nextInt(lowest, mostRanks);
      }
      byte[] array = new byte[DenseRegisters.BYTES];
      DenseRegisters.putAll(array, 0, ranks);
      histogram.clear();
      DenseRegisters.count(array, 0, histogram);
      double expected = naiveEstimate(ranks);
      if (expected < Long.MAX_VALUE) {
        assertThat((double) histogram.cardinality())
            .as("seed %d", seed)
            .isCloseTo(expected, within(0.5 + expected * 1e-9));
      }
    }
  }

  @Test
  void theEstimateOfNothingIsZeroAndOfTooMuchTheLeastLong() {
    histogram.clear();
    histogram.add(0, HyperLogLog.REGISTERS);
    assertThat(histogram.cardinality()).isZero();
    histogram.clear();
    histogram.add(51, HyperLogLog.REGISTERS);
    assertThat(histogram.cardinality()).isEqualTo(Long.MIN_VALUE);
  }

  @Test
  void theErrorIsWhatIsToBeExpected() {
    HyperLogLogEditor editor = new HyperLogLogEditor();
    editor.create();
    double squares = 0;
    int estimates = 0;
    int next = 10;
    for (int i = 1; i <= 300_000; i++) {
      long hash = HyperLogLog.hash(Slice.of("element:" + i));
      editor.raise(HyperLogLog.index(hash), HyperLogLog.rank(hash), 3000);
      if (i == next) {
        assertThat(HyperLogLog.count(editor.bytes(), histogram)).isTrue();
        double error = histogram.cardinality() / (double) i - 1;
        squares += error * error;
        estimates++;
        next = next * 5 / 4 + 1;
      }
    }
    assertThat(Math.sqrt(squares / estimates)).isLessThan(0.0125);
  }

  @Test
  void aUnionHoldsTheHighestOfEachRegister() {
    UnionRegisters union = new UnionRegisters();
    byte[] model = new byte[HyperLogLog.REGISTERS];
    byte[] array = new byte[HyperLogLog.DENSE_BYTES];
    for (int round = 0; round < 50; round++) {
      union.clear();
      Arrays.fill(model, (byte) 0);
      for (int n = random.nextInt(4); n > 0; n--) {
        HyperLogLogEditor editor = new HyperLogLogEditor();
        editor.load(new Slice(SparseSketches.random(random).getBytes(ISO_8859_1)));
        SparseRegisters.raise(editor.bytes(), model);
        if (random.nextBoolean()) {
          assertThat(editor.makeDense()).isTrue();
        }
        assertThat(union.add(editor.bytes())).isTrue();
      }
      for (int i = 0; i < model.length; i++) {
        assertThat(union.rank(i)).as("register %d, seed %d", i, seed).isEqualTo(model[i]);
      }
      union.copyTo(new Slice(array));
      assertHolds(array, HyperLogLog.HEADER_BYTES, model);
      assertThat((double) union.cardinality())
          .as("seed %d", seed)
          .isCloseTo(naiveEstimate(model), within(0.5001));
    }
  }
}
