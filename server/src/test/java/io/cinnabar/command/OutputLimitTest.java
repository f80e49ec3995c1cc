package io.cinnabar.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import io.cinnabar.TestServer.Client;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Clients whose replies are too much for {@code client-output-buffer-limit}. */
final class OutputLimitTest {

  /** What a reply to GET has around a value of five digits' length. */
  private static final int AROUND_BYTES = "$16374\r\n\r\n".length();

  private static final int UNCOUNTED_BYTES = 16 * 1024;

  private static TestServer server(String limit) {
    TestServer server = TestServer.start("client-output-buffer-limit normal " + limit);
    server.host().network().setWindowBytes(0);
    return server;
  }

  /** A client that reads nothing, after a reply of so many bytes. */
  private static Client unread(TestServer server, int replyBytes) {
    server.host().network().setWindowBytes(1 << 20);
    server.send("SET", "key", "x".repeat(replyBytes - AROUND_BYTES));
    Client client = server.connect();
    server.host().network().setWindowBytes(0);
    client.send("GET", "key");
    return client;
  }

  @Test
  void theFirstReplyBytesCountForNoLimit() {
    TestServer server = server("2 2 2");
    assertThat(unread(server, UNCOUNTED_BYTES + 2).isClosed()).isFalse();
    assertThat(unread(server, UNCOUNTED_BYTES + 3).isClosed()).isTrue();
    assertThat(server.logLines())
        .anyMatch(
            line ->
                line.startsWith("Client id=3 ")
                    && line.endsWith(
                        " scheduled to be closed ASAP for overcoming of output buffer limits."));
  }

  @Test
  void theSoftLimitHoldsForATime() {
    TestServer server = server("0 1000 2");
    Client below = unread(server, UNCOUNTED_BYTES + 1000);
    Client above = unread(server, UNCOUNTED_BYTES + 1001);
    server.advance(Duration.ofSeconds(2));
    assertThat(above.isClosed()).isFalse();
    server.advance(Duration.ofSeconds(2));
    assertThat(above.isClosed()).isTrue();
    assertThat(below.isClosed()).isFalse();
  }
}
