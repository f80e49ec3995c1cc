package io.cinnabar.replication;

import io.cinnabar.TestServer;
import io.cinnabar.TestServer.Client;
import io.cinnabar.TestServers;
import io.cinnabar.virtual.PowerFailure;
import io.cinnabar.virtual.VirtualDisk;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One machine of a {@link ReplicationSimulation}: a server that dies and starts again with what its
 * disk has kept, whom it follows, and what all its lives have logged.
 */
final class SimulatedNode {

  private static final int MAX_TURNS = 1000;

  /** Stands for whom it follows after it was told and has not answered. */
  private static final String UNKNOWN = "?";

  private final TestServers servers;
  private final String address;
  private final List<String> directives;
  private final RandomGenerator random;
  private final VirtualDisk disk = new VirtualDisk();
  private final List<String> pastLogs = new ArrayList<>();
  private @Nullable TestServer server;

  /** Whose connection all is asked on. */
  private @Nullable Client client;

  private @Nullable String primary;
  private boolean started;

  /** Whether the process alone has ended, and not the machine. */
  private boolean isKilled;

  SimulatedNode(
      TestServers servers, String address, List<String> directives, RandomGenerator random) {
    this.servers = servers;
    this.address = address;
    this.directives = List.copyOf(directives);
    this.random = random;
  }

  String address() {
    return address;
  }

  boolean isAlways() {
    return directives.contains("appendonly yes") && directives.contains("appendfsync always");
  }

  boolean isJournaled() {
    return directives.contains("appendonly yes");
  }

  /** Starts with what is on the disk; follows another if that is not null. */
  void start(@Nullable String newPrimary) {
    if (started) {
      if (isKilled) {
        disk.kill();
      } else {
        disk.crash(random);
      }
    }
    started = true;
    isKilled = false;
    List<String> all = new ArrayList<>(directives);
    if (newPrimary != null) {
      all.add("replicaof " + newPrimary + " 6379");
    }
    primary = newPrimary;
    client = null;
    server = servers.start(address, disk, all.toArray(String[]::new));
  }

  /** The power fails, or the process is killed. */
  void crash() {
    if (isFree() && random.nextInt(4) == 0) {
      isKilled = true;
      servers.kill(address);
    } else if (isUp()) {
      servers.losePower(address);
    }
  }

  /** The power fails in one of the next operations of the disk, if there are so many. */
  void crashSoon(int operations) {
    disk.losePower(disk.operations() + operations, random.nextBoolean());
  }

  /** Ends {@link #crashSoon}. */
  void crashNoMore() {
    disk.losePower(0, false);
  }

  boolean isUp() {
    return server != null && servers.isRunning(server);
  }

  /** Whether it can be talked to: it runs, and is not in the middle of a turn. */
  boolean isFree() {
    return server != null && isUp() && !server.isTurning();
  }

  /** Whether a server that has ended here has left the machine to the next one. */
  boolean mayStart() {
    return !isUp() && (server == null || !server.isTurning());
  }

  /** A client of the server; null when the power fails meanwhile. */
  @Nullable Client connect() {
    try {
      return running().connect();
    } catch (PowerFailure failure) {
      servers.losePower(address);
      return null;
    }
  }

  /** What a command is answered; nothing when the power fails meanwhile. */
  String send(String... words) {
    return sendIn("0", words);
  }

  /** As {@link #send}, with this database selected. */
  String sendIn(String database, String... words) {
    try {
      Client to = client;
      if (to == null) {
        to = running().connect();
        // What is asked here is how things are, and not what may be relied on.
        to.send("CLIENT", "COMMIT-ACKS", "OFF");
        client = to;
      }
      to.send("SELECT", database);
      String reply = to.send(words);
      for (int i = 0; i < MAX_TURNS && reply.isEmpty(); i++) {
        reply = to.receive();
      }
      return reply;
    } catch (PowerFailure failure) {
      servers.losePower(address);
      return "";
    }
  }

  private TestServer running() {
    if (server == null) {
      throw new IllegalStateException("never started");
    }
    return server;
  }

  /** One field of INFO; nothing where there is none. */
  String field(String name) {
    String info = send("INFO", "replication");
    int at = info.indexOf("\n" + name + ":") + 1;
    if (at == 0) {
      return "";
    }
    return info.substring(at + name.length() + 1, info.indexOf('\r', at));
  }

  /** Whom it follows, as far as is known; null for nobody. */
  @Nullable String primary() {
    return primary;
  }

  /**
   * Tells it whom to follow; false when it can't be told now. Then it may have heard all the same.
   */
  boolean follow(@Nullable String newPrimary) {
    String reply =
        newPrimary == null ? send("REPLICAOF", "NO", "ONE") : send("REPLICAOF", newPrimary, "6379");
    if (!reply.startsWith("+OK")) {
      primary = UNKNOWN;
      return false;
    }
    primary = newPrimary;
    return true;
  }

  boolean isLinked() {
    return field("master_link_status").equals("up");
  }

  /** What it has logged in all its lives. */
  List<String> log() {
    return server == null ? pastLogs : join(pastLogs, server.logLines());
  }

  /** To be called before it starts again. */
  void keepLog() {
    if (server != null) {
      pastLogs.addAll(server.logLines());
      pastLogs.add("---- crashed");
      server = null;
    }
  }

  private static List<String> join(List<String> past, List<String> present) {
    List<String> all = new ArrayList<>(past);
    all.addAll(present);
    return all;
  }
}
