package io.cinnabar.arena;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SpareArraysTest {

  private static final int MIB = 1 << 20;

  private final SpareArrays spare = new SpareArrays(4 * MIB);

  @Test
  void lengthsAreAtMostAnEighthAboveWhatIsNeeded() {
    for (int size = 1; size > 0; size += 1 + size / 7) {
      int length = SpareArrays.lengthFor(size);
      assertThat(length).isGreaterThanOrEqualTo(Math.min(size, Integer.MAX_VALUE - 8));
      assertThat((long) length).isLessThanOrEqualTo(size + size / 8L);
      assertThat(SpareArrays.lengthFor(length)).isEqualTo(length);
    }
  }

  @Test
  void anArrayOfTheSameLengthIsUsedAgain() {
    byte[] array = new byte[MIB];
    spare.give(array);
    assertThat(spare.reservedBytes()).isEqualTo(MIB + SlabTable.ARRAY_HEADER_BYTES);
    assertThat(spare.take(MIB - 1)).isNull();
    assertThat(spare.take(MIB + 1)).isNull();
    assertThat(spare.take(MIB)).isSameAs(array);
    assertThat(spare.take(MIB)).isNull();
    assertThat(spare.reservedBytes()).isZero();
  }

  @Test
  void noMoreIsKeptThanTheLimit() {
    for (int i = 0; i < 10; i++) {
      spare.give(new byte[MIB]);
    }
    assertThat(spare.reservedBytes()).isEqualTo(4L * (MIB + SlabTable.ARRAY_HEADER_BYTES));
    spare.drain();
    assertThat(spare.reservedBytes()).isZero();
  }

  @Test
  void largeBlocksThatComeAndGoTakeNothingFromTheHeap() {
    Arena arena = new Arena(100);
    int kept = arena.allocate(MIB);
    int first = arena.allocate(500_000);
    byte[] array = arena.slab(first);
    arena.free(first);
    long reservedBytes = arena.reservedBytes();
    for (int size = 495_000; size < 505_000; size += 1_000) {
      int next = arena.allocate(size);
      assertThat(arena.slab(next)).isSameAs(array);
      assertThat(arena.capacity(next)).isEqualTo(Arena.capacityFor(size));
      arena.free(next);
    }
    assertThat(arena.reservedBytes()).isEqualTo(reservedBytes);
    arena.validate();
    arena.free(kept);
  }

  @Test
  void spareArraysMakeRoomWhenTheArenaIsFull() {
    Arena arena = Arena.ofBytes(61L * MIB);
    int large = arena.allocate(MIB);
    arena.free(large);
    assertThat(arena.reservedBytes()).isGreaterThan(MIB);
    int all = arena.allocate(60 * MIB);
    assertThat(arena.reservedBytes()).isEqualTo(60L * MIB + SlabTable.ARRAY_HEADER_BYTES);
    arena.free(all);
    arena.validate();
  }
}
