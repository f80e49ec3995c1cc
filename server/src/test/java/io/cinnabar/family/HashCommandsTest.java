package io.cinnabar.family;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import io.cinnabar.command.Followed;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class HashCommandsTest {
  private static final Pattern FIELD = Pattern.compile("f(\\d+)");
  private static final Pattern CURSOR = Pattern.compile("\\*2\r\n\\$\\d+\r\n(\\d+)\r\n");

  private final TestServer server = TestServer.start();
  private final Followed followed = Followed.by(server);

  @AfterEach
  void theKeyspaceIsWhole() {
    server.engine().keyspace().validate();
  }

  private void assertTold(String command, String... told) {
    followed.take();
    assertThat(server.send(command.split(" ", -1))).doesNotStartWith("-");
    assertThat(followed.take()).as(command).containsExactly(told);
  }

  private void assertTouches(String command, String... touches) {
    followed.take();
    assertThat(server.send(command.split(" ", -1))).doesNotStartWith("-");
    assertThat(followed.takeTouches()).as(command).containsExactly(touches);
  }

  private void fill(String key, int fields) {
    for (int i = 0; i < fields; i++) {
      server.send("HSET", key, "f" + i, "v" + i);
    }
  }

  @Test
  void followersAreToldWhatHasChanged() {
    assertTold("HSET h a 1 b 2", "0 HSET h a 1 b 2");
    assertTold("HSET h a 1", "0 HSET h a 1");
    assertTold("HMSET h a 1", "0 HMSET h a 1");
    assertTold("HSETNX h a 1");
    assertTold("HSETNX h c 1", "0 HSETNX h c 1");
    assertTold("HINCRBY h a 1", "0 HINCRBY h a 1");
    assertTold("HINCRBYFLOAT h a 0.1", "0 HSET h a 2.1");
    assertTold("HDEL h nothing");
    assertTold("HDEL nothing a");
    assertTold("HDEL h a nothing", "0 HDEL h a nothing");
    assertTold("HGETALL h");
    assertTold("HDEL h b c", "0 HDEL h b c");
  }

  @Test
  void eventsNameWhatHappened() {
    assertTouches("HSET h a 1", "0 h HSET");
    assertTouches("HSETNX h b 1", "0 h HSET");
    assertTouches("HINCRBY h a 1", "0 h HINCRBY");
    assertTouches("HINCRBYFLOAT h a 1", "0 h HINCRBYFLOAT");
    assertTouches("HDEL h a", "0 h HDEL");
    assertTouches("HDEL h b", "0 h HDEL", "0 h DEL");
    assertThat(server.send("EXISTS", "h")).isEqualTo(":0\r\n");
  }

  @Test
  void aCommandThatFailsMakesNoKey() {
    server.send("HINCRBY", "h", "a", "x");
    server.send("HINCRBYFLOAT", "h", "a", "x");
    server.send("HSET", "h", "a");
    assertThat(server.send("DBSIZE")).isEqualTo(":0\r\n");
    server.send("HSET", "h", "a", "x");
    assertThat(server.send("HINCRBY", "h", "a", "1"))
        .isEqualTo("-ERR hash value is not an integer\r\n");
    assertThat(server.send("HGETALL", "h")).isEqualTo("*2\r\n$1\r\na\r\n$1\r\nx\r\n");
  }

  @Test
  void aScanGoesThroughALargeHash() {
    fill("h", 1000);
    for (String[] options : new String[][] {{}, {"NOVALUES"}, {"novalues", "COUNT", "10"}}) {
      Set<Integer> seen = new HashSet<>();
      String cursor = "0";
      do {
        String[] command = new String[3 + options.length];
        command[0] = "HSCAN";
        command[1] = "h";
        command[2] = cursor;
        System.arraycopy(options, 0, command, 3, options.length);
        String reply = server.send(command);
        Matcher fields = FIELD.matcher(reply);
        int found = 0;
        while (fields.find()) {
          assertThat(seen.add(Integer.valueOf(fields.group(1)))).isTrue();
          found++;
        }
        assertThat(found).isLessThanOrEqualTo(10);
        assertThat(reply.contains("\r\nv")).isEqualTo(options.length == 0);
        Matcher next = CURSOR.matcher(reply);
        assertThat(next.lookingAt()).isTrue();
        cursor = next.group(1);
      } while (!cursor.equals("0"));
      assertThat(seen).hasSize(1000);
    }
    assertThat(server.send("HSCAN", "h", "0", "COUNT", "1000", "MATCH", "f99?"))
        .startsWith("*2\r\n$1\r\n0\r\n*20\r\n");
  }

  @Test
  void fieldsComeByChance() {
    for (int size : new int[] {5, 600}) {
      String key = "h" + size;
      fill(key, size);
      Set<Integer> seen = new HashSet<>();
      for (int i = 0; i < 20 * size; i++) {
        seen.addAll(fields(server.send("HRANDFIELD", key)));
      }
      assertThat(seen).hasSize(size);
      for (int count : new int[] {1, 2, size / 4, size / 2, size - 1}) {
        Set<Integer> distinct = fields(server.send("HRANDFIELD", key, String.valueOf(count)));
        assertThat(distinct).hasSize(Math.max(0, count));
      }
      assertThat(fields(server.send("HRANDFIELD", key, String.valueOf(-30 * size)))).hasSize(size);
    }
    Set<Integer> seen = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      seen.addAll(fields(server.send("HRANDFIELD", "h600", "20")));
    }
    assertThat(seen).hasSize(600);
  }

  private static Set<Integer> fields(String reply) {
    Set<Integer> fields = new HashSet<>();
    Matcher each = FIELD.matcher(reply);
    while (each.find()) {
      fields.add(Integer.valueOf(each.group(1)));
    }
    return fields;
  }
}
