package io.cinnabar.family;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import io.cinnabar.TestServer.Client;
import io.cinnabar.command.Followed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Messages to the client that causes them, to many, to slow ones, and to those that go. */
final class PubSubCommandsTest {

  private final TestServer server = TestServer.start();
  private final Client client = server.connect();

  private static String message(char mark, String text) {
    return mark + "3\r\n$7\r\nmessage\r\n$1\r\na\r\n$" + text.length() + "\r\n" + text + "\r\n";
  }

  @Test
  void ownMessagesComeBehindTheReply() {
    client.send("HELLO", "3");
    client.send("SUBSCRIBE", "a");
    assertThat(client.send("PUBLISH", "a", "x")).isEqualTo(":1\r\n" + message('>', "x"));
    client.send("PSUBSCRIBE", "*");
    assertThat(client.send("PUBLISH", "a", "y"))
        .startsWith(":2\r\n" + message('>', "y") + ">4\r\n$8\r\npmessage\r\n");
  }

  @Test
  void ownMessagesComeBehindTheWholeTransaction() {
    client.send("HELLO", "3");
    client.send("SUBSCRIBE", "a");
    client.send("MULTI");
    client.send("PUBLISH", "a", "x");
    client.send("PING");
    client.send("PUBLISH", "a", "y");
    assertThat(client.send("EXEC"))
        .isEqualTo("*3\r\n:1\r\n+PONG\r\n:1\r\n" + message('>', "x") + message('>', "y"));
  }

  @Test
  void aPipelineKeepsItsOrder() {
    client.send("HELLO", "3");
    client.send("SUBSCRIBE", "a");
    assertThat(client.sendRaw("PING\r\nPUBLISH a x\r\nPING\r\n"))
        .isEqualTo("+PONG\r\n:1\r\n" + message('>', "x") + "+PONG\r\n");
  }

  @Test
  void eachProtocolHasItsForm() {
    Client old = server.connect();
    old.send("SUBSCRIBE", "a");
    client.send("HELLO", "3");
    client.send("SUBSCRIBE", "a");
    assertThat(server.send("PUBLISH", "a", "x")).isEqualTo(":2\r\n");
    assertThat(old.receive()).isEqualTo(message('*', "x"));
    assertThat(client.receive()).isEqualTo(message('>', "x"));
  }

  @Test
  void tenThousandGetTheMessage() {
    server.send("CONFIG", "SET", "maxclients", "10100");
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      Client subscriber = server.connect();
      subscriber.send("SUBSCRIBE", "a");
      clients.add(subscriber);
    }
    assertThat(server.send("PUBLISH", "a", "x")).isEqualTo(":10000\r\n");
    for (Client subscriber : clients) {
      assertThat(subscriber.take()).isEqualTo(message('*', "x"));
      subscriber.abandon();
    }
    server.send("PING");
    assertThat(server.send("PUBLISH", "a", "y")).isEqualTo(":0\r\n");
    assertThat(server.send("PUBSUB", "CHANNELS")).isEqualTo("*0\r\n");
  }

  @Test
  void whoDoesNotReadIsCut() {
    server.send("CONFIG", "SET", "client-output-buffer-limit", "pubsub 100kb 0 0");
    client.send("SUBSCRIBE", "a");
    server.host().network().setWindowBytes(0);
    server.send("PUBLISH", "a", "x".repeat(100_000));
    assertThat(client.isClosed()).isFalse();
    server.send("PUBLISH", "a", "x".repeat(50_000));
    server.send("PING");
    assertThat(client.isClosed()).isTrue();
    assertThat(server.logLines()).anyMatch(line -> line.contains("output buffer limits"));
    server.host().network().setWindowBytes(1 << 20);
    assertThat(server.send("PUBSUB", "NUMSUB", "a")).endsWith("*2\r\n$1\r\na\r\n:0\r\n");
  }

  @Test
  void subscribersAreNotIdle() {
    server.send("CONFIG", "SET", "timeout", "5");
    Client idle = server.connect();
    client.send("SUBSCRIBE", "a");
    server.advance(Duration.ofSeconds(10));
    assertThat(idle.isClosed()).isTrue();
    assertThat(client.isClosed()).isFalse();
  }

  @Test
  void subscriptionsCountAsMemoryOfTheirClient() {
    TestServer limited = TestServer.start("maxmemory-clients 1mb");
    Client greedy = limited.connect();
    for (int i = 0; i < 10_000 && !greedy.isClosed(); i++) {
      greedy.send("SUBSCRIBE", "channel:" + i);
    }
    assertThat(greedy.isClosed()).isTrue();
    assertThat(limited.send("PUBSUB", "CHANNELS")).isEqualTo("*0\r\n");
  }

  @Test
  void followersHearOfMessages() {
    Followed followed = Followed.by(server);
    server.send("PUBLISH", "a", "x");
    server.send("SPUBLISH", "a", "y");
    assertThat(followed.take()).containsExactly("0 PUBLISH a x", "0 SPUBLISH a y");
  }

  @Test
  void aSlowPatternTakesNoLongerThanAnother() {
    client.send("PSUBSCRIBE", "*a".repeat(1000) + "b");
    String channel = "a".repeat(10_000);
    assertThat(server.send("PUBLISH", channel, "x")).isEqualTo(":0\r\n");
  }
}
