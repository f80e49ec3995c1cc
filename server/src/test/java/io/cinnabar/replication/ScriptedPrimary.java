package io.cinnabar.replication;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.cinnabar.TestServer;
import io.cinnabar.host.Connection;
import io.cinnabar.host.ConnectionHandler;
import io.cinnabar.host.ListenAddress;
import io.cinnabar.virtual.VirtualHost;
import io.cinnabar.virtual.VirtualNetwork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A primary in a test's hands, on a host of its own: it says what the test has it say. */
final class ScriptedPrimary {

  static final String ADDRESS = "10.0.0.9";
  static final int PORT = 6379;

  /** A directive that has a server follow it. */
  static final String REPLICAOF = "replicaof " + ADDRESS + " " + PORT;

  static final String ID = "0123456789abcdef0123456789abcdef01234567";
  static final String OTHER_ID = "fedcba9876543210fedcba9876543210fedcba98";
  static final String MARK = "0123456789012345678901234567890123456789";

  private static final int MAX_STEPS = 100_000;

  private final VirtualNetwork network;
  private final ArrayDeque<Dialog> accepted = new ArrayDeque<>();

  ScriptedPrimary(VirtualHost replica) {
    network = new VirtualNetwork(7, replica.network().internet(), ADDRESS);
    try {
      network.listen(new ListenAddress(ADDRESS, PORT, 0, 0), this::accept);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Dialog accept(Connection connection) {
    Dialog dialog = new Dialog(connection);
    accepted.add(dialog);
    return dialog;
  }

  /** Lets the replica run until something is so. */
  void runUntil(TestServer replica, BooleanSupplier condition) {
    for (int i = 0; i < MAX_STEPS; i++) {
      if (condition.getAsBoolean()) {
        return;
      }
      network.poll(0);
      replica.advance(Duration.ofMillis(1));
      network.poll(0);
    }
    fail("it did not happen; the log is:\n" + String.join("\n", replica.logLines()));
  }

  /** Waits for the replica's next connection. */
  Dialog accept(TestServer replica) {
    runUntil(replica, () -> !accepted.isEmpty());
    Dialog dialog = accepted.remove();
    dialog.replica = replica;
    return dialog;
  }

  /** Whether nobody has connected since. */
  boolean isAlone() {
    network.poll(0);
    return accepted.isEmpty();
  }

  /** One connection of the replica. */
  final class Dialog implements ConnectionHandler {

    private final Connection connection;
    private final StringBuilder received = new StringBuilder();
    private boolean closed;
    private @Nullable TestServer replica;

    Dialog(Connection connection) {
      this.connection = connection;
    }

    @Override
    public void received(ByteBuffer bytes) {
      while (bytes.hasRemaining()) {
        received.append((char) (bytes.get() & 0xff));
      }
    }

    @Override
    public void drained() {}

    @Override
    public boolean isBusy() {
      return false;
    }

    @Override
    public void closed() {
      closed = true;
    }

    private TestServer replica() {
      TestServer server = replica;
      if (server == null) {
        throw new IllegalStateException("nobody has taken it");
      }
      return server;
    }

    /** Waits for the next command; its words with spaces between them. */
    String command() {
      String[] taken = {""};
      runUntil(
          replica(),
          () -> {
            taken[0] = take();
            return !taken[0].isEmpty();
          });
      return taken[0];
    }

    /** The next command if all of it has come; newlines before it are passed over. */
    private String take() {
      while (received.length() > 0 && received.charAt(0) == '\n') {
        received.deleteCharAt(0);
      }
      if (received.length() == 0) {
        return "";
      }
      int at = received.indexOf("\r\n") + 2;
      if (at < 2) {
        return "";
      }
      int count = Integer.parseInt(received.substring(1, at - 2));
      StringBuilder words = new StringBuilder();
      for (int i = 0; i < count; i++) {
        int end = received.indexOf("\r\n", at);
        if (end < 0) {
          return "";
        }
        int length = Integer.parseInt(received.substring(at + 1, end));
        if (received.length() < end + 2 + length + 2) {
          return "";
        }
        words.append(i == 0 ? "" : " ").append(received, end + 2, end + 2 + length);
        at = end + 2 + length + 2;
      }
      received.delete(0, at);
      return words.toString();
    }

    Dialog expect(String command) {
      assertThat(command()).isEqualTo(command);
      return this;
    }

    /** Sends these characters, one byte each. */
    Dialog say(String text) {
      byte[] bytes = text.getBytes(ISO_8859_1);
      return say(bytes, bytes.length);
    }

    Dialog say(byte[] bytes, int length) {
      connection.write(bytes, 0, length);
      connection.flush();
      return this;
    }

    /** The replica introduces itself, up to its wish for the stream, which is returned. */
    String greet() {
      expect("PING");
      say("+PONG\r\n");
      expect("REPLCONF listening-port 6379");
      expect("REPLCONF capa eof capa psync2");
      say("+OK\r\n+OK\r\n");
      return command();
    }

    /** The replica introduces itself and gets a data set. */
    Dialog synchronise(byte[] dataSet, long offset) {
      greet();
      say("+FULLRESYNC " + ID + " " + offset + "\r\n$" + dataSet.length + "\r\n");
      say(dataSet, dataSet.length);
      runUntil(replica(), () -> hasLogged("MASTER <-> REPLICA sync: Finished with success"));
      return this;
    }

    boolean hasLogged(String line) {
      return replica().logLines().contains(line);
    }

    /** Waits for the next word of how far the replica is. */
    Dialog expectAck(long offset) {
      runUntil(replica(), () -> take().equals("REPLCONF ACK " + offset));
      return this;
    }

    Dialog awaitLog(String part) {
      runUntil(
          replica(), () -> replica().logLines().stream().anyMatch(line -> line.contains(part)));
      return this;
    }

    void close() {
      connection.close();
      network.poll(0);
    }

    Dialog awaitEnd() {
      runUntil(replica(), () -> closed);
      return this;
    }
  }
}
