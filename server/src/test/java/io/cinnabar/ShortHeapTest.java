package io.cinnabar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The program with a heap of 128 MB, and clients that ask for more. */
final class ShortHeapTest {

  private static final int CHUNK_BYTES = 1_000_000;
  private static final int CHUNKS = 300;
  private static final int NAMES = 1_000;
  private static final int LINES_OF_A_SUBSCRIPTION = 6;

  @Test
  void aValueLargerThanTheHeapCostsItsConnectionOnly() throws IOException {
    try (ServerProcess server = ServerProcess.start("--port", "0", "--save", "")) {
      int port = server.awaitReady();
      try (Socket other = connect(port);
          Socket greedy = connect(port)) {
        assertThat(send(other, "SET key value\r\n")).isEqualTo("+OK");
        assertThatThrownBy(() -> sendLargeValue(greedy)).isInstanceOf(IOException.class);
        assertThat(send(other, "STRLEN key\r\n")).isEqualTo(":5");
        assertThat(send(other, "DBSIZE\r\n")).isEqualTo(":1");
      }
      server.terminate();
      assertThat(server.awaitExit()).isZero();
      assertThat(server.lines())
          .anyMatch(line -> line.contains("Closing client that needs more memory"));
    }
  }

  @Test
  void aMonitorThatNeverReadsCostsItselfOnly() throws IOException {
    try (ServerProcess server = ServerProcess.start("--port", "0", "--save", "")) {
      int port = server.awaitReady();
      try (Socket other = connect(port);
          Socket monitor = connect(port)) {
        assertThat(send(monitor, "MONITOR\r\n")).isEqualTo("+OK");
        for (int i = 0; i < CHUNKS / 10; i++) {
          // Every byte takes four in the monitor's line.
          other.getOutputStream().write(ascii("*2\r\n$6\r\nSTRLEN\r\n$" + CHUNK_BYTES + "\r\n"));
          other.getOutputStream().write(new byte[CHUNK_BYTES]);
          assertThat(send(other, "\r\n")).isEqualTo(":0");
        }
        assertThat(send(other, "PING\r\n")).isEqualTo("+PONG");
      }
      server.terminate();
      assertThat(server.awaitExit()).isZero();
      assertThat(server.lines())
          .anyMatch(line -> line.endsWith(" for overcoming of output buffer limits."));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE", "WATCH"})
  void whatIsKeptForAClientHasAnEnd(String command) throws IOException {
    try (ServerProcess server = ServerProcess.start("--port", "0", "--save", "")) {
      int port = server.awaitReady();
      try (Socket other = connect(port)) {
        // What one has left must not be missing for the next.
        for (int round = 0; round < 2; round++) {
          try (Socket greedy = connect(port)) {
            assertThat(askForNames(greedy, command))
                .isEqualTo("-OOM command not allowed when used memory > 'maxmemory'.");
            assertThat(send(other, "PING\r\n")).isEqualTo("+PONG");
          }
        }
        assertThat(send(other, command + " some-other\r\n")).doesNotStartWith("-");
      }
      server.terminate();
      assertThat(server.awaitExit()).isZero();
    }
  }

  /** Names new channels, or keys, until there is an error. */
  private static String askForNames(Socket socket, String command) throws IOException {
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
    int lines = command.equals("WATCH") ? 1 : NAMES * LINES_OF_A_SUBSCRIPTION;
    for (int i = 0; i < CHUNKS * 10; i++) {
      StringBuilder names = new StringBuilder(command);
      for (int j = 0; j < NAMES; j++) {
        names.append(" some-name-or-other-").append(i).append('-').append(j);
      }
      socket.getOutputStream().write(ascii(names.append("\r\n").toString()));
      for (int j = 0; j < lines; j++) {
        String line = in.readLine();
        if (line == null || line.startsWith("-")) {
          return String.valueOf(line);
        }
      }
    }
    return "all were taken";
  }

  /** Fails when the server closes the connection. */
  private static void sendLargeValue(Socket socket) throws IOException {
    OutputStream out = socket.getOutputStream();
    int length = CHUNKS * CHUNK_BYTES;
    out.write(ascii("*3\r\n$3\r\nSET\r\n$5\r\nlarge\r\n$" + length + "\r\n"));
    byte[] chunk = new byte[CHUNK_BYTES];
    for (int i = 0; i < CHUNKS; i++) {
      out.write(chunk);
    }
    send(socket, "\r\n");
  }

  private static Socket connect(int port) throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), port);
  }

  /** Sends this and reads a reply of one line, without the line's end. */
  private static String send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(ascii(text));
    InputStream in = new BufferedInputStream(socket.getInputStream());
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

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
