package io.cinnabar.command;

import io.cinnabar.resp.ReplyBuffer;
import java.util.Arrays;

/**
 * Replies of one client that may not leave yet, each up to the position of the journal at which it
 * was made:
 *
 * <pre>
 *   bytes      |  replies made at 100  |  at 140  |  at 180 ...
 *   ends        first                 first+1   first+2
 * </pre>
 *
 * On the loop's thread.
 */
final class HeldReplies {

  private static final int FIRST_RUNS = 4;

  /** Where replies that have left are moved out of the way: copying what stays is cheap then. */
  private static final int LEAST_MOVED_BYTES = 16 << 10;

  private final ReplyBuffer bytes = new ReplyBuffer();

  // Runs of replies that were made at the same position.
  private long[] positions = new long[FIRST_RUNS];
  private int[] ends = new int[FIRST_RUNS];
  private int runs;

  /** How many bytes at the beginning have left. */
  private int leftBytes;

  boolean isEmpty() {
    return runs == 0;
  }

  /** How many bytes wait. */
  int sizeBytes() {
    return bytes.size() - leftBytes;
  }

  /** Adds replies that were made at a position, which is none before the last one's. */
  void add(byte[] array, int offset, int length, long position) {
    if (runs == 0 || positions[runs - 1] != position) {
      if (runs == ends.length) {
        positions = Arrays.copyOf(positions, 2 * runs);
        ends = Arrays.copyOf(ends, 2 * runs);
      }
      positions[runs] = position;
      ends[runs++] = bytes.size();
    }
    bytes.append(array, offset, length);
    ends[runs - 1] = bytes.size();
  }

  /** Where bytes are handed over. */
  @FunctionalInterface
  interface Target {
    void write(byte[] array, int offset, int length);
  }

  /** Hands over what was made at a position up to this. */
  void release(long position, Target target) {
    int released = 0;
    while (released < runs && positions[released] <= position) {
      released++;
    }
    if (released == 0) {
      return;
    }
    int end = ends[released - 1];
    target.write(bytes.array(), leftBytes, end - leftBytes);
    runs -= released;
    if (runs == 0) {
      clear();
      return;
    }
    System.arraycopy(positions, released, positions, 0, runs);
    System.arraycopy(ends, released, ends, 0, runs);
    leftBytes = end;
    if (leftBytes >= LEAST_MOVED_BYTES && leftBytes >= sizeBytes()) {
      moveUp();
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
    bytes.reset();
  }
}
