package io.cinnabar.command;

/**
 * How much unsent output a client may cause before it is cut off, for each class of clients.
 *
 * @param normal ordinary clients
 * @param replica replicas
 * @param pubsub clients that subscribe to channels
 */
public record OutputLimits(Limit normal, Limit replica, Limit pubsub) {

  /** What holds unless the operator says otherwise. */
  public static final OutputLimits DEFAULT =
      new OutputLimits(
          new Limit(0, 0, 0),
          new Limit(256L << 20, 64L << 20, 60),
          new Limit(32L << 20, 8L << 20, 60));

  /**
   * The limit of one class; 0 means none.
   *
   * @param hardBytes beyond this a client is cut off at once
   * @param softBytes beyond this it is cut off once that has lasted for {@code softSeconds}
   */
  public record Limit(long hardBytes, long softBytes, int softSeconds) {

    /** Whether a client may cause as much as it likes. */
    boolean isNone() {
      return hardBytes == 0 && softBytes == 0;
    }
  }
}
