package io.cinnabar.observe;

/**
 * The last delays of one kind: at most one a second, the longest of that second. Milliseconds, as
 * LATENCY shows them.
 */
final class LatencySeries {

  private static final int MOST = 160;

  private final long[] seconds = new long[MOST];
  private final long[] millis = new long[MOST];
  private int size;
  private int next;
  private long longestMillis;

  /** Adds a delay that ended at {@code second} since 1970. */
  void add(long second, long delayMillis) {
    longestMillis = Math.max(longestMillis, delayMillis);
    int last = place(size - 1);
    if (size > 0 && seconds[last] == second) {
      millis[last] = Math.max(millis[last], delayMillis);
      return;
    }
    seconds[next] = second;
    millis[next] = delayMillis;
    next = (next + 1) % MOST;
    size = Math.min(size + 1, MOST);
  }

  /** How many samples there are. */
  int size() {
    return size;
  }

  /** When the sample at {@code index} was taken, since 1970; 0 is the oldest. */
  long second(int index) {
    return seconds[place(index)];
  }

  /** How long the delay at {@code index} was. */
  long millis(int index) {
    return millis[place(index)];
  }

  /** The longest delay that ever was, here no more or still. */
  long longestMillis() {
    return longestMillis;
  }

  private int place(int index) {
    return (next - size + index + 2 * MOST) % MOST;
  }
}
