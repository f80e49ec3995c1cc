package io.cinnabar.structure;

/** Sorts numbers that stand for something else, by an order that the caller knows. */
public final class IndexSort {
  /** Up to so many are sorted by insertion. */
  private static final int FEW = 7;

  /** From so many on the pivot is the median of three medians. */
  private static final int MANY = 41;

  /** Says which of two comes first. */
  public interface Order {
    /** Negative when {@code a} comes first, positive when {@code b} does, 0 when either may. */
    int compare(int a, int b);
  }

  private IndexSort() {}

  /** Sorts the first {@code count}; those that are equal stay in their order: merge sort. */
  public static void stable(int[] indexes, int count, Order order) {
    int[] from = indexes;
    int[] to = new int[count];
    boolean isInPlace = true;
    for (int width = 1; width < count; width *= 2) {
      for (int left = 0; left < count; left += 2 * width) {
        int middle = Math.min(left + width, count);
        merge(from, left, middle, Math.min(middle + width, count), to, order);
      }
      int[] merged = to;
      to = from;
      from = merged;
      isInPlace = !isInPlace;
    }
    if (!isInPlace) {
      System.arraycopy(from, 0, indexes, 0, count);
    }
  }

  private static void merge(int[] from, int left, int middle, int right, int[] to, Order order) {
    int a = left;
    int b = middle;
    for (int at = left; at < right; at++) {
      boolean takesLeft = a < middle && (b == right || order.compare(from[a], from[b]) <= 0);
      to[at] = takesLeft ? from[a++] : from[b++];
    }
  }

  /**
   * Sorts the {@code wanted} least of the first {@code count} to the front; what follows them is
   * undefined. They go through a heap (Williams, 1964).
   */
  public static void least(int[] indexes, int count, int wanted, Order order) {
    for (int root = wanted / 2 - 1; root >= 0; root--) {
      sink(indexes, root, wanted, order);
    }
    for (int i = wanted; i < count; i++) {
      if (order.compare(indexes[i], indexes[0]) < 0) {
        swap(indexes, 0, i);
        sink(indexes, 0, wanted, order);
      }
    }
    for (int end = wanted - 1; end > 0; end--) {
      swap(indexes, 0, end);
      sink(indexes, 0, end, order);
    }
  }

  /** Lets what is at {@code root} sink in a heap whose greatest is at 0. */
  private static void sink(int[] heap, int root, int count, Order order) {
    int at = root;
    while (2 * at + 1 < count) {
      int child = 2 * at + 1;
      if (child + 1 < count && order.compare(heap[child + 1], heap[child]) > 0) {
        child++;
      }
      if (order.compare(heap[child], heap[at]) <= 0) {
        return;
      }
      swap(heap, at, child);
      at = child;
    }
  }

  /**
   * Sorts the first {@code count} as far as those from {@code first} to {@code last} are concerned,
   * by the quicksort of Bentley and McIlroy ("Engineering a sort function", 1993), which leaves out
   * the parts that they are not in. Equal ones get the order that Redis gives them, who sorts so
   * when it is asked for a range.
   */
  public static void range(int[] indexes, int count, int first, int last, Order order) {
    range(indexes, 0, count, first, last, order);
  }

  private static void range(int[] a, int begin, int size, int first, int last, Order order) {
    int from = begin;
    int count = size;
    while (count >= FEW) {
      swap(a, from, pivot(a, from, count, order));
      int end = from + count;
      int equalBelow = from + 1;
      int below = from + 1;
      int above = end - 1;
      int equalAbove = end - 1;
      while (true) {
        int compared;
        while (below <= above && (compared = order.compare(a[below], a[from])) <= 0) {
          if (compared == 0) {
            swap(a, equalBelow++, below);
          }
          below++;
        }
        while (below <= above && (compared = order.compare(a[above], a[from])) >= 0) {
          if (compared == 0) {
            swap(a, above, equalAbove--);
          }
          above--;
        }
        if (below > above) {
          break;
        }
        swap(a, below++, above--);
      }
      int equal = Math.min(equalBelow - from, below - equalBelow);
      swap(a, from, below - equal, equal);
      equal = Math.min(equalAbove - above, end - equalAbove - 1);
      swap(a, below, end - equal, equal);
      int less = below - equalBelow;
      int greater = equalAbove - above;
      if (less > 1 && first < from + less && last >= from) {
        range(a, from, less, first, last, order);
      }
      from = end - greater;
      count = greater;
      if (greater <= 1 || first >= end || last < from) {
        return;
      }
    }
    for (int i = from + 1; i < from + count; i++) {
      for (int at = i; at > from && order.compare(a[at - 1], a[at]) > 0; at--) {
        swap(a, at, at - 1);
      }
    }
  }

  private static int pivot(int[] a, int from, int count, Order order) {
    int middle = from + count / 2;
    if (count == FEW) {
      return middle;
    }
    int low = from;
    int high = from + count - 1;
    if (count >= MANY) {
      int step = count / 8;
      low = median(a, low, low + step, low + 2 * step, order);
      middle = median(a, middle - step, middle, middle + step, order);
      high = median(a, high - 2 * step, high - step, high, order);
    }
    return median(a, low, middle, high, order);
  }

  private static int median(int[] a, int x, int y, int z, Order order) {
    if (order.compare(a[x], a[y]) < 0) {
      return order.compare(a[y], a[z]) < 0 ? y : order.compare(a[x], a[z]) < 0 ? z : x;
    }
    return order.compare(a[y], a[z]) > 0 ? y : order.compare(a[x], a[z]) < 0 ? x : z;
  }

  private static void swap(int[] a, int x, int y) {
    int held = a[x];
    a[x] = a[y];
    a[y] = held;
  }

  private static void swap(int[] a, int x, int y, int count) {
    for (int i = 0; i < count; i++) {
      swap(a, x + i, y + i);
    }
  }
}
