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
  private static final String KEY_VALUE = "data:block(key:key#0, value:string)...";

  private static final Map<String, String> ARGUMENTS =
      Map.ofEntries(
          Map.entry(
              "hello",
              "[arguments:block(protover:integer,"
                  + " [AUTH auth:block(username:string, password:string)],"
                  + " [SETNAME clientname:string])]"),
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
