package io.cinnabar.observe;

import io.cinnabar.command.Engine;
import io.cinnabar.command.Session;
import io.cinnabar.command.Statistics;

/** What INFO tells that no counter holds: rates and peaks, sampled by the periodic work. */
final class Samples {

  private final Rate commands;
  private final Rate input;
  private final Rate output;
  private long peakMemoryBytes;

  Samples(long nowNanos) {
    commands = new Rate(nowNanos);
    input = new Rate(nowNanos);
    output = new Rate(nowNanos);
  }

  /** Takes one sample of each; some ten a second are expected. */
  void take(Engine engine) {
    long nowNanos = engine.host().monotonicClock().nanos();
    Statistics statistics = engine.statistics();
    commands.sample(statistics.commandsProcessed, nowNanos);
    input.sample(statistics.inputBytes, nowNanos);
    output.sample(statistics.outputBytes, nowNanos);
    long usedBytes = engine.keyspace().usedBytes() + engine.sessions().approximateMemoryBytes();
    peakMemoryBytes = Math.max(peakMemoryBytes, usedBytes);
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

  /** Keys, values and the clients' buffers. */
  static long usedMemoryBytes(Engine engine) {
    return engine.keyspace().usedBytes() + clientMemoryBytes(engine);
  }

  static long clientMemoryBytes(Engine engine) {
    long bytes = 0;
    for (Session session : engine.sessions().all()) {
      bytes += session.memoryBytes();
    }
    return bytes;
  }

  /** The most memory that was ever in use when somebody looked. */
  long peakMemoryBytes(Engine engine) {
    peakMemoryBytes = Math.max(peakMemoryBytes, usedMemoryBytes(engine));
    return peakMemoryBytes;
  }
}
