package io.cinnabar.family;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import io.cinnabar.command.Followed;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What followers see of sorted sets, and what a redis-server of 7.0 cannot be asked. */
final class SortedSetCommandsTest {
  private final TestServer server = TestServer.start();

  @AfterEach
  void theKeyspaceIsWhole() {
    server.engine().keyspace().validate();
  }

  @Test
  void ranksComeWithScores() {
    server.send("ZADD", "z", "1", "a", "2.5", "b");
    assertThat(server.send("ZRANK", "z", "b", "WITHSCORE")).isEqualTo("*2\r\n:1\r\n$3\r\n2.5\r\n");
    assertThat(server.send("ZREVRANK", "z", "b", "withscore"))
        .isEqualTo("*2\r\n:0\r\n$3\r\n2.5\r\n");
    assertThat(server.send("ZRANK", "z", "x", "WITHSCORE")).isEqualTo("*-1\r\n");
    assertThat(server.send("ZRANK", "nothing", "x", "WITHSCORE")).isEqualTo("*-1\r\n");
    assertThat(server.send("ZRANK", "z", "x")).isEqualTo("$-1\r\n");
    assertThat(server.send("ZRANK", "z", "a", "WITHSCORES")).isEqualTo("-ERR syntax error\r\n");
    assertThat(server.send("ZRANK", "z", "a", "WITHSCORE", "x"))
        .isEqualTo("-ERR wrong number of arguments for 'zrank' command\r\n");
  }

  @Test
  void scoresArePrintedAsShortAsTheyCanBe() {
    server.send("ZADD", "z", "0.1", "a", "1e17", "b", "1e22", "c", "-1.5e-9", "d");
    assertThat(server.send("ZMSCORE", "z", "a", "b", "c", "d"))
        .isEqualTo(
            "*4\r\n$3\r\n0.1\r\n$18\r\n100000000000000000\r\n$5\r\n1e+22\r\n$7\r\n-1.5e-9\r\n");
  }

  @Test
  void followersSeeWhatWasDone() {
    Followed followed = Followed.by(server);
    server.send("ZADD", "z", "1", "a", "2", "b", "3", "c", "4", "d");
    server.send("ZADD", "z", "1", "a");
    server.send("ZADD", "z", "XX", "CH", "7", "a");
    server.send("ZINCRBY", "z", "1", "b");
    server.send("ZREM", "z", "x");
    server.send("ZREM", "z", "c", "x");
    server.send("ZPOPMIN", "z", "1");
    server.send("ZMPOP", "2", "nothing", "z", "MAX", "COUNT", "5");
    server.send("ZMPOP", "1", "z", "MAX");
    assertThat(followed.take())
        .containsExactly(
            "0 ZADD z 1 a 2 b 3 c 4 d",
            "0 ZADD z XX CH 7 a",
            "0 ZINCRBY z 1 b",
            "0 ZREM z c x",
            "0 ZPOPMIN z 1",
            "0 ZPOPMAX z 2");
  }

  @Test
  void placesArePropagatedAsScores() {
    Followed followed = Followed.by(server);
    server.send("GEOADD", "g", "NX", "CH", "13.361389", "38.115556", "p");
    server.send("GEOADD", "g", "NX", "1", "1", "p");
    server.send("GEOSEARCHSTORE", "d", "g", "FROMMEMBER", "p", "BYRADIUS", "1", "m");
    assertThat(followed.take())
        .containsExactly(
            "0 zadd g NX CH 3479099956230698 p", "0 GEOSEARCHSTORE d g FROMMEMBER p BYRADIUS 1 m");
  }

  @Test
  void keysThatAreEmptiedAreDeleted() {
    server.send("ZADD", "z", "1", "a");
    server.send("ZADD", "y", "1", "a", "2", "b");
    Followed followed = Followed.by(server);
    server.send("ZREM", "z", "a");
    server.send("ZREMRANGEBYSCORE", "y", "-inf", "inf");
    server.send("ZADD", "y", "1", "a");
    server.send("ZPOPMAX", "y");
    server.send("ZUNIONSTORE", "x", "1", "y");
    assertThat(followed.takeTouches())
        .containsExactly(
            "0 z ZREM",
            "0 z DEL",
            "0 y ZREMRANGEBYSCORE",
            "0 y DEL",
            "0 y ZADD",
            "0 y ZPOPMAX",
            "0 y DEL");
  }

  @Test
  void aLargeOneIsScannedOnceWithManyOfTheSameScore() {
    for (int i = 0; i < 5000; i++) {
      server.send("ZADD", "z", "0", "m" + i);
    }
    TreeSet<String> seen = new TreeSet<>();
    List<String> all = new ArrayList<>();
    String cursor = "0";
    do {
      String[] lines = server.send("ZSCAN", "z", cursor).split("\r\n", -1);
      cursor = lines[2];
      for (int i = 5; i < lines.length; i += 4) {
        seen.add(lines[i]);
        all.add(lines[i]);
      }
    } while (!cursor.equals("0"));
    assertThat(seen).hasSize(5000);
    assertThat(all).hasSize(5000);
  }
}
