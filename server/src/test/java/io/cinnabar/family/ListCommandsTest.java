package io.cinnabar.family;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import io.cinnabar.command.Followed;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.keyspace.FrozenKeyspace;
import io.cinnabar.value.ListWalk;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ListCommandsTest {
  private static final String FULL = "-OOM command not allowed when used memory > 'maxmemory'.\r\n";

  private final TestServer server = TestServer.start("enable-debug-command yes");

  @AfterEach
  void theKeyspaceIsWhole() {
    server.engine().keyspace().validate();
  }

  private String send(String line) {
    return server.send(line.split(" ", -1));
  }

  private void fill(String key, int elements) {
    for (int from = 0; from < elements; from += 500) {
      Stream<String> some =
          IntStream.range(from, Math.min(elements, from + 500)).mapToObj(i -> "element:" + i);
      server.send(Stream.concat(Stream.of("RPUSH", key), some).toArray(String[]::new));
    }
  }

  private void assertTold(Followed followed, String command, String... told) {
    followed.take();
    assertThat(send(command)).as(command).doesNotStartWith("-");
    assertThat(followed.take()).as(command).containsExactly(told);
  }

  private void assertTouched(Followed followed, String command, String... touches) {
    followed.takeTouches();
    assertThat(send(command)).as(command).doesNotStartWith("-");
    assertThat(followed.takeTouches()).as(command).containsExactly(touches);
  }

  @Test
  void elementsComeAndGoAtBothEnds() {
    assertThat(send("RPUSH k b c")).isEqualTo(":2\r\n");
    assertThat(send("LPUSH k a")).isEqualTo(":3\r\n");
    assertThat(send("LPOP k")).isEqualTo("$1\r\na\r\n");
    assertThat(send("RPOP k 2")).isEqualTo("*2\r\n$1\r\nc\r\n$1\r\nb\r\n");
    assertThat(send("EXISTS k")).isEqualTo(":0\r\n");
  }

  @Test
  void aListIsAListpackUntilItIsLarge() {
    fill("k", 100);
    assertThat(send("OBJECT ENCODING k")).isEqualTo("$8\r\nlistpack\r\n");
    fill("k", 10_000);
    assertThat(send("OBJECT ENCODING k")).isEqualTo("$9\r\nquicklist\r\n");
    assertThat(send("LINDEX k 5100")).isEqualTo("$12\r\nelement:5000\r\n");
    assertThat(send("LTRIM k 0 49")).isEqualTo("+OK\r\n");
    assertThat(send("OBJECT ENCODING k")).isEqualTo("$8\r\nlistpack\r\n");
    assertThat(send("LLEN k")).isEqualTo(":50\r\n");
  }

  @Test
  void followersGetWhatWasDone() {
    Followed followed = Followed.by(server);
    assertTold(followed, "RPUSH k a b c d e f g h", "0 RPUSH k a b c d e f g h");
    assertTold(followed, "LPUSHX k z", "0 LPUSHX k z");
    assertTold(followed, "LPUSHX nothing z");
    assertTold(followed, "LPOP k", "0 LPOP k");
    assertTold(followed, "LPOP k 0");
    assertTold(followed, "LPOP nothing");
    assertTold(followed, "RPOP k 2", "0 RPOP k 2");
    assertTold(followed, "LSET k 0 A", "0 LSET k 0 A");
    assertTold(followed, "LINSERT k AFTER A B", "0 LINSERT k AFTER A B");
    assertTold(followed, "LINSERT k AFTER nothing B");
    assertTold(followed, "LREM k 0 B", "0 LREM k 0 B");
    assertTold(followed, "LREM k 0 B");
    // No command, but an event.
    assertTold(followed, "LTRIM k 0 -1", "");
    assertTold(followed, "LTRIM k 0 3", "0 LTRIM k 0 3");
    assertTold(followed, "LMOVE k l LEFT RIGHT", "0 LMOVE k l LEFT RIGHT");
    assertTold(followed, "RPOPLPUSH k k", "0 RPOPLPUSH k k");
    assertTold(followed, "RPOPLPUSH nothing k");
    assertTold(followed, "LMPOP 2 nothing k RIGHT COUNT 2", "0 RPOP k 2");
    assertTold(followed, "LMPOP 1 k LEFT COUNT 100", "0 LPOP k 1");
    assertTold(followed, "LMPOP 1 k LEFT");
  }

  @Test
  void eventsAreRedisS() {
    Followed followed = Followed.by(server);
    assertTouched(followed, "RPUSH k a b", "0 k RPUSH");
    assertTouched(followed, "LPUSH k z", "0 k LPUSH");
    assertTouched(followed, "LSET k 0 A", "0 k LSET");
    assertTouched(followed, "LINSERT k BEFORE A B", "0 k LINSERT");
    assertTouched(followed, "LREM k 0 B", "0 k LREM");
    assertTouched(followed, "LTRIM k 0 -1", "0 k LTRIM");
    assertTouched(followed, "LMOVE k l LEFT RIGHT", "0 l RPUSH", "0 k LPOP");
    assertTouched(followed, "LPOP k 1", "0 k LPOP");
    assertTouched(followed, "RPOPLPUSH k l", "0 l LPUSH", "0 k RPOP", "0 k DEL");
    assertTouched(followed, "LTRIM l 5 6", "0 l LTRIM", "0 l DEL");
    send("RPUSH k a a");
    assertTouched(followed, "LREM k 0 a", "0 k LREM", "0 k DEL");
  }

  @Test
  void eachElementCountsAsAChange() {
    long before = server.engine().unit().changeCount();
    send("RPUSH k a b c d e");
    send("LPOP k 2");
    send("LTRIM k 1 1");
    send("LTRIM k 0 -1");
    send("LMOVE k l LEFT LEFT");
    assertThat(server.engine().unit().changeCount() - before).isEqualTo(5 + 2 + 2 + 1);
  }

  /** As {@link #send}, of what takes the server several turns to read. */
  private static String sendMuch(TestServer.Client client, String... words) {
    String reply = client.send(words);
    while (reply.isEmpty()) {
      reply = client.receive();
    }
    return reply;
  }

  /** Leaves room for a few megabytes. */
  private void fillUp(String prefix) {
    int fillers = 0;
    while (send("SETRANGE " + prefix + fillers + " 1999999 x").equals(":2000000\r\n")) {
      fillers++;
    }
    assertThat(send("DEL " + prefix + 0)).isEqualTo(":1\r\n");
  }

  @Test
  void whatFindsNoRoomChangesNothing() {
    TestServer.Client client = server.connect();
    String large = "x".repeat(30_000_000);
    send("RPUSH k a b");
    assertThat(sendMuch(client, "RPUSH", "k", "c", large)).isEqualTo(":4\r\n");
    fillUp("some:");
    assertThat(sendMuch(client, "RPUSH", "k", "d", large)).isEqualTo(FULL);
    assertThat(sendMuch(client, "LPUSH", "k", "d", large)).isEqualTo(FULL);
    assertThat(sendMuch(client, "LPUSH", "new", "d", large)).isEqualTo(FULL);
    assertThat(sendMuch(client, "LSET", "k", "1", large)).isEqualTo(FULL);
    assertThat(sendMuch(client, "LINSERT", "k", "AFTER", "a", large)).isEqualTo(FULL);
    // What a client has sent takes memory, too.
    fillUp("more:");
    assertThat(send("RPOPLPUSH k new")).isEqualTo(FULL);
    assertThat(send("RPOPLPUSH k k")).isEqualTo(FULL);
    assertThat(send("EXISTS new")).isEqualTo(":0\r\n");
    assertThat(send("LRANGE k 0 2")).isEqualTo("*3\r\n$1\r\na\r\n$1\r\nb\r\n$1\r\nc\r\n");
    assertThat(send("LLEN k")).isEqualTo(":4\r\n");
    assertThat(send("LTRIM k 0 2")).isEqualTo("+OK\r\n");
    assertThat(send("OBJECT ENCODING k")).isEqualTo("$8\r\nlistpack\r\n");
  }

  @Test
  void aViewKeepsTheListThatItSaw() {
    fill("k", 5_000);
    try (FrozenKeyspace view = server.engine().keyspace().freeze()) {
      send("LPUSH k new");
      send("LTRIM k 100 -100");
      send("LREM k 0 element:2500");
      send("LSET k 1000 other");
      send("LINSERT k BEFORE element:3000 new");
      send("RPOPLPUSH k k");
      Entry entry = new Entry();
      assertThat(view.next(0, entry)).isTrue();
      ListWalk walk = entry.list().walk();
      List<String> seen = new ArrayList<>();
      for (boolean more = walk.start(0, false); more; more = walk.next()) {
        seen.add(walk.text().toString());
      }
      assertThat(seen).isEqualTo(IntStream.range(0, 5_000).mapToObj(i -> "element:" + i).toList());
    }
    assertThat(send("LLEN k")).isEqualTo(":4802\r\n");
  }
}
