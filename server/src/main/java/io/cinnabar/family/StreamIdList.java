package io.cinnabar.family;

import io.cinnabar.value.StreamId;
import java.util.Arrays;

/** Some stream IDs, to be used again and again. */
final class StreamIdList {
  private static final int IDS_AT_FIRST = 8;

  private long[] numbers = new long[2 * IDS_AT_FIRST];
  private int size;

  void clear() {
    size = 0;
  }

  int size() {
    return size;
  }

  void add(StreamId id) {
    if (2 * size == numbers.length) {
      numbers = Arrays.copyOf(numbers, 2 * numbers.length);
    }
    numbers[2 * size] = id.ms;
    numbers[2 * size + 1] = id.seq;
    size++;
  }

  /** Moves the ID to that at {@code index}. */
  StreamId get(int index, StreamId into) {
    return into.set(numbers[2 * index], numbers[2 * index + 1]);
  }
}
