package io.cinnabar.command;

import io.cinnabar.command.OutputLimits.Limit;

/**
 * Whether a client's unsent output is too much: more than its hard limit, or more than its soft one
 * for too long. One a client; on the loop's thread.
 */
final class OutputExcess {
  /** Since when it has been over its soft limit; 0 while it is not. */
  private long softSinceMillis;

  /** To be asked now and then while there is unsent output. */
  boolean isTooMuch(Limit limit, long pendingBytes, long nowMillis) {
    boolean overHard = limit.hardBytes() > 0 && pendingBytes > limit.hardBytes();
    if (limit.softBytes() == 0 || pendingBytes <= limit.softBytes()) {
      softSinceMillis = 0;
      return overHard;
    }
    if (softSinceMillis == 0) {
      softSinceMillis = nowMillis;
    }
    return overHard || nowMillis - softSinceMillis > limit.softSeconds() * 1000L;
  }

  /** All of it has left. */
  void end() {
    softSinceMillis = 0;
  }
}
