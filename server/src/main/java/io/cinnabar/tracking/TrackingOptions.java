package io.cinnabar.tracking;

/**
 * How a client wants to be told.
 *
 * @param broadcast of all keys with its prefixes, rather than of those that it has read
 * @param optIn only of those read by the command behind CLIENT CACHING YES
 * @param optOut not of those read by the command behind CLIENT CACHING NO
 * @param noLoop not of what it changes itself
 */
public record TrackingOptions(boolean broadcast, boolean optIn, boolean optOut, boolean noLoop) {

  /** None of them. */
  public static final TrackingOptions NONE = new TrackingOptions(false, false, false, false);
}
