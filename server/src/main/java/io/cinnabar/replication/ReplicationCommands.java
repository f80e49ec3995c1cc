package io.cinnabar.replication;

import static io.cinnabar.command.AclCategory.DANGEROUS;
import static io.cinnabar.command.CommandFlag.ADMIN;
import static io.cinnabar.command.CommandFlag.ALLOW_BUSY;
import static io.cinnabar.command.CommandFlag.FAST;
import static io.cinnabar.command.CommandFlag.LOADING;
import static io.cinnabar.command.CommandFlag.NOSCRIPT;
import static io.cinnabar.command.CommandFlag.NO_ASYNC_LOADING;
import static io.cinnabar.command.CommandFlag.NO_MULTI;
import static io.cinnabar.command.CommandFlag.STALE;

import io.cinnabar.command.AclCategory;
import io.cinnabar.command.Call;
import io.cinnabar.command.ClientLine;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.CommandTable;
import io.cinnabar.command.FamilyBuilder;
import io.cinnabar.command.PrimarySession;
import io.cinnabar.config.QuotedWords;
import io.cinnabar.resp.ReplyWriter;
import io.cinnabar.structure.IntegerText;
import io.cinnabar.structure.Slice;
import java.util.List;
import java.util.function.Supplier;

/** What replicas send: SYNC, PSYNC and REPLCONF; and ROLE, which tells who follows whom. */
public final class ReplicationCommands {

  /** What Redis has room for. */
  private static final int MAX_ADDRESS_BYTES = 255;

  private static final CommandError FAILING_OVER =
      new CommandError("NOMASTERLINK Can't SYNC while failing over");
  private static final CommandError NO_PRIMARY =
      new CommandError("NOMASTERLINK Can't SYNC while not connected with my master");
  private static final CommandError NEEDS_MARK =
      new CommandError("ERR Filtered replica requires EOF capability");
  private static final CommandError NOT_ONE_OR_ZERO =
      new CommandError("ERR value is out of range, value must between 0 and 1");
  private static final CommandError BAD_FILTER =
      new CommandError("ERR Missing rdb-filter-only values");

  private final Supplier<Replication> replication;

  private ReplicationCommands(Supplier<Replication> replication) {
    this.replication = replication;
  }

  public static void declare(CommandTable.Builder table, Supplier<Replication> replication) {
    ReplicationCommands commands = new ReplicationCommands(replication);
    FamilyBuilder server = table.family("server");
    server
        .command("SYNC", commands::sync)
        .flags(ADMIN, NOSCRIPT, NO_ASYNC_LOADING, NO_MULTI)
        .since("1.0.0")
        .summary("Makes the client a replica, as those before PSYNC asked for it.");
    server
        .command("PSYNC replicationid:string offset:integer", commands::psync)
        .arity(-3)
        .flags(ADMIN, NOSCRIPT, NO_ASYNC_LOADING, NO_MULTI)
        .since("2.8.0")
        .summary("Makes the client a replica that goes on where it was, if that can be.");
    server
        .command("REPLCONF", commands::replconf)
        .arity(-1)
        .flags(ADMIN, NOSCRIPT, LOADING, STALE, ALLOW_BUSY)
        .systemCommand()
        .since("3.0.0")
        .complexity("O(1)")
        .summary("Tells what a replica can, and how far it is.");
    server
        .command("ROLE", commands::role)
        .flags(NOSCRIPT, LOADING, STALE, FAST)
        .acl(AclCategory.ADMIN, DANGEROUS)
        .since("2.8.12")
        .complexity("O(1)")
        .summary("Tells whether the server is a primary or a replica, and of whom.");
  }

  // ---- asking for the stream

  private void sync(Call call) {
    demand(call, true);
  }

  private void psync(Call call) {
    demand(call, false);
  }

  /** Has no reply: what the replica hears comes with what it is sent. */
  private void demand(Call call, boolean isSilent) {
    if (call.session().isFollowing() || call.session().isMonitoring()) {
      return;
    }
    Replication to = replication.get();
    if (!isSilent && call.argCount() > 3 && call.isWord(3, "failover")) {
      takeOver(call, to);
    }
    if (to.failover().isOn()) {
      throw FAILING_OVER;
    }
    PrimaryLink link = to.link();
    if (link != null && link.state() != PrimaryLink.State.CONNECTED) {
      throw NO_PRIMARY;
    }
    Replica replica = to.replicas().of(call.session());
    if (!replica.wantsAll() && !replica.canKnowMark()) {
      throw NEEDS_MARK;
    }
    replica.isSilent(isSilent);
    if (isSilent) {
      to.synchronise(replica);
    } else {
      if (!IntegerText.isLong(call.arg(2))) {
        call.engine()
            .log()
            .warning(
                "Replica " + replica.name() + " asks for synchronization but with a wrong offset");
        throw CommandError.NOT_AN_INTEGER;
      }
      to.synchronise(replica, call.argText(1), call.integer(2));
    }
  }

  /** The primary wants this replica to lead in its place. */
  private static void takeOver(Call call, Replication to) {
    call.engine().log().notice("Failover request received for replid " + call.argText(1) + ".");
    if (!to.isReplica()) {
      throw new CommandError("ERR PSYNC FAILOVER can't be sent to a master.");
    }
    if (!call.argText(1).equalsIgnoreCase(to.history().id())) {
      throw new CommandError("ERR PSYNC FAILOVER replid must match my replid.");
    }
    to.failover().takeOver();
    call.engine()
        .log()
        .notice(
            "MASTER MODE enabled (failover request from '"
                + ClientLine.of(call.session(), call.nowMillis())
                + "')");
  }

  // ---- REPLCONF

  private void replconf(Call call) {
    if (call.argCount() % 2 == 0) {
      throw CommandError.SYNTAX;
    }
    for (int i = 1; i < call.argCount(); i += 2) {
      if (call.isWord(i, "ack")) {
        acknowledge(call, i);
        return;
      }
      if (call.isWord(i, "getack")) {
        tellPrimary(call);
        return;
      }
      set(call, i);
    }
    call.reply().ok();
  }

  /** Only the primary may ask how far this server is. */
  private void tellPrimary(Call call) {
    PrimaryLink link = replication.get().link();
    if (link != null && call.session() instanceof PrimarySession) {
      link.asked();
    }
  }

  private void set(Call call, int option) {
    int value = option + 1;
    Replica replica = replication.get().replicas().of(call.session());
    if (call.isWord(option, "listening-port")) {
      replica.listeningPort((int) call.integer(value));
    } else if (call.isWord(option, "ip-address")) {
      Slice address = call.arg(value);
      if (address.length > MAX_ADDRESS_BYTES) {
        throw new CommandError(
            "ERR REPLCONF ip-address provided by replica instance is too long: "
                + address.length
                + " bytes");
      }
      replica.announcedAddress(call.argText(value));
    } else if (call.isWord(option, "capa")) {
      if (call.isWord(value, "eof")) {
        replica.knowsMark();
      } else if (call.isWord(value, "psync2")) {
        replica.knowsRenaming();
      }
    } else if (call.isWord(option, "rdb-only")) {
      long only = call.integer(value);
      if (only < 0 || only > 1) {
        throw NOT_ONE_OR_ZERO;
      }
      replica.wantsSnapshotOnly(only == 1);
    } else if (call.isWord(option, "rdb-filter-only")) {
      filter(replica, call.argText(value));
    } else {
      throw new CommandError("ERR Unrecognized REPLCONF option: " + call.argText(option));
    }
  }

  /** The words say what the snapshot is to have; nobody asks for keys that way. */
  private static void filter(Replica replica, String words) {
    List<String> wanted = QuotedWords.split(words);
    if (wanted == null) {
      throw BAD_FILTER;
    }
    boolean functions = false;
    for (String word : wanted) {
      if (!word.equalsIgnoreCase("functions")) {
        throw new CommandError("ERR Unsupported rdb-filter-only option: " + word);
      }
      functions = true;
    }
    replica.wants(false, functions);
  }

  /** {@code ACK offset}, perhaps with {@code FACK offset}; without a reply, whoever says it. */
  private void acknowledge(Call call, int option) {
    if (!call.session().isFollowing() || !IntegerText.isLong(call.arg(option + 1))) {
      return;
    }
    Replicas replicas = replication.get().replicas();
    long synced = 0;
    if (call.argCount() > option + 3
        && call.isWord(option + 2, "fack")
        && IntegerText.isLong(call.arg(option + 3))) {
      synced = call.integer(option + 3);
    }
    replicas.acknowledged(replicas.of(call.session()), call.integer(option + 1), synced);
  }

  // ---- ROLE

  private void role(Call call) {
    ReplyWriter reply = call.reply();
    Replication of = replication.get();
    PrimaryLink link = of.link();
    if (link != null) {
      reply.array(5);
      reply.bulk("slave");
      reply.bulk(link.host());
      reply.integer(link.port());
      reply.bulk(link.state().word());
      boolean isLinked = link.state() == PrimaryLink.State.CONNECTED;
      reply.integer(isLinked ? of.history().offset() : PrimaryLink.NONE);
      return;
    }
    List<ReplicaStatus> online = of.statuses().stream().filter(ReplicaStatus::isOnline).toList();
    reply.array(3);
    reply.bulk("master");
    reply.integer(of.history().offset());
    reply.array(online.size());
    for (ReplicaStatus replica : online) {
      reply.array(3);
      reply.bulk(replica.address());
      reply.bulk(Integer.toString(replica.port()));
      reply.bulk(Long.toString(replica.offset()));
    }
  }
}
