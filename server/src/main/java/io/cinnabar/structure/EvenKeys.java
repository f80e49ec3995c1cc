package io.cinnabar.structure;

import io.cinnabar.arena.Bytes;

/**
 * Ascending 64-bit keys, one every so many bytes, that are spread about evenly, as hashes are. A
 * search begins where the key should be (interpolation search; W. W. Peterson, 1957) and goes on in
 * steps that double, so that it looks at one or two cache lines instead of those of a binary
 * search. Where keys are not spread evenly it only takes more steps.
 */
final class EvenKeys {
  private EvenKeys() {}

  /**
   * About how many of {@code count} keys between two bounds are less than {@code key}: from 0 to
   * {@code count - 1}.
   */
  static int guess(long key, long lower, long upper, int count) {
    if (key <= lower) {
      return 0;
    }
    if (key >= upper) {
      return count - 1;
    }
    // The differences may exceed 2^63.
    double part = (double) ((key - lower) >>> 1) / (double) ((upper - lower) >>> 1);
    return Math.min((int) (part * count), count - 1);
  }

  /**
   * The index of the first key that is not less, or {@code count}.
   *
   * @param at where the first key is
   * @param stride how many bytes further each next one is
   * @param guess an index to begin with; anything below {@code count}
   */
  static int lowerBound(byte[] a, int at, int stride, int count, long key, int guess) {
    int low;
    int high;
    int step = 1;
    if (Bytes.getLong(a, at + guess * stride) < key) {
      low = guess + 1;
      high = low;
      while (high < count && Bytes.getLong(a, at + high * stride) < key) {
        low = high + 1;
        high += step;
        step <<= 1;
      }
      high = Math.min(high, count);
    } else {
      high = guess;
      low = high - 1;
      while (low >= 0 && Bytes.getLong(a, at + low * stride) >= key) {
        high = low;
        low -= step;
        step <<= 1;
      }
      low = Math.max(low + 1, 0);
    }
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Bytes.getLong(a, at + middle * stride) < key) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
