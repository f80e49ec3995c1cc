package io.cinnabar.family;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.Session;
import io.cinnabar.command.Version;
import io.cinnabar.resp.ReplyWriter;
import io.cinnabar.structure.IntegerText;
import io.cinnabar.structure.Slice;

/** HELLO: chooses the protocol, and may log in and name the connection with the same words. */
final class HelloCommand {

  private static final CommandError NOT_A_VERSION =
      new CommandError("ERR Protocol version is not an integer or out of range");
  private static final CommandError UNSUPPORTED_VERSION =
      new CommandError("NOPROTO unsupported protocol version");
  private static final CommandError LOGIN_FIRST =
      new CommandError(
          "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO"
              + " <proto> AUTH <user> <pass> option can be used to authenticate the client and"
              + " select the RESP protocol version at the same time");

  private static final int FIELDS = 7;

  private HelloCommand() {}

  static void run(Call call) {
    Session session = call.session();
    boolean resp3 = call.argCount() > 1 ? isVersion3(call.arg(1)) : session.isResp3();
    int authAt = 0;
    int nameAt = 0;
    for (int i = 2; i < call.argCount(); i++) {
      int left = call.argCount() - 1 - i;
      if (call.isWord(i, "auth") && left >= 2) {
        authAt = i;
        call.redact(i + 1);
        call.redact(i + 2);
        i += 2;
      } else if (call.isWord(i, "setname") && left >= 1) {
        nameAt = ++i;
        ClientAttribute.checkName(call.arg(i));
      } else {
        throw new CommandError("ERR Syntax error in HELLO option '" + call.argText(i) + "'");
      }
    }
    if (authAt > 0) {
      call.engine().access().logIn(call, call.arg(authAt + 1), call.arg(authAt + 2));
    }
    if (!session.isAuthenticated()) {
      throw LOGIN_FIRST;
    }
    if (nameAt > 0) {
      session.names().own(call.arg(nameAt).toByteArray());
    }
    session.resp3(resp3);
    reply(call, resp3);
  }

  private static boolean isVersion3(Slice version) {
    if (!IntegerText.isLong(version)) {
      throw NOT_A_VERSION;
    }
    long number = IntegerText.toLong(version);
    if (number != 2 && number != 3) {
      throw UNSUPPORTED_VERSION;
    }
    return number == 3;
  }

  private static void reply(Call call, boolean resp3) {
    ReplyWriter reply = call.reply();
    reply.target(reply.buffer(), resp3);
    reply.map(FIELDS);
    reply.bulk("server");
    reply.bulk("redis");
    reply.bulk("version");
    reply.bulk(Version.REDIS);
    reply.bulk("proto");
    reply.integer(resp3 ? 3 : 2);
    reply.bulk("id");
    reply.integer(call.session().id());
    reply.bulk("mode");
    reply.bulk("standalone");
    reply.bulk("role");
    reply.bulk("master");
    reply.bulk("modules");
    reply.array(0);
  }
}
