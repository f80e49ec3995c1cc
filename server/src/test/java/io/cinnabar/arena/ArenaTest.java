package io.cinnabar.arena;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

class ArenaTest {

  @Test
  void anEmptyArenaReservesNothingAndTheFirstBlockLittle() {
    Arena arena = new Arena();
    assertThat(arena.reservedBytes()).isZero();
    int reference = arena.allocate(40);
    assertThat(reference).isNotZero();
    assertThat(arena.capacity(reference)).isEqualTo(48);
    assertThat(arena.usedBytes()).isEqualTo(48);
    assertThat(arena.liveBlocks()).isEqualTo(1);
    assertThat(arena.reservedBytes()).isBetween(48L, 16L << 10);
    arena.validate();
  }

  @Test
  void aFreedBlockIsUsedAgainAtOnce() {
    Arena arena = new Arena();
    int first = arena.allocate(100);
    arena.allocate(100);
    arena.free(first);
    assertThat(arena.allocate(97)).isEqualTo(first);
    arena.validate();
  }

  @Test
  void aLargeBlockIsAnArrayOfItsOwn() {
    Arena arena = new Arena();
    int reference = arena.allocate(5_000_001);
    assertThat(Arena.offset(reference)).isZero();
    int capacity = Arena.capacityFor(5_000_001);
    assertThat(capacity).isBetween(5_000_001, 5_000_001 * 9 / 8);
    assertThat(arena.slab(reference).length).isEqualTo(capacity);
    assertThat(arena.capacity(reference)).isEqualTo(capacity);
    assertThat(arena.usedBytes()).isEqualTo(capacity);
    arena.free(reference);
    assertThat(arena.usedBytes()).isZero();
    assertThat(arena.reservedBytes()).isEqualTo(capacity + SlabTable.ARRAY_HEADER_BYTES);
    arena.validate();
  }

  @Test
  void freeingTwiceIsAnError() {
    Arena arena = new Arena();
    int reference = arena.allocate(100);
    arena.free(reference);
    assertThatThrownBy(() -> arena.free(reference)).isInstanceOf(AssertionError.class);
  }

  @Test
  void manySmallBlocksCostLittleMoreThanTheirBytes() {
    Arena arena = new Arena();
    int blocks = 1_000_000;
    for (int i = 0; i < blocks; i++) {
      arena.allocate(32);
    }
    assertThat(arena.reservedBytes()).isLessThan((long) (blocks * 32 * 1.02) + (1 << 20));
    arena.validate();
  }

  @Test
  void aBlockThatAViewSeesIsKeptBack() {
    Arena arena = new Arena();
    int reference = arena.allocate(32);
    int stamp = arena.epoch();
    Arrays.fill(
        arena.slab(reference), Arena.offset(reference), Arena.offset(reference) + 32, (byte) 7);
    Frozen view = arena.freeze();
    assertThat(arena.isFrozen(stamp)).isTrue();
    assertThat(arena.isFrozen(arena.epoch())).isFalse();
    arena.free(reference, stamp);
    assertThat(arena.usedBytes()).isZero();
    assertThat(arena.limboBytes()).isEqualTo(32);
    assertThat(arena.allocate(32)).isNotEqualTo(reference);
    assertThat(view.slab(reference)[Arena.offset(reference)]).isEqualTo((byte) 7);
    view.close();
    assertThat(arena.isFrozen(stamp)).isFalse();
    assertThat(arena.reclaim(10)).isFalse();
    assertThat(arena.limboBytes()).isZero();
    assertThat(arena.allocate(32)).isEqualTo(reference);
    arena.validate();
  }

  @Test
  void aValueThatComesAndGoesMakesNoArrays() {
    Arena arena = new Arena();
    int reference = arena.allocate(100);
    byte[] slab = arena.slab(reference);
    for (int i = 0; i < 10; i++) {
      arena.free(reference);
      reference = arena.allocate(100);
      assertThat(arena.slab(reference)).isSameAs(slab);
    }
    arena.validate();
  }

  @Test
  void emptiedSlabsServeOtherClasses() {
    Arena arena = new Arena();
    int[] references = allocateMany(arena, 200_000, 64);
    long reservedBytes = arena.reservedBytes();
    for (int reference : references) {
      arena.free(reference);
    }
    arena.validate();
    allocateMany(arena, 100_000, 128);
    assertThat(arena.reservedBytes()).isLessThan(reservedBytes * 5 / 4);
    arena.validate();
  }

  @Test
  void withoutReferencesTheArenaIsFullAndIntact() {
    Arena arena = new Arena(3);
    int first = arena.allocate(1_000_000);
    int second = arena.allocate(100);
    arena.allocate(1_000);
    long usedBytes = arena.usedBytes();
    assertThatThrownBy(() -> arena.allocate(10_000)).isInstanceOf(ArenaFullException.class);
    assertThatThrownBy(() -> arena.allocate(1_000_000))
        .isInstanceOf(ArenaFullException.class)
        .satisfies(full -> assertThat(full.getStackTrace()).isEmpty());
    assertThat(arena.usedBytes()).isEqualTo(usedBytes);
    assertThat(arena.liveBlocks()).isEqualTo(3);
    arena.validate();
    arena.free(first);
    assertThat(arena.allocate(10_000)).isNotZero();
    arena.free(second);
    arena.validate();
  }

  @Test
  void itsShareOfTheHeapIsNotExceeded() {
    long limitBytes = (10 << 20) + SlabTable.ARRAY_HEADER_BYTES;
    int sizeBytes = Arena.capacityFor(390_000);
    Arena arena = Arena.ofBytes(limitBytes);
    List<Integer> references = new ArrayList<>();
    assertThatThrownBy(
            () -> {
              while (true) {
                references.add(arena.allocate(sizeBytes));
              }
            })
        .isInstanceOf(ArenaFullException.class);
    assertThat(references).hasSize((int) (limitBytes / (sizeBytes + SlabTable.ARRAY_HEADER_BYTES)));
    assertThat(arena.reservedBytes()).isLessThanOrEqualTo(limitBytes);
    arena.free(references.get(0));
    assertThat(arena.allocate(sizeBytes)).isNotZero();
    arena.reset();
    assertThat(arena.allocate((int) limitBytes - SlabTable.ARRAY_HEADER_BYTES)).isNotZero();
    assertThatThrownBy(() -> arena.allocate(1)).isInstanceOf(ArenaFullException.class);
    arena.validate();
  }

  @Test
  void aChangeThatHasBegunMayTakeALittleMore() {
    long limitBytes = 64 << 20;
    int sizeBytes = Arena.capacityFor(390_000);
    Arena arena = Arena.ofBytes(limitBytes);
    fill(arena, sizeBytes);
    arena.insist();
    assertThat(fill(arena, sizeBytes)).isPositive();
    assertThat(arena.reservedBytes()).isBetween(limitBytes, limitBytes + (limitBytes >> 5));
    arena.relent();
    assertThat(fill(arena, 400)).isZero();
    arena.reset();
    fill(arena, sizeBytes);
    assertThat(arena.reservedBytes()).isLessThanOrEqualTo(limitBytes);
    arena.validate();
  }

  /** Takes blocks until there are none; how many they were. */
  private static int fill(Arena arena, int sizeBytes) {
    int count = 0;
    try {
      while (true) {
        assertThat(arena.allocate(sizeBytes)).isNotZero();
        count++;
      }
    } catch (ArenaFullException full) {
      return count;
    }
  }

  @Test
  void aClassWithoutNumbersTakesTheWholeOfAnEmptySlab() {
    Arena arena = new Arena(200);
    int reference = arena.allocate(64);
    while (reference >>> 16 < 200) {
      reference = arena.allocate(64);
    }
    arena.free(reference);
    assertThat(arena.allocate(16) >>> 16).isEqualTo(200);
    allocateMany(arena, SizeClasses.SLAB_BYTES / 16 - 1, 16);
    assertThatThrownBy(() -> arena.allocate(16)).isInstanceOf(ArenaFullException.class);
    arena.validate();
  }

  @Test
  void withoutHeapTheArenaIsFullAndIntact() {
    Arena arena = new Arena();
    arena.allocate(100);
    assertThatThrownBy(() -> arena.allocate(Integer.MAX_VALUE))
        .isInstanceOf(ArenaFullException.class);
    assertThat(arena.liveBlocks()).isEqualTo(1);
    arena.validate();
  }

  @Test
  void aFullArenaUsesWhatClosedViewsKeptBack() {
    Arena arena = new Arena(1);
    int[] references = allocateMany(arena, 1_000, 16);
    Frozen view = arena.freeze();
    for (int reference : references) {
      arena.free(reference, Arena.FIRST_EPOCH);
    }
    allocateMany(arena, 24, 16);
    assertThatThrownBy(() -> arena.allocate(16)).isInstanceOf(ArenaFullException.class);
    view.close();
    assertThat(arena.allocate(16)).isNotZero();
    arena.validate();
  }

  @Test
  void aFullArenaUsesWhatWasToBeEvacuated() {
    Arena arena = new Arena(2);
    int[] references = allocateMany(arena, 2_048, 16);
    for (int i = 0; i < references.length; i++) {
      if (i < 1_000 || i % 2 == 0) {
        arena.free(references[i]);
      }
    }
    assertThat(arena.chooseSparse()).isEqualTo(1);
    assertThat(arena.isEvacuating(references[1_023])).isTrue();
    int room = 2_048 - (int) arena.liveBlocks();
    allocateMany(arena, room, 16);
    assertThat(arena.isEvacuating(references[1_023])).isFalse();
    assertThatThrownBy(() -> arena.allocate(16)).isInstanceOf(ArenaFullException.class);
    arena.validate();
  }

  @Test
  void compactionGivesBackWhatIsNotNeeded() {
    Arena arena = new Arena();
    int[] references = allocateMany(arena, 1_000_000, 64);
    Random random = new Random(1);
    for (int i = 0; i < references.length; i++) {
      if (random.nextInt(4) != 0) {
        arena.free(references[i]);
        references[i] = 0;
      } else {
        Bytes.putInt(arena.slab(references[i]), Arena.offset(references[i]), i);
      }
    }
    assertThat(arena.wantsCompaction()).isTrue();
    assertThat(arena.chooseSparse()).isGreaterThan(10);
    assertThat(arena.wantsCompaction()).isFalse();
    arena.validate();
    for (int i = 0; i < references.length; i++) {
      int old = references[i];
      if (old != 0 && arena.isEvacuating(old)) {
        references[i] = arena.allocate(64);
        Bytes.putInt(arena.slab(references[i]), Arena.offset(references[i]), i);
        arena.free(old);
      }
    }
    arena.finishCompaction();
    assertThat(arena.wantsCompaction()).isFalse();
    arena.validate();
    long reservedBytes = arena.reservedBytes();
    allocateMany(arena, (int) ((reservedBytes - arena.usedBytes() - (4 << 20)) / 256), 256);
    assertThat(arena.reservedBytes()).isLessThan(reservedBytes + (2 << 20));
    arena.validate();
    for (int i = 0; i < references.length; i++) {
      if (references[i] != 0) {
        assertThat(Bytes.getInt(arena.slab(references[i]), Arena.offset(references[i])))
            .isEqualTo(i);
      }
    }
  }

  @Test
  void aSmallOrDenseArenaDoesNotWantCompaction() {
    Arena arena = new Arena();
    assertThat(arena.wantsCompaction()).isFalse();
    int[] references = allocateMany(arena, 100_000, 64);
    assertThat(arena.wantsCompaction()).isFalse();
    assertThat(arena.chooseSparse()).isZero();
    for (int i = 0; i < references.length; i += 20) {
      arena.free(references[i]);
    }
    assertThat(arena.wantsCompaction()).isFalse();
  }

  @Test
  void noCompactionWhileAViewIsOpen() {
    Arena arena = new Arena();
    int[] references = allocateMany(arena, 200_000, 64);
    for (int i = 0; i < references.length; i++) {
      if (i % 4 != 0) {
        arena.free(references[i]);
      }
    }
    assertThat(arena.wantsCompaction()).isTrue();
    try (Frozen view = arena.freeze()) {
      assertThat(arena.isFrozen(view.epoch())).isTrue();
      assertThat(arena.wantsCompaction()).isFalse();
    }
    assertThat(arena.wantsCompaction()).isTrue();
  }

  @Test
  void viewsMayOverlapAndCloseInAnyOrder() {
    Arena arena = new Arena();
    int seenByBoth = arena.allocate(16);
    Frozen older = arena.freeze();
    int stampBetween = arena.epoch();
    int seenByNewer = arena.allocate(16);
    Frozen newer = arena.freeze();
    arena.free(seenByBoth, Arena.FIRST_EPOCH);
    arena.free(seenByNewer, stampBetween);
    Frozen newest = arena.freeze();
    assertThat(arena.limboBytes()).isEqualTo(32);

    newer.close();
    assertThat(arena.reclaim(100)).isFalse();
    assertThat(arena.limboBytes()).isEqualTo(16);
    assertThat(arena.allocate(16)).isEqualTo(seenByNewer);
    assertThat(arena.isFrozen(newest.epoch())).isTrue();

    newest.close();
    assertThat(arena.isFrozen(older.epoch())).isTrue();
    assertThat(arena.isFrozen(stampBetween)).isFalse();
    arena.validate();
    older.close();
    older.close();
    assertThat(arena.isFrozen(Arena.FIRST_EPOCH)).isFalse();
    assertThat(arena.reclaim(100)).isFalse();
    assertThat(arena.limboBytes()).isZero();
    arena.validate();
  }

  @Test
  void anotherThreadReadsAViewWhileBlocksAreReplaced() throws Exception {
    Arena arena = new Arena();
    int[] references = allocateMany(arena, 20_000, 64);
    for (int i = 0; i < references.length; i++) {
      Bytes.putInt(arena.slab(references[i]), Arena.offset(references[i]), i);
    }
    int[] seen = references.clone();
    Frozen view = arena.freeze();
    FutureTask<Integer> reader = new FutureTask<>(() -> countChanged(view, seen, 50));
    new Thread(reader).start();
    for (int i = 0; i < references.length; i++) {
      arena.free(references[i], Arena.FIRST_EPOCH);
      for (int again = 0; again < 20; again++) {
        references[i] = arena.allocate(64);
        Bytes.putInt(arena.slab(references[i]), Arena.offset(references[i]), -1);
        arena.free(references[i], arena.epoch());
      }
    }
    assertThat(reader.get()).isZero();
    view.close();
  }

  private static int countChanged(Frozen view, int[] references, int times) {
    int changed = 0;
    for (int round = 0; round < times; round++) {
      for (int i = 0; i < references.length; i++) {
        int reference = references[i];
        if (Bytes.getInt(view.slab(reference), Arena.offset(reference)) != i) {
          changed++;
        }
      }
    }
    return changed;
  }

  @Test
  void reclaimingKeepsToItsBound() {
    Arena arena = new Arena();
    int[] references = allocateMany(arena, 5_000, 16);
    Frozen view = arena.freeze();
    for (int reference : references) {
      arena.free(reference, Arena.FIRST_EPOCH);
    }
    view.close();
    assertThat(arena.reclaim(1_000)).isTrue();
    assertThat(arena.limboBytes()).isBetween(4_000L * 16, 4_010L * 16);
    assertThat(arena.reclaim(Integer.MAX_VALUE)).isFalse();
    assertThat(arena.limboBytes()).isZero();
  }

  @Test
  void aResetForgetsBlocksButNotThoseOfViews() {
    Arena arena = new Arena();
    int[] references = allocateMany(arena, 50_000, 64);
    Bytes.putInt(arena.slab(references[7]), Arena.offset(references[7]), 42);
    long reservedBytes = arena.reservedBytes();
    Frozen view = arena.freeze();
    Frozen newer = arena.freeze();
    arena.free(references[8], Arena.FIRST_EPOCH);
    arena.reset();
    assertThat(arena.liveBlocks()).isZero();
    assertThat(arena.usedBytes()).isZero();
    assertThat(arena.limboBytes()).isZero();
    assertThat(arena.reservedBytes()).isEqualTo(reservedBytes);
    allocateMany(arena, 50_000, 64);
    assertThat(Bytes.getInt(view.slab(references[7]), Arena.offset(references[7]))).isEqualTo(42);
    newer.close();
    Frozen afterReset = arena.freeze();
    arena.reset();
    assertThat(arena.reservedBytes()).isEqualTo(2 * reservedBytes);
    afterReset.close();
    assertThat(arena.reservedBytes()).isEqualTo(reservedBytes);
    view.close();
    assertThat(arena.reservedBytes()).isZero();
    arena.validate();
  }

  /** What takes nothing from the heap cannot fail halfway when the heap is full. */
  @Test
  void aResetTakesNothingFromTheHeap() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Arena arena = new Arena();
    arena.reset();
    for (int round = 0; round < 3; round++) {
      // More slabs than an empty table has numbers for, of the whole size, smaller and larger.
      allocateMany(arena, 120, SizeClasses.MAX_BYTES);
      allocateMany(arena, 1_000, 16);
      arena.allocate(2_000_000);
      long allocatedBefore = threads.getCurrentThreadAllocatedBytes();
      arena.reset();
      assertThat(threads.getCurrentThreadAllocatedBytes()).isEqualTo(allocatedBefore);
      arena.validate();
      assertThat(arena.usedBytes()).isZero();
      assertThat(arena.liveBlocks()).isZero();
      assertThat(arena.reservedBytes() >> 20).isBetween(35L, 45L);
    }
  }

  @Test
  void aResetUsesNumbersAndSlabsAgain() {
    Arena arena = new Arena(40);
    int[] references = allocateMany(arena, 90, SizeClasses.MAX_BYTES);
    arena.free(references[0]);
    arena.allocate(2_000_000);
    Frozen view = arena.freeze();
    arena.free(references[1], Arena.FIRST_EPOCH);
    view.close();
    int highest = references[89] >>> 16;
    byte[] slab = arena.slab(references[89]);

    arena.reset();
    arena.validate();
    List<byte[]> slabs = new ArrayList<>();
    for (int i = 0; i < 90; i++) {
      int reference = arena.allocate(SizeClasses.MAX_BYTES);
      assertThat(reference >>> 16).isBetween(1, highest + 1);
      slabs.add(arena.slab(reference));
    }
    assertThat(slabs).anySatisfy(again -> assertThat(again).isSameAs(slab));
    arena.validate();
  }

  @Test
  void aResetEndsACompaction() {
    Arena arena = new Arena();
    int[] references = allocateMany(arena, 200_000, 64);
    for (int i = 0; i < references.length; i++) {
      if (i % 4 != 0) {
        arena.free(references[i]);
      }
    }
    assertThat(arena.chooseSparse()).isPositive();

    arena.reset();
    arena.validate();
    for (int reference : references) {
      assertThat(arena.isEvacuating(reference)).isFalse();
    }
    allocateMany(arena, 200_000, 64);
    arena.finishCompaction();
    arena.validate();
  }

  @Test
  void epochsStartAgainWhenTheyAreUsedUp() {
    Arena arena = new Arena(10, 3);
    Frozen first = arena.freeze();
    assertThat(arena.needsRestamp()).isFalse();
    Frozen second = arena.freeze();
    assertThat(arena.epoch()).isEqualTo(3);
    assertThat(arena.needsRestamp()).isTrue();
    assertThatThrownBy(arena::freeze).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(arena::restarted).isInstanceOf(IllegalStateException.class);
    first.close();
    second.close();
    arena.restarted();
    assertThat(arena.epoch()).isEqualTo(Arena.FIRST_EPOCH);
    assertThat(arena.isFrozen(Arena.FIRST_EPOCH)).isFalse();
    try (Frozen view = arena.freeze()) {
      assertThat(view.epoch()).isEqualTo(Arena.FIRST_EPOCH);
      assertThat(arena.isFrozen(Arena.FIRST_EPOCH)).isTrue();
      assertThat(arena.isFrozen(arena.epoch())).isFalse();
    }
  }

  @Test
  void thereAreSlabNumbersToFillAReference() {
    SlabTable table = new SlabTable(SlabTable.MAX_SLABS, Long.MAX_VALUE);
    for (int slab = 1; slab <= SlabTable.MAX_SLABS; slab++) {
      assertThat(table.addLarge(1)).isEqualTo(slab);
    }
    assertThatThrownBy(() -> table.addLarge(1)).isInstanceOf(ArenaFullException.class);
    table.removeLarge(4_711);
    assertThat(table.addLarge(1)).isEqualTo(4_711);
  }

  private static int[] allocateMany(Arena arena, int blocks, int sizeBytes) {
    int[] references = new int[blocks];
    for (int i = 0; i < blocks; i++) {
      references[i] = arena.allocate(sizeBytes);
    }
    return references;
  }
}
