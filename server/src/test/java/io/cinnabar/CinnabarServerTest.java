package io.cinnabar;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.SetParams;

/** The server as a part of a JVM. */
@Timeout(60)
final class CinnabarServerTest {

  private static Jedis connect(CinnabarServer server) {
    return new Jedis("127.0.0.1", server.port());
  }

  @Test
  void itListensOnAFreePortOfTheLoopbackAddress() {
    try (CinnabarServer server = CinnabarServer.builder().start();
        Jedis client = connect(server)) {
      assertThat(server.port()).isPositive();
      assertThat(client.ping()).isEqualTo("PONG");
      assertThat(client.configGet("bind")).containsEntry("bind", "127.0.0.1");
      assertThat(client.info("server")).contains("tcp_port:" + server.port() + "\r\n");
    }
  }

  @Test
  void twoServersInOneJvmShareNothing() {
    try (CinnabarServer one = CinnabarServer.builder().start();
        Jedis first = connect(one)) {
      try (CinnabarServer two = CinnabarServer.builder().start();
          Jedis second = connect(two)) {
        assertThat(one.port()).isNotEqualTo(two.port());
        first.set("key", "one");
        assertThat(second.get("key")).isNull();
        second.set("key", "two");
        second.flushAll();
      }
      assertThat(first.get("key")).isEqualTo("one");
    }
  }

  @Test
  void closingClosesTheConnectionsAndFreesThePort() throws IOException {
    CinnabarServer server = CinnabarServer.builder().start();
    int port = server.port();
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
      client.getOutputStream().write("PING\r\n".getBytes(US_ASCII));
      assertThat(client.getInputStream().readNBytes(7)).asString().isEqualTo("+PONG\r\n");
      server.close();
      assertThat(client.getInputStream().read()).isNegative();
    }
    assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
        .isInstanceOf(ConnectException.class);
    server.close();
    try (CinnabarServer again = CinnabarServer.builder().port(port).start();
        Jedis client = connect(again)) {
      assertThat(again.port()).isEqualTo(port);
      assertThat(client.dbSize()).isZero();
    }
  }

  @Test
  void aPortThatIsTakenIsRefused() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      CinnabarServer.Builder builder = CinnabarServer.builder().port(taken.getLocalPort());
      assertThatThrownBy(builder::start)
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("Address already in use");
    }
  }

  @Test
  void optionsAreThoseOfRedisConf() {
    try (CinnabarServer server =
            CinnabarServer.builder()
                .option("requirepass", "secret")
                .option("databases", "3")
                .option("client-output-buffer-limit", "normal", "1mb", "2mb", "3")
                .start();
        Jedis client = connect(server)) {
      assertThatThrownBy(client::ping).hasMessage("NOAUTH Authentication required.");
      assertThat(client.auth("secret")).isEqualTo("OK");
      assertThatThrownBy(() -> client.select(3)).hasMessage("ERR DB index is out of range");
      assertThat(client.configGet("client-output-buffer-limit").values())
          .allMatch(limits -> limits.startsWith("normal 1048576 2097152 3 "));
    }
  }

  @Test
  void optionsThatDoNotExistAreRefused() {
    CinnabarServer.Builder builder = CinnabarServer.builder();
    assertThatThrownBy(() -> builder.option("no-such-option", "1"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("no-such-option: ");
    assertThatThrownBy(() -> builder.option("timeout", "soon"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("timeout: ");
  }

  @Test
  void aTestMovesTheClockRatherThanWait() {
    AtomicLong nowMillis = new AtomicLong(Instant.parse("2030-01-01T00:00:00Z").toEpochMilli());
    try (CinnabarServer server =
            CinnabarServer.builder().clock(() -> Instant.ofEpochMilli(nowMillis.get())).start();
        Jedis client = connect(server)) {
      assertThat(client.time().get(0)).isEqualTo("1893456000");
      client.set("key", "value", SetParams.setParams().ex(3_600));
      assertThat(client.ttl("key")).isEqualTo(3_600);
      nowMillis.addAndGet(3_599_000);
      assertThat(client.get("key")).isEqualTo("value");
      nowMillis.addAndGet(2_000);
      assertThat(client.get("key")).isNull();
    }
  }

  @Test
  void itTouchesNoFilesUnlessItIsToldWhich(@TempDir Path folder) {
    try (CinnabarServer server = CinnabarServer.builder().start();
        Jedis client = connect(server)) {
      client.set("key", "value");
    }
    assertThat(Path.of("dump.rdb")).doesNotExist();
    String dir = folder.toString();
    try (CinnabarServer server = CinnabarServer.builder().option("dir", dir).start();
        Jedis client = connect(server)) {
      client.set("key", "value");
    }
    assertThat(folder).isEmptyDirectory();
    try (CinnabarServer server =
            CinnabarServer.builder().option("dir", dir).option("save", "1000 1").start();
        Jedis client = connect(server)) {
      client.set("key", "value");
    }
    try (CinnabarServer server = CinnabarServer.builder().option("dir", dir).start();
        Jedis client = connect(server)) {
      assertThat(client.get("key")).isEqualTo("value");
    }
  }

  @Test
  void aReplicaGetsTheDataWithoutAFileWhereThereIsNoFolder() throws IOException {
    try (CinnabarServer primary =
            CinnabarServer.builder().option("repl-diskless-sync", "no").start();
        Jedis writer = connect(primary)) {
      writer.set("key", "value");
      try (CinnabarServer replica =
              CinnabarServer.builder()
                  .option("replicaof", "127.0.0.1", "" + primary.port())
                  .start();
          Jedis reader = connect(replica)) {
        while (!reader.info("replication").contains("master_link_status:up")) {
          Thread.onSpinWait();
        }
        assertThat(reader.get("key")).isEqualTo("value");
      }
      try (Socket old = new Socket(InetAddress.getLoopbackAddress(), primary.port())) {
        old.getOutputStream().write("SYNC\r\n".getBytes(US_ASCII));
        assertThat(new String(old.getInputStream().readAllBytes(), US_ASCII).trim())
            .isEqualTo("-ERR BGSAVE failed, replication can't continue");
      }
    }
    assertThat(Path.of("dump.rdb")).doesNotExist();
  }

  @Test
  void aFileThatCanNotBeLoadedIsRefused(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("other.rdb"), "REDIS0011");
    CinnabarServer.Builder builder =
        CinnabarServer.builder().option("dir", folder.toString()).option("dbfilename", "other.rdb");
    assertThatThrownBy(builder::start)
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("the file ends too early, at offset 9");
  }

  @Test
  void shutdownEndsIt() {
    CinnabarServer server = CinnabarServer.builder().start();
    try (Jedis client = connect(server)) {
      client.shutdown();
    }
    server.close();
    assertThatThrownBy(() -> connect(server).ping()).hasMessageContaining("connect");
  }
}
