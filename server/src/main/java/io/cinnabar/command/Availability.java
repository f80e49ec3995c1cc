package io.cinnabar.command;

import org.jspecify.annotations.Nullable;

/**
 * Which commands the state of the data set allows: few while it is loaded, and no writes while they
 * could not be saved. On the loop's thread.
 */
public final class Availability {

  static final CommandError LOADING =
      new CommandError("LOADING Redis is loading the dataset in memory");

  private static final CommandError NOT_SAVED =
      new CommandError(
          "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist"
              + " to disk. Commands that may modify the data set are disabled, because this instance"
              + " is configured to report errors during writes if RDB snapshotting fails"
              + " (stop-writes-on-bgsave-error option). Please check the Redis logs for details about"
              + " the RDB error.");

  private boolean loading;
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

  /** Whether writes are refused since the append-only file can't be written. */
  boolean isJournalFailing() {
    return journalRefusal != null;
  }

  /** What writes are answered; null when they may run. */
  @Nullable CommandError writeRefusal() {
    return snapshotRefusal == null ? journalRefusal : snapshotRefusal;
  }
}
