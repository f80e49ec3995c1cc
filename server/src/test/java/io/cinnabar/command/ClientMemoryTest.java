package io.cinnabar.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.Seed;
import io.cinnabar.TestServer;
import io.cinnabar.TestServer.Client;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** {@code maxmemory-clients}: what clients cost, and who is closed when it is too much. */
final class ClientMemoryTest {

  private static final String OK = "+OK\r\n";
  private static final Duration A_WHILE = Duration.ofMillis(1);
  private static final String EXCESS = "Over client maxmemory after evicting all evictable clients";

  /** A command that has come but for its end: it is kept in an array of that length. */
  private static void fill(TestServer server, Client client, int bytes) {
    client.queue("*2\r\n$4\r\nECHO\r\n$" + bytes + "\r\n" + "x".repeat(bytes));
    server.advance(A_WHILE);
  }

  private static long evicted(TestServer server) {
    return server.engine().statistics().evictedClients;
  }

  private static void assertExact(TestServer server) {
    long sum = 0;
    for (Session session : server.engine().sessions().all()) {
      sum += session.memoryBytes();
    }
    assertThat(server.engine().sessions().memory().totalBytes()).isEqualTo(sum);
  }

  @Test
  void theLargestGoFirst() {
    TestServer server = TestServer.start("maxmemory-clients 1mb");
    Client small = server.connect();
    Client large = server.connect();
    Client middle = server.connect();
    fill(server, small, 100_000);
    fill(server, large, 500_000);
    fill(server, middle, 250_000);
    assertThat(evicted(server)).isZero();
    Client last = server.connect();
    fill(server, last, 300_000);
    assertThat(large.isClosed()).isTrue();
    assertThat(List.of(small, middle, last)).noneMatch(Client::isClosed);
    assertThat(evicted(server)).isEqualTo(1);
    assertThat(server.logLines())
        .anyMatch(line -> line.matches("Evicting client: id=3 .* qbuf=500\\d{3} .* tot-mem=5.*"));
    assertThat(server.send("INFO", "stats")).contains("evicted_clients:1\r\n");
    assertThat(server.send("CONFIG", "RESETSTAT")).isEqualTo(OK);
    assertThat(evicted(server)).isZero();
    assertExact(server);
  }

  @Test
  void whoeverMustNotBeEvictedCountsButStays() {
    TestServer server = TestServer.start("maxmemory-clients 1mb");
    Client kept = server.connect();
    assertThat(kept.send("CLIENT", "NO-EVICT", "on")).isEqualTo(OK);
    Client other = server.connect();
    fill(server, other, 10_000);
    fill(server, kept, 1_100_000);
    assertThat(kept.isClosed()).isFalse();
    assertThat(other.isClosed()).isTrue();
    assertThat(server.engine().sessions().count()).isEqualTo(1);
    assertThat(server.logLines()).filteredOn(EXCESS::equals).hasSize(1);
    server.advance(Duration.ofSeconds(30));
    assertThat(server.logLines()).filteredOn(EXCESS::equals).hasSize(1);
    assertExact(server);
  }

  @Test
  void whoMayBeEvictedAgainIs() {
    TestServer server = TestServer.start("maxmemory-clients 1mb");
    Client client = server.connect();
    client.send("CLIENT", "NO-EVICT", "on");
    client.queue("CLIENT NO-EVICT off\r\n");
    fill(server, client, 1_100_000);
    assertThat(client.take()).isEqualTo(OK);
    assertThat(client.isClosed()).isTrue();
  }

  @Test
  void repliesThatAreNotReadCount() {
    TestServer server = TestServer.start("maxmemory-clients 1mb");
    server.send("SETRANGE", "key", "199999", "x");
    Client reader = server.connect();
    for (int i = 0; i < 20; i++) {
      assertThat(reader.sendRaw("GET key\r\n".repeat(4))).hasSize(4 * 200_011);
    }
    assertThat(reader.isClosed()).isFalse();
    server.host().network().setWindowBytes(0);
    List<Client> silent = List.of(server.connect(), server.connect(), server.connect());
    for (Client each : silent) {
      each.queue("GET key\r\n".repeat(20) + "INCR n\r\n");
    }
    server.advance(A_WHILE);
    assertThat(silent).filteredOn(Client::isClosed).hasSize(1);
    server.host().network().setWindowBytes(1 << 20);
    assertThat(server.send("EXISTS", "n")).isEqualTo(":0\r\n");
    assertExact(server);
  }

  /** As many as share the memory are closed before all of them have their replies. */
  @Test
  void thoseOfOneBatchStayWithinTheLimit() {
    TestServer server = TestServer.start("maxmemory-clients 1mb");
    server.send("SETRANGE", "key", "99999", "x");
    server.host().network().setWindowBytes(0);
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      clients.add(server.connect());
      clients.get(i).queue("GET key\r\n");
    }
    server.advance(A_WHILE);
    assertThat(server.engine().sessions().memory().totalBytes()).isLessThan(1 << 20);
    assertThat(clients).filteredOn(Client::isClosed).hasSizeBetween(89, 92);
    assertExact(server);
  }

  @Test
  void aReadingClientCostsLessAgain() {
    TestServer server = TestServer.start("maxmemory-clients 1mb");
    server.send("SETRANGE", "key", "299999", "x");
    for (int i = 0; i < 10; i++) {
      Client client = server.connect();
      server.host().network().setWindowBytes(0);
      client.queue("GET key\r\nGET key\r\nGET key\r\n");
      server.advance(A_WHILE);
      server.host().network().setWindowBytes(1 << 20);
      assertThat(client.receive()).hasSize(3 * 300_011);
    }
    assertThat(evicted(server)).isZero();
    assertExact(server);
  }

  @Test
  void aLimitThatIsSetHoldsAtOnce() {
    TestServer server = TestServer.start();
    Client large = server.connect();
    fill(server, large, 300_000);
    server.advance(Duration.ofSeconds(2));
    assertThat(server.send("CONFIG", "SET", "maxmemory-clients", "200kb")).isEqualTo(OK);
    server.advance(A_WHILE);
    assertThat(large.isClosed()).isTrue();
  }

  /** With less than 128 KiB nobody could change it back. */
  @Test
  void aTinyLimitIsRaised() {
    TestServer server = TestServer.start("maxmemory-clients 1");
    Client below = server.connect();
    fill(server, below, 50_000);
    assertThat(below.isClosed()).isFalse();
    Client above = server.connect();
    fill(server, above, 80_000);
    assertThat(above.isClosed()).isTrue();
    assertThat(below.isClosed()).isFalse();
    assertThat(server.send("PING")).isEqualTo("+PONG\r\n");
  }

  @Test
  void aPercentageIsThatOfMaxmemory() {
    TestServer server = TestServer.start("maxmemory-clients 10%");
    Settings settings = server.engine().settings();
    settings.maxMemoryBytes = 3_000_000;
    Client below = server.connect();
    fill(server, below, 250_000);
    assertThat(below.isClosed()).isFalse();
    Client above = server.connect();
    fill(server, above, 350_000);
    assertThat(above.isClosed()).isTrue();
    settings.maxMemoryBytes = 0;
    Client unlimited = server.connect();
    fill(server, unlimited, 5_000_000);
    assertThat(unlimited.isClosed()).isFalse();
  }

  @Test
  void theOldestOfAboutTheSameSizeGoesFirst() {
    TestServer server = TestServer.start("maxmemory-clients 500kb");
    server.send("SETRANGE", "key", "89999", "x");
    server.host().network().setWindowBytes(0);
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      clients.add(server.connect());
      clients.get(i).queue("GET key\r\n");
      server.advance(A_WHILE);
    }
    assertThat(clients).filteredOn(Client::isClosed).containsExactly(clients.get(0));
  }

  @Test
  void theAccountIsExactWhateverClientsDo() {
    long seed = Seed.of(ClientMemoryTest.class);
    SplittableRandom random = new SplittableRandom(seed);
    TestServer server = TestServer.start("maxmemory-clients 3mb", "timeout 3");
    server.send("SETRANGE", "key", "99999", "x");
    List<Client> clients = new ArrayList<>();
    for (int step = 0; step < 3_000; step++) {
      if (clients.size() < 60 && random.nextInt(4) == 0) {
        clients.add(server.connect());
      } else if (!clients.isEmpty()) {
        Client client = clients.get(random.nextInt(clients.size()));
        switch (random.nextInt(8)) {
          case 0 -> fill(server, client, random.nextInt(400_000));
          case 1 -> client.queue("GET key\r\n".repeat(random.nextInt(12)));
          case 2 -> client.receive();
          case 3 ->
              client.queue("CLIENT NO-EVICT " + (random.nextInt(4) == 0 ? "on" : "off") + "\r\n");
          case 4 -> server.host().network().setWindowBytes(random.nextInt(2) << 17);
          case 5 ->
              client.queue("CLIENT SETNAME " + "n".repeat(random.nextInt(99)) + "\r\nRESET\r\n");
          case 6 -> client.abandon();
          default -> client.queue(random.nextBoolean() ? "MONITOR\r\n" : "QUIT\r\n");
        }
      }
      clients.removeIf(Client::isClosed);
      if (random.nextInt(20) == 0) {
        server.advance(Duration.ofMillis(random.nextInt(1_500)));
        ClientMemory memory = server.engine().sessions().memory();
        assertThat(memory.totalBytes() < 3 << 20 || memory.largest() == null)
            .as("seed %d, step %d", seed, step)
            .isTrue();
      }
    }
    assertThat(evicted(server)).as("seed %d", seed).isPositive();
    server.host().network().setWindowBytes(1 << 20);
    server.advance(Duration.ofSeconds(2));
    assertExact(server);
    clients.forEach(Client::abandon);
    server.advance(Duration.ofSeconds(30));
    assertThat(server.engine().sessions().count()).as("seed %d", seed).isZero();
    assertThat(server.engine().sessions().memory().totalBytes()).as("seed %d", seed).isZero();
  }
}
