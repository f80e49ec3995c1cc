package io.cinnabar.family;

import static io.cinnabar.command.CommandFlag.ADMIN;
import static io.cinnabar.command.CommandFlag.LOADING;
import static io.cinnabar.command.CommandFlag.NOSCRIPT;
import static io.cinnabar.command.CommandFlag.STALE;

import io.cinnabar.command.Call;
import io.cinnabar.command.ClientLine;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.CommandTable;
import io.cinnabar.command.CommandTips;
import io.cinnabar.command.CommitAcks;
import io.cinnabar.command.FamilyBuilder;
import io.cinnabar.command.HelpReply;
import io.cinnabar.command.ReplyMode;
import io.cinnabar.command.Session;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** CLIENT: what the server knows of its connections. */
public final class ClientCommands {

  private static final String EACH_CLIENT = "O(N) for N clients";

  private static final CommandError UNKNOWN_UNBLOCKING =
      new CommandError("ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR");

  private static final CommandError INVALID_ID = new CommandError("ERR Invalid client ID");

  private ClientCommands() {}

  public static void declare(CommandTable.Builder table) {
    FamilyBuilder connection = table.family("connection");
    connection
        .container("CLIENT")
        .since("2.4.0")
        .complexity("That of the subcommand.")
        .summary("Holds the commands about connections.");
    declareOwn(connection);
    declareSwitches(connection);
    declareAll(connection);
    ClientPause.declare(connection);
    ClientTracking.declare(connection);
  }

  private static void declareOwn(FamilyBuilder connection) {
    connection
        .command("CLIENT|GETNAME", ClientCommands::getname)
        .flags(NOSCRIPT, LOADING, STALE)
        .since("2.6.9")
        .complexity("O(1)")
        .summary("Tells the connection's name.");
    connection
        .command("CLIENT|SETNAME connection-name", ClientCommands::setname)
        .flags(NOSCRIPT, LOADING, STALE)
        .tips(CommandTips.REQUEST_ALL_NODES, CommandTips.RESPONSE_ALL_SUCCEEDED)
        .since("2.6.9")
        .complexity("O(1)")
        .summary("Names the connection.");
    connection
        .command("CLIENT|SETINFO attr:(LIB-NAME libname | LIB-VER libver)", ClientCommands::setinfo)
        .flags(NOSCRIPT, LOADING, STALE)
        .tips(CommandTips.REQUEST_ALL_NODES, CommandTips.RESPONSE_ALL_SUCCEEDED)
        .since("7.2.0")
        .complexity("O(1)")
        .summary("Tells the server which library the client uses.");
    connection
        .command("CLIENT|ID", ClientCommands::id)
        .flags(NOSCRIPT, LOADING, STALE)
        .since("5.0.0")
        .complexity("O(1)")
        .summary("Tells the connection's number.");
    connection
        .command("CLIENT|INFO", ClientCommands::info)
        .flags(NOSCRIPT, LOADING, STALE)
        .tips(CommandTips.NONDETERMINISTIC_OUTPUT)
        .since("6.2.0")
        .complexity("O(1)")
        .summary("Describes the connection.");
    connection
        .command("CLIENT|REPLY action:(ON | OFF | SKIP)", ClientCommands::reply)
        .flags(NOSCRIPT, LOADING, STALE)
        .since("3.2.0")
        .complexity("O(1)")
        .summary("Says whether the connection wants replies.");
    connection
        .command("CLIENT|HELP", ClientCommands::help)
        .flags(LOADING, STALE)
        .since("5.0.0")
        .complexity("O(1)")
        .summary("Lists the subcommands.");
  }

  private static void declareSwitches(FamilyBuilder connection) {
    connection
        .command("CLIENT|NO-EVICT enabled:(ON | OFF)", ClientCommands::noEvict)
        .flags(ADMIN, NOSCRIPT, LOADING, STALE)
        .since("7.0.0")
        .complexity("O(1)")
        .summary("Says whether the connection may be closed to save memory.");
    connection
        .command("CLIENT|NO-TOUCH enabled:(ON | OFF)", ClientCommands::noTouch)
        .flags(NOSCRIPT, LOADING, STALE)
        .since("7.2.0")
        .complexity("O(1)")
        .summary("Says whether the connection's reads count as uses of the keys.");
    connection
        .command(
            "CLIENT|COMMIT-ACKS replicas:(REPLICAS numreplicas:integer | OFF | DEFAULT)"
                + " [TIMEOUT milliseconds:integer]",
            ClientCommands::commitAcks)
        .arity(-3)
        .flags(NOSCRIPT, LOADING, STALE)
        .since("7.2.0")
        .complexity("O(1)")
        .summary("Says how many replicas must have what the connection is told.");
  }

  private static void declareAll(FamilyBuilder connection) {
    connection
        .command(
            "CLIENT|LIST [TYPE client-type:(NORMAL | MASTER | REPLICA | PUBSUB)@5.0.0]"
                + " [ID client-id:integer...@6.2.0]",
            ClientCommands::list)
        .flags(ADMIN, NOSCRIPT, LOADING, STALE)
        .tips(CommandTips.NONDETERMINISTIC_OUTPUT)
        .since("2.4.0")
        .complexity(EACH_CLIENT)
        .summary("Describes all connections, or some.")
        .history("2.8.12", "Shows `id`.")
        .history("5.0.0", "Takes `TYPE`.")
        .history("6.0.0", "Shows `user`.")
        .history("6.2.0", "Shows `argv-mem`, `tot-mem`, `laddr` and `redir`; takes `ID`.")
        .history("7.0.0", "Shows `resp`, `multi-mem`, `rbs` and `rbp`.")
        .history("7.0.3", "Shows `ssub`.");
    connection
        .command(
            "CLIENT|UNBLOCK client-id:integer [unblock-type:(TIMEOUT | ERROR)]",
            ClientCommands::unblock)
        .flags(ADMIN, NOSCRIPT, LOADING, STALE)
        .since("5.0.0")
        .complexity("O(log N) for N clients")
        .summary("Ends the wait of a client that waits for data.");
    connection
        .command(
            "CLIENT|KILL filter:(old-format=ip:port@..2.8.12 | new-format:("
                + "[ID client-id:integer@2.8.12]"
                + " | [TYPE client-type:(NORMAL | MASTER@3.2.0 | SLAVE | REPLICA@5.0.0 | PUBSUB)"
                + "@2.8.12] | [USER username] | [ADDR addr=ip:port] | [LADDR laddr=ip:port@6.2.0]"
                + " | [SKIPME skipme:(YES | NO)])...)",
            ClientKill::run)
        .flags(ADMIN, NOSCRIPT, LOADING, STALE)
        .arity(-3)
        .since("2.4.0")
        .complexity(EACH_CLIENT)
        .summary("Closes connections.")
        .history("2.8.12", "Takes filters.")
        .history("2.8.12", "Takes `ID`.")
        .history("3.2.0", "`TYPE` may be `master`.")
        .history("5.0.0", "`TYPE` may be `replica`, another word for `slave`.")
        .history("6.2.0", "Takes `LADDR`.");
  }

  // ---- the connection itself

  private static void getname(Call call) {
    byte[] name = call.session().names().own();
    if (name.length == 0) {
      call.reply().nullBulk();
    } else {
      call.reply().bulk(name, 0, name.length);
    }
  }

  private static void setname(Call call) {
    ClientAttribute.checkName(call.arg(2));
    call.session().names().own(call.arg(2).toByteArray());
    call.reply().ok();
  }

  private static void setinfo(Call call) {
    boolean isName = call.isWord(2, "lib-name");
    if (!isName && !call.isWord(2, "lib-ver")) {
      throw new CommandError("ERR Unrecognized option '" + call.argText(2) + "'");
    }
    ClientAttribute.check(call.arg(3), call.argText(2));
    byte[] value = call.arg(3).toByteArray();
    if (isName) {
      call.session().names().library(value);
    } else {
      call.session().names().libraryVersion(value);
    }
    call.reply().ok();
  }

  private static void id(Call call) {
    call.reply().integer(call.session().id());
  }

  private static void info(Call call) {
    StringBuilder text = new StringBuilder();
    describe(call, call.session(), text);
    reply(call, text);
  }

  private static void reply(Call call) {
    Session session = call.session();
    if (call.isWord(2, "on")) {
      session.replyMode(ReplyMode.ON);
      call.reply().ok();
    } else if (call.isWord(2, "off")) {
      session.replyMode(ReplyMode.OFF);
    } else if (!call.isWord(2, "skip")) {
      throw CommandError.SYNTAX;
    } else if (session.replyMode() != ReplyMode.OFF) {
      session.replyMode(ReplyMode.SKIP_NEXT);
    }
  }

  private static void noEvict(Call call) {
    call.session().evictable(!isOn(call));
    call.reply().ok();
  }

  private static void noTouch(Call call) {
    call.session().touching(!isOn(call));
    call.reply().ok();
  }

  /** For as long as the connection lasts, or until RESET. */
  private static void commitAcks(Call call) {
    if (call.argCount() == 3 && call.isWord(2, "default")) {
      call.session().commitAcks(null);
    } else if (call.argCount() == 3 && call.isWord(2, "off")) {
      call.session().commitAcks(CommitAcks.NONE);
    } else {
      List<String> words = new ArrayList<>();
      for (int i = 2; i < call.argCount(); i++) {
        words.add(call.argText(i));
      }
      CommitAcks acks = CommitAcks.of(words);
      if (acks == null) {
        throw CommandError.SYNTAX;
      }
      call.session().commitAcks(acks);
    }
    call.reply().ok();
  }

  private static boolean isOn(Call call) {
    boolean on = call.isWord(2, "on");
    if (!on && !call.isWord(2, "off")) {
      throw CommandError.SYNTAX;
    }
    return on;
  }

  // ---- all of them

  private static void list(Call call) {
    StringBuilder text = new StringBuilder();
    if (call.argCount() == 2) {
      describeAll(call, null, text);
    } else if (call.argCount() == 4 && call.isWord(2, "type")) {
      describeAll(call, ClientType.named(call, 3), text);
    } else if (call.argCount() > 3 && call.isWord(2, "id")) {
      for (int i = 3; i < call.argCount(); i++) {
        Session session = call.engine().sessions().byId(call.integer(i, INVALID_ID));
        if (session != null) {
          describe(call, session, text);
        }
      }
    } else {
      throw CommandError.SYNTAX;
    }
    reply(call, text);
  }

  private static void describeAll(Call call, @Nullable ClientType type, StringBuilder text) {
    for (Session session : call.engine().sessions().all()) {
      if (type == null || type == ClientType.of(session)) {
        describe(call, session, text);
      }
    }
  }

  private static void describe(Call call, Session session, StringBuilder text) {
    text.append(ClientLine.of(session, call.nowMillis())).append('\n');
  }

  /** Who waits for a pause to end is left alone. */
  private static void unblock(Call call) {
    if (call.argCount() > 4) {
      throw call.unknownForm();
    }
    if (call.argCount() == 4 && !call.isWord(3, "timeout") && !call.isWord(3, "error")) {
      throw UNKNOWN_UNBLOCKING;
    }
    Session session = call.engine().sessions().byId(call.integer(2));
    boolean withError = call.argCount() == 4 && call.isWord(3, "error");
    boolean ended = session != null && call.engine().blockedClients().unblock(session, withError);
    call.reply().integer(ended ? 1 : 0);
  }

  /** All names in the text are ASCII; paths of unix sockets may not be. */
  private static void reply(Call call, StringBuilder text) {
    call.reply().verbatim("txt", text.toString());
  }

  private static void help(Call call) {
    HelpReply.write(
        call,
        "CACHING (YES|NO)",
        "Says whether the keys of the next command are cached, in OPTIN or OPTOUT mode.",
        "COMMIT-ACKS (REPLICAS <number> [TIMEOUT <milliseconds>]|OFF|DEFAULT)",
        "Says how many replicas must have what this connection is told, and how long it waits.",
        "GETNAME",
        "Tells this connection's name.",
        "GETREDIR",
        "Tells which connection is told what this one has cached; -1 if none is.",
        "ID",
        "Tells this connection's number.",
        "INFO",
        "Describes this connection.",
        "KILL <ip:port>",
        "Closes the connection from that address.",
        "KILL <option> <value> [<option> <value> [...]]",
        "Closes all connections that satisfy each option:"
            + " ID <id>, ADDR <ip:port>, LADDR <ip:port>, TYPE (NORMAL|MASTER|REPLICA|PUBSUB),"
            + " USER <name>, SKIPME (YES|NO).",
        "LIST [TYPE (NORMAL|MASTER|REPLICA|PUBSUB) | ID <id> [<id> ...]]",
        "Describes all connections, those of a type, or those with these numbers.",
        "NO-EVICT (ON|OFF)",
        "Keeps this connection from being closed to save memory.",
        "NO-TOUCH (ON|OFF)",
        "Keeps this connection's reads from counting as uses of the keys.",
        "PAUSE <milliseconds> [WRITE|ALL]",
        "Makes all commands wait, or those only that may change the data.",
        "REPLY (ON|OFF|SKIP)",
        "Says whether this connection wants replies, or not the next one.",
        "SETINFO (LIB-NAME|LIB-VER) <value>",
        "Tells which library this client uses.",
        "SETNAME <name>",
        "Names this connection.",
        "TRACKING (ON|OFF) [REDIRECT <id>] [BCAST] [PREFIX <prefix> [...]] [OPTIN] [OPTOUT]"
            + " [NOLOOP]",
        "Has the server tell what becomes of keys that are cached.",
        "TRACKINGINFO",
        "Tells how it does so for this connection.",
        "UNBLOCK <id> [TIMEOUT|ERROR]",
        "Ends the wait of the connection <id>, as if its time were over or with an error.",
        "UNPAUSE",
        "Ends a pause.");
  }
}
