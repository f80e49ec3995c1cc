package io.cinnabar.arena;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.Seed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random operations against a naive model: a list of blocks, each with a copy of the bytes that it
 * has to hold, and for each open view a copy of that list.
 */
class ArenaChurnTest {

  @Test
  void anArenaWithRoomToSpare() {
    churn(new Arena(), 1_000_000, 20_000, false);
  }

  @Test
  void anArenaThatIsFullMostOfTheTime() {
    churn(new Arena(120, 30), 300_000, 200_000, true);
  }

  private static void churn(Arena arena, int operations, int blocks, boolean fillsUp) {
    long seed = Seed.of(ArenaChurnTest.class);
    Churn churn = new Churn(arena, seed, blocks);
    for (int i = 0; i < operations; i++) {
      try {
        churn.step();
      } catch (Throwable failure) {
        throw new AssertionError(Seed.option(seed) + ", operation " + i, failure);
      }
    }
    assertThat(churn.timesFull > 0).as("full, seed %d", seed).isEqualTo(fillsUp);
    assertThat(churn.blocksMoved).as("moved, seed %d", seed).isGreaterThan(100);
    assertThat(churn.blocksReadFromViews).as("read, seed %d", seed).isGreaterThan(10_000);
  }

  private static final class Block {
    final int reference;
    final int stamp;
    final byte[] contents;

    Block(int reference, int stamp, byte[] contents) {
      this.reference = reference;
      this.stamp = stamp;
      this.contents = contents;
    }
  }

  private record View(Frozen frozen, List<Block> blocks) {}

  private static final class Churn {
    private final Arena arena;
    private final Random random;
    private final int blockLimit;
    private final List<View> views = new ArrayList<>();
    private List<Block> blocks = new ArrayList<>();
    private long usedBytes;
    private int walked = -1;
    private boolean shrinking;
    int timesFull;
    int blocksMoved;
    int blocksReadFromViews;

    Churn(Arena arena, long seed, int blockLimit) {
      this.arena = arena;
      this.random = new Random(seed);
      this.blockLimit = blockLimit;
    }

    void step() {
      int dice = random.nextInt(100_000);
      if (dice < 20) {
        freeze();
      } else if (dice < 45) {
        closeAny();
      } else if (dice < 50) {
        checkEverything();
      } else if (dice < 52) {
        reset();
      } else if (dice < 100) {
        walked = arena.chooseSparse() > 0 ? 0 : -1;
      } else if (dice < 1_000) {
        walk();
      } else if (dice < 1_100) {
        arena.reclaim(random.nextInt(1_000));
      } else if (dice < 1_120) {
        shrinking = !shrinking;
      } else if (dice < 40_000 && !blocks.isEmpty()) {
        overwrite(random.nextInt(blocks.size()));
      } else if (dice < (shrinking ? 65_000 : 85_000) && blocks.size() < blockLimit) {
        allocate();
      } else if (!blocks.isEmpty()) {
        free(random.nextInt(blocks.size()));
      }
      if (arena.usedBytes() != usedBytes) {
        throw new AssertionError("used " + arena.usedBytes() + ", expected " + usedBytes);
      }
    }

    private void allocate() {
      Block block = newBlock(sizeBytes());
      if (block != null) {
        blocks.add(block);
      }
    }

    private int sizeBytes() {
      int dice = random.nextInt(10_000);
      if (dice < 5) {
        return random.nextInt(1_500_000);
      }
      return 1 + random.nextInt(dice < 100 ? 100_000 : dice < 3_000 ? 2_000 : 100);
    }

    private @Nullable Block newBlock(int sizeBytes) {
      long reservedBytes = arena.reservedBytes();
      int reference;
      try {
        reference = arena.allocate(sizeBytes);
      } catch (ArenaFullException full) {
        timesFull++;
        assertThat(arena.reservedBytes()).isLessThanOrEqualTo(reservedBytes);
        assertThat(arena.limboBytes() == 0 || !views.isEmpty()).isTrue();
        walked = -1;
        shrinking = true;
        return null;
      }
      assertThat(reference).isNotZero();
      assertThat(arena.isEvacuating(reference)).isFalse();
      assertThat(arena.capacity(reference))
          .isGreaterThanOrEqualTo(sizeBytes)
          .isEqualTo(Arena.capacityFor(sizeBytes));
      usedBytes += arena.capacity(reference);
      return write(reference);
    }

    /** Fills a block to its capacity: whatever overlaps another block destroys it. */
    private Block write(int reference) {
      byte[] contents = new byte[arena.capacity(reference)];
      random.nextBytes(contents);
      System.arraycopy(
          contents, 0, arena.slab(reference), Arena.offset(reference), contents.length);
      return new Block(reference, arena.epoch(), contents);
    }

    private void overwrite(int index) {
      Block block = blocks.get(index);
      check(block, arena.slab(block.reference));
      if (arena.isFrozen(block.stamp)) {
        replace(index, block);
      } else {
        blocks.set(index, write(block.reference));
      }
    }

    private boolean replace(int index, Block block) {
      Block copy = newBlock(block.contents.length);
      if (copy == null) {
        return false;
      }
      blocks.set(index, copy);
      release(block);
      return true;
    }

    private void free(int index) {
      Block block = blocks.get(index);
      check(block, arena.slab(block.reference));
      Block last = blocks.remove(blocks.size() - 1);
      if (index < blocks.size()) {
        blocks.set(index, last);
      }
      release(block);
    }

    private void release(Block block) {
      usedBytes -= block.contents.length;
      if (arena.isFrozen(block.stamp) || random.nextBoolean()) {
        arena.free(block.reference, block.stamp);
      } else {
        arena.free(block.reference);
      }
    }

    private void freeze() {
      if (arena.needsRestamp()) {
        while (!views.isEmpty()) {
          closeAny();
        }
        arena.restarted();
        blocks.replaceAll(b -> new Block(b.reference, Arena.FIRST_EPOCH, b.contents));
      }
      if (views.size() < 4) {
        Frozen frozen = arena.freeze();
        assertThat(frozen.epoch()).isEqualTo(arena.epoch() - 1);
        views.add(new View(frozen, new ArrayList<>(blocks)));
      }
    }

    private void closeAny() {
      if (!views.isEmpty()) {
        View view = views.remove(random.nextInt(views.size()));
        check(view);
        view.frozen().close();
        for (View other : views) {
          assertThat(arena.isFrozen(other.frozen().epoch())).isTrue();
        }
        assertThat(arena.isFrozen(arena.epoch())).isFalse();
      }
    }

    private void reset() {
      long reservedBytes = arena.reservedBytes();
      arena.reset();
      assertThat(arena.liveBlocks()).isZero();
      assertThat(arena.usedBytes()).isZero();
      assertThat(arena.reservedBytes()).isLessThanOrEqualTo(reservedBytes);
      blocks = new ArrayList<>();
      usedBytes = 0;
      walked = -1;
    }

    /** One slice of a walk over all references, as their owner does it. */
    private void walk() {
      if (walked < 0) {
        return;
      }
      int end = Math.min(blocks.size(), walked + 500);
      for (; walked >= 0 && walked < end; walked++) {
        Block block = blocks.get(walked);
        if (arena.isEvacuating(block.reference)) {
          if (!move(walked, block)) {
            return;
          }
          blocksMoved++;
        }
      }
      if (walked >= blocks.size()) {
        arena.finishCompaction();
        walked = -1;
      }
    }

    private boolean move(int index, Block block) {
      Block copy = newBlock(block.contents.length);
      if (copy == null) {
        return false;
      }
      System.arraycopy(
          arena.slab(block.reference),
          Arena.offset(block.reference),
          arena.slab(copy.reference),
          Arena.offset(copy.reference),
          block.contents.length);
      blocks.set(index, new Block(copy.reference, copy.stamp, block.contents));
      release(block);
      return true;
    }

    private void checkEverything() {
      arena.validate();
      assertThat(arena.liveBlocks()).isEqualTo(blocks.size());
      for (Block block : blocks) {
        check(block, arena.slab(block.reference));
      }
      views.forEach(this::check);
      if (views.isEmpty()) {
        arena.reclaim(Integer.MAX_VALUE);
        assertThat(arena.limboBytes()).isZero();
      }
    }

    private void check(View view) {
      blocksReadFromViews += view.blocks().size();
      for (Block block : view.blocks()) {
        check(block, view.frozen().slab(block.reference));
      }
    }

    private static void check(Block block, byte[] slab) {
      int offset = Arena.offset(block.reference);
      byte[] contents = block.contents;
      if (!Arrays.equals(slab, offset, offset + contents.length, contents, 0, contents.length)) {
        throw new AssertionError("block " + Integer.toHexString(block.reference) + " changed");
      }
    }
  }
}
