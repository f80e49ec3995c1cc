package io.cinnabar.family;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.DeclaredCommands;
import io.cinnabar.command.AclCategory;
import io.cinnabar.command.Command;
import io.cinnabar.command.CommandFlag;
import io.cinnabar.command.KeyFlag;
import io.cinnabar.command.KeySpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds each declaration against what a running Redis 7.2.4 said of the command. */
final class CommandInfoTest {

  private static final String NOTES = "(prose)";

  private static final Map<String, Map<?, ?>> RECORDED = recorded();

  /** Of later releases than the record, or of no release. */
  private static final Set<String> NEWER =
      Set.of(
          "client|commit-acks",
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
          "httl");

  @ParameterizedTest
  @MethodSource("commands")
  void isDeclaredAsInRedis(Command command) {
    assertThat(RECORDED).containsKey(command.fullName());
    Map<?, ?> recorded = RECORDED.getOrDefault(command.fullName(), Map.of());
    Map<String, Object> declared = new LinkedHashMap<>();
    declared.put("name", command.fullName());
    declared.put("arity", command.arity());
    declared.put("flags", flags(command));
    declared.put("keys", List.of(command.firstKey(), command.lastKey(), command.keyStep()));
    declared.put("acl", categories(command));
    declared.put("tips", command.tips());
    declared.put("keyspecs", command.keySpecs().stream().map(CommandInfoTest::keySpec).toList());
    for (Map.Entry<String, Object> entry : declared.entrySet()) {
      assertThat(entry.getValue())
          .as("%s of %s", entry.getKey(), command)
          .isEqualTo(withoutNotes(recorded.get(entry.getKey())));
    }
  }

  /** Notes are in our own words; only where there are some is compared. */
  private static @Nullable Object withoutNotes(@Nullable Object part) {
    if (part instanceof List<?> list) {
      return list.stream().map(CommandInfoTest::withoutNotes).toList();
    }
    if (part instanceof Map<?, ?> map) {
      Map<Object, Object> changed = new HashMap<>(map);
      changed.replaceAll((key, value) -> key.equals("notes") ? NOTES : value);
      return changed;
    }
    return part;
  }

  static Stream<Command> commands() {
    return DeclaredCommands.table().commands().stream()
        .flatMap(command -> Stream.concat(Stream.of(command), command.subcommands().stream()))
        .filter(command -> !NEWER.contains(command.fullName()));
  }

  private static List<String> flags(Command command) {
    return Stream.of(CommandFlag.values())
        .filter(command::has)
        .map(CommandFlag::word)
        .sorted()
        .toList();
  }

  private static List<String> categories(Command command) {
    return Stream.of(AclCategory.values())
        .filter(command::in)
        .map(AclCategory::atWord)
        .sorted()
        .toList();
  }

  private static Map<String, Object> keySpec(KeySpec spec) {
    Map<String, Object> map = new HashMap<>();
    if (spec.notes() != null) {
      map.put("notes", NOTES);
    }
    Set<String> flags = new TreeSet<>();
    for (KeyFlag flag : KeyFlag.values()) {
      if (spec.has(flag)) {
        flags.add(flag.word());
      }
    }
    map.put("flags", List.copyOf(flags));
    map.put("begin_search", typed(spec.begin().name(), beginning(spec)));
    map.put("find_keys", typed(spec.find().name(), finding(spec)));
    return map;
  }

  private static Map<String, Object> beginning(KeySpec spec) {
    return switch (spec.begin()) {
      case INDEX -> Map.of("index", spec.beginIndex());
      case KEYWORD -> Map.of("keyword", spec.keyword(), "startfrom", spec.beginIndex());
      case UNKNOWN -> Map.of();
    };
  }

  private static Map<String, Object> finding(KeySpec spec) {
    return switch (spec.find()) {
      case RANGE -> Map.of("lastkey", spec.first(), "keystep", spec.step(), "limit", spec.second());
      case KEYNUM ->
          Map.of("keynumidx", spec.first(), "firstkey", spec.second(), "keystep", spec.step());
      case UNKNOWN -> Map.of();
    };
  }

  private static Map<String, Object> typed(String type, Map<String, Object> spec) {
    return Map.of("type", type.toLowerCase(Locale.ROOT), "spec", spec);
  }

  private static Map<String, Map<?, ?>> recorded() {
    try (InputStream bytes =
        CommandInfoTest.class.getResourceAsStream("/redis-7.2.4/command-info.json")) {
      Object json = Json.parse(new String(bytes.readAllBytes(), StandardCharsets.UTF_8));
      Map<String, Map<?, ?>> recorded = new HashMap<>();
      collect((List<?>) json, recorded);
      return recorded;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void collect(List<?> commands, Map<String, Map<?, ?>> into) {
    for (Object element : commands) {
      Map<?, ?> command = (Map<?, ?>) element;
      into.put((String) command.get("name"), command);
      if (command.get("subcommands") instanceof List<?> subcommands) {
        collect(subcommands, into);
      }
    }
  }
}
