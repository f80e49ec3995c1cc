package io.cinnabar.command;

import io.cinnabar.structure.Slice;

/**
 * What the loop has to know of the journal: positions in it count its bytes since the start. A
 * reply that was made at a position leaves when that position is released, so that nobody is told
 * what a crash could still take back. On the loop's thread.
 */
public interface Durability {

  /** A journal that nobody keeps: every reply may leave at once. */
  Durability NONE =
      new Durability() {
        @Override
        public long position() {
          return 0;
        }

        @Override
        public long releasedPosition() {
          return 0;
        }

        @Override
        public boolean isKept() {
          return false;
        }

        @Override
        public long durablePosition() {
          return NOTHING;
        }

        @Override
        public boolean holdsReplies() {
          return false;
        }

        @Override
        public boolean isSettled(Slice key) {
          return true;
        }

        @Override
        public void commit() {}
      };

  /** Before all positions. */
  long NOTHING = -1;

  /** Whether a journal is kept, or is going to be from the next turn on. */
  boolean isKept();

  /** Where the journal ends, with all changes so far. */
  long position();

  /** Up to where replies may leave; {@link #position} at most. */
  long releasedPosition();

  /**
   * Up to where all changes are sure to outlive a crash of the machine; {@link #NOTHING} while that
   * can be said of none.
   */
  long durablePosition();

  /** Whether there may be positions that are not released yet. */
  boolean holdsReplies();

  /**
   * While the journal can't be written: whether what is under a key has been released, so that it
   * may be shown although later positions have not. False if that isn't known.
   */
  boolean isSettled(Slice key);

  /** Ends a turn: hands its changes to the disk, without waiting for it. */
  void commit();
}
