package io.cinnabar.persistence;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.cinnabar.command.Availability;
import io.cinnabar.command.Change;
import io.cinnabar.command.ChangeEncoder;
import io.cinnabar.command.CommandTable;
import io.cinnabar.command.Durability;
import io.cinnabar.command.Timers;
import io.cinnabar.command.Unit;
import io.cinnabar.config.FsyncPolicy;
import io.cinnabar.host.Host;
import io.cinnabar.host.Log;
import io.cinnabar.structure.Slice;
import java.io.IOException;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Keeps all changes of the data set in an append-only file. Each is encoded once, into a buffer of
 * this turn; when the turn ends, or as soon as the disk is done with the one before, a worker
 * appends the buffer as one batch and, where the policy asks for it, forces it. So many clients
 * share one force, and the loop never waits for the disk.
 *
 * <pre>
 *   changes -> buffer -(commit)-> steps: batch, rotation, batch ... -(worker)-> file
 *
 *   0        synced         written                             position
 *   |  forced  |  in the file  |  in the buffer or under way       |
 * </pre>
 *
 * When a batch can't be written nothing else is: commands that would write are refused, and the
 * same batch is tried again each second, until the disk takes it. On the loop's thread; what
 * workers run is {@link JournalStep}.
 */
public final class Journal implements Change.Listener, Durability {

  private static final long SECOND_NANOS = 1_000_000_000L;

  /**
   * With {@code everysec}, the time from one force to the next: a little less than a second, since
   * what came right behind the one waits for the other, and that takes its time, too.
   */
  private static final long FORCE_NANOS = 900_000_000L;

  /** With {@code everysec}, how long the disk may take before replies wait for it. */
  private static final long STALL_NANOS = 2 * SECOND_NANOS;

  private static final long RETRY_NANOS = SECOND_NANOS;

  /**
   * Where no reply waits for the disk, how much or how long changes are gathered for a batch while
   * many come: each costs the loop a worker's waking, and that of its own.
   */
  private static final int LINGER_BYTES = 256 << 10;

  private static final long LINGER_NANOS = 2_000_000;

  private static final int MILLIS_PER_SECOND = 1000;

  private final Host host;
  private final Log log;
  private final Timers timers;
  private final Unit unit;
  private final Availability availability;
  private final CommandTable table;
  private final ArrayDeque<JournalStep> steps = new ArrayDeque<>();
  private final ArrayDeque<JournalBuffer> spares = new ArrayDeque<>();
  private final ChangeEncoder encoder = new ChangeEncoder(false);

  private FsyncPolicy policy = FsyncPolicy.EVERYSEC;
  private boolean isTimestamped;

  /** Whether forces are left out, while something else keeps the disk busy. */
  private boolean isSparing;

  /** Whether a file is going to be opened as soon as that can be. */
  private boolean isAnnounced;

  /** Null while no append-only file is kept. */
  private @Nullable JournalWriter writer;

  private JournalBuffer buffer = new JournalBuffer();
  private long annotatedSeconds;

  private long position;
  private long writtenPosition;
  private long syncedPosition;

  private @Nullable JournalStep underWay;
  private long underWaySinceNanos;
  private boolean isRetryWaiting;
  private final Gathering gathering = new Gathering();
  private Timers.@Nullable Timer gatherTimer;
  private Timers.@Nullable Timer forceTimer;
  private long forcedNanos;

  private boolean isStalled;
  private long stalledPosition;
  private long delayedForces;
  private @Nullable String failure;

  /** What the disk has not taken while it fails; null as long as it does not. */
  private @Nullable UnsettledKeys unsettled;

  private long totalBytes;

  /** How often the files have come to lack changes, and of how many of these they are rid again. */
  private long gaps;

  private long closedGaps;
  private Runnable onGap = () -> {};

  public Journal(
      Host host, Log log, Timers timers, Unit unit, Availability availability, CommandTable table) {
    this.table = table;
    this.availability = availability;
    this.host = host;
    this.log = log;
    this.timers = timers;
    this.unit = unit;
  }

  // ---- what the configuration says

  public void policy(FsyncPolicy policy) {
    this.policy = policy;
  }

  /** Whether the time stands between the commands each second. */
  public void timestamped(boolean timestamped) {
    isTimestamped = timestamped;
  }

  /** Whether forces are left out for now, whatever the policy says. */
  public void sparing(boolean sparing) {
    isSparing = sparing;
  }

  /** Who is told that the files lack changes, so that a rewrite has to make up for it. */
  void onGap(Runnable listener) {
    onGap = listener;
  }

  // ---- beginning and end

  /** Says whether {@link #open} is going to be called as soon as that can be. */
  void announce(boolean isOpening) {
    isAnnounced = isOpening;
  }

  /**
   * Begins to keep all changes from now on.
   *
   * @param hasBase whether the files have all changes before; else a rewrite has to see to that
   */
  void open(JournalWriter opened, boolean hasBase) {
    isAnnounced = false;
    gaps += hasBase ? 0 : 1;
    writer = opened;
    totalBytes = opened.totalBytes();
    encoder.forgetDatabase();
    forcedNanos = host.monotonicClock().nanos();
    unit.listen(this);
  }

  /** Whether an append-only file is kept. */
  public boolean isOpen() {
    return writer != null;
  }

  @Override
  public boolean isKept() {
    return isAnnounced || writer != null;
  }

  /**
   * Waits until all changes so far are on disk; for the end of a server, or of its journal.
   *
   * @return false when that can't be
   */
  public boolean flush() {
    if (writer == null || (syncedPosition == position && underWay == null && steps.isEmpty())) {
      return true;
    }
    isRetryWaiting = false;
    seal(true);
    while (underWay != null || (!steps.isEmpty() && !isRetryWaiting)) {
      startNext();
      host.network().poll(SECOND_NANOS);
    }
    return syncedPosition == position;
  }

  /** Keeps no changes any more; what {@link #flush} could not write is lost. */
  void close() {
    JournalWriter closed = writer;
    if (closed == null) {
      return;
    }
    unit.unlisten(this);
    writer = null;
    steps.clear();
    buffer.clear();
    fails(null);
    isStalled = false;
    isRetryWaiting = false;
    writtenPosition = position;
    syncedPosition = position;
    closedGaps = gaps;
    if (underWay == null) {
      closed.close();
    } // else when the step is over, whatever holds it up
    underWay = null;
  }

  // ---- changes

  @Override
  public void changed(Change change) {
    int count = encoder.count(change);
    long before = buffer.sizeBytes();
    if (change.isTorn()) {
      lose(before);
      return;
    }
    if (count == 0) {
      return;
    }
    try {
      annotate();
      encoder.encode(change, count, buffer);
    } catch (OutOfMemoryError e) {
      lose(before);
    }
    position += buffer.sizeBytes() - before;
    gathering.add();
    if (unsettled != null) {
      unsettled.add(change);
    }
  }

  /** Only while the disk fails. */
  @Override
  public boolean wantsTouches() {
    return unsettled != null;
  }

  private void annotate() {
    if (isTimestamped) {
      long seconds = unit.nowMillis() / MILLIS_PER_SECOND;
      if (seconds > annotatedSeconds) {
        annotatedSeconds = seconds;
        byte[] line = ("#TS:" + seconds + "\r\n").getBytes(US_ASCII);
        buffer.add(line, 0, line.length);
      }
    }
  }

  /** A change for which there was no memory. Only a rewrite makes the file whole again. */
  private void lose(long before) {
    buffer.truncate(before);
    encoder.forgetDatabase();
    fails("Out of memory");
    log.warning("Error writing to the AOF file: Out of memory");
    lack();
  }

  // ---- gaps

  /**
   * The files lack changes: these were lost, or the machine may have forgotten them, although it
   * was told to force them.
   */
  private void lack() {
    gaps++;
    onGap.run();
  }

  /** How often so far the files have come to lack changes. */
  long gaps() {
    return gaps;
  }

  /** Says that so many gaps are closed: the files have a base that was begun behind them. */
  void closedGaps(long count) {
    closedGaps = count;
  }

  /** Whether the files lack changes still. */
  boolean hasGap() {
    return closedGaps < gaps;
  }

  @Override
  public long durablePosition() {
    return writer == null || hasGap() ? NOTHING : syncedPosition;
  }

  // ---- what the loop asks

  @Override
  public long position() {
    return position;
  }

  @Override
  public long releasedPosition() {
    return switch (effectivePolicy()) {
      case ALWAYS -> syncedPosition;
      case EVERYSEC -> isStalled ? stalledPosition : position;
      case NO -> position;
    };
  }

  @Override
  public boolean holdsReplies() {
    return isStalled || effectivePolicy() == FsyncPolicy.ALWAYS;
  }

  private FsyncPolicy effectivePolicy() {
    return isSparing || writer == null ? FsyncPolicy.NO : policy;
  }

  @Override
  public void commit() {
    if (writer == null) {
      return;
    }
    if (underWay == null) {
      startNext();
    } else if (!isStalled && effectivePolicy() == FsyncPolicy.EVERYSEC) {
      watchForStall();
    }
  }

  private void watchForStall() {
    long nanos = host.monotonicClock().nanos() - underWaySinceNanos;
    if (nanos >= STALL_NANOS) {
      isStalled = true;
      stalledPosition = position;
      delayedForces++;
      log.notice(
          "Asynchronous AOF fsync is taking too long (disk is busy?). Replies to writes wait until"
              + " the disk has caught up.");
    }
  }

  // ---- steps

  /**
   * Has the worker do this behind all changes so far, and before those that follow; these may lie
   * in another file, so that they say anew which database they are for.
   */
  void enqueue(JournalStep step) {
    seal(false);
    encoder.forgetDatabase();
    steps.add(step);
    startNext();
  }

  /** As {@link #enqueue}, for what changes nothing about the file that is written to. */
  void enqueueBehind(JournalStep step) {
    steps.add(step);
    startNext();
  }

  /** The writer, for what does not depend on steps; null while no append-only file is kept. */
  @Nullable JournalWriter writer() {
    return writer;
  }

  /** Makes a step of what is in the buffer. */
  private void seal(boolean forcing) {
    if (!buffer.isEmpty() || forcing) {
      steps.add(new Batch(buffer, position, gathering.begin(), forcing));
      JournalBuffer spare = spares.poll();
      buffer = spare == null ? new JournalBuffer() : spare;
    }
  }

  private void startNext() {
    if (underWay != null || isRetryWaiting || writer == null) {
      return;
    }
    if (steps.isEmpty()) {
      if (isGathering()) {
        return;
      }
      seal(isForceDue());
    }
    JournalStep next = steps.poll();
    if (next != null) {
      underWay = next;
      underWaySinceNanos = host.monotonicClock().nanos();
      if (next instanceof Batch batch) {
        batch.begin(underWaySinceNanos);
      }
      JournalWriter to = writer;
      host.workers().run(() -> next.run(to, host.network(), log, step -> over(step, to)));
    }
  }

  /** Whether a batch is to wait for more changes; a timer ends that at the latest. */
  private boolean isGathering() {
    if (buffer.isEmpty()) {
      return false;
    }
    long nowNanos = host.monotonicClock().nanos();
    boolean isAlways = effectivePolicy() == FsyncPolicy.ALWAYS;
    long untilNanos = isAlways ? gathering.untilNanos() : underWaySinceNanos + LINGER_NANOS;
    boolean isWorthIt =
        isAlways
            ? gathering.isIncomplete()
            : gathering.isBusy() && buffer.sizeBytes() < LINGER_BYTES;
    if (!isWorthIt || nowNanos - untilNanos >= 0) {
      return false;
    }
    if (gatherTimer == null) {
      gatherTimer =
          timers.schedule(
              untilNanos,
              () -> {
                gatherTimer = null;
                startNext();
              });
    }
    return true;
  }

  /** Whether what was written has to be forced although there is nothing more to write. */
  private boolean isForceDue() {
    return syncedPosition < writtenPosition && mustForce(host.monotonicClock().nanos());
  }

  private boolean mustForce(long nowNanos) {
    return switch (effectivePolicy()) {
      case ALWAYS -> true;
      case EVERYSEC -> nowNanos - forcedNanos >= FORCE_NANOS;
      case NO -> false;
    };
  }

  @SuppressWarnings("ReferenceEquality") // the very writer
  private void over(JournalStep step, JournalWriter by) {
    if (by != writer) {
      by.close(); // nobody's any more
      return;
    }
    underWay = null;
    totalBytes = by.totalBytes();
    if (isStalled) {
      isStalled = false;
      long millis = (host.monotonicClock().nanos() - underWaySinceNanos) / 1_000_000;
      log.notice("The disk has caught up with the AOF after " + millis + " ms");
    }
    step.end();
    startNext();
  }

  /** Some changes on their way into the file, or none that is only to force those before. */
  private final class Batch extends JournalStep {

    private final JournalBuffer changes;
    private final long endPosition;
    private final int count;
    private boolean isForcing;
    private boolean isWritten;
    private boolean mustBeForced;
    private boolean isDoubtful;
    private boolean failedToForce;

    Batch(JournalBuffer changes, long endPosition, int count, boolean forcing) {
      this.changes = changes;
      this.endPosition = endPosition;
      this.count = count;
      this.isForcing = forcing;
    }

    /** The policy of now decides. */
    void begin(long nowNanos) {
      mustBeForced = effectivePolicy() == FsyncPolicy.ALWAYS;
      isForcing |= mustForce(nowNanos);
      if (isForcing) {
        forcedNanos = nowNanos;
      }
    }

    @Override
    void work(JournalWriter to) throws IOException {
      long before = to.sizeBytes();
      failedToForce = false;
      boolean wasUnforced = to.isUnforced();
      if (!isWritten && !changes.isEmpty()) {
        to.write(changes);
      }
      isWritten = true;
      if (isForcing) {
        try {
          to.force();
        } catch (IOException e) {
          failedToForce = true;
          isDoubtful |= wasUnforced || !mustBeForced;
          if (mustBeForced) {
            // What the machine holds of it may be forgotten: it has to be written once more.
            to.takeBack(before);
            isWritten = false;
          }
          throw e;
        }
      }
    }

    @Override
    void ended(@Nullable IOException reason) {
      if (reason == null) {
        succeeded();
      } else {
        retry(reason);
      }
    }

    private void succeeded() {
      writtenPosition = endPosition;
      if (isForcing) {
        syncedPosition = endPosition;
        long nowNanos = host.monotonicClock().nanos();
        gathering.ended(count, nowNanos, nowNanos - underWaySinceNanos);
      } else {
        forceLater();
      }
      changes.clear();
      spares.add(changes);
      if (failure != null) {
        fails(null);
        log.warning("AOF write error looks solved, Redis can write again.");
      }
      if (isDoubtful) {
        lack();
      }
    }

    private void retry(IOException reason) {
      boolean isNew = failure == null;
      String text = String.valueOf(reason.getMessage());
      fails(text);
      if (isNew) {
        String what =
            failedToForce ? "Fail to fsync the AOF file" : "Error writing to the AOF file";
        log.warning(what + ": " + text);
      }
      steps.addFirst(this);
      if (isNew) {
        noteUnsettled();
      }
      isRetryWaiting = true;
      timers.schedule(host.monotonicClock().nanos() + RETRY_NANOS, Journal.this::tryAgain);
    }
  }

  private void fails(@Nullable String reason) {
    failure = reason;
    unsettled = reason == null ? null : unsettled;
    availability.journalFails(reason);
  }

  /** Finds out what of the data set is not on disk. What is not in memory any more may be any. */
  private void noteUnsettled() {
    UnsettledKeys found = new UnsettledKeys(table);
    if (syncedPosition != writtenPosition || hasGap()) {
      found.addAny();
    }
    for (JournalStep step : steps) {
      if (step instanceof Batch batch) {
        found.add(batch.changes);
      }
    }
    found.add(buffer);
    unsettled = found;
  }

  @Override
  public boolean isSettled(Slice key) {
    return unsettled != null && unsettled.isSettled(key);
  }

  private void tryAgain() {
    isRetryWaiting = false;
    startNext();
  }

  private void forceLater() {
    if (forceTimer == null && effectivePolicy() == FsyncPolicy.EVERYSEC) {
      forceTimer =
          timers.schedule(
              forcedNanos + FORCE_NANOS,
              () -> {
                forceTimer = null;
                startNext();
              });
    }
  }

  // ---- figures

  /** Why commands that would write are refused; null when they are not. */
  public @Nullable String failure() {
    return failure;
  }

  /** Up to where all changes outlive a crash of the machine. */
  public long syncedPosition() {
    return syncedPosition;
  }

  /** How long all files are that would be loaded. */
  public long totalBytes() {
    return totalBytes;
  }

  /** Bytes that wait to be written. */
  public long bufferedBytes() {
    return position - writtenPosition;
  }

  /** How often the disk has taken too long. */
  public long delayedForces() {
    return delayedForces;
  }

  /** Whether a worker is busy with the file. */
  public boolean isBusy() {
    return underWay != null;
  }
}
