package io.cinnabar.observe;

import static io.cinnabar.command.CommandFlag.LOADING;
import static io.cinnabar.command.CommandFlag.READONLY;
import static io.cinnabar.command.CommandFlag.STALE;
import static io.cinnabar.command.KeyFlag.RO;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.CommandTable;
import io.cinnabar.command.CommandTips;
import io.cinnabar.command.Engine;
import io.cinnabar.command.FamilyBuilder;
import io.cinnabar.command.HelpReply;
import io.cinnabar.host.ProcessInfo;
import io.cinnabar.keyspace.Database;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.resp.ReplyWriter;

/** MEMORY: what the memory is used for, and the little that can be done about it. */
public final class MemoryCommands {

  /** Pairs of MEMORY STATS without those of the databases. */
  private static final int STATS_PAIRS = 27;

  /** A slot of a bucket, which a key takes in the table, rounded up. */
  private static final int SLOT_BYTES = 6;

  private final Samples samples;

  private MemoryCommands(Info info) {
    samples = info.samples();
  }

  /** Declares the commands that show what {@code info} has sampled. */
  public static void declare(CommandTable.Builder table, Info info) {
    MemoryCommands commands = new MemoryCommands(info);
    FamilyBuilder server = table.family("server");
    server
        .container("MEMORY")
        .since("4.0.0")
        .complexity("That of the subcommand.")
        .summary("Holds the commands about the server's memory.");
    declareReports(server, commands);
    server
        .command("MEMORY|HELP", MemoryCommands::help)
        .flags(LOADING, STALE)
        .since("4.0.0")
        .complexity("O(1)")
        .summary("Lists the subcommands.");
    server
        .command("MEMORY|PURGE", MemoryCommands::purge)
        .tips(CommandTips.REQUEST_ALL_SHARDS, CommandTips.RESPONSE_ALL_SUCCEEDED)
        .since("4.0.0")
        .complexity("O(N) for N slabs of the arena")
        .summary("Gives memory back that is reserved and not used.");
    server
        .command("MEMORY|USAGE key [SAMPLES count:integer]", MemoryCommands::usage)
        .flags(READONLY)
        .key(2, RO)
        .since("4.0.0")
        .complexity("O(1)")
        .summary("Tells the bytes that a key and its value take.");
  }

  private static void declareReports(FamilyBuilder server, MemoryCommands commands) {
    server
        .command("MEMORY|DOCTOR", commands::doctor)
        .tips(
            CommandTips.NONDETERMINISTIC_OUTPUT,
            CommandTips.REQUEST_ALL_SHARDS,
            CommandTips.RESPONSE_SPECIAL)
        .since("4.0.0")
        .complexity("O(N) for N clients")
        .summary("Tells in words whether something is wrong with the memory.");
    server
        .command("MEMORY|MALLOC-STATS", MemoryCommands::mallocStats)
        .tips(
            CommandTips.NONDETERMINISTIC_OUTPUT,
            CommandTips.REQUEST_ALL_SHARDS,
            CommandTips.RESPONSE_SPECIAL)
        .since("4.0.0")
        .complexity("O(1)")
        .summary("Shows the arena's size classes.");
    server
        .command("MEMORY|STATS", commands::stats)
        .tips(
            CommandTips.NONDETERMINISTIC_OUTPUT,
            CommandTips.REQUEST_ALL_SHARDS,
            CommandTips.RESPONSE_SPECIAL)
        .since("4.0.0")
        .complexity("O(N) for N clients")
        .summary("Tells what the memory is used for.");
  }

  // ---- of one key

  /** Strings have nothing to sample: what they take is known exactly. */
  private static void usage(Call call) {
    for (int i = 3; i < call.argCount(); i += 2) {
      if (!call.isWord(i, "samples") || i + 1 == call.argCount() || call.integer(i + 1) < 0) {
        throw CommandError.SYNTAX;
      }
    }
    Entry entry = call.editOther(call.database(), call.arg(2));
    if (entry == null) {
      call.reply().nullBulk();
    } else {
      call.reply().integer(entry.sizeBytes() + SLOT_BYTES);
    }
  }

  // ---- of the server

  private void stats(Call call) {
    Engine engine = call.engine();
    MemoryReport report = new MemoryReport(engine, samples);
    ReplyWriter reply = call.reply();
    int filled = 0;
    for (int i = 0; i < engine.keyspace().databases(); i++) {
      filled += engine.keyspace().database(i).size() > 0 ? 1 : 0;
    }
    reply.map(STATS_PAIRS + filled);
    use(report, reply);
    databases(engine, reply);
    shares(report, reply);
    allocator(report, reply);
  }

  private static void use(MemoryReport report, ReplyWriter reply) {
    field(reply, "peak.allocated", report.peak);
    field(reply, "total.allocated", report.used);
    field(reply, "startup.allocated", report.startup);
    field(reply, "replication.backlog", report.backlog);
    field(reply, "clients.slaves", report.replicas);
    field(reply, "clients.normal", report.clients);
    field(reply, "cluster.links", 0);
    field(reply, "aof.buffer", 0);
    field(reply, "lua.caches", 0);
    field(reply, "functions.caches", 0);
  }

  private static void databases(Engine engine, ReplyWriter reply) {
    for (int i = 0; i < engine.keyspace().databases(); i++) {
      Database database = engine.keyspace().database(i);
      if (database.size() > 0) {
        reply.bulk("db." + i);
        reply.map(3);
        field(reply, "overhead.hashtable.main", database.tableBytes());
        // Expiry stands in the entries, and the keys of a slot lie together: no tables of their
        // own.
        field(reply, "overhead.hashtable.expires", 0);
        field(reply, "overhead.hashtable.slot-to-keys", 0);
      }
    }
  }

  private static void shares(MemoryReport report, ReplyWriter reply) {
    field(reply, "overhead.total", report.overhead);
    field(reply, "keys.count", report.keys);
    long perKey = report.keys == 0 ? 0 : (report.used - report.startup) / report.keys;
    field(reply, "keys.bytes-per-key", perKey);
    field(reply, "dataset.bytes", report.dataset);
    field(reply, "dataset.percentage", report.datasetPercent());
    field(reply, "peak.percentage", report.peakPercent());
  }

  private static void allocator(MemoryReport report, ReplyWriter reply) {
    long resident = report.resident == ProcessInfo.UNKNOWN ? report.reserved : report.resident;
    field(reply, "allocator.allocated", report.allocated);
    field(reply, "allocator.active", report.active);
    field(reply, "allocator.resident", report.reserved);
    field(
        reply,
        "allocator-fragmentation.ratio",
        MemoryReport.ratio(report.active, report.allocated));
    field(reply, "allocator-fragmentation.bytes", report.active - report.allocated);
    field(reply, "allocator-rss.ratio", MemoryReport.ratio(report.reserved, report.active));
    field(reply, "allocator-rss.bytes", report.reserved - report.active);
    field(reply, "rss-overhead.ratio", MemoryReport.ratio(resident, report.reserved));
    field(reply, "rss-overhead.bytes", resident - report.reserved);
    field(reply, "fragmentation", MemoryReport.ratio(resident, report.used));
    field(reply, "fragmentation.bytes", resident - report.used);
  }

  private static void field(ReplyWriter reply, String name, long value) {
    reply.bulk(name);
    reply.integer(value);
  }

  private static void field(ReplyWriter reply, String name, double value) {
    reply.bulk(name);
    reply.doubleValue(value);
  }

  private void doctor(Call call) {
    call.reply().verbatim("txt", MemoryDoctor.report(call.engine(), samples));
  }

  private static void mallocStats(Call call) {
    StringBuilder text = new StringBuilder("block bytes      blocks        used   used%\n");
    call.engine()
        .keyspace()
        .arena()
        .describe(
            (blockBytes, blocks, used) -> {
              String size = blockBytes == 0 ? "large" : Integer.toString(blockBytes);
              String percent = InfoText.decimal(MemoryReport.percent(used, blocks), 1);
              text.append(String.format("%11s %11d %11d %7s%n", size, blocks, used, percent));
            });
    call.reply().verbatim("txt", text.toString());
  }

  private static void purge(Call call) {
    call.engine().compactor().purge();
    call.reply().ok();
  }

  private static void help(Call call) {
    HelpReply.write(
        call,
        "DOCTOR",
        "Says in words what may be wrong with the memory.",
        "MALLOC-STATS",
        "Shows how the arena's size classes are filled.",
        "PURGE",
        "Gives memory back to the heap that is reserved, but not used.",
        "STATS",
        "Tells what the memory is used for.",
        "USAGE <key> [SAMPLES <count>]",
        "Bytes that <key> and its value take. SAMPLES is accepted and not needed: the figure is"
            + " exact.");
  }
}
