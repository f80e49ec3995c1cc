package io.cinnabar.family;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.DeclaredCommands;
import io.cinnabar.command.Argument;
import io.cinnabar.command.ArgumentType;
import io.cinnabar.command.Command;
import io.cinnabar.command.CommandTable;
import io.cinnabar.structure.Slice;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds the arguments that Redis 7.2 documents otherwise than 7.0 does, and which therefore can't
 * be held against a 7.0 that runs beside.
 */
final class DocumentedArgumentsTest {

  private static final CommandTable TABLE = DeclaredCommands.table();

  private static final String FLUSH = "[flush-type:oneof(ASYNC async@4.0.0, SYNC sync@6.2.0)]";
  private static final String FIELD_VALUE = "key:key#0, data:block(field:string, value:string)...";
  private static final String KEY_VALUE = "data:block(key:key#0, value:string)...";

  private static final String UNIT = "unit:oneof(m m, km km, ft ft, mi mi)";
  private static final String SHAPE =
      "from:oneof(FROMMEMBER member:string,"
          + " FROMLONLAT fromlonlat:block(longitude:double, latitude:double)),"
          + " by:oneof(circle:block(BYRADIUS radius:double, "
          + UNIT
          + "), box:block(BYBOX width:double, height:double, "
          + UNIT
          + "))";
  private static final String WITH =
      "[WITHCOORD withcoord], [WITHDIST withdist], [WITHHASH withhash]";
  private static final String COUNT = "[count-block:block(COUNT count:integer, [ANY any])]";
  private static final String COUNT_OF_RADIUS =
      "[count-block:block(COUNT count:integer, [ANY any@6.2.0])]";
  private static final String ORDER = "[order:oneof(ASC asc, DESC desc)]";
  private static final String ORDER_AND_COUNT = ORDER + ", " + COUNT;
  private static final String STORE =
      ", [store:oneof(STORE storekey=key:key#1, STOREDIST storedistkey=key:key#2)]";
  private static final String RADIUS =
      "key:key#0, longitude:double, latitude:double, radius:double, " + UNIT + ", " + WITH + ", ";
  private static final String BY_MEMBER =
      "key:key#0, member:string, radius:double, " + UNIT + ", " + WITH + ", ";
  private static final String LIMIT = "[LIMIT limit:block(offset:integer, count:integer)]";
  private static final String TRIM =
      "trim:block(strategy:oneof(MAXLEN maxlen, MINID minid@6.2.0),"
          + " [operator:oneof(= equal, ~ approximately)], threshold:string,"
          + " [LIMIT count:integer@6.2.0])";

  private static final String SORT =
      "key:key#0, [BY by-pattern=pattern:pattern#1], "
          + LIMIT
          + ", [GET... get-pattern=pattern:pattern#1...], [order:oneof(ASC asc, DESC desc)],"
          + " [ALPHA sorting]";

  private static final Map<String, String> ARGUMENTS =
      Map.ofEntries(
          Map.entry(
              "hello",
              "[arguments:block(protover:integer,"
                  + " [AUTH auth:block(username:string, password:string)],"
                  + " [SETNAME clientname:string])]"),
          Map.entry("acl|cat", "[category:string]"),
          Map.entry(
              "client|kill",
              "filter:oneof(old-format=ip:port:string@..2.8.12, new-format:oneof("
                  + "[ID client-id:integer@2.8.12],"
                  + " [TYPE client-type:oneof(NORMAL normal, MASTER master@3.2.0, SLAVE slave,"
                  + " REPLICA replica@5.0.0, PUBSUB pubsub)@2.8.12],"
                  + " [USER username:string], [ADDR addr=ip:port:string],"
                  + " [LADDR laddr=ip:port:string@6.2.0],"
                  + " [SKIPME skipme:oneof(YES yes, NO no)])...)"),
          Map.entry(
              "client|list",
              "[TYPE client-type:oneof(NORMAL normal, MASTER master, REPLICA replica,"
                  + " PUBSUB pubsub)@5.0.0], [ID client-id:integer...@6.2.0]"),
          Map.entry(
              "client|commit-acks",
              "replicas:oneof(REPLICAS numreplicas:integer, OFF off, DEFAULT default),"
                  + " [TIMEOUT milliseconds:integer]"),
          Map.entry("client|reply", "action:oneof(ON on, OFF off, SKIP skip)"),
          Map.entry("client|setinfo", "attr:oneof(LIB-NAME libname:string, LIB-VER libver:string)"),
          Map.entry("flushall", FLUSH),
          Map.entry("flushdb", FLUSH),
          Map.entry(
              "shutdown",
              "[save-selector:oneof(NOSAVE nosave, SAVE save)], [NOW now@7.0.0],"
                  + " [FORCE force@7.0.0], [ABORT abort@7.0.0]"),
          Map.entry("config|get", "parameter:string..."),
          Map.entry("config|set", "data:block(parameter:string, value:string)..."),
          Map.entry(
              "bitcount",
              "key:key#0, [range:block(start:integer, end:integer,"
                  + " [unit:oneof(BYTE byte, BIT bit)@7.0.0])]"),
          Map.entry(
              "bitpos",
              "key:key#0, bit:integer, [range:block(start:integer,"
                  + " [end-unit-block:block(end:integer,"
                  + " [unit:oneof(BYTE byte, BIT bit)@7.0.0])])]"),
          Map.entry(
              "bitop",
              "operation:oneof(AND and, OR or, XOR xor, NOT not), destkey:key#0, key:key#1..."),
          Map.entry(
              "bitfield",
              "key:key#0, [operation:oneof(GET get-block:block(encoding:string, offset:integer),"
                  + " write:block([OVERFLOW overflow-block:oneof(WRAP wrap, SAT sat, FAIL fail)],"
                  + " write-operation:oneof("
                  + "SET set-block:block(encoding:string, offset:integer, value:integer),"
                  + " INCRBY incrby-block:block(encoding:string, offset:integer,"
                  + " increment:integer))))...]"),
          Map.entry(
              "bitfield_ro",
              "key:key#0, [GET... get-block:block(encoding:string, offset:integer)...]"),
          Map.entry("hset", FIELD_VALUE),
          Map.entry("hmset", FIELD_VALUE),
          Map.entry(
              "hrandfield", "key:key#0, [options:block(count:integer, [WITHVALUES withvalues])]"),
          Map.entry(
              "geoadd",
              "key:key#0, [condition:oneof(NX nx, XX xx)@6.2.0], [CH change@6.2.0],"
                  + " data:block(longitude:double, latitude:double, member:string)..."),
          Map.entry("geodist", "key:key#0, member1:string, member2:string, [" + UNIT + "]"),
          Map.entry("geohash", "key:key#0, [member:string...]"),
          Map.entry("geopos", "key:key#0, [member:string...]"),
          Map.entry("geosearch", "key:key#0, " + SHAPE + ", " + ORDER_AND_COUNT + ", " + WITH),
          Map.entry(
              "geosearchstore",
              "destination:key#0, source:key#1, "
                  + SHAPE
                  + ", "
                  + ORDER_AND_COUNT
                  + ", [STOREDIST storedist]"),
          Map.entry("georadius", RADIUS + COUNT_OF_RADIUS + ", " + ORDER + STORE),
          Map.entry("georadius_ro", RADIUS + COUNT_OF_RADIUS + ", " + ORDER),
          Map.entry("georadiusbymember", BY_MEMBER + COUNT + ", " + ORDER + STORE),
          Map.entry("georadiusbymember_ro", BY_MEMBER + COUNT + ", " + ORDER),
          Map.entry(
              "zadd",
              "key:key#0, [condition:oneof(NX nx, XX xx)@3.0.2],"
                  + " [comparison:oneof(GT gt, LT lt)@6.2.0], [CH change@3.0.2],"
                  + " [INCR increment@3.0.2], data:block(score:double, member:string)..."),
          Map.entry("sort", SORT + ", [STORE destination:key#2]"),
          Map.entry("sort_ro", SORT),
          Map.entry("zrank", "key:key#0, member:string, [WITHSCORE withscore]"),
          Map.entry("zrevrank", "key:key#0, member:string, [WITHSCORE withscore]"),
          Map.entry(
              "zrange",
              "key:key#0, start:string, stop:string,"
                  + " [sortby:oneof(BYSCORE byscore, BYLEX bylex)@6.2.0], [REV rev@6.2.0],"
                  + " [LIMIT limit:block(offset:integer, count:integer)@6.2.0],"
                  + " [WITHSCORES withscores]"),
          Map.entry(
              "zrangestore",
              "dst:key#0, src:key#1, min:string, max:string,"
                  + " [sortby:oneof(BYSCORE byscore, BYLEX bylex)], [REV rev], "
                  + LIMIT),
          Map.entry(
              "zrangebyscore",
              "key:key#0, min:double, max:double, [WITHSCORES withscores@2.0.0], " + LIMIT),
          Map.entry(
              "zrevrangebyscore",
              "key:key#0, max:double, min:double, [WITHSCORES withscores], " + LIMIT),
          Map.entry("zrangebylex", "key:key#0, min:string, max:string, " + LIMIT),
          Map.entry("zrevrangebylex", "key:key#0, max:string, min:string, " + LIMIT),
          Map.entry(
              "xadd",
              "key:key#0, [NOMKSTREAM nomkstream@6.2.0], ["
                  + TRIM
                  + "], id-selector:oneof(* auto-id, id:string),"
                  + " data:block(field:string, value:string)..."),
          Map.entry(
              "xsetid",
              "key:key#0, last-id:string, [ENTRIESADDED entries-added:integer@7.0.0],"
                  + " [MAXDELETEDID max-deleted-id:string@7.0.0]"),
          Map.entry(
              "xinfo|stream", "key:key#0, [full-block:block(FULL full, [COUNT count:integer])]"),
          Map.entry("xinfo|consumers", "key:key#0, group:string"),
          Map.entry(
              "xread",
              "[COUNT count:integer], [BLOCK milliseconds:integer],"
                  + " STREAMS streams:block(key:key#0..., id:string...)"),
          Map.entry(
              "xreadgroup",
              "GROUP group-block:block(group:string, consumer:string), [COUNT count:integer],"
                  + " [BLOCK milliseconds:integer], [NOACK noack],"
                  + " STREAMS streams:block(key:key#0..., id:string...)"),
          Map.entry(
              "xclaim",
              "key:key#0, group:string, consumer:string, min-idle-time:string, id:string...,"
                  + " [IDLE ms:integer], [TIME unix-time-milliseconds:unix-time],"
                  + " [RETRYCOUNT count:integer], [FORCE force], [JUSTID justid],"
                  + " [LASTID lastid:string]"),
          Map.entry(
              "xgroup|create",
              "key:key#0, group:string, id-selector:oneof(id:string, $ new-id),"
                  + " [MKSTREAM mkstream], [ENTRIESREAD entriesread=entries-read:integer]"),
          Map.entry(
              "xgroup|setid",
              "key:key#0, group:string, id-selector:oneof(id:string, $ new-id),"
                  + " [ENTRIESREAD entriesread=entries-read:integer]"),
          Map.entry("xgroup|destroy", "key:key#0, group:string"),
          Map.entry("xgroup|createconsumer", "key:key#0, group:string, consumer:string"),
          Map.entry("xgroup|delconsumer", "key:key#0, group:string, consumer:string"),
          Map.entry("mset", KEY_VALUE),
          Map.entry("msetnx", KEY_VALUE),
          Map.entry(
              "lcs",
              "key1:key#0, key2:key#0, [LEN len], [IDX idx],"
                  + " [MINMATCHLEN min-match-len:integer], [WITHMATCHLEN withmatchlen]"),
          Map.entry("command|getkeys", "command:string, [arg:string...]"),
          Map.entry("command|getkeysandflags", "command:string, [arg:string...]"));

  @ParameterizedTest
  @MethodSource("names")
  void areThoseOf72(String name) {
    Command command = TABLE.findFullName(Slice.of(name));
    assertThat(command).isNotNull();
    assertThat(list(command == null ? List.of() : command.arguments()))
        .isEqualTo(ARGUMENTS.get(name));
  }

  static Stream<String> names() {
    return ARGUMENTS.keySet().stream().sorted();
  }

  private static String list(List<Argument> arguments) {
    return arguments.stream().map(DocumentedArgumentsTest::shown).collect(Collectors.joining(", "));
  }

  private static String shown(Argument argument) {
    StringBuilder text = new StringBuilder();
    if (argument.token() != null) {
      text.append(argument.token()).append(argument.multipleToken() ? "... " : " ");
    }
    text.append(argument.name());
    if (!argument.displayText().equals(argument.name())) {
      text.append('=').append(argument.displayText());
    }
    if (argument.type() != ArgumentType.PURE_TOKEN) {
      text.append(':').append(argument.type().word());
    }
    if (!argument.children().isEmpty()) {
      text.append('(').append(list(argument.children())).append(')');
    }
    text.append(argument.keySpecIndex() < 0 ? "" : "#" + argument.keySpecIndex());
    text.append(argument.multiple() ? "..." : "");
    text.append(argument.since() == null ? "" : "@" + argument.since());
    text.append(argument.deprecatedSince() == null ? "" : "@.." + argument.deprecatedSince());
    return argument.optional() ? "[" + text + "]" : text.toString();
  }
}
