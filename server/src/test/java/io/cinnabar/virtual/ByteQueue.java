package io.cinnabar.virtual;

import java.util.Arrays;

/** Bytes on their way: first in, first out, without limit. */
final class ByteQueue {

  private byte[] bytes = new byte[256];
  private int head;
  private int tail;

  int size() {
    return tail - head;
  }

  void add(byte[] source, int offset, int length) {
    if (bytes.length - tail < length) {
      int size = size();
      byte[] target = size + length > bytes.length ? new byte[2 * (size + length)] : bytes;
      System.arraycopy(bytes, head, target, 0, size);
      bytes = target;
      head = 0;
      tail = size;
    }
    System.arraycopy(source, offset, bytes, tail, length);
    tail += length;
  }

  /** Takes the first {@code count} bytes out. */
  byte[] remove(int count) {
    byte[] removed = Arrays.copyOfRange(bytes, head, head + count);
    head += count;
    return removed;
  }

  /** Moves up to {@code limit} bytes to another queue. */
  void moveTo(ByteQueue target, int limit) {
    int count = Math.min(size(), limit);
    target.add(bytes, head, count);
    head += count;
  }

  void clear() {
    head = 0;
    tail = 0;
  }
}
