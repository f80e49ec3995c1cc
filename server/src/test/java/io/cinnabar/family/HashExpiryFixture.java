package io.cinnabar.family;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import io.cinnabar.command.Followed;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;

/**
 * What the tests of fields that expire share: a server whose hashes become large where the test
 * wants it, with a follower, in virtual time. After each test its keyspace must be whole.
 */
abstract class HashExpiryFixture {
  /** The virtual clock's first moment, 2024-02-29 12:00. */
  static final long START_MILLIS = 1_709_208_000_000L;

  TestServer server = TestServer.start();
  Followed followed = Followed.by(server);

  @AfterEach
  void theKeyspaceIsWhole() {
    server.engine().keyspace().validate();
  }

  final void start(int maxListpackEntries) {
    server =
        TestServer.start(
            "hash-max-listpack-entries " + maxListpackEntries, "enable-debug-command yes");
    followed = Followed.by(server);
  }

  final void assertReply(String command, String reply) {
    assertThat(server.send(command.split(" ", -1))).as(command).isEqualTo(reply);
  }

  final void assertIntegers(String command, long... replies) {
    StringBuilder expected = new StringBuilder("*" + replies.length + "\r\n");
    for (long reply : replies) {
      expected.append(':').append(reply).append("\r\n");
    }
    assertReply(command, expected.toString());
  }

  final void send(String command) {
    assertThat(server.send(command.split(" ", -1))).as(command).doesNotStartWith("-");
  }

  final void advanceMillis(long millis) {
    server.advance(Duration.ofMillis(millis));
  }
}
