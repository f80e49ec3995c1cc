package io.cinnabar.command;

/**
 * What the stream of changes takes in memory, with what is on its way to replicas. On the loop's
 * thread.
 */
public interface StreamMemory {

  /** A server that nobody follows. */
  StreamMemory NONE =
      new StreamMemory() {
        @Override
        public long bytes() {
          return 0;
        }

        @Override
        public long excessBytes() {
          return 0;
        }
      };

  /** All of it. */
  long bytes();

  /**
   * What of it is there only since replicas are slow. To remove keys would make it more, as each of
   * them has to be told to the replicas.
   */
  long excessBytes();
}
