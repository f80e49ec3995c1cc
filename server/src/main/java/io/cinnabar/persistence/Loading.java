package io.cinnabar.persistence;

import io.cinnabar.command.Engine;
import io.cinnabar.host.MonotonicClock;
import java.util.Locale;

/**
 * How far the loading of a data set is: lets the clients be served meanwhile, tells the log now and
 * then, and INFO whenever it asks. On the loop's thread.
 */
public final class Loading {

  /** Serves clients while a data set is loaded. */
  @FunctionalInterface
  public interface Meanwhile {
    /**
     * Looks once at the clients.
     *
     * @param maxWaitNanos how long to wait for one of them
     * @return false when the server is to end
     */
    boolean turn(long maxWaitNanos);
  }

  /** The server is to end before everything is loaded. */
  static final class Stopped extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Stopped() {
      super(null, null, false, false);
    }
  }

  private static final long LOG_INTERVAL_NANOS = 2_000_000_000L;
  private static final long MAX_TURN_INTERVAL_NANOS = 10_000_000L;
  private static final int MILLIS_PER_SECOND = 1000;
  private static final double PERCENT = 100;
  private static final double NANOS_PER_SECOND = 1e9;
  private static final int MIB = 1 << 20;

  private final Engine engine;
  private final MonotonicClock clock;
  private Meanwhile meanwhile = nanos -> true;
  private long startSeconds;
  private long startNanos;
  private long totalBytes;
  private long loadedBytes;
  private long usedBytesThen;
  private long keys;
  private long lastTurnBytes;
  private long lastTurnNanos;
  private long lastLogNanos;

  Loading(Engine engine) {
    this.engine = engine;
    this.clock = engine.host().monotonicClock();
  }

  /** Begins to load so many bytes, beside the data set that is served: clients notice nothing. */
  void beginBeside(long bytes, Meanwhile serving) {
    begin(bytes, serving);
    engine.availability().loading(false);
    engine.availability().replacing(true);
  }

  /** Begins to load so many bytes; 0 where nobody knows. */
  void begin(long bytes, Meanwhile serving) {
    meanwhile = serving;
    startSeconds = engine.unit().nowMillis() / MILLIS_PER_SECOND;
    startNanos = clock.nanos();
    lastTurnNanos = startNanos;
    lastLogNanos = startNanos;
    totalBytes = bytes;
    loadedBytes = 0;
    lastTurnBytes = 0;
    usedBytesThen = 0;
    keys = 0;
    engine.availability().loading(true);
  }

  /** Ends it, however it went. */
  void end() {
    meanwhile = nanos -> true;
    engine.availability().loading(false);
    engine.availability().replacing(false);
  }

  /** Says that another key is there. */
  void loadedKey() {
    keys++;
  }

  /** Says how much memory the server had in use that wrote the data set. */
  void usedBytesThen(long bytes) {
    usedBytesThen = bytes;
  }

  /**
   * Says how many bytes were read; serves the clients, and tells the log, if it is time for that.
   *
   * @throws Stopped when the server is to end
   */
  void advanced(long bytes) {
    loadedBytes = bytes;
    long nowNanos = clock.nanos();
    if (bytes - lastTurnBytes >= engine.settings().loadingEventsBytes
        || nowNanos - lastTurnNanos >= MAX_TURN_INTERVAL_NANOS) {
      lastTurnBytes = bytes;
      turn(0);
      lastTurnNanos = clock.nanos();
    }
  }

  /** Waits for what is to come, and serves the clients. */
  void await(long maxWaitNanos) {
    turn(maxWaitNanos);
    lastTurnNanos = clock.nanos();
  }

  /** Waits for so long, and serves the clients. */
  void delay(long nanos) {
    long beganNanos = clock.nanos();
    long leftNanos = nanos;
    while (leftNanos > 0) {
      turn(leftNanos);
      leftNanos = nanos - (clock.nanos() - beganNanos);
    }
  }

  private void turn(long maxWaitNanos) {
    if (!meanwhile.turn(maxWaitNanos)) {
      throw new Stopped();
    }
    long nowNanos = clock.nanos();
    if (nowNanos - lastLogNanos >= LOG_INTERVAL_NANOS) {
      lastLogNanos = nowNanos;
      log(nowNanos - startNanos);
    }
  }

  private void log(long tookNanos) {
    String line =
        String.format(
            Locale.ROOT,
            "Loading the data set: %.0f%% of %d MB, %d keys",
            loadedPercent(),
            totalBytes / MIB,
            keys);
    if (loadedBytes > 0) {
      double left = (double) tookNanos / loadedBytes * (totalBytes - loadedBytes);
      line += ", about " + (long) (left / NANOS_PER_SECOND) + " seconds left";
    }
    engine.log().notice(line);
  }

  // For INFO.

  /** When it began, in seconds since 1970. */
  public long startSeconds() {
    return startSeconds;
  }

  public long totalBytes() {
    return totalBytes;
  }

  public long loadedBytes() {
    return loadedBytes;
  }

  public double loadedPercent() {
    return totalBytes == 0 ? PERCENT : PERCENT * loadedBytes / totalBytes;
  }

  /** The memory that the server had in use that wrote the data set; 0 while it is not known. */
  public long usedBytesThen() {
    return usedBytesThen;
  }

  /** How many seconds it will take from now on, by what it has taken. */
  public long secondsLeft() {
    long tookSeconds = engine.unit().nowMillis() / MILLIS_PER_SECOND - startSeconds;
    return tookSeconds == 0 ? 1 : tookSeconds * (totalBytes - loadedBytes) / (loadedBytes + 1);
  }
}
