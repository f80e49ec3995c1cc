package io.cinnabar.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.Seed;
import io.cinnabar.TestServer;
import io.cinnabar.TestServer.Client;
import io.cinnabar.command.Told;
import io.cinnabar.persistence.Payloads;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
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
  private static final List<String> OF_TRANSACTIONS = List.of("MULTI", "EXEC", "DISCARD");

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
    server.engine().unit().listen(Told.to(this::collect));
    server.host().time().setInstant(Instant.now());
  }

  @AfterEach
  void stop() {
    theirs.close();
    redis.close();
  }

  private void collect(Told change) {
    List<List<String>> commands = new ArrayList<>();
    for (Told.Command command : change.commands()) {
      List<String> words = new ArrayList<>(List.of(String.valueOf(command.database())));
      words.addAll(command.words());
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
      while (server.engine().blockedClients().timedCount() > 0) {
        server.advance(Duration.ofMillis(1));
        ours.receive();
      }
    }
  }

  private void compare(String description) throws IOException {
    List<List<List<String>>> written = AppendOnlyFile.read(folder);
    for (int i = 0; i < told.size(); i++) {
      if (mayBeOurs(told.get(i)) && !(i < written.size() && written.get(i).equals(told.get(i)))) {
        told.remove(i--);
      }
    }
    for (int i = 0; i < Math.min(told.size(), written.size()); i++) {
      assertThat(withTimesOf(written.get(i), told.get(i)))
          .as("%s, behind %s", description, written.subList(Math.max(0, i - 3), i))
          .isEqualTo(written.get(i));
    }
    assertThat(told).as(description).hasSameSizeAs(written).isNotEmpty();
  }

  /**
   * Redis doesn't tell of a BITFIELD that makes a string longer and then fails to write to it, nor
   * of a PFADD that takes some elements and then meets damage.
   */
  private static boolean mayBeOurs(List<List<String>> commands) {
    List<String> words = commands.get(commands.size() - 1);
    return words.get(1).equalsIgnoreCase("PFADD")
        || (words.get(1).equalsIgnoreCase("BITFIELD")
            && words.stream().anyMatch("FAIL"::equalsIgnoreCase));
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
      if (i < written.size()) {
        adjustFirstId(written.get(i), words);
      }
      adjusted.add(words);
    }
    return adjusted;
  }

  /**
   * Where whole nodes were trimmed, Redis tells the first ID that it has noted, which may be that
   * of an entry that has gone before; ours is that of the first entry, so never a lesser one.
   */
  private static void adjustFirstId(List<String> written, List<String> words) {
    int at = words.indexOf("=") + 1;
    if (at > 1
        && words.get(at - 2).equalsIgnoreCase("MINID")
        && at < written.size()
        && written.get(at - 1).equals("=")
        && isId(words.get(at))
        && isId(written.get(at))
        && new BigDecimal(words.get(at).replace('-', '.'))
                .compareTo(new BigDecimal(written.get(at).replace('-', '.')))
            >= 0) {
      words.set(at, written.get(at));
    }
  }

  private static boolean isId(String word) {
    return word.matches("\\d+(-\\d+)?");
  }

  private static int timeIndex(List<String> words) {
    if (words.get(1).equalsIgnoreCase("PEXPIREAT") || words.get(1).equals("RESTORE")) {
      return 3;
    }
    return words.size() == 6 && words.get(1).equals("SET") && words.get(4).equals("PXAT") ? 5 : 0;
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
  void conditionsOfExpire() throws IOException {
    run(
        commands(
            "SET k v",
            "EXPIRE k 100 nx",
            "EXPIRE k 200 GT",
            "PEXPIRE k 300000 xx GT",
            "EXPIREAT k 4000000000 Xx",
            "pexpireat k 4000000000001 XX",
            "PEXPIREAT k 4000000000002",
            "PEXPIREAT k 4000000000001 GT",
            "EXPIRE k 100 LT",
            "EXPIRE k -5 LT"));
    compare("EXPIRE");
  }

  /** Has a client wait on both servers; nobody reads what it is answered. */
  private void block(RespClient theirWaiter, String line) throws IOException {
    Command command = commands(line).get(0);
    int waiting = server.engine().blockedClients().count() + 1;
    server.connect().sendRaw(command.encoded());
    assertThat(server.engine().blockedClients().count()).as(line).isEqualTo(waiting);
    theirWaiter.send(command.encodedBytes());
    String shown = "blocked_clients:" + waiting + "\r\n";
    while (!theirs.call(Command.of("INFO", "clients")).reply().text().contains(shown)) {
      assertThat(theirWaiter.hasReceived()).as(line).isFalse();
    }
  }

  /** Redis 7.0 tells BLMOVE with its words in lower case. */
  @Test
  void commandsThatWaited() throws IOException {
    try (Waiters waiters = new Waiters()) {
      block(waiters.next(), "BLPOP k 0");
      block(waiters.next(), "BRPOP none k2 0");
      block(waiters.next(), "BLMOVE l k left right 0");
      block(waiters.next(), "BRPOPLPUSH m l 0");
      block(waiters.next(), "BLMPOP 0 2 x y RIGHT COUNT 2");
      block(waiters.next(), "BLMOVE o o left right 0");
      block(waiters.next(), "BZPOPMIN z 0");
      block(waiters.next(), "BZPOPMAX z 0");
      block(waiters.next(), "BZMPOP 0 1 w MAX COUNT 5");
      run(
          commands(
              "SET s v",
              "RPUSH m 1 2",
              "RPUSH y 1 2 3",
              "RPUSH o 1 2 3",
              "COPY m k2",
              "ZADD z 1 a 2 b 3 c",
              "RENAME z w",
              "BLPOP none y 0",
              "RPUSH y 1 2 3 4 5",
              "BRPOP y 0",
              "blmove y o left right 0",
              "brpoplpush y o 0",
              "BLMPOP 0 1 y LEFT COUNT 10",
              "ZADD z 1 a 2 b 3 c",
              "BZPOPMIN z 0",
              "BZPOPMAX z 0",
              "BZMPOP 0 1 z MIN",
              "BLPOP none 0.01",
              "BLPOP s 0"));
      compare("commands that waited");
    }
  }

  /** Connections to the real server that end together. */
  private final class Waiters implements AutoCloseable {
    private final List<RespClient> clients = new ArrayList<>();

    RespClient next() throws IOException {
      clients.add(RespClient.connect(redis.subject()));
      return clients.get(clients.size() - 1);
    }

    @Override
    public void close() {
      clients.forEach(RespClient::close);
    }
  }

  @Test
  void restoredKeys() throws IOException {
    String payload = Payloads.ofString("value");
    run(
        List.of(
            Command.of("RESTORE", "k", "0", payload),
            Command.of("RESTORE", "k", "100000", payload, "replace"),
            Command.of("RESTORE", "k", "4102444800000", payload, "ABSTTL", "REPLACE"),
            Command.of("RESTORE", "k", "100000", payload, "IDLETIME", "5", "REPLACE"),
            Command.of("RESTORE", "k", "1", payload, "ABSTTL"),
            Command.of("RESTORE", "k", "1", payload, "ABSTTL", "REPLACE"),
            Command.of("RESTORE", "k", "1", payload, "ABSTTL", "REPLACE"),
            Command.of("RESTORE", "k", "0", payload)));
    compare("RESTORE");
  }

  @Test
  void randomCommands() throws IOException {
    long seed = Seed.of(PropagationDifferentialTest.class);
    Grammar grammar = Grammar.load("commands.grammar");
    // Without transactions: what may be ours alone could stand in the middle of one.
    run(
        new CommandGenerator(grammar, new SplittableRandom(seed))
            .generate(RANDOM_COMMANDS).stream()
                .map(Invocation::command)
                .filter(command -> !OF_TRANSACTIONS.contains(command.toString()))
                .toList());
    compare(Seed.option(seed));
  }
}
