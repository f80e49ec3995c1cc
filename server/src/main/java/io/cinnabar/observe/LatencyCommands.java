package io.cinnabar.observe;

import static io.cinnabar.command.CommandFlag.ADMIN;
import static io.cinnabar.command.CommandFlag.LOADING;
import static io.cinnabar.command.CommandFlag.NOSCRIPT;
import static io.cinnabar.command.CommandFlag.STALE;

import io.cinnabar.command.Call;
import io.cinnabar.command.Command;
import io.cinnabar.command.CommandBuilder;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.CommandTable;
import io.cinnabar.command.CommandTips;
import io.cinnabar.command.FamilyBuilder;
import io.cinnabar.command.Handler;
import io.cinnabar.command.HelpReply;
import io.cinnabar.command.LatencyEvent;
import io.cinnabar.resp.ReplyWriter;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** LATENCY: what has held the server up, and how long commands take. */
public final class LatencyCommands {

  private final LatencyMonitor monitor;

  private LatencyCommands(LatencyMonitor monitor) {
    this.monitor = monitor;
  }

  /** Declares the commands that show {@code monitor}. */
  public static void declare(CommandTable.Builder table, LatencyMonitor monitor) {
    LatencyCommands commands = new LatencyCommands(monitor);
    FamilyBuilder server = table.family("server");
    server
        .container("LATENCY")
        .since("2.8.13")
        .complexity("That of the subcommand.")
        .summary("Holds the commands about delays.");
    show(server, "LATENCY|DOCTOR", commands::doctor)
        .complexity("O(1)")
        .summary("Describes the delays that there were, and what may help.");
    show(server, "LATENCY|GRAPH event", commands::graph)
        .complexity("O(1)")
        .summary("Draws the delays of one kind.");
    show(server, "LATENCY|HISTORY event", commands::history)
        .complexity("O(1)")
        .summary("Lists the delays of one kind.");
    show(server, "LATENCY|LATEST", commands::latest)
        .complexity("O(1)")
        .summary("Lists the last delay of each kind.");
    show(server, "LATENCY|HISTOGRAM [command...]", LatencyCommands::histogram)
        .since("7.0.0")
        .complexity("O(N) for N commands")
        .summary("Tells how the durations of commands are distributed.");
    server
        .command("LATENCY|RESET [event...]", commands::reset)
        .flags(ADMIN, NOSCRIPT, LOADING, STALE)
        .tips(CommandTips.REQUEST_ALL_NODES, CommandTips.RESPONSE_AGG_SUM)
        .since("2.8.13")
        .complexity("O(1)")
        .summary("Forgets the delays of some kinds, or of all.");
    server
        .command("LATENCY|HELP", LatencyCommands::help)
        .flags(LOADING, STALE)
        .since("2.8.13")
        .complexity("O(1)")
        .summary("Lists the subcommands.");
  }

  private static CommandBuilder show(FamilyBuilder server, String syntax, Handler handler) {
    return server
        .command(syntax, handler)
        .flags(ADMIN, NOSCRIPT, LOADING, STALE)
        .tips(
            CommandTips.NONDETERMINISTIC_OUTPUT,
            CommandTips.REQUEST_ALL_NODES,
            CommandTips.RESPONSE_SPECIAL)
        .since("2.8.13");
  }

  private void latest(Call call) {
    ReplyWriter reply = call.reply();
    reply.array(monitor.series().size());
    for (Map.Entry<LatencyEvent, LatencySeries> event : monitor.series().entrySet()) {
      LatencySeries samples = event.getValue();
      int last = samples.size() - 1;
      reply.array(4);
      reply.bulk(event.getKey().redisName());
      reply.integer(samples.second(last));
      reply.integer(samples.millis(last));
      reply.integer(samples.longestMillis());
    }
  }

  private void history(Call call) {
    LatencySeries samples = monitor.series(call.arg(2));
    int count = samples == null ? 0 : samples.size();
    call.reply().array(count);
    for (int i = 0; samples != null && i < count; i++) {
      call.reply().array(2);
      call.reply().integer(samples.second(i));
      call.reply().integer(samples.millis(i));
    }
  }

  private void graph(Call call) {
    LatencySeries samples = monitor.series(call.arg(2));
    if (samples == null) {
      throw new CommandError("ERR No samples available for event '" + call.argText(2) + "'");
    }
    String event = call.argText(2);
    call.reply().verbatim("txt", LatencyGraph.of(event, samples, monitor.nowSeconds()));
  }

  private void doctor(Call call) {
    call.reply().verbatim("txt", LatencyReport.of(monitor, call.engine().settings()));
  }

  private void reset(Call call) {
    int forgotten = 0;
    if (call.argCount() == 2) {
      forgotten = monitor.forgetAll();
    }
    for (int i = 2; i < call.argCount(); i++) {
      if (monitor.forget(call.arg(i))) {
        forgotten++;
      }
    }
    call.reply().integer(forgotten);
  }

  /** Commands that never ran, or that don't exist, are left out; a container stands for its own. */
  private static void histogram(Call call) {
    ReplyWriter reply = call.reply();
    int mark = reply.beginDeferred();
    int pairs = 0;
    if (call.argCount() == 2) {
      for (Command command : call.engine().table().commands()) {
        pairs += histograms(call, command);
      }
    }
    for (int i = 2; i < call.argCount(); i++) {
      Command command = call.engine().table().findFullName(call.arg(i));
      if (command != null) {
        pairs += histograms(call, command);
      }
    }
    reply.endMap(mark, pairs);
  }

  /** Writes the pairs of a command and of its subcommands; how many there were. */
  private static int histograms(Call call, Command command) {
    int pairs = 0;
    Histogram histogram = call.engine().statistics().latencies.of(command);
    if (histogram != null) {
      call.reply().bulk(command.fullName());
      LatencyDistribution.write(call.reply(), histogram);
      pairs++;
    }
    for (Command subcommand : command.subcommands()) {
      pairs += histograms(call, subcommand);
    }
    return pairs;
  }

  private static void help(Call call) {
    HelpReply.write(
        call,
        "DOCTOR",
        "Describes in words what has held up the server, and what may help.",
        "GRAPH <event>",
        "Draws the delays of an event, one column each.",
        "HISTORY <event>",
        "Lists the delays of an event: time since 1970 in seconds, milliseconds.",
        "LATEST",
        "Lists for each event the last delay: name, time, milliseconds, the most milliseconds ever.",
        "RESET [<event> ...]",
        "Forgets the delays of these events, or of all.",
        "HISTOGRAM [COMMAND ...]",
        "Tells for these commands, or for all, how many calls took up to how many microseconds.");
  }
}
