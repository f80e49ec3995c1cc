package io.cinnabar.persistence;

import io.cinnabar.command.BugReport;
import io.cinnabar.command.Engine;
import io.cinnabar.host.DiskFile;
import io.cinnabar.host.Log;
import io.cinnabar.keyspace.FrozenKeyspace;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes a new base of the data set as it is, so that the increments before it can go:
 *
 * <pre>
 *   loop:    freeze; changes from here on go to a new increment
 *   worker:  write the base from the frozen data, force it
 *   worker:  name the new base and the new increment in the manifest, nothing else
 *   worker:  delete what was there before
 * </pre>
 *
 * Until the manifest is replaced all old files count, and the new increment with them. On the
 * loop's thread, but for what workers do.
 */
public final class AofRewrite {

  private static final String TEMPORARY = "temp-rewriteaof-bg.aof";
  private static final int MILLIS_PER_SECOND = 1000;
  private static final int NONE = -1;

  /** After so many failures in a row the automatic ones come at longer and longer intervals. */
  private static final int LIMITED_FAILURES = 3;

  private static final int MAX_DELAY_MINUTES = 60;
  private static final int SECONDS_PER_MINUTE = 60;

  /** Writes a frozen data set to a file. */
  interface Base {

    /** Writes; whether it was written to its end. On a worker. */
    boolean write(DiskFile file) throws IOException;

    /** Has it end soon. From any thread. */
    void cancel();

    /** Whether it writes RDB, and no commands. */
    boolean isRdb();
  }

  /** Makes what writes the base, as the configuration is now. */
  @FunctionalInterface
  interface BaseFactory {
    Base of(FrozenKeyspace data);
  }

  private final Engine engine;
  private final Log log;
  private final Journal journal;
  private final BaseFactory bases;
  private @Nullable Run running;
  private boolean isScheduled;
  private boolean keepsHistory;

  private long baseBytes;
  private long lastDurationSeconds = NONE;
  private boolean hasFailed;
  private long count;
  private int failuresInRow;
  private long lastCopiedBytes;
  private int delayMinutes;
  private long notBeforeSeconds;

  /** One rewrite. */
  private static final class Run {
    final AofFolder folder;
    final FrozenKeyspace data;
    final Base base;
    final long startSeconds;

    /** Those that this closes when it is done. */
    final long gaps;

    long mostCopiedBytes;
    boolean isRotated;
    boolean isWritten;
    boolean isInstalling;

    /** Why it came to nothing, as far as that is known; null while all goes well. */
    @Nullable String failure;

    /** Nobody wants it any more. */
    boolean isCancelled;

    Run(AofFolder folder, FrozenKeyspace data, Base base, long startSeconds, long gaps) {
      this.folder = folder;
      this.data = data;
      this.base = base;
      this.startSeconds = startSeconds;
      this.gaps = gaps;
    }
  }

  AofRewrite(Engine engine, Journal journal, BaseFactory bases) {
    this.engine = engine;
    this.log = engine.log();
    this.journal = journal;
    this.bases = bases;
    journal.onGap(this::schedule);
  }

  /** Whether old files stay: {@code aof-disable-auto-gc}. */
  void keepHistory(boolean keep) {
    keepsHistory = keep;
  }

  private long nowSeconds() {
    return engine.host().wallClock().millis() / MILLIS_PER_SECOND;
  }

  // Beginning.

  /** Has a rewrite begin as soon as it can. */
  void schedule() {
    isScheduled = true;
  }

  public boolean isScheduled() {
    return isScheduled;
  }

  public boolean isRunning() {
    return running != null;
  }

  /**
   * Begins; none may be running, and not in the middle of a transaction. Changes from now on go to
   * another increment, if any are kept.
   *
   * @param folder where the files are
   */
  void start(AofFolder folder) {
    Run run = begin(folder);
    if (journal.isOpen()) {
      journal.enqueue(
          new JournalStep() {
            @Override
            void work(JournalWriter writer) throws IOException {
              writer.rotate();
            }

            @Override
            void ended(@Nullable IOException failure) {
              rotated(run, failure);
            }
          });
    } else {
      run.isRotated = true;
    }
    engine.host().workers().run(() -> write(run));
  }

  /**
   * Begins with an increment that nobody has written to yet: nothing is in the file before it that
   * would go with it.
   */
  void startBehind(AofFolder folder, JournalWriter writer) {
    journal.open(writer, false);
    Run run = begin(folder);
    run.isRotated = true;
    engine.host().workers().run(() -> write(run));
  }

  private Run begin(AofFolder folder) {
    isScheduled = false;
    FrozenKeyspace data = engine.keyspace().freeze();
    Run run = new Run(folder, data, bases.of(data), nowSeconds(), journal.gaps());
    running = run;
    log.notice(
        "Background append only file rewriting started by pid "
            + engine.host().process().processId());
    return run;
  }

  /** Begins by itself if the files have grown by so much since the last time. */
  void startIfGrown(AofFolder folder, long percentage, long minBytes) {
    long bytes = journal.totalBytes();
    if (percentage == 0 || bytes <= minBytes) {
      return;
    }
    long growth = bytes * 100 / Math.max(1, baseBytes) - 100;
    if (growth >= percentage && !isLimited()) {
      log.notice("Starting automatic rewriting of AOF on " + growth + "% growth");
      start(folder);
    }
  }

  /** Whether it has failed so often that it has to wait. */
  boolean isLimited() {
    if (failuresInRow < LIMITED_FAILURES) {
      delayMinutes = 0;
      notBeforeSeconds = 0;
      return false;
    }
    if (notBeforeSeconds != 0) {
      if (nowSeconds() < notBeforeSeconds) {
        return true;
      }
      notBeforeSeconds = 0;
      return false;
    }
    delayMinutes = delayMinutes == 0 ? 1 : Math.min(MAX_DELAY_MINUTES, 2 * delayMinutes);
    notBeforeSeconds = nowSeconds() + (long) delayMinutes * SECONDS_PER_MINUTE;
    log.warning(
        "Background AOF rewrite has repeatedly failed and triggered the limit, will retry in "
            + delayMinutes
            + " minutes");
    return true;
  }

  /** Forgets the failures: somebody wants it now. */
  void forgiveFailures() {
    failuresInRow = 0;
  }

  // Going on.

  /** On a worker. */
  private void write(Run run) {
    String failure = null;
    try (DiskFile file = run.folder.disk().create(run.folder.path(TEMPORARY))) {
      if (run.base.write(file)) {
        file.force();
      } else {
        failure = "cancelled";
      }
    } catch (IOException e) {
      failure = String.valueOf(e.getMessage());
    } catch (RuntimeException e) {
      log.warning(BugReport.of("rewriting the AOF", e));
      failure = "internal error";
    } catch (OutOfMemoryError e) {
      failure = "Out of memory";
    }
    if (failure != null) {
      discard(run);
    }
    String reason = failure;
    engine.host().network().post(() -> written(run, reason));
  }

  private void discard(Run run) {
    try {
      run.folder.disk().delete(run.folder.path(TEMPORARY));
    } catch (IOException e) {
      log.warning("Deleting " + run.folder.path(TEMPORARY) + ": " + e.getMessage());
    }
  }

  private void rotated(Run run, @Nullable IOException failure) {
    if (run != running) {
      return;
    }
    if (failure == null) {
      run.isRotated = true;
      installIfReady(run);
      return;
    }
    log.warning("Can't open the append-only file: " + failure.getMessage());
    run.failure = failure.getMessage();
    run.base.cancel();
    if (run.isWritten) {
      engine.host().workers().run(() -> discard(run));
      failed(run);
    }
  }

  private void written(Run run, @Nullable String failure) {
    run.isWritten = true;
    noteCopiedBytes(run);
    run.data.close();
    if (failure != null) {
      if (!run.isCancelled && run.failure == null) {
        log.warning("Write error writing append only file on disk: " + failure);
      }
      failed(run);
    } else if (run.failure != null || run.isCancelled) {
      engine.host().workers().run(() -> discard(run));
      failed(run);
    } else {
      log.notice("Background AOF rewrite terminated with success");
      installIfReady(run);
    }
  }

  private void installIfReady(Run run) {
    if (!run.isRotated || !run.isWritten) {
      return;
    }
    run.isInstalling = true;
    if (!journal.isOpen()) {
      installAlone(run);
      return;
    }
    journal.enqueueBehind(
        new JournalStep() {
          @Override
          void work(JournalWriter writer) throws IOException {
            writer.install(TEMPORARY, run.base.isRdb());
          }

          @Override
          void ended(@Nullable IOException failure) {
            installed(run, failure);
          }
        });
  }

  private void installAlone(Run run) {
    boolean isRdb = run.base.isRdb();
    engine
        .host()
        .workers()
        .run(
            () -> {
              IOException failure = null;
              try {
                JournalWriter.installAlone(run.folder, log, TEMPORARY, isRdb);
              } catch (IOException e) {
                failure = e;
              }
              IOException reason = failure;
              engine.host().network().post(() -> installed(run, reason));
            });
  }

  private void installed(Run run, @Nullable IOException failure) {
    if (run != running) {
      return;
    }
    if (failure != null) {
      log.warning("Error trying to install the new AOF base file: " + failure.getMessage());
      engine.host().workers().run(() -> discard(run));
      failed(run);
      return;
    }
    end(run);
    hasFailed = false;
    journal.closedGaps(run.gaps);
    failuresInRow = 0;
    count++;
    baseBytes = journal.totalBytes();
    log.notice("Background AOF rewrite finished successfully");
    deleteHistory();
  }

  /** Right behind the step that has made it history: no other is under way. */
  private void deleteHistory() {
    JournalWriter writer = journal.writer();
    if (writer == null || keepsHistory) {
      return;
    }
    List<AofFile> history = writer.manifest().history();
    engine
        .host()
        .workers()
        .run(
            () -> {
              try {
                writer.delete(history);
              } catch (IOException e) {
                log.warning("Deleting history files of the AOF: " + e.getMessage());
                return;
              }
              engine.host().network().post(this::forgetHistory);
            });
  }

  private void forgetHistory() {
    if (!journal.isOpen()) {
      return;
    }
    journal.enqueueBehind(
        new JournalStep() {
          @Override
          void work(JournalWriter writer) throws IOException {
            writer.forgetHistory();
          }

          @Override
          void ended(@Nullable IOException failure) {
            if (failure != null) {
              log.warning("Error writing the AOF manifest file: " + failure.getMessage());
            }
          }
        });
  }

  // Ending.

  /** Ends what is under way, which has become pointless; too late when it is all but done. */
  void cancel() {
    Run run = running;
    if (run != null && !run.isCancelled && !run.isInstalling) {
      log.notice("Killing running AOF rewrite");
      run.isCancelled = true;
      run.base.cancel();
      if (run.isWritten) {
        engine.host().workers().run(() -> discard(run));
        end(run);
      }
    }
  }

  /** Ends what is under way, since the journal has ended that it was for. */
  void abandon() {
    isScheduled = false;
    cancel();
    Run run = running;
    if (run != null && run.isInstalling) {
      end(run);
    }
  }

  private void failed(Run run) {
    end(run);
    if (run.isCancelled) {
      return;
    }
    hasFailed = true;
    failuresInRow++;
    log.warning("Background AOF rewrite terminated with error");
    if (journal.hasGap()) {
      schedule();
    }
  }

  /** Looks how much has had to be copied so far; now and then, since the most of it counts. */
  void noteCopiedBytes() {
    Run run = running;
    if (run != null) {
      noteCopiedBytes(run);
    }
  }

  private void noteCopiedBytes(Run run) {
    long bytes = engine.keyspace().arena().limboBytes();
    run.mostCopiedBytes = Math.max(run.mostCopiedBytes, bytes);
  }

  private void end(Run run) {
    lastDurationSeconds = nowSeconds() - run.startSeconds;
    lastCopiedBytes = run.mostCopiedBytes;
    running = null;
  }

  // For INFO.

  /** How long the files were that counted when the last rewrite ended. */
  public long baseBytes() {
    return baseBytes;
  }

  void baseBytes(long bytes) {
    baseBytes = bytes;
  }

  /** Seconds that the last one has taken; -1 before the first. */
  public long lastDurationSeconds() {
    return lastDurationSeconds;
  }

  /** Seconds that the one under way has taken; -1 when there is none. */
  public long currentSeconds() {
    Run run = running;
    return run == null ? NONE : nowSeconds() - run.startSeconds;
  }

  public boolean hasFailed() {
    return hasFailed;
  }

  /** How many there were. */
  public long count() {
    return count;
  }

  public int failuresInRow() {
    return failuresInRow;
  }

  /** Bytes that had to be copied during the last one. */
  public long lastCopiedBytes() {
    return lastCopiedBytes;
  }
}
