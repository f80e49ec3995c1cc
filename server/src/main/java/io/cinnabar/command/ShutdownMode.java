package io.cinnabar.command;

/**
 * How to end the server.
 *
 * @param save whether the data set is saved before
 * @param now whether to do so without waiting for the replicas
 * @param force whether to end even though what was to be done before fails
 */
public record ShutdownMode(Save save, boolean now, boolean force) {

  /** Whether the data set is saved. */
  public enum Save {
    /** If the configuration says when it is saved. */
    IF_CONFIGURED,
    ALWAYS,
    NEVER
  }
}
