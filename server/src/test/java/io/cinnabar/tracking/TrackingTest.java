package io.cinnabar.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import io.cinnabar.TestServer.Client;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What clients are told of their caches where it depends on time, turns, memory and chance. */
final class TrackingTest {

  private static final String OK = "+OK\r\n";
  private static final String ALL = ">2\r\n$10\r\ninvalidate\r\n_\r\n";
  private static final Pattern KEY = Pattern.compile("\\*1\r\n\\$\\d+\r\n(key\\d+)\r\n");

  private final TestServer server = TestServer.start();

  /** Its commands run before those of the other one, where both come in the same turn. */
  private final Client earlier = server.connect();

  private final Client client = server.connect();

  @BeforeEach
  void speakResp3() {
    client.send("HELLO", "3");
  }

  private static String invalidate(String... keys) {
    StringBuilder message =
        new StringBuilder(">2\r\n$10\r\ninvalidate\r\n*" + keys.length + "\r\n");
    for (String key : keys) {
      message.append('$').append(key.length()).append("\r\n").append(key).append("\r\n");
    }
    return message.toString();
  }

  private void track(String... options) {
    List<String> words = new ArrayList<>(List.of("CLIENT", "TRACKING", "ON"));
    words.addAll(List.of(options));
    assertThat(client.send(words.toArray(String[]::new))).isEqualTo(OK);
  }

  private long info(String field) {
    Matcher found = Pattern.compile(field + ":(\\d+)").matcher(server.send("INFO"));
    assertThat(found.find()).isTrue();
    return Long.parseLong(found.group(1));
  }

  private static List<String> keysIn(String messages) {
    return KEY.matcher(messages).results().map(result -> result.group(1)).toList();
  }

  // ---- order

  @Test
  void aPipelineKeepsItsOrder() {
    track();
    assertThat(client.sendRaw("GET a\r\nSET a 1\r\nPING\r\nSET a 2\r\n"))
        .isEqualTo("_\r\n+OK\r\n" + invalidate("a") + "+PONG\r\n+OK\r\n");
  }

  @Test
  void whatAnotherClientChangesInTheSameTurnComesBetweenTheReplies() {
    track();
    client.send("GET", "a");
    Client other = server.connect();
    client.queue("PING\r\n");
    other.queue("SET a 1\r\n");
    assertThat(client.receive()).isEqualTo("+PONG\r\n" + invalidate("a"));
    assertThat(other.receive()).isEqualTo(OK);
  }

  @Test
  void oneWhoIsToldForAnotherGetsItBehindTheReply() {
    Client told = server.connect();
    told.send("HELLO", "3");
    String id = told.send("CLIENT", "ID").trim().substring(1);
    track("REDIRECT", id);
    client.send("GET", "a");
    assertThat(told.send("SET", "a", "1")).isEqualTo(OK + invalidate("a"));
  }

  @Test
  void messagesOfChannelsComeBeforeThoseOfTheOwnCache() {
    server.send("CONFIG", "SET", "notify-keyspace-events", "KA");
    client.send("SUBSCRIBE", "__keyspace@0__:a");
    track();
    client.send("GET", "a");
    String event = ">3\r\n$7\r\nmessage\r\n$16\r\n__keyspace@0__:a\r\n$3\r\nset\r\n";
    assertThat(client.send("SET", "a", "1")).isEqualTo(OK + event + invalidate("a"));
  }

  // ---- broadcasts

  @Test
  void theChangesOfATurnAreOneMessage() {
    track("BCAST", "PREFIX", "a", "PREFIX", "b");
    server.connect().queue("SET b2 1\r\nSET a1 1\r\nSET b1 1\r\nSET b2 2\r\nSET c 1\r\n");
    assertThat(client.receive()).isEqualTo(invalidate("a1") + invalidate("b1", "b2"));
    server.send("SET", "b2", "3");
    assertThat(client.receive()).isEqualTo(invalidate("b2"));
  }

  @Test
  void ofOnesOwnChangesOnlyTheLastCounts() {
    track("BCAST", "NOLOOP");
    Client later = server.connect();
    earlier.queue("SET a 1\r\nSET b 1\r\n");
    client.queue("SET b 2\r\nSET c 1\r\nSET d 1\r\n");
    later.queue("SET c 2\r\n");
    assertThat(client.receive()).isEqualTo(OK + OK + OK + invalidate("a", "c"));
    assertThat(client.send("SET", "a", "2")).isEqualTo(OK);
  }

  @Test
  void thousandsOfPrefixesFindTheirKeys() {
    List<String> words = new ArrayList<>(List.of("CLIENT", "TRACKING", "ON", "BCAST"));
    for (int i = 1_000; i < 2_000; i++) {
      words.addAll(List.of("PREFIX", "p" + i + ":"));
    }
    assertThat(client.send(words.toArray(String[]::new)) + client.receive()).isEqualTo(OK);
    server.send("MSET", "p999:a", "1", "p1000:a", "1", "p1456:", "1", "p1456", "1", "p1999:x", "1");
    assertThat(client.receive())
        .isEqualTo(invalidate("p1000:a") + invalidate("p1456:") + invalidate("p1999:x"));
    assertThat(info("tracking_total_prefixes")).isEqualTo(1_000);
    client.close();
    assertThat(info("tracking_total_prefixes")).isZero();
  }

  // ---- keys that go by themselves

  @Test
  void aKeyThatExpiresIsToldWhetherItIsMetOrNot() {
    track();
    client.send("SET", "a", "1", "PX", "10");
    client.send("GET", "a");
    server.advance(Duration.ofSeconds(2));
    assertThat(client.receive()).isEqualTo(invalidate("a"));

    server.send("CONFIG", "SET", "hz", "1");
    client.send("SET", "b", "1", "PX", "10");
    client.send("GET", "b");
    server.host().time().advance(Duration.ofMillis(20));
    assertThat(client.send("GET", "b")).isEqualTo("_\r\n" + invalidate("b"));
  }

  @Test
  void aKeyThatExpiresIsNobodysOwnChange() {
    track("BCAST", "NOLOOP");
    client.send("SET", "a", "1", "PX", "10");
    server.host().time().advance(Duration.ofMillis(20));
    assertThat(client.send("GET", "a")).isEqualTo("_\r\n" + invalidate("a"));
  }

  @Test
  void aKeyThatIsEvictedIsTold() {
    track("NOLOOP");
    String value = "v".repeat(1_000);
    for (int i = 0; i < 200; i++) {
      client.send("SET", "key" + i, value);
      client.send("GET", "key" + i);
    }
    server.send("CONFIG", "SET", "maxmemory-policy", "allkeys-random");
    server.send("CONFIG", "SET", "maxmemory", String.valueOf(info("used_memory") - 100_000));
    String told = client.send("SET", "more", value);
    told += client.receive();

    assertThat(info("evicted_keys")).isPositive();
    List<String> keys = keysIn(told);
    assertThat(keys).hasSize((int) info("evicted_keys"));
    assertThat(server.send("EXISTS", keys.get(0))).isEqualTo(":0\r\n");
  }

  // ---- the limit

  @Test
  void keysOverTheLimitAreToldAsIfTheyHadChanged() {
    server.send("CONFIG", "SET", "tracking-table-max-keys", "100");
    track("NOLOOP");
    List<String> told = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      told.addAll(keysIn(client.send("GET", "key" + i)));
      assertThat(info("tracking_total_keys")).isLessThanOrEqualTo(100);
    }
    told.addAll(keysIn(client.receive()));

    assertThat(told).hasSize(900).doesNotHaveDuplicates();
  }

  @Test
  void aLowerLimitTakesEffectInSlices() {
    track();
    for (int i = 0; i < 5_000; i++) {
      client.send("EXISTS", "key" + i);
    }
    server.send("CONFIG", "SET", "tracking-table-max-keys", "10");
    assertThat(info("tracking_total_keys")).isEqualTo(4_900);
    server.advance(Duration.ofSeconds(2));

    assertThat(info("tracking_total_keys")).isEqualTo(10);
    assertThat(keysIn(client.receive())).hasSize(4_990);
  }

  @Test
  void noLimitIsNone() {
    server.send("CONFIG", "SET", "tracking-table-max-keys", "0");
    track();
    for (int i = 0; i < 1_000; i++) {
      assertThat(client.send("EXISTS", "key" + i)).isEqualTo(":0\r\n");
    }
    assertThat(info("tracking_total_keys")).isEqualTo(1_000);
  }

  // ---- memory and clients

  @Test
  void whatIsRememberedIsCountedAndGivenBack() {
    track();
    long before = info("used_memory");
    for (int i = 0; i < 20_000; i++) {
      client.send("EXISTS", "key:with:a:longer:name:" + i);
    }
    long full = info("used_memory");
    long overhead = info("used_memory_overhead");
    server.send("FLUSHALL");
    server.advance(Duration.ofSeconds(2));

    assertThat(full - before).isBetween(20_000L * 40, 20_000L * 90);
    assertThat(info("used_memory_overhead")).isLessThan(overhead - 20_000L * 20);
    assertThat(info("used_memory")).isLessThan(full - 20_000L * 20);
  }

  @Test
  void aClientThatIsGoneIsCountedUntilItsKeysChange() {
    for (int i = 0; i < 50; i++) {
      Client brief = server.connect();
      brief.send("HELLO", "3");
      brief.send("CLIENT", "TRACKING", "ON");
      brief.send("GET", "a");
      brief.close();
    }
    assertThat(info("tracking_clients")).isZero();
    assertThat(info("tracking_total_keys")).isOne();
    assertThat(info("tracking_total_items")).isEqualTo(50);
    track();
    client.send("GET", "a");
    client.send("GET", "b");
    assertThat(info("tracking_total_items")).isEqualTo(52);
    server.send("SET", "a", "1");
    assertThat(client.receive()).isEqualTo(invalidate("a"));
    assertThat(info("tracking_total_items")).isOne();
    server.send("FLUSHALL");
    assertThat(client.receive()).isEqualTo(ALL);
    assertThat(info("tracking_total_items")).isZero();
  }

  @Test
  void aClientThatIsKilledByItsOwnCommandIsToldNothing() {
    track();
    client.send("GET", "a");
    String id = client.send("CLIENT", "ID").trim().substring(1);
    client.send("MULTI");
    client.send("SET", "a", "1");
    client.send("CLIENT", "KILL", "ID", id, "SKIPME", "no");
    client.send("EXEC");
    Client next = server.connect();
    next.send("HELLO", "3");
    next.send("CLIENT", "TRACKING", "ON");
    assertThat(next.send("GET", "b")).isEqualTo("_\r\n");
    assertThat(info("tracking_clients")).isOne();
  }

  @Test
  void manyReadersOfOneKeyAreAllTold() {
    List<Client> readers = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      Client reader = server.connect();
      reader.send("HELLO", "3");
      reader.send("CLIENT", "TRACKING", "ON");
      reader.send("GET", "hot");
      readers.add(reader);
    }
    assertThat(info("tracking_total_items")).isEqualTo(500);
    server.send("SET", "hot", "1");
    for (Client reader : readers) {
      assertThat(reader.receive()).isEqualTo(invalidate("hot"));
    }
  }
}
