package io.cinnabar.command;

import io.cinnabar.resp.ReplyBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Replies of one client that may not leave yet, in runs that wait for the same: for the journal up
 * to a position, for replicas up to an offset of the stream, or only for those before them.
 *
 * <pre>
 *   bytes      |  replies made at 100  |  at 140  |  at 180 ...
 *   ends        first                 first+1   first+2
 * </pre>
 *
 * A run that waits for replicas does so until a deadline; then its bytes are replaced by an error
 * for each of its replies, which leaves when those before it have. On the loop's thread.
 */
final class HeldReplies {

  /** A deadline that never comes. */
  static final long NEVER = Long.MAX_VALUE;

  private static final int FIRST_RUNS = 4;

  /** Where replies that have left are moved out of the way: copying what stays is cheap then. */
  private static final int LEAST_MOVED_BYTES = 16 << 10;

  /** Where bytes are handed over. */
  @FunctionalInterface
  interface Target {
    void write(byte[] array, int offset, int length);
  }

  /** Up to where so many replicas have the stream. */
  @FunctionalInterface
  interface Settled {
    long offset(CommitAcks acks);
  }

  private final Settled settled;
  private final Target target;
  private final ReplyBuffer bytes = new ReplyBuffer();

  /** Where each run ends in the bytes. */
  private int[] ends = new int[FIRST_RUNS];

  /** The position of the journal that each waits for; 0 for none. */
  private long[] positions = new long[FIRST_RUNS];

  /** The offset of the stream that each waits for; 0 for none. */
  private long[] offsets = new long[FIRST_RUNS];

  /** How many replies each has that wait for replicas. */
  private int[] counts = new int[FIRST_RUNS];

  private long[] deadlines = new long[FIRST_RUNS];

  /** For how many replicas each waits. */
  private CommitAcks[] acks = new CommitAcks[FIRST_RUNS];

  /** What takes the place of each reply of a run that has failed; null for others. */
  private byte[] @Nullable [] errors = new byte[FIRST_RUNS][];

  private int runs;

  /** In which turn of the loop the last was made. */
  private long lastTurn;

  /** How many bytes at the beginning have left. */
  private int leftBytes;

  /** How many replies wait for replicas. */
  private int awaiting;

  HeldReplies(Settled settled, Target target) {
    this.settled = settled;
    this.target = target;
  }

  boolean isEmpty() {
    return runs == 0;
  }

  /** How many bytes wait. */
  int sizeBytes() {
    return bytes.size() - leftBytes;
  }

  /** How many replies wait for replicas. */
  int awaiting() {
    return awaiting;
  }

  // ---- coming

  /**
   * Adds what waits for no replicas.
   *
   * @param position the journal's, which is none before the last one's; 0 if it waits for none
   */
  void add(byte[] array, int offset, int length, long position) {
    int last = runs - 1;
    boolean joins = runs > 0 && counts[last] == 0 && (position == 0 || positions[last] == position);
    append(joins, array, offset, length, position);
  }

  /**
   * Adds a reply that waits for replicas.
   *
   * @param position as above
   * @param awaited the offset of the stream
   * @param by how many replicas
   * @param deadlineNanos none before the last one's
   * @param turn the turn of the loop: replicas acknowledge it as a whole
   */
  void addReply(
      byte[] array,
      int offset,
      int length,
      long position,
      long awaited,
      CommitAcks by,
      long deadlineNanos,
      long turn) {
    int last = runs - 1;
    boolean joins = runs > 0 && offsets[last] > 0 && turn == lastTurn && by.equals(acks[last]);
    append(joins, array, offset, length, position);
    last = runs - 1;
    offsets[last] = Math.max(offsets[last], awaited);
    counts[last]++;
    acks[last] = by;
    deadlines[last] = deadlineNanos;
    lastTurn = turn;
    awaiting++;
  }

  private void append(boolean joins, byte[] array, int offset, int length, long position) {
    bytes.append(array, offset, length);
    if (!joins) {
      begin();
    }
    int last = runs - 1;
    positions[last] = Math.max(positions[last], position);
    ends[last] = bytes.size();
  }

  private void begin() {
    if (runs == ends.length) {
      ends = Arrays.copyOf(ends, 2 * runs);
      positions = Arrays.copyOf(positions, 2 * runs);
      offsets = Arrays.copyOf(offsets, 2 * runs);
      counts = Arrays.copyOf(counts, 2 * runs);
      deadlines = Arrays.copyOf(deadlines, 2 * runs);
      acks = Arrays.copyOf(acks, 2 * runs);
      errors = Arrays.copyOf(errors, 2 * runs);
    }
    positions[runs] = 0;
    offsets[runs] = 0;
    counts[runs] = 0;
    deadlines[runs] = NEVER;
    acks[runs] = CommitAcks.NONE;
    errors[runs] = null;
    runs++;
  }

  // ---- failing

  /** When the time of the first is over that waits for replicas. */
  long deadlineNanos() {
    for (int i = 0; i < runs; i++) {
      if (offsets[i] > 0) {
        return deadlines[i];
      }
    }
    return NEVER;
  }

  /**
   * Has an error take the place of replies whose time is over and that are not settled.
   *
   * @return of how many
   */
  int failDue(long nowNanos) {
    int failed = 0;
    for (int i = 0; i < runs; i++) {
      boolean isDue = deadlines[i] != NEVER && deadlines[i] - nowNanos <= 0;
      if (isDue && offsets[i] > 0 && offsets[i] > settled.offset(acks[i])) {
        failed += fail(i, ReplyGate.timeoutLine(acks[i]));
      }
    }
    return failed;
  }

  /** Has an error take the place of all replies that wait for replicas; of how many. */
  int failAll(byte[] error) {
    int failed = 0;
    for (int i = 0; i < runs; i++) {
      if (offsets[i] > 0) {
        failed += fail(i, error);
      }
    }
    return failed;
  }

  private int fail(int run, byte[] error) {
    errors[run] = error;
    offsets[run] = 0;
    positions[run] = 0;
    awaiting -= counts[run];
    return counts[run];
  }

  // ---- leaving

  /**
   * Hands over what has nothing to wait for any more.
   *
   * @param position up to where the journal is released
   * @return whether there was something
   */
  boolean release(long position) {
    int released = 0;
    int begun = leftBytes;
    while (released < runs
        && positions[released] <= position
        && (offsets[released] == 0 || offsets[released] <= settled.offset(acks[released]))) {
      byte[] error = errors[released];
      if (error != null) {
        write(begun, leftBytes);
        for (int i = 0; i < counts[released]; i++) {
          target.write(error, 0, error.length);
        }
        begun = ends[released];
      } else if (offsets[released] > 0) {
        awaiting -= counts[released];
      }
      leftBytes = ends[released];
      released++;
    }
    write(begun, leftBytes);
    drop(released);
    return released > 0;
  }

  private void write(int from, int to) {
    if (to > from) {
      target.write(bytes.array(), from, to - from);
    }
  }

  private void drop(int released) {
    runs -= released;
    if (runs == 0) {
      clear();
    } else if (released > 0) {
      System.arraycopy(ends, released, ends, 0, runs);
      System.arraycopy(positions, released, positions, 0, runs);
      System.arraycopy(offsets, released, offsets, 0, runs);
      System.arraycopy(counts, released, counts, 0, runs);
      System.arraycopy(deadlines, released, deadlines, 0, runs);
      System.arraycopy(acks, released, acks, 0, runs);
      System.arraycopy(errors, released, errors, 0, runs);
      if (leftBytes >= LEAST_MOVED_BYTES && leftBytes >= sizeBytes()) {
        moveUp();
      }
    }
  }

  private void moveUp() {
    int size = sizeBytes();
    System.arraycopy(bytes.array(), leftBytes, bytes.array(), 0, size);
    bytes.truncate(size);
    for (int i = 0; i < runs; i++) {
      ends[i] -= leftBytes;
    }
    leftBytes = 0;
  }

  /** Drops everything. */
  void clear() {
    runs = 0;
    leftBytes = 0;
    awaiting = 0;
    bytes.reset();
  }
}
