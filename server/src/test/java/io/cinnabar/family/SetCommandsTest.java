package io.cinnabar.family;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import io.cinnabar.command.Followed;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SetCommandsTest {
  private final TestServer server = TestServer.start();
  private final Followed followed = Followed.by(server);

  private String send(String command) {
    return server.send(command.split(" ", -1));
  }

  /** Adds integers from 1 on. */
  private void fill(String key, int count) {
    List<String> command = new ArrayList<>(List.of("SADD", key));
    for (int i = 1; i <= count; i++) {
      command.add(String.valueOf(i));
    }
    server.send(command.toArray(String[]::new));
    followed.take();
  }

  /** The strings of a reply. */
  private static List<String> strings(String reply) {
    List<String> strings = new ArrayList<>();
    String[] lines = reply.split("\r\n", -1);
    for (int i = 0; i < lines.length; i++) {
      if (lines[i].startsWith("$") && !lines[i].equals("$-1")) {
        strings.add(lines[++i]);
      }
    }
    return strings;
  }

  @Test
  void followersRemoveWhatWasPopped() {
    fill("k", 100);
    String popped = strings(send("SPOP k")).get(0);
    assertThat(followed.take()).containsExactly("0 SREM k " + popped);
    List<String> several = strings(send("SPOP k 5"));
    assertThat(several).hasSize(5).doesNotHaveDuplicates().doesNotContain(popped);
    assertThat(followed.take()).containsExactly("0 SREM k " + String.join(" ", several));
    assertThat(strings(send("SPOP k 1000"))).hasSize(94);
    assertThat(followed.take()).containsExactly("0 DEL k");
    assertThat(send("EXISTS k")).isEqualTo(":0\r\n");
    assertThat(send("SPOP k")).isEqualTo("$-1\r\n");
    assertThat(followed.take()).isEmpty();
  }

  @Test
  void manyArePoppedInSeveralCommands() {
    fill("k", 3000);
    List<String> popped = strings(send("SPOP k 2500"));
    assertThat(popped).hasSize(2500).doesNotHaveDuplicates();
    List<String> told = followed.take();
    assertThat(String.join(" ", told).split(" SREM k ", -1)).hasSize(4);
    for (String each : popped) {
      assertThat(send("SISMEMBER k " + each)).isEqualTo(":0\r\n");
    }
    assertThat(send("SCARD k")).isEqualTo(":500\r\n");
  }

  @Test
  void everyMemberIsDrawn() {
    for (int size : new int[] {5, 600}) {
      fill("k" + size, size);
      for (int count : new int[] {1, 3, size / 4, size - 1}) {
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 20 * size; i++) {
          List<String> drawn = strings(send("SRANDMEMBER k" + size + " " + count));
          assertThat(drawn).hasSize(count).doesNotHaveDuplicates();
          seen.addAll(drawn);
        }
        assertThat(seen)
            .as("%d of %d", count, size)
            .hasSizeBetween(count == 0 ? 0 : size - 1, size);
      }
    }
  }

  @Test
  void whatChangesNothingIsNotTold() {
    fill("k", 3);
    send("SADD k 1 2");
    send("SREM k 7");
    send("SREM none 7");
    send("SMOVE k k 1");
    send("SMOVE k d 7");
    send("SPOP k 0");
    send("SINTERSTORE none a b");
    send("SUNION k k");
    send("SORT k BY nosort GET #");
    assertThat(followed.take()).isEmpty();
  }

  @Test
  void aThousandKeys() {
    StringBuilder keys = new StringBuilder();
    for (int i = 0; i < 1000; i++) {
      // The smallest is one of those that share an entry.
      fill("k" + i, i == 900 ? 3 : 10 + i % 7);
      keys.append(" k").append(i);
    }
    assertThat(strings(send("SINTER" + keys))).containsExactly("1", "2", "3");
    assertThat(send("SINTERCARD 1000" + keys + " LIMIT 2")).isEqualTo(":2\r\n");
    assertThat(strings(send("SUNION" + keys))).hasSize(16).doesNotHaveDuplicates();
    send("SADD first x y 1");
    assertThat(strings(send("SDIFF first" + keys))).containsExactlyInAnyOrder("x", "y");
    assertThat(send("SUNIONSTORE d first" + keys)).isEqualTo(":18\r\n");
    assertThat(send("SDIFFSTORE d first" + keys)).isEqualTo(":2\r\n");
    assertThat(send("SINTERSTORE d" + keys)).isEqualTo(":3\r\n");
  }

  /** Of about the same size, many times larger, and few members, in one command. */
  @Test
  void setsOfAllSizesAreIntersected() {
    fill("k1000", 1000);
    fill("k2000", 2000);
    fill("k20000", 20_000);
    fill("k20", 20);
    send("SREM k2000 7 500");
    send("SREM k20000 8");
    send("SADD k1000 x");
    send("SADD k20000 x");
    List<String> found = strings(send("SINTER k2000 k1000 k20000"));
    assertThat(found).hasSize(997).doesNotHaveDuplicates().doesNotContain("7", "8", "500", "x");
    assertThat(send("SINTERCARD 3 k2000 k1000 k20000")).isEqualTo(":997\r\n");
    assertThat(send("SINTERCARD 3 k2000 k1000 k20000 LIMIT 200")).isEqualTo(":200\r\n");
    assertThat(send("SINTERSTORE d k20000 k1000 k2000 k1000")).isEqualTo(":997\r\n");
    assertThat(strings(send("SMEMBERS d"))).containsExactlyInAnyOrderElementsOf(found);
    assertThat(strings(send("SINTER k1000 k20000 k1000"))).hasSize(1000).contains("x");
    assertThat(strings(send("SINTER k1000 k20000 k20"))).hasSize(19).doesNotContain("8");
  }

  @Test
  void aScanGoesOnWhileTheSetGrowsAndShrinks() {
    fill("k", 5000);
    Set<String> seen = new HashSet<>();
    String cursor = "0";
    int next = 5001;
    do {
      List<String> reply = strings(send("SSCAN k " + cursor + " COUNT 100"));
      cursor = reply.get(0);
      for (String each : reply.subList(1, reply.size())) {
        assertThat(seen.add(each)).as(each).isTrue();
      }
      for (int i = 0; i < 50; i++) {
        send("SADD k " + next++);
      }
      send("SREM k " + (next - 5000 + 2500));
    } while (!cursor.equals("0"));
    for (int i = 1; i < 2500; i++) {
      assertThat(seen).contains(String.valueOf(i));
    }
  }
}
