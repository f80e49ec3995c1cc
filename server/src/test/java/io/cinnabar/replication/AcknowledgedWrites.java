package io.cinnabar.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer.Client;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A client that appends numbers to a list, one at a time, and now and then waits until they are
 * with replicas or on disk. Where replies wait for a replica, it does not: then each reply says
 * that one has the number, and another client looks how many there are. It knows how many of them
 * the list has to have after a promotion or a crash: always the first so many of those sent, and
 * not less than was acknowledged by whoever is left.
 */
final class AcknowledgedWrites {

  private static final String KEY = "ledger";
  private static final String DATABASE = "9";

  private final RandomGenerator random;

  /** The numbers that the list has, or may have: the last may be under way. */
  private final List<String> sent = new ArrayList<>();

  /** The replicas that have died since both had so many. */
  private final Set<String> died = new HashSet<>();

  /**
   * So many may have been acknowledged by a replica that has died since, or were there when the
   * primary became one: that they are told of now proves nothing.
   */
  private int unproven;

  private int withOne;
  private int withBoth;
  private int onDisk;
  private int next;
  private @Nullable Client client;
  private @Nullable Client reader;
  private final boolean hasCommitAcks;
  private final StringBuilder replies = new StringBuilder();

  /** What the replies under way are to; empty when none is. */
  private String waitedFor = "";

  /** Whether all that is answered is on disk, since the primary's file has appendfsync always. */
  private boolean isOnDiskAtOnce;

  /**
   * @param hasCommitAcks whether replies wait until a replica has what they tell
   */
  AcknowledgedWrites(RandomGenerator random, boolean hasCommitAcks) {
    this.random = random;
    this.hasCommitAcks = hasCommitAcks;
  }

  /** Whoever is connected is connected no more; whether the last number was taken nobody knows. */
  void disconnect() {
    client = null;
    reader = null;
    waitedFor = "";
    replies.setLength(0);
  }

  /** Goes on. */
  void step(SimulatedNode primary) {
    if (client == null || client.isClosed()) {
      disconnect();
      reconnect(primary);
      return;
    }
    replies.append(client.take());
    if (hasCommitAcks) {
      look(primary);
    }
    if (!waitedFor.isEmpty()) {
      receive(primary);
    } else if (random.nextInt(3) == 0) {
      append(primary);
    }
  }

  /** What another client is shown is with a replica. */
  private void look(SimulatedNode primary) {
    Client from = reader;
    if (from == null || from.isClosed()) {
      reader = primary.isFree() ? primary.connect() : null;
      if (reader != null) {
        reader.queue(command("SELECT", DATABASE));
      }
      return;
    }
    for (String line : from.take().split("\r\n", -1)) {
      if (line.startsWith(":")) {
        int shown = Integer.parseInt(line.substring(1));
        assertThat(shown).as("LLEN").isLessThanOrEqualTo(sent.size());
        acknowledged(shown, 1);
      }
    }
    if (random.nextInt(3) == 0) {
      from.queue(command("LLEN", KEY));
    }
  }

  /** Looks first what became of what was under way. */
  private void reconnect(SimulatedNode primary) {
    if (primary.isFree()) {
      List<String> found = read(primary);
      if (found != null) {
        check("reconnected", found, Math.max(0, sent.size() - 1));
        replace(found);
        client = primary.connect();
        if (client != null) {
          client.queue(command("SELECT", DATABASE));
          waitedFor = "SELECT";
        }
      }
    }
  }

  private void append(SimulatedNode primary) {
    Client to = client;
    if (to == null) {
      return;
    }
    String number = Integer.toString(next++);
    sent.add(number);
    to.queue(command("RPUSH", KEY, number));
    String millis = Integer.toString(1 + random.nextInt(2000));
    waitedFor = "RPUSH";
    if (hasCommitAcks) {
      return;
    }
    switch (random.nextInt(4)) {
      case 0 -> {
        to.queue(command("WAIT", Integer.toString(1 + random.nextInt(2)), millis));
        waitedFor = "WAIT";
      }
      case 1 -> {
        if (primary.isJournaled()) {
          to.queue(command("WAITAOF", "1", "0", millis));
          waitedFor = "WAITAOF";
        }
      }
      default -> {}
    }
  }

  private void receive(SimulatedNode primary) {
    String[] lines = replies.toString().split("\r\n", -1);
    int awaited = waitedFor.equals("WAITAOF") ? 4 : waitedFor.equals("WAIT") ? 2 : 1;
    if (lines.length - 1 < awaited) {
      return;
    }
    String what = waitedFor;
    waitedFor = "";
    replies.setLength(0);
    if (what.equals("SELECT")) {
      assertThat(lines[0]).isEqualTo("+OK");
      return;
    }
    if (hasCommitAcks && lines[0].startsWith("-NOREPLICAS")) {
      sent.remove(sent.size() - 1);
      return;
    }
    if (hasCommitAcks && lines[0].startsWith("-UNACKNOWLEDGED")) {
      return; // it is there as long as this primary is
    }
    assertThat(lines[0]).as("RPUSH").isEqualTo(":" + sent.size());
    if (hasCommitAcks) {
      acknowledged(sent.size(), 1);
    }
    if (what.equals("WAIT")) {
      acknowledged(sent.size(), Integer.parseInt(lines[1].substring(1)));
    } else if (what.equals("WAITAOF") && lines[2].equals(":1")) {
      onDisk = sent.size();
      isOnDiskAtOnce = primary.isAlways();
    } else if (isOnDiskAtOnce) {
      onDisk = sent.size();
    }
  }

  /** So many replicas have had so many numbers. */
  private void acknowledged(int numbers, int replicas) {
    if (numbers <= unproven) {
      return;
    }
    if (replicas > 0) {
      withOne = Math.max(withOne, numbers);
    }
    if (replicas > 1) {
      withBoth = numbers;
      died.clear();
    }
  }

  /** What a replica had is lost. */
  void replicaDied(String address) {
    withOne = 0;
    unproven = sent.size();
    died.add(address);
    withBoth = died.size() > 1 ? 0 : withBoth;
  }

  /**
   * The most advanced replica is the primary now.
   *
   * @param lacking the other replicas that nobody knows the state of
   */
  void promoted(SimulatedNode primary, Set<String> lacking) {
    Set<String> gone = new HashSet<>(died);
    gone.addAll(lacking);
    int least = Math.max(lacking.isEmpty() ? withOne : 0, gone.size() > 1 ? 0 : withBoth);
    began("promoted " + primary.address(), primary, least);
    onDisk = 0;
  }

  /** The primary has died, and started with what was on its disk. */
  void restarted(SimulatedNode primary) {
    began("restarted " + primary.address(), primary, onDisk);
  }

  private void began(String what, SimulatedNode primary, int least) {
    disconnect();
    List<String> found = read(primary);
    if (found != null) {
      // Where nothing is promised it may be what was there before some synchronization.
      if (least > 0) {
        check(what, found, least);
      }
      replace(found);
    }
    unproven = sent.size();
    withOne = 0;
    withBoth = 0;
    isOnDiskAtOnce = false;
  }

  private void replace(List<String> found) {
    sent.clear();
    sent.addAll(found);
  }

  private void check(String what, List<String> found, int least) {
    assertThat(found.size()).as(what + ": how many are there").isBetween(least, sent.size());
    assertThat(found).as(what).isEqualTo(sent.subList(0, found.size()));
  }

  /** The list as it is; null when the power fails meanwhile. */
  private static @Nullable List<String> read(SimulatedNode node) {
    String reply = node.sendIn(DATABASE, "LRANGE", KEY, "0", "-1");
    if (reply.isEmpty()) {
      return null;
    }
    assertThat(reply).startsWith("*");
    List<String> numbers = new ArrayList<>();
    String[] lines = reply.split("\r\n", -1);
    for (int i = 2; i < lines.length; i += 2) {
      numbers.add(lines[i]);
    }
    return numbers;
  }

  private static String command(String... words) {
    StringBuilder command = new StringBuilder("*" + words.length + "\r\n");
    for (String word : words) {
      command.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
    }
    return command.toString();
  }
}
