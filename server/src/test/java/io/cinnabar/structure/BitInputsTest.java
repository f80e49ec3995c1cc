package io.cinnabar.structure;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.Seed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Operations over several strings of bits, against the same done byte by byte. */
final class BitInputsTest {

  private static final int ROUNDS = 20_000;

  private enum Operation {
    AND,
    OR,
    XOR,
    NOT
  }

  private final long seed = Seed.of(BitInputsTest.class);
  private final SplittableRandom random = new SplittableRandom(seed);
  private final BitInputs inputs = new BitInputs();

  private Slice make() {
    int length = random.nextInt(4) == 0 ? random.nextInt(3) : random.nextInt(120);
    int offset = random.nextInt(20);
    byte[] array = new byte[offset + length + random.nextInt(20)];
    random.nextBytes(array);
    return new Slice().set(array, offset, length);
  }

  private static byte[] expected(Operation operation, List<Slice> sources, int length) {
    byte[] result = new byte[length];
    for (int i = 0; i < length; i++) {
      int bits = operation == Operation.AND ? 0xFF : 0;
      for (Slice source : sources) {
        int next = i < source.length ? source.at(i) : 0;
        bits =
            switch (operation) {
              case AND -> bits & next;
              case OR -> bits | next;
              case XOR -> bits ^ next;
              case NOT -> ~next;
            };
      }
      result[i] = (byte) bits;
    }
    return result;
  }

  private void combine(Operation operation, byte[] target, int offset) {
    switch (operation) {
      case AND -> inputs.and(target, offset);
      case OR -> inputs.or(target, offset);
      case XOR -> inputs.xor(target, offset);
      case NOT -> inputs.not(target, offset);
    }
  }

  @Test
  void everyOperationIsThatOfItsBytes() {
    for (int round = 0; round < ROUNDS; round++) {
      Operation operation = Operation.values()[random.nextInt(4)];
      List<Slice> sources = new ArrayList<>();
      int count = operation == Operation.NOT ? 1 : 1 + random.nextInt(9);
      inputs.clear();
      int longest = 0;
      for (int i = 0; i < count; i++) {
        Slice source = random.nextInt(5) == 0 && i > 0 ? sources.get(0) : make();
        sources.add(source);
        inputs.add(source);
        longest = Math.max(longest, source.length);
      }
      assertThat(inputs.longest()).isEqualTo(longest);
      byte[] expected = expected(operation, sources, longest);
      Slice target = target(sources.get(random.nextInt(count)), longest);
      byte[] before = target.array.clone();
      combine(operation, target.array, target.offset);
      String shown = "seed " + seed + ", round " + round + ", " + operation;
      assertThat(target.toByteArray()).as(shown).isEqualTo(expected);
      System.arraycopy(before, target.offset, target.array, target.offset, longest);
      assertThat(target.array).as("around it, %s", shown).isEqualTo(before);
    }
  }

  /** Somewhere else, or where one of the inputs lies, or where one was moved to be longer. */
  private Slice target(Slice source, int length) {
    int choice = random.nextInt(3);
    if (choice == 0 && source.length == length) {
      return source;
    }
    int offset = random.nextInt(20);
    byte[] array = new byte[offset + length + random.nextInt(20)];
    random.nextBytes(array);
    if (choice == 1) {
      assertThat(inputs.contains(source.array, source.offset)).isTrue();
      System.arraycopy(source.array, source.offset, array, offset, source.length);
      inputs.moved(source.array, source.offset, array, offset);
      Arrays.fill(source.array, (byte) 0x55);
    }
    assertThat(inputs.contains(array, offset)).isEqualTo(choice == 1);
    return new Slice().set(array, offset, length);
  }

  @Test
  void noInputAndEmptyOnesGiveNothing() {
    inputs.clear();
    assertThat(inputs.longest()).isZero();
    inputs.add(new Slice());
    inputs.add(new Slice());
    assertThat(inputs.longest()).isZero();
    byte[] target = {1, 2};
    for (Operation operation : List.of(Operation.AND, Operation.OR, Operation.XOR)) {
      combine(operation, target, 1);
    }
    assertThat(target).containsExactly(1, 2);
  }
}
