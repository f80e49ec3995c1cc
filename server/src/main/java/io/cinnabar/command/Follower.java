package io.cinnabar.command;

import io.cinnabar.command.OutputLimits.Limit;

/**
 * What a client is that follows the stream of changes, a replica, or that is about to. What it is
 * sent goes past its replies: {@link Session#send}. On the loop's thread.
 */
public interface Follower {

  /** A client that has never said that it is a replica. */
  Follower NONE =
      new Follower() {
        @Override
        public boolean isFollowing() {
          return false;
        }

        @Override
        public long unsentBytes() {
          return 0;
        }

        @Override
        public Limit outputLimit() {
          return OutputLimits.DEFAULT.replica();
        }

        @Override
        public void answered() {}

        @Override
        public void left() {}
      };

  /** Whether it follows already; until then it is a client like others. */
  boolean isFollowing();

  /** Bytes that it still has to be sent, and that its connection does not have yet. */
  long unsentBytes();

  /** How much of that there may be. */
  Limit outputLimit();

  /** A command of it was answered, which it has no use for. */
  void answered();

  /** The client is gone. */
  void left();
}
