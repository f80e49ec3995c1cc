package io.cinnabar.observe;

import io.cinnabar.command.Engine;
import io.cinnabar.command.Statistics;

/** What INFO tells that no counter holds: rates and peaks, sampled by the periodic work. */
final class Samples {

  private final Rate commands;
  private final Rate input;
  private final Rate output;
  private final Rate streamInput;
  private final Rate streamOutput;
  private final Rate turns;
  private final Rate turnNanos;
  private long peakMemoryBytes;

  Samples(long nowNanos) {
    commands = new Rate(nowNanos);
    input = new Rate(nowNanos);
    output = new Rate(nowNanos);
    streamInput = new Rate(nowNanos);
    streamOutput = new Rate(nowNanos);
    turns = new Rate(nowNanos);
    turnNanos = new Rate(nowNanos);
  }

  /** Takes one sample of each; some ten a second are expected. */
  void take(Engine engine) {
    long nowNanos = engine.host().monotonicClock().nanos();
    Statistics statistics = engine.statistics();
    commands.sample(statistics.commandsProcessed, nowNanos);
    input.sample(statistics.inputBytes, nowNanos);
    output.sample(statistics.outputBytes, nowNanos);
    streamInput.sample(statistics.streamInputBytes, nowNanos);
    streamOutput.sample(statistics.streamOutputBytes, nowNanos);
    turns.sample(statistics.turns, nowNanos);
    turnNanos.sample(statistics.turnNanos, nowNanos);
    peakMemoryBytes = Math.max(peakMemoryBytes, engine.memory().approximateUsedBytes());
  }

  double commandsPerSecond() {
    return commands.perSecond();
  }

  double inputBytesPerSecond() {
    return input.perSecond();
  }

  double outputBytesPerSecond() {
    return output.perSecond();
  }

  /** What of the input was a primary's stream, or snapshot. */
  double streamInputBytesPerSecond() {
    return streamInput.perSecond();
  }

  /** What of the output was for replicas. */
  double streamOutputBytesPerSecond() {
    return streamOutput.perSecond();
  }

  double turnsPerSecond() {
    return turns.perSecond();
  }

  /** How long a turn of the loop has taken lately, on average. */
  double nanosPerTurn() {
    double perSecond = turns.perSecond();
    return perSecond == 0 ? 0 : turnNanos.perSecond() / perSecond;
  }

  /** The most memory that was ever in use when somebody looked. */
  long peakMemoryBytes(Engine engine) {
    peakMemoryBytes = Math.max(peakMemoryBytes, engine.memory().usedBytes());
    return peakMemoryBytes;
  }
}
