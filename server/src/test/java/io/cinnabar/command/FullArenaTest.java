package io.cinnabar.command;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.DeclaredCommands;
import io.cinnabar.TestServer;
import io.cinnabar.arena.Arena;
import io.cinnabar.arena.ShortArena;
import io.cinnabar.keyspace.FrozenKeyspace;
import io.cinnabar.structure.Slice;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Every command that writes, with an arena that is full before its first block, before its second,
 * and so on, for one block or for all that come: what fails has changed nothing and told nobody,
 * and what succeeds nevertheless has done the same as with memory enough. With a view open, when
 * whatever is changed has to be copied first, and without.
 */
final class FullArenaTest {

  private static final String FULL = "-" + CommandError.OUT_OF_MEMORY.line() + "\r\n";
  private static final CommandTable DECLARED = DeclaredCommands.table();

  /** Write commands that take no block. */
  private static final Set<String> OTHERS = Set.of("flushall", "flushdb", "swapdb");

  /** Those that need more memory for the key that they leave behind, and yet run without it. */
  private static final Set<String> LARGER =
      Set.of(
          "expire",
          "expireat",
          "pexpire",
          "pexpireat",
          "getex",
          "hgetex",
          "rename",
          "renamenx",
          "move",
          "smove",
          "xgroup|create",
          "xgroup|createconsumer",
          "xreadgroup",
          "xclaim",
          "xautoclaim");

  private final TestServer server = TestServer.start("enable-debug-command yes");
  private final Followed followed = Followed.by(server);
  private final Arena arena = server.engine().keyspace().arena();
  private final KeyMaker keys = new KeyMaker(server);
  private final List<String> faults = new ArrayList<>();

  @Test
  void whatFailsHasChangedNothing() {
    for (String line : lines()) {
      boolean hasFailed = check(line, false);
      // Whoever has no memory left can delete.
      Command command = command(line);
      if (hasFailed && !command.has(CommandFlag.DENYOOM) && !LARGER.contains(command.fullName())) {
        faults.add(line + " needs memory");
      }
    }
    assertThat(faults).isEmpty();
  }

  @Test
  void whatFailsHasChangedNothingWhileAViewIsOpen() {
    for (String line : lines()) {
      boolean hasFailed = check(line, true);
      if (!hasFailed && command(line).has(CommandFlag.WRITE)) {
        faults.add(line + " writes into the view");
      }
    }
    assertThat(faults).isEmpty();
  }

  @Test
  void everyWriteCommandIsTried() {
    Set<String> tried =
        lines().stream().map(each -> command(each).fullName()).collect(Collectors.toSet());
    Set<String> missing = new TreeSet<>();
    DECLARED.commands().forEach(each -> addMissing(each, tried, missing));
    missing.removeAll(OTHERS);
    assertThat(missing).isEmpty();
  }

  private static void addMissing(Command command, Set<String> tried, Set<String> missing) {
    if (command.isContainer()) {
      command.subcommands().forEach(each -> addMissing(each, tried, missing));
    } else if (command.has(CommandFlag.WRITE) && !tried.contains(command.fullName())) {
      missing.add(command.fullName());
    }
  }

  /** The command of a line. */
  private static Command command(String line) {
    String[] words = KeyMaker.split(line);
    Command command = DECLARED.find(Slice.of(words[0]));
    if (command != null && command.isContainer()) {
      command = DECLARED.findSubcommand(command, Slice.of(words[1]));
    }
    if (command == null) {
      throw new IllegalArgumentException(line);
    }
    return command;
  }

  /**
   * They are not there for those who read, and go when there is memory for the copy of a segment.
   */
  @Test
  void expiredKeysStayWhileAViewTakesTheLastMemory() {
    server.send("SET", "a", "v", "PX", "10");
    server.send("SET", "b", "v", "PX", "10");
    server.send("HSET", "h", "f", "v");
    server.send("HPEXPIRE", "h", "10", "FIELDS", "1", "f");
    server.send("SET", "c", "v");
    followed.take();
    try (FrozenKeyspace view = server.engine().keyspace().freeze()) {
      ShortArena.refuse(arena, 0, Long.MAX_VALUE);
      server.advance(Duration.ofMillis(500));
      assertThat(server.send("GET", "a")).isEqualTo("$-1\r\n");
      assertThat(server.send("HGET", "h", "f")).isEqualTo("$-1\r\n");
      assertThat(server.send("SET", "a", "w")).isEqualTo(FULL);
      assertThat(server.send("EXISTS", "a", "b", "c")).isEqualTo(":1\r\n");
      assertThat(server.send("RANDOMKEY")).startsWith("$1");
      assertThat(server.send("RENAME", "b", "d")).isEqualTo(FULL);
      assertThat(server.send("PERSIST", "b")).isEqualTo(FULL);
      assertThat(server.send("DBSIZE")).isEqualTo(":4\r\n");
      assertThat(followed.take()).isEmpty();
      assertThat(view.size(0)).isEqualTo(4);
      ShortArena.refuseNone(arena);
    }
    server.advance(Duration.ofMillis(1500));
    assertThat(server.send("DBSIZE")).isEqualTo(":1\r\n");
    assertThat(followed.take()).hasSize(3);
    assertThat(server.logLines()).noneMatch(line -> line.contains("emory"));
    server.engine().keyspace().validate();
  }

  /** A limit that is exceeded while a view keeps what goes. */
  @Test
  void evictionEndsWhereAViewTakesTheLastMemory() {
    for (int i = 0; i < 100; i++) {
      server.send("SET", "key" + i, "v".repeat(1000));
    }
    server.send("CONFIG", "SET", "maxmemory-eviction-tenacity", "100");
    server.send("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
    try (FrozenKeyspace view = server.engine().keyspace().freeze()) {
      ShortArena.refuse(arena, 0, Long.MAX_VALUE);
      server.send("CONFIG", "SET", "maxmemory", "9500000");
      server.advance(Duration.ofMillis(500));
      assertThat(server.send("SET", "key", "v")).isEqualTo(FULL);
      assertThat(server.send("DBSIZE")).isEqualTo(":100\r\n");
      ShortArena.refuseNone(arena);
      assertThat(view.size(0)).isEqualTo(100);
    }
    assertThat(server.send("SET", "key", "v")).isEqualTo("+OK\r\n");
    assertThat(server.engine().keyspace().database(0).size()).isLessThan(100);
    server.engine().keyspace().validate();
  }

  /** Tries a line; whether it failed for want of memory now and then. */
  private boolean check(String line, boolean hasView) {
    String[] words = keys.words(line);
    keys.make(line, words);
    String before = keys.state();
    Outcome wanted = new Outcome(server.send(words), keys.state());
    assertThat(wanted.reply).as(line).doesNotStartWith("-");
    boolean hasFailed = false;
    for (long refused : new long[] {1, Long.MAX_VALUE}) {
      boolean isMade = false;
      for (int free = 0; ; free += 1 + free / 8) {
        if (!isMade) {
          keys.make(line, words);
        }
        followed.take();
        Outcome outcome = attempt(words, hasView, free, refused);
        if (outcome == null) {
          break;
        }
        server.engine().keyspace().validate();
        boolean failed = outcome.reply.equals(FULL);
        String fault =
            failed
                ? outcome.faultOfFailure(before, followed.take())
                : outcome.fault(wanted, words[0]);
        if (!fault.isEmpty()) {
          faults.add(line + ", " + free + " free, " + refused + " refused: " + fault);
        }
        hasFailed |= failed;
        isMade = failed && fault.isEmpty();
      }
    }
    return hasFailed;
  }

  /** Runs a command for which only {@code free} blocks are left; null if they were enough. */
  private @Nullable Outcome attempt(String[] words, boolean hasView, int free, long refused) {
    FrozenKeyspace view = hasView ? server.engine().keyspace().freeze() : null;
    ShortArena.refuse(arena, free, refused);
    String reply = server.send(words);
    boolean wereEnough = ShortArena.refuseNone(arena) == refused;
    if (view != null) {
      view.close();
    }
    return wereEnough ? null : new Outcome(reply, keys.state());
  }

  /** What a command has replied, and what there is behind it. */
  private record Outcome(String reply, String state) {

    String faultOfFailure(String before, List<String> told) {
      return state.equals(before) && told.isEmpty()
          ? ""
          : "failed, told " + told + ", and left " + differences(before, state);
    }

    /** What is otherwise than with memory enough. */
    String fault(Outcome wanted, String name) {
      if (!reply.equals(wanted.reply)) {
        return "replied " + reply + " not " + wanted.reply;
      }
      // The number that PFCOUNT keeps for the next time may be lost.
      return state.equals(wanted.state) || name.equals("PFCOUNT")
          ? ""
          : "left " + differences(wanted.state, state);
    }

    private static String differences(String expected, String actual) {
      List<String> lines = new ArrayList<>(actual.lines().toList());
      lines.removeAll(expected.lines().toList());
      return lines.isEmpty() ? "less" : lines.toString();
    }
  }

  private static List<String> lines() {
    try (InputStream bytes = FullArenaTest.class.getResourceAsStream("writes.txt")) {
      if (bytes == null) {
        throw new IllegalStateException("writes.txt is missing");
      }
      return new String(bytes.readAllBytes(), ISO_8859_1)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
