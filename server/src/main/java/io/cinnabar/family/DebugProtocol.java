package io.cinnabar.family;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.resp.ReplyWriter;
import java.util.Locale;

/** DEBUG PROTOCOL and DEBUG ERROR: replies of every type, for tests of clients. */
final class DebugProtocol {

  private static final CommandError NOT_IN_RESP2 =
      new CommandError("ERR RESP2 is not supported by this command");
  private static final CommandError NO_TYPE =
      new CommandError(
          "ERR Wrong protocol type name. Please use one of the following:"
              + " string|integer|double|bignum|null|array|set|map|attrib|push|verbatim|true|false");

  private static final int ELEMENTS = 3;

  private DebugProtocol() {}

  static void sample(Call call) {
    ReplyWriter reply = call.reply();
    switch (call.argText(2).toLowerCase(Locale.ROOT)) {
      case "string" -> reply.bulk("Hello World");
      case "integer" -> reply.integer(12_345);
      case "double" -> reply.doubleValue(3.141);
      case "bignum" -> reply.bigNumber("1234567999999999999999999999999999999");
      case "null" -> reply.nullBulk();
      case "array" -> {
        reply.array(ELEMENTS);
        numbers(reply);
      }
      case "set" -> {
        reply.set(ELEMENTS);
        numbers(reply);
      }
      case "map" -> map(reply);
      case "attrib" -> attribute(reply);
      case "push" -> push(reply);
      case "verbatim" -> reply.verbatim("txt", "This is a verbatim\nstring");
      case "true" -> reply.bool(true);
      case "false" -> reply.bool(false);
      default -> throw NO_TYPE;
    }
  }

  private static void numbers(ReplyWriter reply) {
    for (int i = 0; i < ELEMENTS; i++) {
      reply.integer(i);
    }
  }

  private static void map(ReplyWriter reply) {
    reply.map(ELEMENTS);
    for (int i = 0; i < ELEMENTS; i++) {
      reply.integer(i);
      reply.bool(i == 1);
    }
  }

  private static void attribute(ReplyWriter reply) {
    if (reply.resp3()) {
      reply.attribute(1);
      reply.bulk("key-popularity");
      reply.array(2);
      reply.bulk("key:123");
      reply.integer(90);
    }
    reply.bulk("Some real reply following the attribute");
  }

  private static void push(ReplyWriter reply) {
    if (!reply.resp3()) {
      throw NOT_IN_RESP2;
    }
    reply.push(2);
    reply.bulk("server-cpu-usage");
    reply.integer(42);
    // A push is no reply: without one behind it the client would wait for ever.
    reply.bulk("Some real reply following the push reply");
  }

  /** The error is the client's own wish, which is why the statistics don't count it. */
  static void error(Call call) {
    String line = new String(call.arg(2).toByteArray(), ISO_8859_1);
    call.reply().error(line.replace('\r', ' ').replace('\n', ' '));
  }
}
