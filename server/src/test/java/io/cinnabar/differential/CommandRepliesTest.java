package io.cinnabar.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.DeclaredCommands;
import io.cinnabar.command.CommandTable;
import io.cinnabar.family.CommandDocsReply;
import io.cinnabar.family.CommandInfoReply;
import io.cinnabar.resp.ReplyBuffer;
import io.cinnabar.resp.ReplyWriter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds COMMAND INFO and COMMAND DOCS of each declared command against those of a real
 * redis-server, field by field and in its order. What Redis 7.2 changed since the version that is
 * compared with stands in the lists below. What is prose is in our own words: of a complexity its
 * first term is compared, of the history the versions, of notes only that there are some.
 */
final class CommandRepliesTest {

  /** Not in Redis 7.0. */
  private static final Set<String> NEW =
      Set.of(
          "client|commit-acks",
          "client|no-touch",
          "client|setinfo",
          "cluster|myshardid",
          "hexpire",
          "hexpireat",
          "hexpiretime",
          "hgetdel",
          "hgetex",
          "hpersist",
          "hpexpire",
          "hpexpireat",
          "hpexpiretime",
          "hpttl",
          "hsetex",
          "httl",
          "waitaof");

  /** Other flags, tips, arity or key specifications in 7.2, which CommandInfoTest holds. */
  private static final Set<String> OTHER_INFO =
      Set.of(
          "acl|deluser",
          "acl|save",
          "acl|setuser",
          "blmove",
          "blpop",
          "brpop",
          "brpoplpush",
          "bzpopmax",
          "bzpopmin",
          "client|setname",
          "cluster|shards",
          "cluster|slots",
          "command|getkeys",
          "command|getkeysandflags",
          "config|resetstat",
          "config|rewrite",
          "latency|reset",
          "msetnx",
          "randomkey",
          "scan",
          "wait",
          "zrank",
          "zrevrank");

  private static final Set<String> DEPRECATION =
      Set.of("doc_flags", "deprecated_since", "replaced_by");

  private static final Set<String> ARGUMENTS = Set.of("arguments");

  /** It takes as long as it takes here. */
  private static final Set<String> COMPLEXITY = Set.of("complexity");

  /** Fields that differ in 7.2; DocumentedArgumentsTest holds the arguments. */
  private static final Map<String, Set<String>> OTHER_DOCS =
      Map.ofEntries(
          Map.entry("quit", DEPRECATION),
          Map.entry("setnx", DEPRECATION),
          Map.entry("setex", DEPRECATION),
          Map.entry("psetex", DEPRECATION),
          Map.entry("hello", ARGUMENTS),
          Map.entry("client|kill", ARGUMENTS),
          Map.entry("client|unblock", ARGUMENTS),
          Map.entry("client|pause", Set.of("since", "history")),
          Map.entry("pfmerge", ARGUMENTS),
          Map.entry("pfdebug", COMPLEXITY),
          Map.entry("monitor", COMPLEXITY),
          Map.entry("memory|doctor", COMPLEXITY),
          Map.entry("memory|malloc-stats", COMPLEXITY),
          Map.entry("memory|purge", COMPLEXITY),
          Map.entry("memory|stats", COMPLEXITY),
          Map.entry("memory|usage", COMPLEXITY),
          Map.entry("client|list", ARGUMENTS),
          Map.entry("client|reply", ARGUMENTS),
          Map.entry("flushall", ARGUMENTS),
          Map.entry("flushdb", ARGUMENTS),
          Map.entry("shutdown", ARGUMENTS),
          Map.entry("config|get", ARGUMENTS),
          Map.entry("config|set", ARGUMENTS),
          Map.entry("bitcount", ARGUMENTS),
          Map.entry("bitpos", ARGUMENTS),
          Map.entry("bitop", ARGUMENTS),
          Map.entry("bitfield", ARGUMENTS),
          Map.entry("bitfield_ro", ARGUMENTS),
          Map.entry("sort", ARGUMENTS),
          Map.entry("sort_ro", ARGUMENTS),
          Map.entry("geoadd", ARGUMENTS),
          Map.entry("geodist", ARGUMENTS),
          Map.entry("geohash", ARGUMENTS),
          Map.entry("geopos", ARGUMENTS),
          Map.entry("georadius", ARGUMENTS),
          Map.entry("georadius_ro", ARGUMENTS),
          Map.entry("georadiusbymember", ARGUMENTS),
          Map.entry("georadiusbymember_ro", ARGUMENTS),
          Map.entry("geosearch", ARGUMENTS),
          Map.entry("geosearchstore", ARGUMENTS),
          Map.entry("hset", ARGUMENTS),
          Map.entry("hmset", ARGUMENTS),
          Map.entry("hscan", Set.of("arguments", "history")),
          Map.entry("zadd", ARGUMENTS),
          Map.entry("zrange", ARGUMENTS),
          Map.entry("zrangestore", ARGUMENTS),
          Map.entry("zrangebyscore", ARGUMENTS),
          Map.entry("zrevrangebyscore", ARGUMENTS),
          Map.entry("zrangebylex", ARGUMENTS),
          Map.entry("zrevrangebylex", ARGUMENTS),
          Map.entry("zrank", Set.of("arguments", "history")),
          Map.entry("zrevrank", Set.of("arguments", "history")),
          Map.entry("mset", ARGUMENTS),
          Map.entry("msetnx", ARGUMENTS),
          Map.entry("lcs", ARGUMENTS),
          Map.entry("xadd", ARGUMENTS),
          Map.entry("xsetid", ARGUMENTS),
          Map.entry("xread", ARGUMENTS),
          Map.entry("xreadgroup", ARGUMENTS),
          Map.entry("xclaim", ARGUMENTS),
          Map.entry("xgroup|create", ARGUMENTS),
          Map.entry("acl|cat", ARGUMENTS),
          Map.entry("acl|log", Set.of("history")),
          Map.entry("xgroup|setid", ARGUMENTS),
          Map.entry("xgroup|destroy", ARGUMENTS),
          Map.entry("xgroup|createconsumer", ARGUMENTS),
          Map.entry("xgroup|delconsumer", ARGUMENTS),
          Map.entry("xinfo|stream", Set.of("arguments", "history")),
          Map.entry("xinfo|consumers", Set.of("arguments", "history")),
          Map.entry("command|getkeys", ARGUMENTS),
          Map.entry("command|getkeysandflags", ARGUMENTS));

  private static RealRedis redis;
  private static RespClient client;

  private final ReplyBuffer buffer = new ReplyBuffer();
  private final ReplyWriter writer = new ReplyWriter();

  @BeforeAll
  static void connect() throws IOException {
    redis = RealRedis.start("redis");
    client = RespClient.connect(redis.subject());
  }

  @AfterAll
  static void disconnect() {
    client.close();
    redis.close();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void infoIsAsInRedis(io.cinnabar.command.Command command) throws IOException {
    if (command.isContainer()
        || NEW.contains(command.fullName())
        || OTHER_INFO.contains(command.fullName())) {
      return;
    }
    for (int protocol = 2; protocol <= 3; protocol++) {
      client.call(Command.of("HELLO", String.valueOf(protocol)));
      Frame theirs = client.call(Command.of("COMMAND", "INFO", command.fullName()));
      Frame ours =
          ours(
              protocol == 3,
              reply -> {
                reply.array(1);
                CommandInfoReply.write(reply, command);
              });
      if (command.keySpecs().stream().anyMatch(spec -> spec.notes() != null)) {
        assertThat(withoutProse(ours.reply()))
            .as("RESP%d", protocol)
            .isEqualTo(withoutProse(theirs.reply()));
      } else {
        assertThat(ours.bytes()).as("RESP%d", protocol).isEqualTo(theirs.bytes());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("commands")
  void docsAreAsInRedis(io.cinnabar.command.Command command) throws IOException {
    if (NEW.contains(command.fullName())) {
      return;
    }
    client.call(Command.of("HELLO", "3"));
    Reply theirs = client.call(Command.of("COMMAND", "DOCS", command.fullName())).reply();
    Reply ours =
        ours(
                true,
                reply -> {
                  reply.map(1);
                  CommandDocsReply.write(reply, command);
                })
            .reply();
    Set<String> changed = OTHER_DOCS.getOrDefault(command.fullName(), Set.of());
    assertThat(withoutProse(comparable(ours, changed)))
        .isEqualTo(
            withoutProse(comparable(theirs.mapped(CommandRepliesTest::withDisplayText), changed)));
  }

  private static String withoutProse(Reply reply) {
    return reply.mapped(CommandRepliesTest::fieldsWithoutProse).toString();
  }

  /** Maps are arrays in RESP2, so a field is whatever follows its name. */
  private static Reply fieldsWithoutProse(Reply part) {
    List<Reply> elements = new ArrayList<>(part.elements());
    for (int i = 0; i + 1 < elements.size(); i++) {
      Reply value = elements.get(i + 1);
      switch (elements.get(i).text()) {
        case "notes" -> elements.set(i + 1, Reply.leaf(value.kind(), "(prose)"));
        case "complexity" -> elements.set(i + 1, Reply.leaf(value.kind(), firstTerm(value.text())));
        case "history" -> elements.set(i + 1, value.mapped(CommandRepliesTest::versionOnly));
        default -> {}
      }
    }
    return new Reply(part.kind(), part.text(), elements);
  }

  private static String firstTerm(String complexity) {
    return complexity.startsWith("O(") ? complexity.substring(0, complexity.indexOf(')') + 1) : "";
  }

  private static Reply versionOnly(Reply part) {
    return part.kind() == Reply.Kind.ARRAY
        ? Reply.aggregate(part.kind(), List.of(part.elements().get(0)))
        : part;
  }

  static Stream<io.cinnabar.command.Command> commands() {
    CommandTable table = DeclaredCommands.table();
    return table.commands().stream()
        .flatMap(command -> Stream.concat(Stream.of(command), command.subcommands().stream()));
  }

  /**
   * Leaves out what changed, the summary, which is our own, and subcommands, which come by
   * themselves.
   */
  private static Reply comparable(Reply docs, Set<String> changed) {
    Reply map = docs.elements().get(1);
    List<Reply> kept = new ArrayList<>();
    for (int i = 0; i < map.elements().size(); i += 2) {
      String field = map.elements().get(i).text();
      if (!changed.contains(field) && !field.equals("summary") && !field.equals("subcommands")) {
        kept.addAll(map.elements().subList(i, i + 2));
      }
    }
    return Reply.aggregate(
        Reply.Kind.MAP, List.of(docs.elements().get(0), Reply.aggregate(Reply.Kind.MAP, kept)));
  }

  /** Redis 7.2 shows a text to display for each argument that isn't made of others. */
  private static Reply withDisplayText(Reply part) {
    List<Reply> elements = part.elements();
    if (part.kind() != Reply.Kind.MAP
        || elements.size() < 4
        || !elements.get(2).text().equals("type")
        || Set.of("oneof", "block").contains(elements.get(3).text())) {
      return part;
    }
    List<Reply> changed = new ArrayList<>(elements);
    changed.addAll(4, List.of(Reply.leaf(Reply.Kind.BULK_STRING, "display_text"), elements.get(1)));
    return Reply.aggregate(Reply.Kind.MAP, changed);
  }

  private Frame ours(boolean resp3, Consumer<ReplyWriter> reply) throws IOException {
    buffer.reset();
    writer.target(buffer, resp3);
    reply.accept(writer);
    InetAddress here = InetAddress.getLoopbackAddress();
    try (ServerSocket listener = new ServerSocket(0, 1, here);
        RespClient reader =
            RespClient.connect(here.getHostAddress(), listener.getLocalPort(), 5_000);
        Socket socket = listener.accept()) {
      socket.getOutputStream().write(buffer.array(), 0, buffer.size());
      return reader.receive();
    }
  }
}
