package io.cinnabar.family;

import io.cinnabar.structure.Slice;
import java.util.Arrays;

/** The places that a search has found; used for one search after the other. */
final class GeoPoints {
  private static final int FEW = 64;
  private static final int FEW_BYTES = 1024;
  private static final int KEPT = 4096;

  /** Below so many the plainest sort is the fastest. */
  private static final int INSERTION_SORT = 12;

  private int count;
  private double[] distances = new double[FEW];
  private double[] scores = new double[FEW];
  private byte[] names = new byte[FEW_BYTES];

  /** Where each name ends in {@link #names}; it begins where the one before ends. */
  private int[] nameEnds = new int[FEW];

  /** The places in the order in which they are replied. */
  private int[] order = new int[FEW];

  private int[] merged = new int[FEW];

  int count() {
    return count;
  }

  /** Begins with none. */
  void clear() {
    count = 0;
    if (distances.length > KEPT || names.length > FEW_BYTES * FEW) {
      distances = new double[FEW];
      scores = new double[FEW];
      names = new byte[FEW_BYTES];
      nameEnds = new int[FEW];
      order = new int[FEW];
      merged = new int[FEW];
    }
  }

  /** Adds one; its name is copied. */
  void add(Slice name, double score, double distance) {
    if (count == distances.length) {
      distances = Arrays.copyOf(distances, 2 * count);
      scores = Arrays.copyOf(scores, 2 * count);
      nameEnds = Arrays.copyOf(nameEnds, 2 * count);
      order = Arrays.copyOf(order, 2 * count);
      merged = new int[2 * count];
    }
    int begin = count == 0 ? 0 : nameEnds[count - 1];
    int end = Math.addExact(begin, name.length);
    if (end > names.length) {
      names = Arrays.copyOf(names, (int) Math.min(Integer.MAX_VALUE - 64, Math.max(end, 2L * end)));
    }
    System.arraycopy(name.array, name.offset, names, begin, name.length);
    distances[count] = distance;
    scores[count] = score;
    nameEnds[count] = end;
    order[count] = count;
    count++;
  }

  void name(int rank, Slice into) {
    int index = order[rank];
    int begin = index == 0 ? 0 : nameEnds[index - 1];
    into.set(names, begin, nameEnds[index] - begin);
  }

  double score(int rank) {
    return scores[order[rank]];
  }

  double distance(int rank) {
    return distances[order[rank]];
  }

  /** Sorts them by their distances; those of the same one stay as they were found. */
  void sort(boolean nearestFirst) {
    sort(0, count, nearestFirst);
  }

  private void sort(int from, int to, boolean nearestFirst) {
    if (to - from <= INSERTION_SORT) {
      insertionSort(from, to, nearestFirst);
      return;
    }
    int middle = (from + to) >>> 1;
    sort(from, middle, nearestFirst);
    sort(middle, to, nearestFirst);
    System.arraycopy(order, from, merged, from, to - from);
    int left = from;
    int right = middle;
    for (int i = from; i < to; i++) {
      boolean takesRight =
          left == middle || (right < to && isBefore(merged[right], merged[left], nearestFirst));
      order[i] = takesRight ? merged[right++] : merged[left++];
    }
  }

  private void insertionSort(int from, int to, boolean nearestFirst) {
    for (int i = from + 1; i < to; i++) {
      int moved = order[i];
      int at = i;
      while (at > from && isBefore(moved, order[at - 1], nearestFirst)) {
        order[at] = order[at - 1];
        at--;
      }
      order[at] = moved;
    }
  }

  private boolean isBefore(int index, int other, boolean nearestFirst) {
    return nearestFirst ? distances[index] < distances[other] : distances[index] > distances[other];
  }
}
