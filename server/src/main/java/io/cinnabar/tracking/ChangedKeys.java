package io.cinnabar.tracking;

import io.cinnabar.resp.ReplyBuffer;
import io.cinnabar.resp.ReplyWriter;
import io.cinnabar.structure.IndexSort;
import io.cinnabar.structure.Slice;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The keys that have changed since their clients were told last, each with the client that changed
 * it last: bytes one behind the other, sorted and made unique when they are told.
 */
final class ChangedKeys {

  private static final int FIRST_COUNT = 16;

  /** Room that is kept for the next turns. */
  private static final int KEPT_COUNT = 1 << 12;

  private static final int[] NONE = {};

  private final ReplyBuffer bytes = new ReplyBuffer();
  private final Slice one = new Slice();
  private final Slice other = new Slice();

  /** Where each key ends. */
  private int[] ends = NONE;

  private @Nullable Tracker[] writers = new Tracker[0];
  private int count;

  /** After {@link #sort}: the different keys in order, of the same ones the last. */
  private int[] order = NONE;

  private int unique;

  boolean isEmpty() {
    return count == 0;
  }

  /**
   * Adds a key.
   *
   * @param writer who changed it; null for nobody who tracks
   */
  void add(Slice key, @Nullable Tracker writer) {
    if (count > 0 && read(count - 1, one).contentEquals(key)) {
      writers[count - 1] = writer;
      return;
    }
    if (count == ends.length) {
      int room = Math.max(FIRST_COUNT, 2 * count);
      ends = Arrays.copyOf(ends, room);
      writers = Arrays.copyOf(writers, room);
    }
    bytes.append(key.array, key.offset, key.length);
    ends[count] = bytes.size();
    writers[count] = writer;
    count++;
  }

  private Slice read(int index, Slice into) {
    int start = index == 0 ? 0 : ends[index - 1];
    return into.set(bytes.array(), start, ends[index] - start);
  }

  /** Puts them in the order of their bytes; comes before {@link #write}. */
  void sort() {
    order = new int[count];
    for (int i = 0; i < count; i++) {
      order[i] = i;
    }
    IndexSort.stable(order, count, (a, b) -> Prefix.compare(read(a, one), read(b, other)));
    unique = 0;
    for (int i = 0; i < count; i++) {
      boolean last = i + 1 == count || !isSame(order[i], order[i + 1]);
      if (last) {
        order[unique++] = order[i];
      }
    }
  }

  private boolean isSame(int a, int b) {
    return read(a, one).contentEquals(read(b, other));
  }

  /** Whether a client was the last to change one of them. */
  boolean hasWriter(Tracker writer) {
    return countBy(writer) > 0;
  }

  private int countBy(@Nullable Tracker writer) {
    int by = 0;
    for (int i = 0; writer != null && i < unique; i++) {
      by += writers[order[i]] == writer ? 1 : 0;
    }
    return by;
  }

  /**
   * Writes them as an array.
   *
   * @param except not those that this client was the last to change
   * @return how many they are; 0 if nothing is written
   */
  int write(ReplyWriter writer, @Nullable Tracker except) {
    int written = unique - countBy(except);
    if (written > 0) {
      writer.array(written);
      for (int i = 0; i < unique; i++) {
        if (except == null || writers[order[i]] != except) {
          writer.bulk(read(order[i], one));
        }
      }
    }
    return written;
  }

  void clear() {
    Arrays.fill(writers, 0, count, null);
    count = 0;
    unique = 0;
    order = NONE;
    bytes.reset();
    if (ends.length > KEPT_COUNT) {
      ends = NONE;
      writers = new Tracker[0];
    }
  }
}
