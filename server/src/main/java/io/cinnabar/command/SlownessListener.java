package io.cinnabar.command;

/**
 * Hears of what took longer than the operator wants. It is only called when a threshold in {@link
 * Settings} is reached, so that what is turned off costs the engine one comparison. On the loop's
 * thread.
 */
public interface SlownessListener {

  /**
   * A command took at least {@link Settings#slowLogFromNanos}.
   *
   * @param call the call, which has ended; valid until this returns
   * @param calls how many calls of the command took the time together, {@code call} being the last
   *     of them; 1 unless they are quick by nature (see {@link CallTimer})
   */
  void slow(Call call, long calls, long nanos);

  /** Something held the server up for at least {@link Settings#latencyEventFromNanos}. */
  void delayed(LatencyEvent event, long nanos);
}
