package io.cinnabar.family;

import static io.cinnabar.command.AclCategory.CONNECTION;
import static io.cinnabar.command.CommandFlag.NOSCRIPT;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.CommandTable;
import io.cinnabar.command.CommandTips;
import io.cinnabar.command.Copies;
import io.cinnabar.command.FamilyBuilder;
import io.cinnabar.command.PositionWaits;

/** WAIT and WAITAOF. */
public final class WaitCommands {

  private static final CommandError NOT_FOR_REPLICAS =
      new CommandError(
          "ERR WAIT cannot be used with replica instances. Please also note that since Redis 4.0 if"
              + " a replica is configured to be writable (which is not the default) writes to"
              + " replicas are just local and are not propagated.");
  private static final CommandError AOF_NOT_FOR_REPLICAS =
      new CommandError(
          "ERR WAITAOF cannot be used with replica instances. Please also note that writes to"
              + " replicas are just local and are not propagated.");
  private static final CommandError NEITHER_0_NOR_1 =
      new CommandError("ERR value is out of range, value must between 0 and 1");
  private static final CommandError NEGATIVE =
      new CommandError("ERR value is out of range, must be positive");

  private WaitCommands() {}

  public static void declare(CommandTable.Builder table) {
    FamilyBuilder family = table.family("generic", CONNECTION);
    family
        .command("WAIT numreplicas:integer timeout:integer", WaitCommands::waitForReplicas)
        .tips(CommandTips.REQUEST_ALL_SHARDS, CommandTips.RESPONSE_AGG_MIN)
        .since("3.0.0")
        .complexity("O(1)")
        .summary("Waits until replicas have all that the connection has written.");
    family
        .command(
            "WAITAOF numlocal:integer numreplicas:integer timeout:integer",
            WaitCommands::waitForDisks)
        .flags(NOSCRIPT)
        .tips(CommandTips.REQUEST_ALL_SHARDS, CommandTips.RESPONSE_AGG_MIN)
        .since("7.2.0")
        .complexity("O(1)")
        .summary("Waits until all that the connection has written is on disks.");
  }

  private static void waitForReplicas(Call call) {
    if (waits(call).isReplica()) {
      throw NOT_FOR_REPLICAS;
    }
    long timeoutMillis = Timeouts.ofMillis(call, 2);
    call.park(new Copies(false, 0, call.integer(1)), timeoutMillis);
  }

  private static void waitForDisks(Call call) {
    long local = call.integer(1);
    if (local < 0 || local > 1) {
      throw NEITHER_0_NOR_1;
    }
    long replicas = call.integer(2, NEGATIVE);
    if (replicas < 0) {
      throw NEGATIVE;
    }
    long timeoutMillis = Timeouts.ofMillis(call, 3);
    if (waits(call).isReplica()) {
      throw AOF_NOT_FOR_REPLICAS;
    }
    if (local > 0 && !waits(call).isJournalKept()) {
      throw PositionWaits.NO_JOURNAL;
    }
    call.park(new Copies(true, local, replicas), timeoutMillis);
  }

  private static PositionWaits waits(Call call) {
    return call.engine().sessions().positionWaits();
  }
}
