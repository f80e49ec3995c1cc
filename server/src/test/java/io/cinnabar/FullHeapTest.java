package io.cinnabar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The program with a heap of 64 MB that is full of data, under clients that ask for more. */
final class FullHeapTest {

  private static final String OOM = "-OOM command not allowed when used memory > 'maxmemory'.";
  private static final int PIPELINE = 10_000;
  private static final int PIPELINE_BYTES = 4_000_000;
  private static final int LARGE_BYTES = 3_000_000;

  @Test
  void aFullServerRefusesAndLives() throws IOException {
    try (ServerProcess server = ServerProcess.startWithHeap("-Xmx64m", "--port", "0");
        Client client = new Client(server.awaitReady())) {
      assertThat(client.send("SET shown " + "v".repeat(1_000))).isEqualTo("+OK");
      assertThat(client.fill(1_000)).isEqualTo("-OOM");
      long keys = client.number("DBSIZE");
      assertThat(keys).isGreaterThan(15_000);
      new Storm(client.port()).close();
      client.awaitAlone();
      assertThat(client.number("DBSIZE")).isEqualTo(keys);
      assertThat(client.send("SET another 1")).isIn("+OK", OOM);
      assertThat(client.send("FLUSHALL")).isEqualTo("+OK");
      assertThat(client.send("SET another 1")).isEqualTo("+OK");
    }
  }

  @Test
  void aFullServerEvictsAndLives() throws IOException {
    try (ServerProcess server =
            ServerProcess.startWithHeap(
                "-Xmx64m", "--port", "0", "--maxmemory-policy", "allkeys-lru");
        Client client = new Client(server.awaitReady())) {
      assertThat(client.fill(1_000)).isEqualTo("+OK");
      assertThat(client.fill(10_000)).isEqualTo("+OK");
      try (Storm storm = new Storm(client.port())) {
        assertThat(storm.clients).isNotEmpty();
        assertThat(client.fill(50)).isIn("+OK", "-OOM");
        assertThat(client.fill(50)).as("when what was executed is gone").isEqualTo("+OK");
      }
      client.awaitAlone();
      assertThat(client.fill(50)).isEqualTo("+OK");
      assertThat(client.number("DBSIZE")).isGreaterThan(50_000);
    }
  }

  /**
   * Values that hardly fit and never end, and pipelines whose replies nobody reads; connections may
   * be cut. They take nearly all the memory that there is, and until the server has seen them go,
   * data may find no room even where keys are evicted.
   */
  private static final class Storm implements AutoCloseable {

    private final List<Client> clients = new ArrayList<>();

    Storm(int port) throws IOException {
      for (int i = 0; i < 6; i++) {
        Client client = join(port);
        client.tryToWrite("*3\r\n$3\r\nSET\r\n$5\r\nlarge\r\n$" + LARGE_BYTES + "\r\n");
        client.tryToWrite("x".repeat(LARGE_BYTES - i));
      }
      for (int i = 0; i < 6; i++) {
        join(port).tryToWrite("GET shown\r\nEXISTS shown\r\n".repeat(50_000));
      }
    }

    private Client join(int port) throws IOException {
      Client client = new Client(port);
      clients.add(client);
      return client;
    }

    @Override
    public void close() throws IOException {
      for (Client client : clients) {
        client.close();
      }
    }
  }

  private static final class Client implements AutoCloseable {

    private final int port;
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final Random random = new Random(1);

    Client(int port) throws IOException {
      this.port = port;
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      in = new BufferedInputStream(socket.getInputStream());
      out = socket.getOutputStream();
    }

    int port() {
      return port;
    }

    /** Writes twice as much as the heap has room for; the last reply's first word. */
    String fill(int valueBytes) throws IOException {
      String value = "v".repeat(valueBytes);
      String last = "";
      for (long bytes = 0; bytes < 80_000_000; bytes += PIPELINE_BYTES) {
        int pipeline = Math.min(PIPELINE, PIPELINE_BYTES / valueBytes);
        StringBuilder commands = new StringBuilder();
        for (int i = 0; i < pipeline; i++) {
          commands.append("SET key").append(random.nextInt(10_000_000)).append(' ');
          commands.append(value).append("\r\n");
        }
        out.write(commands.toString().getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < pipeline; i++) {
          last = line();
        }
      }
      return last.split(" ", 2)[0];
    }

    /** Returns when the server has read to the end what others had sent, and let go of them. */
    void awaitAlone() throws IOException {
      String others;
      do {
        others = bulk("CLIENT LIST");
      } while (others.indexOf('\n') != others.lastIndexOf('\n'));
    }

    private String bulk(String command) throws IOException {
      StringBuilder text = new StringBuilder();
      int length = Integer.parseInt(send(command).substring(1));
      for (int i = 0; i < length + 2; i++) {
        text.append((char) in.read());
      }
      return text.substring(0, length);
    }

    long number(String command) throws IOException {
      return Long.parseLong(send(command).substring(1));
    }

    String send(String command) throws IOException {
      out.write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
      return line();
    }

    void tryToWrite(String text) {
      try {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
      } catch (IOException cut) {
        // The server has no memory for this client, and lives on.
      }
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder();
      for (int b = in.read(); b != '\r'; b = in.read()) {
        if (b < 0) {
          throw new IOException("closed after " + line);
        }
        line.append((char) b);
      }
      in.read();
      return line.toString();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
