package io.cinnabar.lua;

/**
 * What a script may use.
 *
 * @param depth calls within calls
 * @param nativeDepth calls of functions written in Java that call back, within one another
 * @param stringBytes one string
 * @param bytes strings and tables made altogether since the account began
 */
public record Limits(int depth, int nativeDepth, long stringBytes, long bytes) {
  public static final Limits DEFAULT = new Limits(20_000, 195, 512L << 20, Long.MAX_VALUE);
}
