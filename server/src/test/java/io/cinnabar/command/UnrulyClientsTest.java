package io.cinnabar.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import io.cinnabar.TestServer.Client;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Clients that send in pieces, read when they like, hang up, and are killed, while commands wait
 * and look at the network themselves. Whatever happens, each gets its replies in order and nobody
 * else's, and a command is executed once or, behind a kill, not at all.
 */
final class UnrulyClientsTest {

  private static final int CLIENTS = 6;
  private static final int STEPS = 3_000;
  private static final String BIG = "b".repeat(30_000);
  private static final String BIG_REPLY = "$" + BIG.length() + "\r\n" + BIG + "\r\n";

  private final TestServer server = TestServer.start("enable-debug-command yes");
  private final Client control = server.connect();
  private final List<Unruly> clients = new ArrayList<>();

  /** Clients that hung up or were killed; their counters are looked at when all is over. */
  private final List<Unruly> former = new ArrayList<>();

  private int created;

  /** How a client's connection ended. */
  private enum End {
    NONE,
    /** It said that nothing more follows. */
    HALF_CLOSED,
    HUNG_UP,
    KILLED
  }

  private final class Unruly {
    final String counter = "counter" + created++;
    final Client client = server.connect();
    final StringBuilder expected = new StringBuilder();
    final StringBuilder commands = new StringBuilder();
    int received;
    int sent;
    End end = End.NONE;

    void sendSome(SplittableRandom random) {
      commands.setLength(0);
      for (int left = random.nextInt(1, 60); left > 0; left--) {
        switch (random.nextInt(12)) {
          case 0, 1, 2 -> add(random, "GET big", BIG_REPLY);
          case 3 -> add(random, "ECHO " + counter, bulk(counter));
          case 4 -> commands.append(random.nextBoolean() ? "\r\n" : "*0\r\n");
          case 5 -> {
            if (random.nextInt(20) == 0) {
              add(random, "DEBUG SLEEP 0.001", "+OK\r\n");
            }
          }
          default -> add(random, "INCR " + counter, ":" + ++sent + "\r\n");
        }
      }
      client.queue(commands.toString());
    }

    /** Adds a command, as a line or as an array. */
    private void add(SplittableRandom random, String command, String reply) {
      if (random.nextBoolean()) {
        commands.append(command).append("\r\n");
      } else {
        String[] words = command.split(" ", -1);
        commands.append('*').append(words.length).append("\r\n");
        for (String word : words) {
          commands.append(bulk(word));
        }
      }
      expected.append(reply);
    }

    void read(long seed) {
      String more = client.take();
      boolean isNext =
          expected.length() >= received + more.length()
              && expected.substring(received, received + more.length()).equals(more);
      assertThat(isNext).as("seed %d, %s: replies are the next ones", seed, counter).isTrue();
      received += more.length();
    }
  }

  private static String bulk(String text) {
    return "$" + text.length() + "\r\n" + text + "\r\n";
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void everyoneGetsWhatIsItsOwn(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    server.send("SET", "big", BIG);
    server.host().network().deliverInPieces(1 << random.nextInt(4, 14));
    server.host().network().setWindowBytes(1 << random.nextInt(12, 20));
    for (int i = 0; i < CLIENTS; i++) {
      clients.add(new Unruly());
    }
    for (int step = 0; step < STEPS; step++) {
      int index = random.nextInt(CLIENTS);
      Unruly client = clients.get(index);
      switch (random.nextInt(20)) {
        case 0, 1, 2 -> client.sendSome(random);
        case 3, 4, 5, 6, 7, 8, 9, 10 -> client.read(seed);
        case 11 -> {
          if (random.nextInt(10) == 0) {
            end(client, random);
            former.add(client);
            clients.set(index, new Unruly());
          }
        }
        default -> server.advance(Duration.ofNanos(random.nextInt(2_000_000)));
      }
    }
    finish(seed);
    check(seed);
  }

  private void end(Unruly client, SplittableRandom random) {
    switch (random.nextInt(3)) {
      case 0 -> {
        client.client.endOutput();
        client.end = End.HALF_CLOSED;
      }
      case 1 -> {
        client.client.abandon();
        client.end = End.HUNG_UP;
      }
      default -> {
        control.queue("CLIENT KILL " + client.client.address() + "\r\n");
        client.end = End.KILLED;
      }
    }
  }

  /** Everybody reads until nothing more comes. */
  private void finish(long seed) {
    boolean more = true;
    while (more) {
      server.advance(Duration.ofMillis(10));
      more = false;
      for (List<Unruly> each : List.of(clients, former)) {
        for (Unruly client : each) {
          int before = client.received;
          client.read(seed);
          more |= client.received > before;
        }
      }
      more |= server.engine().sessions().all().stream().anyMatch(s -> s.queryBufferBytes() > 0);
    }
  }

  private void check(long seed) {
    assertThat(server.engine().sessions().count()).as("seed %d", seed).isEqualTo(2 + CLIENTS);
    for (Unruly client : clients) {
      assertThat(client.received).as("seed %d", seed).isEqualTo(client.expected.length());
      assertThat(executed(client)).as("seed %d, %s", seed, client.counter).isEqualTo(client.sent);
    }
    for (Unruly client : former) {
      assertThat(client.client.isClosed()).as("seed %d, %s", seed, client.end).isTrue();
      if (client.end == End.HALF_CLOSED) {
        assertThat(executed(client)).as("seed %d, %s", seed, client.end).isEqualTo(client.sent);
      } else {
        // Whoever is gone when a reply comes is let go with what it has sent behind.
        assertThat(executed(client)).as("seed %d", seed).isLessThanOrEqualTo(client.sent);
      }
    }
    assertThat(former).as("seed %d", seed).isNotEmpty();
  }

  private int executed(Unruly client) {
    server.host().network().deliverInPieces(1 << 16);
    String reply = server.send("STRLEN", client.counter);
    return reply.equals(":0\r\n")
        ? 0
        : Integer.parseInt(server.send("GET", client.counter).split("\r\n", -1)[1]);
  }
}
