package io.cinnabar.arena;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Arrays of large blocks that were freed, kept up to a limit for the next ones. Without them every
 * large value that is replaced by one of another size would leave garbage in the old generation,
 * which the collector only looks at when the heap is full.
 *
 * <p>Lengths are rounded up to one of eight between two powers of two, so that values of about the
 * same size can follow each other.
 */
final class SpareArrays {

  private static final int MAX_ARRAY_BYTES = Integer.MAX_VALUE - 8;

  private final long limitBytes;
  private final List<byte[]> arrays = new ArrayList<>();
  private long bytes;
  private long reservedBytes;

  /**
   * None yet.
   *
   * @param limitBytes how many bytes are kept at most
   */
  SpareArrays(long limitBytes) {
    this.limitBytes = limitBytes;
  }

  /** The length of the array for a block of {@code sizeBytes}. */
  static int lengthFor(int sizeBytes) {
    long eighth = Math.max(1, Integer.highestOneBit(sizeBytes) >> 3);
    return (int) Math.min(MAX_ARRAY_BYTES, (sizeBytes + eighth - 1) / eighth * eighth);
  }

  /** An array of this length, or null if there is none. */
  byte @Nullable [] take(int lengthBytes) {
    for (int i = arrays.size() - 1; i >= 0; i--) {
      if (arrays.get(i).length == lengthBytes) {
        return remove(i);
      }
    }
    return null;
  }

  private byte[] remove(int index) {
    byte[] array = arrays.get(index);
    byte[] last = arrays.remove(arrays.size() - 1);
    if (index < arrays.size()) {
      arrays.set(index, last);
    }
    bytes -= array.length;
    reservedBytes -= array.length + SlabTable.ARRAY_HEADER_BYTES;
    return array;
  }

  /** Keeps an array if there is room for it. */
  void give(byte[] array) {
    if (array.length <= limitBytes - bytes) {
      arrays.add(array);
      bytes += array.length;
      reservedBytes += array.length + SlabTable.ARRAY_HEADER_BYTES;
    }
  }

  /** Gives all to the collector. */
  void drain() {
    arrays.clear();
    bytes = 0;
    reservedBytes = 0;
  }

  /** Bytes of the heap that they take, headers included. */
  long reservedBytes() {
    return reservedBytes;
  }
}
