package io.cinnabar.observe;

import io.cinnabar.command.Command;
import io.cinnabar.command.CommandStatistics;
import io.cinnabar.command.Engine;
import io.cinnabar.command.ErrorStatistics;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * The sections of INFO about commands: calls and failures, durations, and error replies by code.
 */
final class CommandInfo {

  private CommandInfo() {}

  /** One line for each command that was ever called. */
  static void commandstats(Engine engine, InfoText text) {
    CommandStatistics statistics = engine.statistics().commands;
    for (Command command : engine.table().commands()) {
      commandstats(statistics, command, text);
      for (Command subcommand : command.subcommands()) {
        commandstats(statistics, subcommand, text);
      }
    }
  }

  private static void commandstats(CommandStatistics statistics, Command command, InfoText text) {
    long calls = statistics.calls(command);
    long micros = statistics.micros(command);
    long rejected = statistics.rejectedCalls(command);
    if (calls > 0 || rejected > 0) {
      text.field(
          "cmdstat_" + command.fullName(),
          "calls="
              + calls
              + ",usec="
              + micros
              + ",usec_per_call="
              + InfoText.decimal(calls == 0 ? 0 : (double) micros / calls, 2)
              + ",rejected_calls="
              + rejected
              + ",failed_calls="
              + statistics.failedCalls(command));
    }
  }

  /** One line for each code that an error reply has begun with. */
  static void errorstats(ErrorStatistics errors, InfoText text) {
    for (Map.Entry<String, Long> count : errors.counts().entrySet()) {
      text.field("errorstat_" + safe(count.getKey()), "count=" + count.getValue());
    }
  }

  /** Without what has a meaning in the lines of INFO. */
  private static String safe(String code) {
    return code.replaceAll("[#:\r\n]", "_");
  }

  /** One line for each command whose durations are known. */
  static void latencystats(Engine engine, double[] percentiles, InfoText text) {
    for (Command command : engine.table().commands()) {
      latencystats(engine, command, percentiles, text);
      for (Command subcommand : command.subcommands()) {
        latencystats(engine, subcommand, percentiles, text);
      }
    }
  }

  private static void latencystats(
      Engine engine, Command command, double[] percentiles, InfoText text) {
    Histogram histogram = engine.statistics().latencies.of(command);
    if (histogram != null) {
      text.field(
          "latency_percentiles_usec_" + command.fullName(),
          LatencyDistribution.percentiles(histogram, percentiles));
    }
  }
}
