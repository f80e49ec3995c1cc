package io.cinnabar.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import io.cinnabar.TestServer.Client;
import io.cinnabar.virtual.VirtualHost;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A server that ends waits for its replicas, in virtual time. */
final class ShutdownTest {

  private static final String OK = "+OK\r\n";
  private static final String FAILED = "-ERR Errors trying to SHUTDOWN. Check logs.\r\n";
  private static final String WAITING = "Waiting for replicas before shutting down.";
  private static final int PORT = 7001;

  private final VirtualHost host = host();
  private final TestServer server = TestServer.startOn(host, "repl-diskless-sync-delay 0");
  private final TestReplica replica = TestReplica.synchronised(server, PORT);
  private final Client operator = server.connect();
  private final Client writer = server.connect();

  private static VirtualHost host() {
    VirtualHost host = new VirtualHost(1);
    host.startWorkers();
    return host;
  }

  /** The replica lacks this. */
  private void write() {
    assertThat(server.send("SET", "k", "v")).isEqualTo(OK);
  }

  private void acknowledge() {
    replica.stream();
    replica.acknowledge();
  }

  @Test
  void itEndsAtOnceWhenTheyHaveEverything() {
    write();
    acknowledge();
    assertThat(operator.send("SHUTDOWN")).isEmpty();
    assertThat(operator.isClosed()).isTrue();
    assertThat(server.logLines())
        .contains("1 of 1 replicas are in sync when shutting down.")
        .doesNotContain(WAITING);
  }

  @Test
  void writesWaitAndReadsDoNot() {
    write();
    assertThat(operator.send("SHUTDOWN")).isEmpty();
    assertThat(writer.send("SET", "k", "w")).isEmpty();
    assertThat(server.send("GET", "k")).isEqualTo("$1\r\nv\r\n");
    server.advance(Duration.ofMillis(2500));
    assertThat(server.send("INFO", "server")).contains("\r\nshutdown_in_milliseconds:7500\r\n");
    assertThat(server.send("INFO", "clients")).contains("\r\nblocked_clients:2\r\n");
    assertThat(operator.isClosed()).isFalse();

    acknowledge();
    assertThat(operator.isClosed()).isTrue();
    assertThat(writer.take()).isEmpty();
    assertThat(writer.isClosed()).isTrue();
    assertThat(server.logLines())
        .contains(WAITING, "1 of 1 replicas are in sync when shutting down.");
  }

  @Test
  void itDoesNotWaitForEver() {
    write();
    server.send("CONFIG", "SET", "shutdown-timeout", "3");
    assertThat(operator.send("SHUTDOWN")).isEmpty();
    server.advance(Duration.ofMillis(2990));
    assertThat(operator.isClosed()).isFalse();
    server.advance(Duration.ofMillis(20));
    assertThat(operator.isClosed()).isTrue();
    assertThat(server.logLines())
        .contains(
            WAITING,
            "Lagging replica 127.0.0.1:7001 reported offset 50 behind master, lag=3, state=online.",
            "0 of 1 replicas are in sync when shutting down.");
  }

  @Test
  void nowAndNoTimeMeanThatItDoesNotWait() {
    write();
    assertThat(operator.send("SHUTDOWN", "NOW")).isEmpty();
    assertThat(operator.isClosed()).isTrue();
    assertThat(server.logLines())
        .contains("0 of 1 replicas are in sync when shutting down.")
        .doesNotContain(WAITING);
  }

  @Test
  void withoutATimeoutItDoesNotWait() {
    write();
    server.send("CONFIG", "SET", "shutdown-timeout", "0");
    assertThat(operator.send("SHUTDOWN")).isEmpty();
    assertThat(operator.isClosed()).isTrue();
  }

  @Test
  void aReplicaThatLeavesIsNotWaitedFor() {
    write();
    operator.send("SHUTDOWN");
    replica.client().close();
    server.advance(Duration.ofMillis(1));
    assertThat(operator.isClosed()).isTrue();
  }

  @Test
  void itCanBeCalledOff() {
    write();
    operator.queue("SHUTDOWN\r\nPING\r\n");
    assertThat(operator.receive()).isEmpty();
    assertThat(writer.send("SET", "k", "w")).isEmpty();
    assertThat(server.send("CLIENT", "UNPAUSE")).isEqualTo(OK);
    assertThat(writer.receive()).as("that is another pause").isEmpty();

    assertThat(server.send("SHUTDOWN", "ABORT")).isEqualTo(OK);
    assertThat(operator.receive()).isEqualTo(FAILED + "+PONG\r\n");
    assertThat(writer.receive()).isEqualTo(OK);
    assertThat(server.send("SHUTDOWN", "ABORT")).isEqualTo("-ERR No shutdown in progress.\r\n");
    assertThat(server.send("INFO", "server")).doesNotContain("shutdown_in_milliseconds");
    assertThat(server.logLines()).contains("Shutdown manually aborted.");
    server.advance(Duration.ofSeconds(11));
    assertThat(server.send("PING")).isEqualTo("+PONG\r\n");
  }

  @Test
  void whatCanNotBeSavedKeepsItHere() {
    write();
    operator.send("SHUTDOWN", "SAVE");
    Client second = server.connect();
    assertThat(second.send("SHUTDOWN", "NOSAVE", "NOW")).as("it has begun").isEmpty();
    assertThat(server.send("CLIENT", "UNBLOCK", idOf(operator))).isEqualTo(":0\r\n");
    host.disk().failAll("No space left on device");
    acknowledge();
    assertThat(operator.receive()).isEqualTo(FAILED);
    assertThat(second.receive()).isEqualTo(FAILED);
    assertThat(server.logLines())
        .contains(
            "Error trying to save the DB, can't exit.",
            "Errors trying to shut down the server. Check the logs for more information.");
    assertThat(server.send("SET", "k", "w")).isEqualTo(OK);
    assertThat(operator.send("SHUTDOWN", "SAVE", "NOW", "FORCE")).isEmpty();
    assertThat(operator.isClosed()).isTrue();
  }

  private String idOf(Client client) {
    for (String line : server.send("CLIENT", "LIST").split("\n", -1)) {
      if (line.contains(" addr=" + client.address() + " ")) {
        return line.substring(line.indexOf("id=") + 3, line.indexOf(' '));
      }
    }
    return "none";
  }

  /** Its positions would not be what they were when the replicas were looked at. */
  @Test
  void nothingIsAskedMeanwhile() {
    assertThat(writer.send("SET", "k", "v")).isEqualTo(OK);
    operator.send("SHUTDOWN");
    assertThat(writer.send("WAIT", "1", "0")).isEmpty();
    assertThat(replica.stream()).doesNotContain("GETACK");
    server.send("SHUTDOWN", "ABORT");
    assertThat(replica.stream()).contains("GETACK");
  }
}
