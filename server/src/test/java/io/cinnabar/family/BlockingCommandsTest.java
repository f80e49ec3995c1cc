package io.cinnabar.family;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import io.cinnabar.TestServer.Client;
import io.cinnabar.command.Followed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Commands that wait for lists and sorted sets, where time or memory plays a part. */
final class BlockingCommandsTest {

  private static final String OK = "+OK\r\n";
  private static final String NOTHING = "*-1\r\n";

  private final TestServer server = TestServer.start();
  private final Client client = server.connect();

  private void block(Client waiting, String command) {
    assertThat(waiting.send(command.split(" ", -1))).as(command).isEmpty();
  }

  private void after(long millis, Client waiting, String reply) {
    server.advance(Duration.ofMillis(millis - 1));
    assertThat(waiting.receive()).isEmpty();
    server.advance(Duration.ofMillis(1));
    assertThat(waiting.receive()).isEqualTo(reply);
  }

  @Test
  void everyCommandWaitsAsLongAsItSays() {
    block(client, "BLPOP k 0.25");
    after(250, client, NOTHING);
    block(client, "BRPOP k l 1");
    after(1000, client, NOTHING);
    block(client, "BLMOVE k l LEFT RIGHT 0.0004");
    after(1, client, NOTHING);
    block(client, "BRPOPLPUSH k l 12.5");
    after(12_500, client, NOTHING);
    block(client, "BLMPOP 1e-1 2 k l LEFT COUNT 3");
    after(100, client, NOTHING);
    block(client, "BZPOPMIN k 3600");
    after(3_600_000, client, NOTHING);
    block(client, "BZPOPMAX k .5");
    after(500, client, NOTHING);
    block(client, "BZMPOP 0x1 1 k MIN");
    after(1000, client, NOTHING);
  }

  @Test
  void timeoutsOfAnySizeAreTold() {
    for (String tooLong :
        new String[] {"1e16", "inf", "1e4900", "9223372036854775807", "9223372036854775"}) {
      assertThat(server.send("BLPOP", "k", tooLong)).isEqualTo("-ERR timeout is out of range\r\n");
    }
    for (String negative : new String[] {"-1", "-inf", "-9223372036854775808", "-1e4900", "-1.1"}) {
      assertThat(server.send("BLPOP", "k", negative))
          .as(negative)
          .isEqualTo("-ERR timeout is negative\r\n");
    }
    block(client, "BLPOP k 9000000000000");
    server.advance(Duration.ofMinutes(10));
    assertThat(client.receive()).isEmpty();
  }

  @Test
  void whatComesInTheSameBatchIsTakenInOrder() {
    Client other = server.connect();
    other.queue("BLPOP k 0\r\nRPUSH l x\r\n");
    client.queue("BLPOP l 0\r\n");
    server.engine().host().network().post(() -> {});
    assertThat(server.send("RPUSH", "k", "1", "2")).isEqualTo(":2\r\n");
    assertThat(other.receive()).isEqualTo("*2\r\n$1\r\nk\r\n$1\r\n1\r\n:1\r\n");
    assertThat(client.receive()).isEqualTo("*2\r\n$1\r\nl\r\n$1\r\nx\r\n");
    assertThat(server.send("LLEN", "k")).isEqualTo(":1\r\n");
  }

  /** As if it had just come, also in that. */
  @Test
  void whenMemoryIsFullByThenACommandThatNeedsSomeIsRefused() {
    server.send("RPUSH", "list", "a", "b");
    block(client, "BLMOVE source target LEFT LEFT 0");
    Client taker = server.connect();
    block(taker, "BLPOP source 0");
    server.send("CONFIG", "SET", "maxmemory", "1");
    assertThat(server.send("RENAME", "list", "source")).isEqualTo(OK);
    assertThat(client.receive())
        .isEqualTo("-OOM command not allowed when used memory > 'maxmemory'.\r\n");
    assertThat(taker.receive()).isEqualTo("*2\r\n$6\r\nsource\r\n$1\r\na\r\n");
    server.send("CONFIG", "SET", "maxmemory", "0");
    assertThat(server.send("LRANGE", "source", "0", "-1")).isEqualTo("*1\r\n$1\r\nb\r\n");
    assertThat(server.send("INFO", "commandstats"))
        .contains("cmdstat_blpop:calls=1,")
        .contains("cmdstat_blmove:calls=0,usec=0,usec_per_call=0.00,rejected_calls=1,");
  }

  @Test
  void followersAreToldOfEachServedClientByItself() {
    Followed followed = Followed.by(server);
    block(client, "BLMOVE a b RIGHT left 0");
    Client second = server.connect();
    block(second, "BZMPOP 0 1 z MAX COUNT 7");
    Client third = server.connect();
    block(third, "BLPOP none b 0");
    server.send("RPUSH", "a", "1", "2");
    server.send("ZADD", "z", "1", "m", "2", "n");
    assertThat(followed.take())
        .containsExactly(
            "0 RPUSH a 1 2",
            "0 LMOVE a b RIGHT left",
            "0 LPOP b",
            "0 ZADD z 1 m 2 n",
            "0 ZPOPMAX z 2");
  }

  @Test
  void thousandsWaitAndAreServedOneByOne() {
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      Client waiting = server.connect();
      waiting.queue("BLPOP jobs none" + i % 100 + ' ' + (i + 1) + "e-3\r\n");
      clients.add(waiting);
    }
    client.receive();
    assertThat(server.engine().blockedClients().count()).isEqualTo(2000);
    assertThat(server.engine().blockedClients().keyCount()).isEqualTo(101);
    for (int i = 0; i < 600; i++) {
      assertThat(server.send("RPUSH", "jobs", String.valueOf(i))).isEqualTo(":1\r\n");
      assertThat(clients.get(i).take()).contains("\r\n" + i + "\r\n");
    }
    server.advance(Duration.ofMillis(1200));
    assertThat(server.engine().blockedClients().count()).isEqualTo(800);
    assertThat(clients.get(1199).receive()).isEqualTo(NOTHING);
    server.send("RPUSH", "jobs", "x", "y");
    assertThat(clients.get(1200).take() + clients.get(1201).take()).contains("x", "y");
    server.advance(Duration.ofMillis(801));
    assertThat(server.engine().blockedClients().count()).isZero();
    assertThat(server.engine().blockedClients().keyCount()).isZero();
    assertThat(server.engine().blockedClients().timedCount()).isZero();
  }

  /** With them the loop wakes up no more often than without. */
  @Test
  void tenThousandWaitForNothing() {
    assertThat(server.send("CONFIG", "SET", "maxclients", "10100")).isEqualTo("+OK\r\n");
    long turnsWithout = turnsIn(Duration.ofSeconds(10));
    Client last = client;
    for (int i = 0; i < 10_000; i++) {
      last = server.connect();
      last.queue("BLPOP jobs" + i % 100 + " none " + (i % 2 == 0 ? 0 : 100_000 + i) + "\r\n");
    }
    assertThat(last.receive()).isEmpty();
    assertThat(server.engine().blockedClients().count()).isEqualTo(10_000);
    assertThat(server.engine().blockedClients().timedCount()).isEqualTo(5_000);
    assertThat(turnsIn(Duration.ofSeconds(10))).isEqualTo(turnsWithout);
    // Nor does a change that concerns none of them run their commands.
    long calls = server.engine().statistics().commandsProcessed;
    for (int i = 0; i < 1000; i++) {
      assertThat(server.send("RPUSH", "others", "x")).startsWith(":");
    }
    assertThat(server.engine().statistics().commandsProcessed).isEqualTo(calls + 1000);
    assertThat(server.engine().blockedClients().count()).isEqualTo(10_000);
  }

  private long turnsIn(Duration duration) {
    long before = server.engine().statistics().turns;
    server.advance(duration);
    return server.engine().statistics().turns - before;
  }
}
