package io.cinnabar.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Makes a failing sequence short: leaves out ever smaller parts as long as what remains still fails
 * (Zeller and Hildebrandt, Simplifying and Isolating Failure-Inducing Input, 2002).
 */
final class Shrinker {
  private static final int MOST_ATTEMPTS = 2_000;

  private Shrinker() {}

  /** A part of {@code sequence} that fails and from which nothing can be left out any more. */
  static <T> List<T> shrink(List<T> sequence, Predicate<List<T>> fails) {
    List<T> shortest = sequence;
    int attempts = 0;
    int chunk = Math.max(1, sequence.size() / 2);
    while (attempts < MOST_ATTEMPTS) {
      boolean progress = false;
      for (int from = 0; from < shortest.size() && attempts < MOST_ATTEMPTS; ) {
        List<T> candidate = new ArrayList<>(shortest.subList(0, from));
        int to = Math.min(shortest.size(), from + chunk);
        candidate.addAll(shortest.subList(to, shortest.size()));
        attempts++;
        if (!candidate.isEmpty() && fails.test(candidate)) {
          shortest = candidate;
          progress = true;
        } else {
          from = to;
        }
      }
      if (chunk == 1 && !progress) {
        break;
      }
      chunk = Math.max(1, chunk / 2);
    }
    return shortest;
  }
}
