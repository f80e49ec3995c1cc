package io.cinnabar.family;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.Session;
import io.cinnabar.command.Sessions;
import io.cinnabar.command.User;
import io.cinnabar.structure.IntegerText;
import io.cinnabar.structure.Slice;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * CLIENT KILL: closes connections, either the one from an address or all that pass each of some
 * filters. The connection that asks is closed after the reply, if it is among them.
 */
final class ClientKill {

  private static final CommandError NO_SUCH_CLIENT = new CommandError("ERR No such client");
  private static final CommandError BAD_ID =
      new CommandError("ERR client-id should be greater than 0");

  /** No client has it: the first is 1. */
  private static final long ANY_ID = 0;

  private long id = ANY_ID;
  private @Nullable String address;
  private @Nullable String localAddress;
  private @Nullable ClientType type;
  private @Nullable User user;
  private boolean skipMe = true;

  private ClientKill() {}

  static void run(Call call) {
    if (call.argCount() == 3) {
      killByAddress(call);
    } else {
      killFiltered(call);
    }
  }

  private static void killByAddress(Call call) {
    ClientKill filter = new ClientKill();
    filter.address = call.arg(2).toString();
    filter.skipMe = false;
    if (filter.kill(call) == 0) {
      throw NO_SUCH_CLIENT;
    }
    call.reply().ok();
  }

  private static void killFiltered(Call call) {
    ClientKill filter = new ClientKill();
    for (int i = 2; i < call.argCount(); i += 2) {
      if (i + 1 == call.argCount()) {
        throw CommandError.SYNTAX;
      }
      filter.add(call, i);
    }
    call.reply().integer(filter.kill(call));
  }

  private void add(Call call, int option) {
    int value = option + 1;
    if (call.isWord(option, "id")) {
      id = positive(call.arg(value));
    } else if (call.isWord(option, "type")) {
      type = ClientType.named(call, value);
    } else if (call.isWord(option, "addr")) {
      address = call.arg(value).toString();
    } else if (call.isWord(option, "laddr")) {
      localAddress = call.arg(value).toString();
    } else if (call.isWord(option, "user")) {
      user = call.engine().access().find(call.arg(value));
      if (user == null) {
        throw new CommandError("ERR No such user '" + call.argText(value) + "'");
      }
    } else if (call.isWord(option, "skipme") && isYesOrNo(call, value)) {
      skipMe = call.isWord(value, "yes");
    } else {
      throw CommandError.SYNTAX;
    }
  }

  private static long positive(Slice text) {
    if (!IntegerText.isLong(text) || IntegerText.toLong(text) < 1) {
      throw BAD_ID;
    }
    return IntegerText.toLong(text);
  }

  private static boolean isYesOrNo(Call call, int index) {
    return call.isWord(index, "yes") || call.isWord(index, "no");
  }

  private int kill(Call call) {
    Session self = call.session();
    Sessions sessions = call.engine().sessions();
    List<Session> found = new ArrayList<>();
    for (Session session : sessions.all()) {
      if (matches(session) && !(skipMe && session.equals(self))) {
        found.add(session);
      }
    }
    for (Session session : found) {
      if (session.equals(self)) {
        session.closeAfterReply();
      } else {
        session.close();
      }
    }
    return found.size();
  }

  private boolean matches(Session session) {
    return (type == null || type == ClientType.of(session))
        && (user == null || user.equals(session.user()))
        && (id == ANY_ID || session.id() == id)
        && (address == null || address.equals(session.connection().remoteAddress()))
        && (localAddress == null || localAddress.equals(session.connection().localAddress()));
  }
}
