package io.cinnabar.family;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import io.cinnabar.command.Followed;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class StreamCommandsTest {
  private static final String NIL = "*-1\r\n";

  private final TestServer server = TestServer.start();
  private final TestServer.Client other = server.connect();

  @AfterEach
  void theKeyspaceIsWhole() {
    server.engine().keyspace().validate();
  }

  private String send(String line) {
    return server.send(line.split(" ", -1)).replace("\r\n", " ").strip();
  }

  private long now() {
    return server.engine().unit().nowMillis();
  }

  /** Two entries, and a group that has read neither. */
  private void prepare() {
    send("XADD s 1-1 a 1");
    send("XADD s 1-2 a 2");
    send("XGROUP CREATE s g 0");
  }

  @Test
  void idsFollowTheClock() {
    String id = "$" + (now() + "-0").length() + " " + now() + "-0";
    assertThat(send("XADD s * a b")).isEqualTo(id);
    assertThat(send("XADD s * a b")).isEqualTo(id.replace("-0", "-1"));
    server.advance(Duration.ofMillis(1));
    assertThat(send("XADD s * a b")).endsWith(now() + "-0");
    send("XADD s 99999999999999-5 a b");
    assertThat(send("XADD s * a b")).endsWith(" 99999999999999-6");
  }

  @Test
  void thePlusOfXreadIsTheLastEntry() {
    assertThat(send("XREAD STREAMS s +")).isEqualTo("*-1");
    prepare();
    assertThat(send("XREAD STREAMS s +")).isEqualTo("*1 *2 $1 s *1 *2 $3 1-2 *2 $1 a $1 2");
    send("XDEL s 1-2");
    assertThat(send("XREAD COUNT 7 STREAMS s +")).isEqualTo("*1 *2 $1 s *1 *2 $3 1-1 *2 $1 a $1 1");
    send("XDEL s 1-1");
    assertThat(send("XREAD STREAMS s +")).isEqualTo("*-1");
  }

  @Test
  void aConsumerIsMadeEvenIfItGetsNothing() {
    prepare();
    send("XREADGROUP GROUP g c STREAMS s >");
    assertThat(send("XREADGROUP GROUP g d STREAMS s >")).isEqualTo("*-1");
    assertThat(send("XCLAIM s g e 0 7-7")).isEqualTo("*0");
    assertThat(send("XAUTOCLAIM s g f 1000 0")).isEqualTo("*3 $3 0-0 *0 *0");
    assertThat(send("XINFO GROUPS s")).contains("$9 consumers :4 ");
  }

  @Test
  void consumersAreSeenAndActive() {
    prepare();
    send("XGROUP CREATECONSUMER s g d");
    send("XREADGROUP GROUP g c COUNT 1 STREAMS s >");
    server.advance(Duration.ofMillis(50));
    send("XREADGROUP GROUP g c STREAMS s 0");
    server.advance(Duration.ofMillis(20));
    assertThat(send("XINFO CONSUMERS s g"))
        .isEqualTo(
            "*2 *8 $4 name $1 c $7 pending :1 $4 idle :20 $8 inactive :70"
                + " *8 $4 name $1 d $7 pending :0 $4 idle :70 $8 inactive :-1");
    send("XREADGROUP GROUP g d NOACK STREAMS s >");
    assertThat(send("XINFO CONSUMERS s g")).endsWith("$4 idle :0 $8 inactive :-1");
    send("XCLAIM s g d 0 1-1");
    assertThat(send("XINFO CONSUMERS s g")).endsWith("pending :1 $4 idle :0 $8 inactive :0");
    assertThat(send("XINFO STREAM s FULL"))
        .contains("$9 seen-time :" + now() + " $11 active-time :" + now() + " $9 pel-count :1");
  }

  @Test
  void whatIsPendingAges() {
    prepare();
    send("XREADGROUP GROUP g c STREAMS s >");
    server.advance(Duration.ofMillis(100));
    assertThat(send("XPENDING s g - + 10"))
        .isEqualTo("*2 *4 $3 1-1 $1 c :100 :1 *4 $3 1-2 $1 c :100 :1");
    assertThat(send("XPENDING s g IDLE 101 - + 10")).isEqualTo("*0");
    assertThat(send("XCLAIM s g d 101 1-1 JUSTID")).isEqualTo("*0");
    assertThat(send("XCLAIM s g d 100 1-1")).isEqualTo("*1 *2 $3 1-1 *2 $1 a $1 1");
    assertThat(send("XAUTOCLAIM s g d 100 0 JUSTID")).isEqualTo("*3 $3 0-0 *1 $3 1-2 *0");
    assertThat(send("XPENDING s g - + 10"))
        .isEqualTo("*2 *4 $3 1-1 $1 d :0 :2 *4 $3 1-2 $1 d :0 :1");
    send("XCLAIM s g c 0 1-1 IDLE 30 RETRYCOUNT 9");
    assertThat(send("XPENDING s g - + 10 c")).isEqualTo("*1 *4 $3 1-1 $1 c :30 :9");
  }

  // Followers.

  @Test
  void followersGetIdsAndWhatATrimmingCameTo() {
    Followed followed = Followed.by(server);
    send("XADD s * a b");
    assertThat(followed.take()).containsExactly("0 XADD s " + now() + "-0 a b");
    send("XADD s MAXLEN ~ 1 * a b");
    assertThat(followed.take()).containsExactly("0 XADD s MAXLEN = 2 " + now() + "-1 a b");
    send("XADD s MINID ~ 5 9999999999999-1 a b");
    assertThat(followed.take())
        .containsExactly("0 XADD s MINID = " + now() + "-0 9999999999999-1 a b");
    send("XADD s MAXLEN 2 9999999999999-* a b");
    assertThat(followed.take()).containsExactly("0 XADD s MAXLEN 2 9999999999999-2 a b");
    send("XTRIM s MAXLEN ~ 1");
    send("XDEL s 5-5");
    assertThat(followed.take()).isEmpty();
  }

  @Test
  void followersGetWhatIsPending() {
    prepare();
    Followed followed = Followed.by(server);
    send("XREADGROUP GROUP g c COUNT 1 STREAMS s >");
    String claimed = "0 XCLAIM s g %s 0 %s TIME " + now() + " RETRYCOUNT %s FORCE JUSTID LASTID ";
    assertThat(followed.take())
        .containsExactly(
            claimed.formatted("c", "1-1", 1) + "1-1; 0 XGROUP SETID s g 1-1 ENTRIESREAD 1");
    send("XREADGROUP GROUP g d NOACK STREAMS s >");
    assertThat(followed.take())
        .containsExactly("0 XGROUP CREATECONSUMER s g d; 0 XGROUP SETID s g 1-2 ENTRIESREAD 2");
    send("XREADGROUP GROUP g c STREAMS s 0");
    send("XREADGROUP GROUP g c STREAMS s >");
    assertThat(followed.take()).isEmpty();
    send("XREADGROUP GROUP g e STREAMS s >");
    assertThat(followed.take()).containsExactly("0 XGROUP CREATECONSUMER s g e");
    send("XCLAIM s g f 0 1-1 7-7");
    assertThat(followed.take()).containsExactly(claimed.formatted("f", "1-1", 3) + "1-2");
    send("XCLAIM s g f 1000 1-1 LASTID 5-0");
    assertThat(followed.take()).containsExactly("0 XGROUP SETID s g 5-0 ENTRIESREAD 2");
    send("XDEL s 1-1");
    send("XAUTOCLAIM s g f 0 0");
    assertThat(followed.take())
        .containsExactly("0 XDEL s 1-1", claimed.formatted("f", "1-1", 3) + "5-0");
    send("XACK s g 1-1");
    assertThat(followed.take()).isEmpty();
  }

  // Waiting.

  @Test
  void xreadWaitsForWhatIsNew() {
    prepare();
    other.send("XREAD", "BLOCK", "0", "STREAMS", "t", "s", "$", "$");
    assertThat(other.receive()).isEmpty();
    send("XDEL s 1-2");
    send("XGROUP CREATE s h 0");
    assertThat(other.receive()).isEmpty();
    send("XADD s 1-3 a 3");
    assertThat(other.receive().replace("\r\n", " "))
        .isEqualTo("*1 *2 $1 s *1 *2 $3 1-3 *2 $1 a $1 3 ");
  }

  @Test
  void timePassesInVain() {
    other.send("XREAD", "BLOCK", "100", "STREAMS", "s", "0");
    server.advance(Duration.ofMillis(99));
    assertThat(other.receive()).isEmpty();
    server.advance(Duration.ofMillis(2));
    assertThat(other.receive()).isEqualTo(NIL);
  }

  @Test
  void eachNewEntryGoesToOneConsumer() {
    send("XGROUP CREATE s g 0 MKSTREAM");
    TestServer.Client third = server.connect();
    other.send("XREADGROUP", "GROUP", "g", "c", "BLOCK", "0", "STREAMS", "s", ">");
    third.send("XREADGROUP", "GROUP", "g", "d", "BLOCK", "0", "STREAMS", "s", ">");
    assertThat(other.receive()).isEmpty();
    assertThat(third.receive()).isEmpty();
    send("XADD s 1-1 a 1");
    assertThat(other.receive()).contains("1-1");
    assertThat(third.receive()).isEmpty();
    send("XADD s 1-2 a 2");
    assertThat(third.receive()).contains("1-2");
  }

  @Test
  void theEndOfAGroupEndsTheWait() {
    send("XGROUP CREATE s g 0 MKSTREAM");
    for (String end : new String[] {"XGROUP DESTROY s g", "DEL s", "FLUSHALL"}) {
      other.send("XREADGROUP", "GROUP", "g", "c", "BLOCK", "0", "STREAMS", "s", ">");
      assertThat(other.receive()).isEmpty();
      send(end);
      assertThat(other.receive())
          .isEqualTo(
              "-NOGROUP No such key 's' or consumer group 'g' in XREADGROUP with GROUP option\r\n");
      send("XGROUP CREATE s g 0 MKSTREAM");
    }
    other.send("XREADGROUP", "GROUP", "g", "c", "BLOCK", "0", "STREAMS", "s", ">");
    assertThat(other.receive()).isEmpty();
    send("SET s v");
    assertThat(other.receive()).startsWith("-WRONGTYPE");
  }

  @BeforeEach
  void time() {
    server.advance(Duration.ofMillis(5));
  }
}
