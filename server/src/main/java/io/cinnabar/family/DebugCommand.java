package io.cinnabar.family;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.Handler;
import io.cinnabar.command.HelpReply;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * DEBUG: what tests of the server and of its clients need, for those whom the operator lets. Its
 * subcommands are none in the command table, as in Redis: they may change from version to version.
 */
final class DebugCommand {

  private static final CommandError NOT_ALLOWED =
      CommandError.rejection(
          "ERR DEBUG command not allowed. If the enable-debug-command option is set to \"local\", you"
              + " can run it from a local connection, otherwise you need to set this option in the"
              + " configuration file, and then restart the server.");

  /**
   * One of them.
   *
   * @param most how many arguments it takes at most, DEBUG and its own name included
   * @param syntax its name with its arguments, for HELP
   */
  private record Subcommand(int least, int most, Handler handler, String syntax, String help) {

    String name() {
      return syntax.split(" ", 2)[0].toLowerCase(Locale.ROOT);
    }
  }

  private static final List<Subcommand> ALL =
      List.of(
          any(DebugCrash::fail, "ASSERT", "Ends the server as a violated assertion does."),
          of(
              2,
              DebugServer::changeReplicationId,
              "CHANGE-REPL-ID",
              "Takes a new replication id, so that replicas have to begin anew."),
          of(
              2,
              DebugDigest::all,
              "DIGEST",
              "Shows a hash of all databases, equal where the data is, in whatever order."),
          any(
              DebugDigest::values,
              "DIGEST-VALUE <key> [<key> ...]",
              "Shows such a hash for the value of each key."),
          of(
              3,
              DebugServer::dropPackets,
              "DROP-CLUSTER-PACKET-FILTER <type>",
              "Is accepted; there is no cluster bus."),
          of(3, DebugProtocol::error, "ERROR <line>", "Replies with this error."),
          of(
              3,
              DebugObject::tableStatistics,
              "HTSTATS <database>",
              "Shows how the keys of a database lie in its table."),
          of(
              3,
              DebugObject::valueTableStatistics,
              "HTSTATS-KEY <key>",
              "Shows it for the elements of a value that is a table itself."),
          of(2, DebugServer::memory, "JMAP", "Writes into the log what takes the memory."),
          of(3, DebugServer::leak, "LEAK <text>", "Keeps a copy of this text for ever."),
          of(3, DebugList::listpack, "LISTPACK <key>", "Shows how a listpack is made up."),
          any(
              DebugServer::loadAppendOnlyFile,
              "LOADAOF",
              "Writes all changes to the append-only file, empties all databases, and loads them"
                  + " again from it."),
          of(3, DebugServer::log, "LOG <text>", "Writes this into the log."),
          of(3, DebugObject::object, "OBJECT <key>", "Shows how a value is stored."),
          any(DebugCrash::runOutOfMemory, "OOM", "Ends the server as if memory was used up."),
          any(DebugCrash::panic, "PANIC", "Ends the server as an inner contradiction does."),
          of(
              3,
              DebugServer::pauseCron,
              "PAUSE-CRON (0|1)",
              "Stops or resumes what is done some times a second."),
          new Subcommand(
              3,
              5,
              DebugPopulate::run,
              "POPULATE <count> [<prefix>] [<size>]",
              "Makes strings under the keys <prefix>:0, <prefix>:1 and so on, 'key' without a"
                  + " prefix. Followers don't hear of it."),
          of(
              3,
              DebugProtocol::sample,
              "PROTOCOL <type>",
              "Replies with a sample: string, integer, double, bignum, null, array, set, map, attrib,"
                  + " push, verbatim, true or false."),
          new Subcommand(
              3,
              4,
              DebugList::quicklist,
              "QUICKLIST <key> [<0|1>]",
              "Shows how a quicklist is made up."),
          of(
              3,
              DebugServer::packedThreshold,
              "QUICKLIST-PACKED-THRESHOLD <size>",
              "Is accepted; lists have no nodes of a single element that depend on it."),
          any(
              DebugServer::reload,
              "RELOAD [NOSAVE] [NOFLUSH] [MERGE]",
              "Saves all databases, empties them, and loads them again; without what is said not to"
                  + " be done. With MERGE keys of the file replace those that are there."),
          of(
              4,
              DebugServer::replyBuffer,
              "REPLYBUFFER (PEAK-RESET-TIME (<milliseconds>|NEVER|RESET) | RESIZING (0|1))",
              "Is accepted; reply buffers are shared and keep no peaks."),
          any(DebugCrash::violateMemory, "SEGFAULT", "Ends the server as a bad access does."),
          of(
              3,
              DebugServer::activeExpire,
              "SET-ACTIVE-EXPIRE (0|1)",
              "Stops or resumes the search for expired keys that nobody asks for."),
          of(
              3,
              DebugServer::skipChecksums,
              "SET-SKIP-CHECKSUM-VALIDATION (0|1)",
              "Stops or resumes to look at the checksums of files in RDB and of what RESTORE is"
                  + " given."),
          of(
              3,
              DebugServer::sleep,
              "SLEEP <seconds>",
              "Holds up the server; decimals are allowed."),
          of(
              4,
              DebugServer::matches,
              "STRINGMATCH-LEN <pattern> <text>",
              "Tells whether the pattern matches, as that of KEYS does."),
          of(2, DebugServer::structureSizes, "STRUCTSIZE", "Shows the sizes of some headers."));

  private static final Map<String, Subcommand> BY_NAME = new HashMap<>();

  static {
    for (Subcommand each : ALL) {
      BY_NAME.put(each.name(), each);
    }
  }

  private DebugCommand() {}

  private static Subcommand of(int count, Handler handler, String syntax, String help) {
    return new Subcommand(count, count, handler, syntax, help);
  }

  /** Takes any number of arguments. */
  private static Subcommand any(Handler handler, String syntax, String help) {
    return new Subcommand(2, Integer.MAX_VALUE, handler, syntax, help);
  }

  static void run(Call call) {
    checkAccess(call);
    int count = call.argCount();
    if (call.isWord(1, "help") && count == 2) {
      help(call);
      return;
    }
    Subcommand subcommand = BY_NAME.get(call.argText(1).toLowerCase(Locale.ROOT));
    if (subcommand == null || count < subcommand.least || count > subcommand.most) {
      throw unknown(call);
    }
    subcommand.handler.run(call);
  }

  /** What is answered for a name or a number of arguments that there isn't. */
  static CommandError unknown(Call call) {
    return new CommandError(
        "ERR unknown subcommand or wrong number of arguments for '"
            + call.argText(1)
            + "'. Try DEBUG HELP.");
  }

  private static void checkAccess(Call call) {
    boolean local = call.session().connection().isLocal();
    if (!call.engine().settings().debugAccess.allows(local)) {
      throw NOT_ALLOWED;
    }
  }

  private static void help(Call call) {
    List<String> lines = new ArrayList<>();
    for (Subcommand each : ALL) {
      lines.add(each.syntax);
      lines.add(each.help);
    }
    HelpReply.write(call, lines.toArray(String[]::new));
  }
}
