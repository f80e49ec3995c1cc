package io.cinnabar.keyspace;

import io.cinnabar.arena.Arena;
import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.structure.SegmentedTable;

/**
 * The walk over all references that the arena's compaction needs, segment by segment. Only
 * references are looked at; blocks are read where they are to be moved or own further ones.
 */
final class CompactionWalk implements SegmentedTable.BlockMover {
  private static final int SEGMENT_STEPS = 64;
  private static final int MOVE_STEPS = 16;

  private final Keyspace keyspace;
  private final Arena arena;
  private final Entry entry = new Entry();
  private boolean walking;
  private int databaseIndex;
  private long position;
  private int moves;

  CompactionWalk(Keyspace keyspace) {
    this.keyspace = keyspace;
    arena = keyspace.arena();
  }

  /** See {@link Keyspace#compactSlice}. */
  int slice(int budget) {
    if (!walking) {
      if (!arena.wantsCompaction() || arena.chooseSparse() == 0) {
        return 0;
      }
      walking = true;
      databaseIndex = 0;
      position = 0;
    }
    int steps = 0;
    while (steps < budget) {
      moves = 0;
      SegmentedTable table = keyspace.database(databaseIndex).table();
      try {
        table.evacuate(position, this);
      } catch (ArenaFullException full) {
        arena.finishCompaction();
        walking = false;
        break;
      }
      steps += SEGMENT_STEPS + moves * MOVE_STEPS;
      position = table.nextSegment(position);
      if (position == 0 && ++databaseIndex == keyspace.databases()) {
        arena.finishCompaction();
        walking = false;
        break;
      }
    }
    return steps;
  }

  @Override
  public int move(int reference, int marks) {
    entry.at(keyspace.database(databaseIndex), reference, 0);
    moves++;
    return entry.evacuate();
  }

  /** Forgets the walk: the arena has been reset. */
  void abandon() {
    walking = false;
  }
}
