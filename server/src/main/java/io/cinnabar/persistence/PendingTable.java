package io.cinnabar.persistence;

import io.cinnabar.value.StreamId;
import java.util.Arrays;

/**
 * What is pending in a group, in the order of the IDs, until it is known for whom: in RDB the times
 * come first, and the consumers, each with its IDs, later.
 */
final class PendingTable {

  private static final int PARTS = 4;
  private static final int KEPT = 1 << 12;
  private static final int FIRST = 16;

  /** Of each: milliseconds and sequence number of the ID, time and number of deliveries. */
  private long[] parts = new long[0];

  private boolean[] isTaken = new boolean[0];
  private int count;
  private int taken;

  /** Begins anew. */
  void clear() {
    count = 0;
    taken = 0;
  }

  /** Adds one whose ID is greater than all; false if it isn't. */
  boolean add(StreamId id, long deliveredMillis, long deliveries) {
    int at = PARTS * count;
    if (count > 0
        && StreamId.compare(id.ms, id.seq, parts[at - PARTS], parts[at - PARTS + 1]) <= 0) {
      return false;
    }
    if (count == isTaken.length) {
      int room = Math.max(FIRST, 2 * count);
      isTaken = Arrays.copyOf(isTaken, room);
      parts = Arrays.copyOf(parts, Math.multiplyExact(PARTS, room));
    }
    isTaken[count] = false;
    parts[at] = id.ms;
    parts[at + 1] = id.seq;
    parts[at + 2] = deliveredMillis;
    parts[at + 3] = deliveries;
    count++;
    return true;
  }

  /** The index of the one with this ID, which is taken then; -1 without one that is left. */
  int take(StreamId id) {
    int low = 0;
    int high = count - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int compared =
          StreamId.compare(parts[PARTS * middle], parts[PARTS * middle + 1], id.ms, id.seq);
      if (compared == 0) {
        if (isTaken[middle]) {
          return -1;
        }
        isTaken[middle] = true;
        taken++;
        return middle;
      }
      if (compared < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  long deliveredMillis(int index) {
    return parts[PARTS * index + 2];
  }

  long deliveries(int index) {
    return parts[PARTS * index + 3];
  }

  boolean areAllTaken() {
    return taken == count;
  }

  /** Gives memory back if it was much. */
  void release() {
    if (isTaken.length > KEPT) {
      isTaken = new boolean[0];
      parts = new long[0];
    }
  }
}
