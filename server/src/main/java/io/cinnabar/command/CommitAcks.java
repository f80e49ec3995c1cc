package io.cinnabar.command;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How many replicas have to have what a connection is told, and for how long it is made to wait for
 * them. In words, as in the configuration: {@code replicas 1 timeout 5000}, or {@code no}.
 *
 * @param replicas 0 for none
 * @param timeoutMillis 0 for ever
 */
public record CommitAcks(int replicas, long timeoutMillis) {

  /** Nobody is waited for. */
  public static final CommitAcks NONE = new CommitAcks(0, 0);

  /** Where no timeout is given. */
  private static final long TIMEOUT_MILLIS = 5000;

  private static final int MAX_REPLICAS = 256;

  /** What does not fit into the monotonic clock is as good as for ever. */
  private static final long MAX_TIMEOUT_MILLIS = 1L << 40;

  /** What the words say; null if they are not understood. */
  public static @Nullable CommitAcks of(List<String> words) {
    boolean hasTimeout = words.size() == 4;
    if (!(hasTimeout || words.size() == 2)
        || !words.get(0).equalsIgnoreCase("replicas")
        || (hasTimeout && !words.get(2).equalsIgnoreCase("timeout"))) {
      return null;
    }
    long replicas = number(words.get(1), MAX_REPLICAS);
    long timeoutMillis = hasTimeout ? number(words.get(3), MAX_TIMEOUT_MILLIS) : TIMEOUT_MILLIS;
    if (replicas < 0 || timeoutMillis < 0) {
      return null;
    }
    return replicas == 0 ? NONE : new CommitAcks((int) replicas, timeoutMillis);
  }

  /** Negative where it is no number from 0 to {@code most}. */
  private static long number(String text, long most) {
    try {
      long number = Long.parseLong(text);
      return number <= most ? number : -1;
    } catch (NumberFormatException malformed) {
      return -1;
    }
  }

  /** Whether any are waited for. */
  boolean isOn() {
    return replicas > 0;
  }

  /** In words. */
  public String text() {
    return isOn()
        ? String.format(Locale.ROOT, "replicas %d timeout %d", replicas, timeoutMillis)
        : "no";
  }
}
