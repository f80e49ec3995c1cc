package io.cinnabar;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisMonitor;
import redis.clients.jedis.args.ClientPauseMode;

/** Monitors, paused clients and those that cost too much, over real sockets. */
@Timeout(60)
final class SocketClientsTest {

  private static final String BIG = "x".repeat(100_000);

  private static Jedis connect(CinnabarServer server) {
    return new Jedis("127.0.0.1", server.port());
  }

  private static Socket socket(CinnabarServer server, String text) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
    socket.getOutputStream().write(text.getBytes(US_ASCII));
    return socket;
  }

  private static String stat(Jedis client, String name) {
    return client
        .info("stats")
        .lines()
        .filter(line -> line.startsWith(name + ':'))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aClientLibraryMonitors() throws InterruptedException {
    List<String> seen = new ArrayList<>();
    try (CinnabarServer server = CinnabarServer.builder().start();
        Jedis monitor = connect(server);
        Jedis client = connect(server)) {
      CountDownLatch watching = new CountDownLatch(1);
      CountDownLatch last = new CountDownLatch(1);
      Thread thread =
          new Thread(
              () -> {
                try {
                  monitor.monitor(
                      new JedisMonitor() {
                        @Override
                        public void onCommand(String command) {
                          watching.countDown();
                          seen.add(command.substring(command.indexOf(']') + 2));
                          if (command.endsWith("\"end\"")) {
                            last.countDown();
                          }
                        }
                      });
                } catch (RuntimeException closed) {
                  // the test is over
                }
              });
      thread.start();
      while (watching.getCount() > 0) {
        client.ping();
      }
      client.set("key", "value");
      client.get("key");
      client.echo("end");
      last.await();
      monitor.disconnect();
      thread.join();
    }
    assertThat(seen).endsWith("\"SET\" \"key\" \"value\"", "\"GET\" \"key\"", "\"ECHO\" \"end\"");
  }

  @Test
  void aMonitorThatNeverReadsIsCutAndTheOthersGoOn() throws IOException {
    try (CinnabarServer server = CinnabarServer.builder().start();
        Jedis client = connect(server);
        Socket monitor = socket(server, "MONITOR\r\n")) {
      assertThat(monitor.getInputStream().readNBytes(5)).asString(US_ASCII).isEqualTo("+OK\r\n");
      for (int i = 0; i < 600; i++) {
        assertThat(client.echo(BIG)).hasSize(BIG.length());
      }
      assertThat(client.clientList()).doesNotContain("flags=O");
      assertThat(stat(client, "client_output_buffer_limit_disconnections")).endsWith(":1");
    }
  }

  @Test
  void pausedWritesGoOnWhenThePauseEnds() {
    try (CinnabarServer server = CinnabarServer.builder().start();
        Jedis operator = connect(server);
        Jedis client = connect(server)) {
      long startNanos = System.nanoTime();
      operator.clientPause(100, ClientPauseMode.WRITE);
      assertThat(client.get("key")).isNull();
      assertThat(client.set("key", "value")).isEqualTo("OK");
      assertThat(System.nanoTime() - startNanos).isGreaterThan(100_000_000L);
    }
  }

  @Test
  void theLargestClientsAreClosedWhenAllCostTooMuch() throws IOException {
    try (CinnabarServer server =
            CinnabarServer.builder().option("maxmemory-clients", "10mb").start();
        Jedis client = connect(server)) {
      List<Socket> greedy = new ArrayList<>();
      for (int i = 0; i < 30; i++) {
        greedy.add(socket(server, "*2\r\n$4\r\nECHO\r\n$1000000\r\n" + BIG.repeat(9)));
      }
      // As many as fit stay; the rest has been closed when all have arrived.
      while (!stat(client, "evicted_clients").matches(".*:2\\d")) {
        assertThat(client.ping()).isEqualTo("PONG");
      }
      for (Socket each : greedy) {
        each.close();
      }
    }
  }

  @Test
  void aUnixSocketShowsAsItsPath(@TempDir Path folder) throws IOException {
    Path path = folder.resolve("s");
    try (CinnabarServer server =
            CinnabarServer.builder().option("unixsocket", path.toString()).start();
        SocketChannel client = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      client.connect(UnixDomainSocketAddress.of(path));
      try (Socket watching = socket(server, "MONITOR\r\n");
          BufferedReader lines = new BufferedReader(reader(watching))) {
        assertThat(lines.readLine()).isEqualTo("+OK");
        client.write(ByteBuffer.wrap("PING\r\n".getBytes(US_ASCII)));
        assertThat(Channels.newInputStream(client).readNBytes(7)).hasSize(7);
        assertThat(lines.readLine()).endsWith(" [0 unix:" + path + "] \"PING\"");
      }
    }
  }

  private static Reader reader(Socket socket) throws IOException {
    return new InputStreamReader(socket.getInputStream(), US_ASCII);
  }
}
