package io.cinnabar.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import io.cinnabar.TestServer.Client;
import io.cinnabar.command.Told;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random commands to one server while time passes; a follower that runs what the first one tells,
 * after the fact and at another time, ends up with the same data set.
 */
final class ReplayTest {

  private static final int DATABASES = 16;
  private static final int COMMANDS = 6_000;

  /** As random commands make them, keys with other times to live than years. */
  private static final List<String> SHORT_LIVES =
      List.of(
          "SET %s 1 PX %d",
          "PEXPIRE %s %d",
          "PSETEX %s %d value",
          "GETEX %s PX %d",
          "PEXPIRE %s %d LT",
          "SET %s x XX GET PX %d");

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void whatIsToldMakesTheSameDataSet(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    TestServer first = TestServer.start("enable-debug-command yes");
    List<Told> changes = new ArrayList<>();
    first.engine().unit().listen(Told.to(changes::add));
    if (seed % 2 == 0) {
      first.send("DEBUG", "SET-ACTIVE-EXPIRE", "0");
    }
    Grammar grammar = Grammar.load("commands.grammar");
    Client client = first.connect();
    for (Invocation each : new CommandGenerator(grammar, random).generate(COMMANDS)) {
      client.sendRaw(each.command().encoded());
      if (each.command().arguments().get(0).matches("(?i)b.*")) {
        // It may wait, for a millisecond at most, and what comes behind it waits with it.
        first.advance(Duration.ofMillis(2));
      }
      if (random.nextInt(4) == 0) {
        client.sendRaw(shortLived(random) + "\r\n");
        first.advance(Duration.ofMillis(random.nextInt(5)));
      }
    }

    TestServer second = TestServer.start("enable-debug-command yes");
    second.send("DEBUG", "SET-ACTIVE-EXPIRE", "0");
    Client follower = second.connect();
    for (Told change : changes) {
      for (Told.Command command : change.commands()) {
        follower.send("SELECT", String.valueOf(command.database()));
        Command replayed = new Command(withoutLimit(command.words()));
        assertThat(follower.sendRaw(replayed.encoded()))
            .as("seed %d: %s", seed, replayed)
            .doesNotStartWith("-");
      }
    }
    assertThat(changes).hasSizeGreaterThan(COMMANDS / 10);
    second.host().time().setInstant(first.host().time().instant());
    assertThat(dataSet(second)).as("seed %d", seed).isEqualTo(dataSet(first)).isNotEmpty();
  }

  /** A stream that was trimmed is told with the exact end, which a limit does not change. */
  private static List<String> withoutLimit(List<String> words) {
    int limit = words.stream().map(String::toUpperCase).toList().indexOf("LIMIT");
    if (limit < 0 || !words.get(0).matches("(?i)xadd|xtrim") || !words.contains("=")) {
      return words;
    }
    List<String> shorter = new ArrayList<>(words.subList(0, limit));
    shorter.addAll(words.subList(limit + 2, words.size()));
    return shorter;
  }

  private static String shortLived(SplittableRandom random) {
    String form = SHORT_LIVES.get(random.nextInt(SHORT_LIVES.size()));
    return form.formatted("key:" + random.nextInt(12), random.nextInt(1, 20));
  }

  /** Each key with its database, type, value and end. */
  private static Map<String, String> dataSet(TestServer server) {
    Map<String, String> all = new TreeMap<>();
    Client client = server.connect();
    for (int database = 0; database < DATABASES; database++) {
      client.send("SELECT", String.valueOf(database));
      // The keys of a database are an array of bulk strings, which may hold any bytes.
      String keys = client.send("KEYS", "*");
      int at = keys.indexOf("\r\n") + 2;
      while (at < keys.length()) {
        int end = keys.indexOf("\r\n", at);
        int length = Integer.parseInt(keys.substring(at + 1, end));
        String key = keys.substring(end + 2, end + 2 + length);
        at = end + length + 4;
        all.put(
            database + " " + key,
            client.send("TYPE", key) + client.send("GET", key) + client.send("PEXPIRETIME", key));
      }
    }
    return all;
  }
}
