package io.cinnabar.structure;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.Seed;
import io.cinnabar.structure.HyperLogLogEditor.Outcome;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sparse sketches against an array of ranks; that their bytes are Redis's is tested elsewhere. */
final class HyperLogLogEditorTest {

  private static final int LONGEST = Integer.MAX_VALUE;

  private final long seed = Seed.of(HyperLogLogEditorTest.class);
  private final Random random = new Random(seed);
  private final HyperLogLogEditor editor = new HyperLogLogEditor();
  private final byte[] model = new byte[HyperLogLog.REGISTERS];

  private String shape() {
    return SparseRegisters.describe(editor.bytes());
  }

  private void raise(int index, int rank, long mostSparseBytes) {
    Slice sketch = editor.bytes();
    byte[] before = sketch.toByteArray();
    boolean isHigher = rank > model[index];
    HyperLogLog.putCardinality(sketch, 5);
    assertThat(editor.raise(index, rank, mostSparseBytes))
        .as("seed %d", seed)
        .isEqualTo(isHigher ? Outcome.RAISED : Outcome.KEPT);
    model[index] = (byte) Math.max(model[index], rank);
    assertThat(HyperLogLog.cardinality(editor.bytes()) < 0).isEqualTo(isHigher);
    if (!isHigher) {
      HyperLogLog.putCardinality(editor.bytes(), HyperLogLog.cardinality(new Slice(before)));
      assertThat(editor.bytes().toByteArray()).isEqualTo(before);
    }
  }

  private void assertHoldsTheModel() {
    UnionRegisters registers = new UnionRegisters();
    assertThat(registers.add(editor.bytes())).as("not damaged, seed %d", seed).isTrue();
    for (int i = 0; i < model.length; i++) {
      assertThat(registers.rank(i)).as("register %d, seed %d", i, seed).isEqualTo(model[i]);
    }
  }

  private byte[] load(String sketch) {
    byte[] bytes = sketch.getBytes(ISO_8859_1);
    Arrays.fill(model, (byte) 0);
    assertThat(SparseRegisters.raise(new Slice(bytes), model)).isTrue();
    assertThat(editor.load(new Slice(bytes))).isTrue();
    return bytes;
  }

  @Test
  void runsAreSplitAndValuesJoined() {
    editor.create();
    assertThat(shape()).isEqualTo("Z:16384");
    raise(100, 1, LONGEST);
    assertThat(shape()).isEqualTo("Z:100 v:1,1 Z:16283");
    raise(0, 3, LONGEST);
    assertThat(shape()).isEqualTo("v:3,1 Z:99 v:1,1 Z:16283");
    raise(16_383, 32, LONGEST);
    assertThat(shape()).isEqualTo("v:3,1 Z:99 v:1,1 Z:16282 v:32,1");
    raise(98, 1, LONGEST);
    assertThat(shape()).isEqualTo("v:3,1 Z:97 v:1,1 z:1 v:1,1 Z:16282 v:32,1");
    raise(99, 1, LONGEST);
    assertThat(shape()).isEqualTo("v:3,1 Z:97 v:1,3 Z:16282 v:32,1");
    raise(101, 1, LONGEST);
    raise(102, 1, LONGEST);
    assertThat(shape()).isEqualTo("v:3,1 Z:97 v:1,4 v:1,1 Z:16280 v:32,1");
    raise(99, 2, LONGEST);
    assertThat(shape()).isEqualTo("v:3,1 Z:97 v:1,1 v:2,1 v:1,3 Z:16280 v:32,1");
    assertHoldsTheModel();
  }

  /** Zeros are joined by nobody, and an XZERO may hold a single register. */
  @Test
  void zerosAreShortOrLong() {
    editor.create();
    raise(64, 1, LONGEST);
    raise(130, 1, LONGEST);
    assertThat(shape()).isEqualTo("z:64 v:1,1 Z:65 v:1,1 Z:16253");
    raise(65, 1, LONGEST);
    assertThat(shape()).isEqualTo("z:64 v:1,2 z:64 v:1,1 Z:16253");
    raise(128, 2, LONGEST);
    raise(129, 1, LONGEST);
    assertThat(shape()).isEqualTo("z:64 v:1,2 z:62 v:2,1 v:1,2 Z:16253");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 18, 21, 100, 3000, 20_000, LONGEST})
  void registersAreThoseOfTheModelThroughAllLengths(int mostSparseBytes) {
    editor.create();
    boolean wasDense = false;
    for (int i = 0; i < 20_000; i++) {
      int index = random.nextInt(HyperLogLog.REGISTERS);
      raise(index, rank(), mostSparseBytes);
      Slice sketch = editor.bytes();
      boolean isDense = HyperLogLog.isDense(sketch);
      assertThat(isDense || sketch.length <= Math.max(18, mostSparseBytes)).isTrue();
      assertThat(isDense || !wasDense).as("never sparse again").isTrue();
      wasDense = isDense;
      if (i % 500 == 0) {
        assertHoldsTheModel();
      }
    }
    assertHoldsTheModel();
    assertThat(wasDense).isEqualTo(mostSparseBytes <= 3000);
  }

  private int rank() {
    return Math.min(SparseRegisters.MAX_RANK, HyperLogLog.rank(random.nextLong()));
  }

  @Test
  void aHighRankMakesItDense() {
    editor.create();
    raise(7, 32, LONGEST);
    assertThat(HyperLogLog.isDense(editor.bytes())).isFalse();
    raise(8, 33, LONGEST);
    assertThat(HyperLogLog.isDense(editor.bytes())).isTrue();
    raise(7, 51, 0);
    assertHoldsTheModel();
  }

  @Test
  void theEncodingChangesAndTheHeaderStays() {
    byte[] header = "HYLL\1abc\1\2\3\4\5\6\7\u0080".getBytes(ISO_8859_1);
    byte[] sketch = Arrays.copyOf(header, 18);
    sketch[16] = 0x7f;
    sketch[17] = (byte) 0xff;
    editor.load(new Slice(sketch));
    assertThat(editor.makeDense()).isTrue();
    assertThat(editor.makeDense()).isTrue();
    header[4] = 0;
    assertThat(Arrays.copyOf(editor.bytes().toByteArray(), 16)).isEqualTo(header);
    assertThat(editor.bytes().length).isEqualTo(12_304);
  }

  /**
   * In ascending order registers are found from where the last one was, otherwise from the start.
   */
  @Test
  void theOrderInWhichRegistersAreFoundDoesNotShow() {
    for (int round = 0; round < 200; round++) {
      byte[] sketch = load(SparseSketches.random(random));
      int[] indexes = random.ints(30, 0, HyperLogLog.REGISTERS).sorted().toArray();
      for (int i = 1; i < indexes.length; i++) {
        // Neighbours, too: they lie in runs that the last one was joined with.
        indexes[i] = random.nextBoolean() ? Math.min(16_383, indexes[i - 1] + 1) : indexes[i];
      }
      int[] ranks = random.ints(30, 1, 5).toArray();
      for (int i = 0; i < indexes.length; i++) {
        raise(indexes[i], ranks[i], LONGEST);
      }
      assertHoldsTheModel();
      byte[] together = editor.bytes().toByteArray();

      byte[] oneByOne = sketch;
      for (int i = 0; i < indexes.length; i++) {
        editor.load(new Slice(oneByOne));
        editor.raise(indexes[i], ranks[i], LONGEST);
        oneByOne = editor.bytes().toByteArray();
      }
      HyperLogLog.putCardinality(new Slice(together), 0);
      HyperLogLog.putCardinality(new Slice(oneByOne), 0);
      assertThat(together).as("seed %d", seed).isEqualTo(oneByOne);
    }
  }

  @Test
  void damageIsFoundAndChangesNothing() {
    String header = "HYLL\1\0\0\0\0\0\0\0\0\0\0\u0080";
    for (String damaged :
        new String[] {
          "", "\u007f\u00fe", "\0", "\u0080\u0081", "\u007f", "\u007f\u00ff\0", "\u007f\u00fe\u0081"
        }) {
      byte[] sketch = (header + damaged).getBytes(ISO_8859_1);
      assertThat(editor.load(new Slice(sketch))).isTrue();
      assertThat(editor.makeDense()).as(damaged).isFalse();
      assertThat(editor.raise(16_383, 51, LONGEST)).as(damaged).isEqualTo(Outcome.DAMAGED);
      assertThat(editor.bytes().toByteArray()).isEqualTo(sketch);
      assertThat(new UnionRegisters().add(editor.bytes())).as(damaged).isFalse();
      assertThat(HyperLogLog.count(editor.bytes(), new RegisterHistogram())).as(damaged).isFalse();
    }
  }

  @Test
  void aSketchLongerThanAnyIsRefused() {
    String longest = "HYLL\1" + "\0".repeat(11) + "@\0".repeat(HyperLogLog.REGISTERS);
    load(longest);
    raise(9000, 1, LONGEST);
    assertHoldsTheModel();
    assertThat(editor.load(new Slice((longest + "\0").getBytes(ISO_8859_1)))).isFalse();
  }

  /** Any bytes at all: no exception, no endless loop, nothing read or written outside. */
  @Test
  void anyBytesAreASketchOrDamaged() {
    RegisterHistogram histogram = new RegisterHistogram();
    UnionRegisters union = new UnionRegisters();
    for (int i = 0; i < 30_000; i++) {
      byte[] exact = anyBytes();
      String description = "seed " + seed + ": " + HexFormat.of().formatHex(exact);
      byte[] wide = new byte[exact.length + 40];
      random.nextBytes(wide);
      System.arraycopy(exact, 0, wide, 20, exact.length);
      Slice inside = new Slice().set(wide, 20, exact.length);
      // The exact array proves that nothing beyond it is read.
      Slice whole = new Slice(exact);
      union.clear();
      boolean isWhole = union.add(whole);
      assertThat(union.add(inside)).as(description).isEqualTo(isWhole);
      assertThat(HyperLogLog.count(whole, histogram)).as(description).isEqualTo(isWhole);
      assertThat(HyperLogLog.count(inside, histogram)).as(description).isEqualTo(isWhole);
      assertThat(SparseRegisters.describe(inside))
          .as(description)
          .isEqualTo(SparseRegisters.describe(whole));
      edit(whole, isWhole, description);
    }
  }

  private byte[] anyBytes() {
    byte[] bytes = new byte[HyperLogLog.HEADER_BYTES + random.nextInt(200)];
    random.nextBytes(bytes);
    if (random.nextBoolean()) {
      bytes = SparseSketches.damaged(random).getBytes(ISO_8859_1);
    }
    bytes[4] = 1;
    return bytes;
  }

  private void edit(Slice sketch, boolean isWhole, String description) {
    assertThat(editor.load(sketch)).as(description).isTrue();
    for (int i = 0; i < 8; i++) {
      int index = random.nextInt(HyperLogLog.REGISTERS);
      int rank = 1 + random.nextInt(34);
      Outcome outcome = editor.raise(index, rank, random.nextInt(18, 400));
      assertThat(outcome != Outcome.DAMAGED || !isWhole).as(description).isTrue();
    }
  }
}
