package io.cinnabar.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import io.cinnabar.TestServer.Client;
import io.cinnabar.command.Change;
import io.cinnabar.command.Followed;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds what followers are told against what a redis-server writes to its append-only file. */
final class PropagationDifferentialTest {

  private static final int RANDOM_COMMANDS = 20_000;
  private static final int BATCH = 100;

  /** The two servers' clocks are as far apart as it takes to run the commands. */
  private static final long CLOCKS_APART_MILLIS = 30_000;

  @TempDir private Path folder;
  private RealRedis redis;
  private RespClient theirs;
  private final TestServer server = TestServer.start("enable-debug-command yes");
  private final Client ours = server.connect();
  private final List<List<List<String>>> told = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    redis = RealRedis.start("redis with a file", AppendOnlyFile.options(folder));
    theirs = RespClient.connect(redis.subject());
    server.engine().unit().listen(this::collect);
    server.host().time().setInstant(Instant.now());
  }

  @AfterEach
  void stop() {
    theirs.close();
    redis.close();
  }

  private void collect(Change change) {
    List<List<String>> commands = new ArrayList<>();
    for (Change.Propagated command : change.commands()) {
      List<String> words = new ArrayList<>(List.of(String.valueOf(command.database())));
      words.addAll(Followed.words(command));
      commands.add(words);
    }
    if (!commands.isEmpty()) {
      told.add(commands);
    }
  }

  private void run(List<Command> commands) {
    for (int from = 0; from < commands.size(); from += BATCH) {
      List<Command> batch = commands.subList(from, Math.min(commands.size(), from + BATCH));
      StringBuilder text = new StringBuilder();
      batch.forEach(command -> text.append(command.encoded()));
      theirs.send(text.toString());
      for (int i = 0; i < batch.size(); i++) {
        assertThat(theirs.receive().bytes()).as(batch.get(i).toString()).isNotEmpty();
      }
      ours.sendRaw(text.toString());
    }
  }

  private void compare(String description) throws IOException {
    List<List<List<String>>> written =
        AppendOnlyFile.read(folder).stream()
            .map(each -> each.stream().map(PropagationDifferentialTest::plain).toList())
            .toList();
    for (int i = 0; i < Math.min(told.size(), written.size()); i++) {
      assertThat(withTimesOf(written.get(i), told.get(i)))
          .as("%s, behind %s", description, written.subList(Math.max(0, i - 3), i))
          .isEqualTo(written.get(i));
    }
    assertThat(told).as(description).hasSameSizeAs(written).isNotEmpty();
  }

  /** Redis leaves PEXPIREAT's conditions in, which are met, and its name as the client wrote it. */
  private static List<String> plain(List<String> words) {
    if (!words.get(1).equalsIgnoreCase("PEXPIREAT")) {
      return words;
    }
    return List.of(words.get(0), "PEXPIREAT", words.get(2), words.get(3));
  }

  /** Our commands, with their times where both are the same but for the difference of clocks. */
  private static List<List<String>> withTimesOf(
      List<List<String>> written, List<List<String>> told) {
    List<List<String>> adjusted = new ArrayList<>();
    for (int i = 0; i < told.size(); i++) {
      List<String> words = new ArrayList<>(told.get(i));
      int at = timeIndex(words);
      if (at > 0 && i < written.size() && written.get(i).size() == words.size()) {
        String time = written.get(i).get(at);
        if (Math.abs(Long.parseLong(words.get(at)) - Long.parseLong(time)) < CLOCKS_APART_MILLIS) {
          words.set(at, time);
        }
      }
      adjusted.add(words);
    }
    return adjusted;
  }

  private static int timeIndex(List<String> words) {
    boolean isLast =
        words.get(1).equals("PEXPIREAT")
            || (words.size() == 6 && words.get(1).equals("SET") && words.get(4).equals("PXAT"));
    return isLast ? words.size() - 1 : 0;
  }

  private static List<Command> commands(String... lines) {
    return Stream.of(lines).map(line -> Command.of(line.split(" ", -1))).toList();
  }

  @Test
  void keysThatCommandsFindExpired() throws IOException {
    run(
        commands(
            "DEBUG SET-ACTIVE-EXPIRE 0",
            "MSET i 1 r 1 n 1 s 1 a 1 b 1 c 1 d 1 e 1 f 1 x 1 keep 1",
            "PEXPIRE i 1",
            "PEXPIRE r 1",
            "PEXPIRE n 1",
            "PEXPIRE s 1",
            "PEXPIRE a 1",
            "PEXPIRE b 1",
            "PEXPIRE c 1",
            "PEXPIRE d 1",
            "PEXPIRE e 1",
            "PEXPIRE f 1",
            "PEXPIRE x 1",
            "DEBUG SLEEP 0.05",
            "INCR i",
            "GET r",
            "SETNX n 2",
            "SET s 2 XX",
            "MGET a b",
            "DEL c",
            "RENAME d z",
            "RENAMENX keep e",
            "EXPIRE f 100",
            "GETEX x PERSIST"));
    compare("expired keys");
  }

  @Test
  void aKeyThatIsFoundExpiredInAnotherDatabase() throws IOException {
    run(
        commands(
            "DEBUG SET-ACTIVE-EXPIRE 0",
            "SELECT 1",
            "SET m old PX 1",
            "SET c old PX 1",
            "SELECT 0",
            "MSET m new c new",
            "DEBUG SLEEP 0.05",
            "MOVE m 1",
            "COPY c c DB 1"));
    compare("another database");
  }

  @Test
  void oddFormsOfSet() throws IOException {
    run(
        commands(
            "SET k v",
            "set k v GET",
            "SET k v XX GET",
            "SET n v NX GET",
            "SET k v get KEEPTTL XX",
            "SET k v EX 100 NX",
            "SET k v EX 100 XX GET",
            "SET k v PXAT 1",
            "SET k v EXAT 4000000000",
            "SETEX k 100 v",
            "GETSET k w",
            "GETEX k EXAT 1",
            "SET k v",
            "PEXPIREAT k 1"));
    compare("SET");
  }

  @Test
  void randomCommands() throws IOException {
    long seed = Long.getLong("cinnabar.differential.seed", new SplittableRandom().nextInt());
    Grammar grammar = Grammar.load("commands.grammar");
    run(
        new CommandGenerator(grammar, new SplittableRandom(seed))
            .generate(RANDOM_COMMANDS).stream().map(Invocation::command).toList());
    compare("-Dcinnabar.differential.seed=" + seed);
  }
}
