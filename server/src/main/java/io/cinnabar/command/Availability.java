package io.cinnabar.command;

import org.jspecify.annotations.Nullable;

/**
 * Which commands the state of the data set allows: few while it is loaded, no writes while they
 * could not be saved or too few replicas would have them, and what a replica may do with another
 * server's data. On the loop's thread.
 */
public final class Availability {

  static final CommandError LOADING =
      new CommandError("LOADING Redis is loading the dataset in memory");

  static final CommandError TOO_FEW_REPLICAS =
      new CommandError("NOREPLICAS Not enough good replicas to write.");

  private static final CommandError NOT_SAVED =
      new CommandError(
          "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist"
              + " to disk. Commands that may modify the data set are disabled, because this instance"
              + " is configured to report errors during writes if RDB snapshotting fails"
              + " (stop-writes-on-bgsave-error option). Please check the Redis logs for details about"
              + " the RDB error.");

  static final CommandError READ_ONLY =
      new CommandError("READONLY You can't write against a read only replica.");

  static final CommandError MASTER_DOWN =
      new CommandError(
          "MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.");

  private boolean loading;
  private boolean replacing;
  private boolean following;
  private boolean linked;
  private boolean lacksReplicas;
  private @Nullable CommandError snapshotRefusal;
  private @Nullable CommandError journalRefusal;

  /** Says whether the data set is incomplete, since it is loaded. */
  public void loading(boolean loading) {
    this.loading = loading;
  }

  /** Whether the data set is incomplete: only commands flagged LOADING run. */
  public boolean isLoading() {
    return loading;
  }

  /** Says whether a data set is loaded beside the one that is served. */
  public void replacing(boolean yes) {
    replacing = yes;
  }

  /** Whether the data set is about to be replaced, so that nothing may begin to save it. */
  public boolean isReplacing() {
    return replacing;
  }

  /** Says whether this server follows a primary. */
  public void following(boolean yes) {
    following = yes;
    linked = false;
  }

  /** Whether this server follows a primary: the data set is what that has. */
  public boolean isFollowing() {
    return following;
  }

  /** Says whether the primary's changes come in. */
  public void linked(boolean yes) {
    linked = yes;
  }

  /** Whether the data set may be older than the primary's for want of a link. */
  boolean isStale() {
    return following && !linked;
  }

  /** Says whether writes are refused since no snapshot could be saved. */
  public void snapshotsFail(boolean fail) {
    snapshotRefusal = fail ? NOT_SAVED : null;
  }

  /**
   * Says whether writes are refused since the append-only file can't be written.
   *
   * @param reason null when it can
   */
  public void journalFails(@Nullable String reason) {
    journalRefusal =
        reason == null
            ? null
            : new CommandError("MISCONF Errors writing to the AOF file: " + reason);
  }

  /** Says whether writes are refused since too few replicas are connected, and near enough. */
  public void lacksReplicas(boolean lacks) {
    lacksReplicas = lacks;
  }

  /** Whether writes are refused since too few replicas would have them soon. */
  boolean lacksReplicas() {
    return lacksReplicas;
  }

  /** Whether writes are refused since the append-only file can't be written. */
  boolean isJournalFailing() {
    return journalRefusal != null;
  }

  /** What writes are answered; null when they may run. */
  @Nullable CommandError writeRefusal() {
    return snapshotRefusal == null ? journalRefusal : snapshotRefusal;
  }
}
