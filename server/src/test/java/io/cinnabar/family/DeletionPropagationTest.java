package io.cinnabar.family;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import io.cinnabar.command.Told;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What followers are told of keys that go without a DEL of a client; as a real server's AOF. */
final class DeletionPropagationTest {

  private final TestServer server = TestServer.start();
  private final List<String> followed = new ArrayList<>();

  private void follow() {
    server
        .engine()
        .unit()
        .listen(
            Told.to(
                change ->
                    change
                        .commands()
                        .forEach(command -> followed.add(String.join(" ", command.words())))));
  }

  @ParameterizedTest
  @CsvSource({"no,DEL", "yes,UNLINK"})
  void expiredKeys(String lazy, String deletion) {
    server.send("CONFIG", "SET", "lazyfree-lazy-expire", lazy);
    for (String key : new String[] {"expire", "pexpireat", "getex", "getdel"}) {
      server.send("SET", key, "1");
    }
    follow();
    server.send("EXPIRE", "expire", "-1");
    server.send("PEXPIREAT", "pexpireat", "1");
    server.send("GETEX", "getex", "EXAT", "1");
    server.send("GETDEL", "getdel");
    server.send("SET", "set", "1", "PXAT", "1");
    server.send("GET", "set");
    assertThat(followed)
        .containsExactly(
            deletion + " expire",
            deletion + " pexpireat",
            deletion + " getex",
            "DEL getdel",
            "SET set 1 PXAT 1",
            deletion + " set");
  }

  @ParameterizedTest
  @CsvSource({"no,DEL", "yes,UNLINK"})
  void expiredKeysThatNobodyAsksFor(String lazy, String deletion) {
    server.send("CONFIG", "SET", "lazyfree-lazy-expire", lazy);
    server.send("SET", "key", "1", "PX", "1");
    follow();
    server.advance(Duration.ofSeconds(2));
    assertThat(followed).containsExactly(deletion + " key");
  }

  @ParameterizedTest
  @CsvSource({"no,DEL", "yes,UNLINK"})
  void keysThatAreTaken(String lazy, String deletion) {
    server.send("CONFIG", "SET", "lazyfree-lazy-user-del", lazy);
    server.send("SET", "key", "1");
    server.send("SET", "other", "1");
    follow();
    server.send("GETDEL", "key");
    server.send("DEL", "other");
    assertThat(followed).containsExactly(deletion + " key", "DEL other");
  }
}
