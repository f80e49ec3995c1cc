package io.cinnabar.command;

import io.cinnabar.keyspace.Keyspace;
import io.cinnabar.structure.Slice;
import java.util.Arrays;

/**
 * Where in the stream that replicas follow keys have changed last, so that it can be told which
 * reads show something that replicas may not have. Keys with the same slot, a part of their hash,
 * share one number, the greatest of theirs: for few of them it is too high, which costs a wait, and
 * for none too low.
 *
 * <p>What a command touches is known before it is known where in the stream that is; {@link
 * #settle} says so. A key that has expired has gone from the replicas, too, and so counts as
 * untouched.
 *
 * <p>On the loop's thread.
 */
public final class TouchedKeys {

  private static final int SLOTS = 1 << 16;
  private static final int FIRST = 64;
  private static final long[] NONE = {};

  private final Keyspace keyspace;

  /** For each slot, where the last change of one of its keys ends; empty until somebody asks. */
  private long[] ends = NONE;

  private boolean isOn;

  /** The slots of keys whose changes end nobody knows where yet. */
  private int[] pending = new int[FIRST];

  private int pendingCount;

  /** Whether these are all keys. */
  private boolean areAllPending;

  /** Where the last change ends that may have been of any key. */
  private long endOfAny;

  /** Where the last change ends. */
  private long lastEnd;

  /** How often something was touched. */
  private long count;

  public TouchedKeys(Keyspace keyspace) {
    this.keyspace = keyspace;
  }

  /** Whether it is on: whoever changes keys has to say so. */
  boolean isOn() {
    return isOn;
  }

  /**
   * Begins.
   *
   * @param offset up to there any key may have changed
   */
  void start(long offset) {
    isOn = true;
    if (ends.length == 0) {
      ends = new long[SLOTS];
    } else {
      Arrays.fill(ends, 0);
    }
    pendingCount = 0;
    areAllPending = false;
    endOfAny = offset;
    lastEnd = offset;
  }

  /** Ends it; what was noted is forgotten. */
  void stop() {
    isOn = false;
  }

  /** Something has happened to a key. */
  void touched(Slice key, KeyEvent event) {
    if (event != KeyEvent.EXPIRED && event != KeyEvent.HEXPIRED) {
      touched(keyspace.hash(key));
    }
  }

  /** A key with this hash has changed. */
  void touched(long hash) {
    count++;
    if (pendingCount == pending.length) {
      pending = Arrays.copyOf(pending, 2 * pendingCount);
    }
    pending[pendingCount++] = slot(hash);
  }

  /** Any keys may have changed. */
  void touchedAll() {
    count++;
    areAllPending = true;
  }

  /** How often so far something was touched, so that two answers tell whether it was in between. */
  long count() {
    return count;
  }

  /** Says that what was touched so far has changed up to this place in the stream. */
  void settle(long offset) {
    if (areAllPending) {
      endOfAny = offset;
      lastEnd = offset;
      areAllPending = false;
    }
    if (pendingCount > 0) {
      lastEnd = offset;
      for (int i = 0; i < pendingCount; i++) {
        ends[pending[i]] = offset;
      }
      pendingCount = 0;
    }
  }

  /** Where the last change of all ends. */
  long lastEnd() {
    return lastEnd;
  }

  /** Where the last change of a key with this hash ends, or one of another key. */
  long end(long hash) {
    return Math.max(endOfAny, ends[slot(hash)]);
  }

  private static int slot(long hash) {
    return (int) (hash ^ (hash >>> 32)) & (SLOTS - 1);
  }
}
