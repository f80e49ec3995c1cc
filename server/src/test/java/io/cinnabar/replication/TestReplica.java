package io.cinnabar.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A replica in a test's hands, which keeps what it is sent as text, a character for each byte. */
final class TestReplica {

  private static final Pattern FULL = Pattern.compile("\n*\\+FULLRESYNC ([0-9a-f]{40}) (\\d+)\r\n");
  private static final Pattern MARK = Pattern.compile("\\$EOF:([0-9a-f]{40})\r\n");
  private static final Pattern LENGTH = Pattern.compile("\\$(\\d+)\r\n");

  private final TestServer.Client client;
  private String id = "";
  private long offset;
  private String unread = "";

  TestReplica(TestServer server, int port) {
    client = server.connect();
    assertThat(client.send("REPLCONF", "listening-port", Integer.toString(port)))
        .isEqualTo("+OK\r\n");
    assertThat(client.send("REPLCONF", "capa", "eof", "capa", "psync2")).isEqualTo("+OK\r\n");
  }

  /** Asks for all, and takes the snapshot, which has to come at once. */
  static TestReplica synchronised(TestServer server, int port) {
    TestReplica replica = new TestReplica(server, port);
    replica.ask();
    replica.takeSnapshot();
    replica.acknowledge();
    return replica;
  }

  TestServer.Client client() {
    return client;
  }

  String id() {
    return id;
  }

  /** How many bytes of the stream it has. */
  long offset() {
    return offset;
  }

  void ask() {
    unread += client.send("PSYNC", "?", "-1");
  }

  /** Takes what is sent up to the end of a snapshot with a mark; returns the snapshot. */
  String takeSnapshot() {
    takeAnswer();
    Matcher mark = MARK.matcher(unread);
    assertThat(mark.lookingAt()).as(unread).isTrue();
    int end = unread.indexOf(mark.group(1), mark.end());
    assertThat(end).as("the end of the snapshot").isPositive();
    String snapshot = unread.substring(mark.end(), end);
    unread = unread.substring(end + mark.group(1).length());
    assertThat(snapshot).startsWith("REDIS00");
    return snapshot;
  }

  /** The same of one whose length was said. */
  String takeSavedSnapshot() {
    takeAnswer();
    Matcher length = LENGTH.matcher(unread);
    assertThat(length.lookingAt()).as(unread).isTrue();
    int end = length.end() + Integer.parseInt(length.group(1));
    assertThat(unread.length()).isGreaterThanOrEqualTo(end);
    String snapshot = unread.substring(length.end(), end);
    unread = unread.substring(end);
    assertThat(snapshot).startsWith("REDIS00");
    return snapshot;
  }

  private void takeAnswer() {
    unread += client.receive();
    Matcher full = FULL.matcher(unread);
    assertThat(full.lookingAt()).as(unread).isTrue();
    id = full.group(1);
    offset = Long.parseLong(full.group(2));
    unread = unread.substring(full.end());
    while (unread.startsWith("\n")) {
      unread = unread.substring(1);
    }
  }

  /** Asks to go on; what comes at once. */
  String askToGoOn(String history, long from) {
    return client.send("PSYNC", history, Long.toString(from));
  }

  void acknowledge() {
    unread += client.send("REPLCONF", "ACK", Long.toString(offset));
  }

  /** Says how much is on its disk, too. */
  void acknowledge(long synced) {
    String[] ack = {"REPLCONF", "ACK", Long.toString(offset), "FACK", Long.toString(synced)};
    unread += client.send(ack);
  }

  /** Takes what there is of the stream. */
  String stream() {
    String stream = unread + client.receive();
    unread = "";
    offset += stream.length();
    return stream;
  }
}
