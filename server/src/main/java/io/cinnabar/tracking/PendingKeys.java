package io.cinnabar.tracking;

import io.cinnabar.resp.ReplyBuffer;
import io.cinnabar.structure.Slice;
import java.util.Arrays;

/** What a client is to be told behind the reply to its command: keys, or to forget everything. */
final class PendingKeys {

  private static final int EVERYTHING = -1;
  private static final int FIRST_COUNT = 8;

  /** Room that is kept for the next commands. */
  private static final int KEPT_COUNT = 1 << 12;

  private final ReplyBuffer bytes = new ReplyBuffer();
  private final Slice key = new Slice();
  private int[] lengths = new int[FIRST_COUNT];
  private int count;

  boolean isEmpty() {
    return count == 0;
  }

  void add(Slice key) {
    bytes.append(key.array, key.offset, key.length);
    add(key.length);
  }

  void addAll() {
    add(EVERYTHING);
  }

  private void add(int length) {
    if (count == lengths.length) {
      lengths = Arrays.copyOf(lengths, 2 * count);
    }
    lengths[count++] = length;
  }

  /** Tells them in the order in which they came. */
  void tell(Tracker tracker, Invalidations invalidations) {
    int at = 0;
    for (int i = 0; i < count; i++) {
      if (lengths[i] == EVERYTHING) {
        invalidations.tellAll(tracker);
      } else {
        invalidations.say(key.set(bytes.array(), at, lengths[i]));
        invalidations.tell(tracker);
        at += lengths[i];
      }
    }
  }

  void clear() {
    count = 0;
    bytes.reset();
    if (lengths.length > KEPT_COUNT) {
      lengths = new int[FIRST_COUNT];
    }
  }
}
