package io.cinnabar.observe;

import static io.cinnabar.command.CommandFlag.ADMIN;
import static io.cinnabar.command.CommandFlag.LOADING;
import static io.cinnabar.command.CommandFlag.STALE;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.CommandTable;
import io.cinnabar.command.CommandTips;
import io.cinnabar.command.FamilyBuilder;
import io.cinnabar.command.HelpReply;
import io.cinnabar.resp.ReplyWriter;
import io.cinnabar.structure.IntegerText;
import io.cinnabar.structure.Slice;
import java.util.Iterator;

/** SLOWLOG: shows the commands that took long. */
public final class SlowLogCommands {

  private static final int DEFAULT_COUNT = 10;
  private static final int FIELDS = 6;

  private static final CommandError COUNT_TOO_LOW =
      new CommandError("ERR count should be greater than or equal to -1");

  private final SlowLog log;

  private SlowLogCommands(SlowLog log) {
    this.log = log;
  }

  /** Declares the commands that show {@code log}. */
  public static void declare(CommandTable.Builder table, SlowLog log) {
    SlowLogCommands commands = new SlowLogCommands(log);
    FamilyBuilder server = table.family("server");
    server
        .container("SLOWLOG")
        .since("2.2.12")
        .complexity("That of the subcommand.")
        .summary("Holds the commands about the slow log.");
    server
        .command("SLOWLOG|GET [count:integer]", commands::get)
        .flags(ADMIN, LOADING, STALE)
        .tips(CommandTips.REQUEST_ALL_NODES, CommandTips.NONDETERMINISTIC_OUTPUT)
        .since("2.2.12")
        .complexity("O(N) for N entries")
        .summary("Shows the newest entries of the slow log.")
        .history("4.0.0", "Tells the client's address and name.");
    server
        .command("SLOWLOG|LEN", commands::length)
        .flags(ADMIN, LOADING, STALE)
        .tips(
            CommandTips.REQUEST_ALL_NODES,
            CommandTips.RESPONSE_AGG_SUM,
            CommandTips.NONDETERMINISTIC_OUTPUT)
        .since("2.2.12")
        .complexity("O(1)")
        .summary("Counts the entries of the slow log.");
    server
        .command("SLOWLOG|RESET", commands::reset)
        .flags(ADMIN, LOADING, STALE)
        .tips(CommandTips.REQUEST_ALL_NODES, CommandTips.RESPONSE_ALL_SUCCEEDED)
        .since("2.2.12")
        .complexity("O(N) for N entries")
        .summary("Empties the slow log.");
    server
        .command("SLOWLOG|HELP", SlowLogCommands::help)
        .flags(LOADING, STALE)
        .since("6.2.0")
        .complexity("O(1)")
        .summary("Lists the subcommands.");
  }

  private void get(Call call) {
    if (call.argCount() > 3) {
      throw new CommandError(
          "ERR unknown subcommand or wrong number of arguments for '"
              + call.argText(1)
              + "'. Try SLOWLOG HELP.");
    }
    long most = call.argCount() == 3 ? count(call.arg(2)) : DEFAULT_COUNT;
    int count = most < 0 ? log.size() : (int) Math.min(most, log.size());
    call.reply().array(count);
    Iterator<SlowLog.Entry> entries = log.iterator();
    for (int i = 0; i < count; i++) {
      write(call.reply(), entries.next());
    }
  }

  private static long count(Slice text) {
    if (!IntegerText.isLong(text) || IntegerText.toLong(text) < -1) {
      throw COUNT_TOO_LOW;
    }
    return IntegerText.toLong(text);
  }

  private static void write(ReplyWriter reply, SlowLog.Entry entry) {
    reply.array(FIELDS);
    reply.integer(entry.id());
    reply.integer(entry.endSeconds());
    reply.integer(entry.micros());
    reply.array(entry.arguments().size());
    for (byte[] argument : entry.arguments()) {
      reply.bulk(argument, 0, argument.length);
    }
    reply.bulk(entry.clientAddress());
    reply.bulk(entry.clientName());
  }

  private void length(Call call) {
    call.reply().integer(log.size());
  }

  private void reset(Call call) {
    log.clear();
    call.reply().ok();
  }

  private static void help(Call call) {
    HelpReply.write(
        call,
        "GET [<count>]",
        "Shows the newest entries, 10 unless <count> is given, all with -1: number, time since 1970"
            + " in seconds, duration in microseconds, arguments, the client's address and name.",
        "LEN",
        "Counts the entries.",
        "RESET",
        "Removes all entries.");
  }
}
