package io.cinnabar.keyspace;

import io.cinnabar.arena.Arena;
import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.structure.SegmentedTable;
import io.cinnabar.structure.TreeMover;

/**
 * The walk over all references that the arena's compaction needs, segment by segment. Only
 * references are looked at; blocks are read where they are to be moved or own further ones.
 */
final class CompactionWalk implements SegmentedTable.BlockMover {
  private static final int SEGMENT_STEPS = 64;
  private static final int MOVE_STEPS = 16;

  /** Blocks of large values that are moved at a time; some hundred microseconds. */
  private static final int TREE_BLOCKS = 256;

  /** Savable bytes in addition that make another walk worth its while after one that gave none. */
  private static final long MORE_BYTES = 1 << 20;

  private final Keyspace keyspace;
  private final Arena arena;
  private final Entry entry = new Entry();
  private final TreeMover treeMover;
  private boolean walking;
  private int databaseIndex;
  private long position;
  private int moves;
  private long heldBefore;
  private long fruitlessBytes;
  private long hits;

  /** Elements that the walks came by, the moved ones included. */
  private long visited;

  CompactionWalk(Keyspace keyspace) {
    this.keyspace = keyspace;
    arena = keyspace.arena();
    treeMover = new TreeMover(arena);
  }

  /** See {@link Keyspace#compactSlice}. */
  int slice(int budget, boolean begin) {
    if (!walking) {
      if (!begin || !arena.canCompact() || isFruitless() || arena.chooseSparse() == 0) {
        return 0;
      }
      heldBefore = held();
      walking = true;
      databaseIndex = 0;
      position = 0;
    }
    int steps = 0;
    while (steps < budget) {
      moves = 0;
      treeMover.allow(TREE_BLOCKS);
      SegmentedTable table = keyspace.database(databaseIndex).table();
      try {
        table.evacuate(position, this);
      } catch (ArenaFullException full) {
        finish();
        break;
      }
      steps += SEGMENT_STEPS + moves * MOVE_STEPS;
      if (treeMover.isExhausted()) {
        // The same segment again: a value of many blocks is moved in several steps.
        steps += TREE_BLOCKS * MOVE_STEPS;
        continue;
      }
      visited += table.countAt(position);
      position = table.nextSegment(position);
      if (position == 0 && ++databaseIndex == keyspace.databases()) {
        finish();
        break;
      }
    }
    return steps;
  }

  /** Whether the last walk gave nothing back, and there is hardly more to be had now. */
  private boolean isFruitless() {
    return fruitlessBytes > 0 && arena.savableBytes() < fruitlessBytes + MORE_BYTES;
  }

  private long held() {
    return arena.reservedBytes() - arena.pooledBytes();
  }

  private void finish() {
    arena.finishCompaction();
    walking = false;
    fruitlessBytes = held() < heldBefore ? 0 : arena.savableBytes();
  }

  @Override
  public int move(int reference, int marks) {
    entry.at(keyspace.database(databaseIndex), reference, 0);
    moves++;
    if (!entry.isEvacuating()) {
      return reference;
    }
    hits++;
    return entry.evacuate(treeMover);
  }

  boolean isWalking() {
    return walking;
  }

  /** How many elements have been moved since the start. */
  long hits() {
    return hits;
  }

  /** How many have been left where they were. */
  long misses() {
    return visited - hits;
  }

  /** Forgets the walk: the arena has been reset. */
  void abandon() {
    walking = false;
  }
}
