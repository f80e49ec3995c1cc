package io.cinnabar.differential;

import static io.cinnabar.differential.ExchangeData.ask;
import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.Seed;
import io.cinnabar.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Three real Sentinels watch a primary and two replicas, all of them ours. The primary is killed
 * under load: what a replica had acknowledged is there under the next one, and the killed server
 * comes back as a replica. Who acknowledges is asked with WAIT, or is all that was answered, with
 * commit-acks. {@code -Dcinnabar.failovers=10} does it so often.
 */
@Timeout(value = 900, threadMode = ThreadMode.SEPARATE_THREAD)
final class SentinelFailoverTest {

  private static final int FAILOVERS = Integer.getInteger("cinnabar.failovers", 1);
  private static final int SERVERS = 3;
  private static final int SENTINELS = 3;
  private static final int WRITERS = 4;
  private static final int FILLER_BYTES = 2000;
  private static final int FILLER_BATCH = 50;
  private static final int WAIT_MILLIS = 1000;

  /** Long enough for a busy machine: Sentinels that give up a primary too early lose writes. */
  private static final int DOWN_MILLIS = 3000;

  private static final int LOAD_SECONDS = 60;

  /** So often a server is looked at over one connection. */
  private static final int LOOKS = 5000;

  private static final int REPLY_MILLIS = 60_000;

  /** An election that nobody wins is repeated after twice the failover timeout. */
  private static final int SWITCH_MILLIS = 120_000;

  private static final String HOST = "127.0.0.1";
  private static final String NAME = "mymaster";
  private static final String SWITCHED = "+switch-master";

  @TempDir private Path folder;

  private final SplittableRandom random = new SplittableRandom(Seed.of(SentinelFailoverTest.class));

  private final List<Node> nodes = new ArrayList<>();
  private final List<RealRedis> sentinels = new ArrayList<>();

  /** Whether each reply says that a replica has it. */
  private boolean hasCommitAcks;

  /** What each writer has had acknowledged: the numbers of its keys. */
  private final List<List<Integer>> acknowledged = new ArrayList<>();

  /** One of our servers, which can be started again where it was. */
  private static final class Node {

    final int port;
    final Path file;
    private final ServerProcess process;

    private Node(int port, Path file) throws IOException {
      this.port = port;
      this.file = file;
      process = ServerProcess.start(file.toString());
      process.awaitReady();
    }

    static Node start(Path folder, String... some) throws IOException {
      int port = RealRedis.freePort();
      Path file = folder.resolve("redis-" + port + ".conf");
      List<String> lines = new ArrayList<>(List.of(some));
      lines.addAll(
          List.of(
              "port " + port,
              "bind " + HOST,
              "dir " + Files.createDirectory(folder.resolve("data-" + port)),
              "save \"\"",
              "repl-diskless-sync-delay 0"));
      Files.write(file, lines);
      return new Node(port, file);
    }

    Node again() throws IOException {
      return new Node(port, file);
    }

    void kill() {
      process.close();
    }

    Jedis client() {
      return new Jedis(HOST, port, REPLY_MILLIS);
    }

    /** What INFO says of replication when it has a link to a primary, or has none for a while. */
    String awaitLink() {
      try (Jedis client = client()) {
        String info = client.info("replication");
        for (int i = 0; i < LOOKS && !info.contains("master_link_status:up"); i++) {
          info = client.info("replication");
        }
        return info;
      } catch (JedisConnectionException cut) {
        // A Sentinel cuts the clients of a server to which it gives another role.
        return "";
      }
    }
  }

  @AfterEach
  void stop() {
    sentinels.forEach(RealRedis::close);
    nodes.forEach(Node::kill);
  }

  @Test
  void whatAReplicaHasAcknowledgedOutlivesThePrimary() throws Exception {
    failOver();
  }

  @Test
  void soDoesAllThatWasAnsweredWithCommitAcks() throws Exception {
    hasCommitAcks = true;
    failOver();
  }

  private void failOver() throws Exception {
    start();
    for (int failovers = 0; failovers < FAILOVERS; ) {
      forget();
      Node next = failOver(awaitWhole());
      if (next != null) {
        check(next);
        failovers++;
      }
    }
    Node primary = awaitWhole();
    for (Node node : nodes) {
      if (node != primary) {
        assertThat(Files.readAllLines(node.file))
            .contains("replicaof " + HOST + " " + primary.port);
        awaitSameSize(primary, node);
      }
      check(node);
    }
  }

  private void forget() {
    acknowledged.clear();
    for (int i = 0; i < WRITERS; i++) {
      acknowledged.add(new ArrayList<>());
    }
  }

  private void start() throws IOException {
    String acks = "commit-acks " + (hasCommitAcks ? "replicas 1 timeout " + WAIT_MILLIS : "no");
    Node primary = Node.start(folder, acks);
    nodes.add(primary);
    for (int i = 1; i < SERVERS; i++) {
      nodes.add(Node.start(folder, acks, "replicaof " + HOST + " " + primary.port));
    }
    for (int i = 0; i < SENTINELS; i++) {
      Path file = folder.resolve("sentinel-" + i + ".conf");
      List<String> lines =
          List.of(
              "sentinel monitor " + NAME + " " + HOST + " " + primary.port + " 2",
              "sentinel down-after-milliseconds " + NAME + " " + DOWN_MILLIS,
              "sentinel failover-timeout " + NAME + " 5000");
      Files.write(file, lines);
      sentinels.add(RealRedis.startSentinel(file));
    }
  }

  private static void await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      Thread.onSpinWait();
    }
  }

  /** Waits until all follow the same one, and all Sentinels know that and each other: that one. */
  private Node awaitWhole() {
    Node primary = named();
    while (!isWhole(primary)) {
      primary = named();
    }
    return primary;
  }

  /** The primary that the first Sentinel names. */
  private Node named() {
    try (Jedis client = sentinel(sentinels.get(0))) {
      String port = client.sentinelGetMasterAddrByName(NAME).get(1);
      return nodes.stream().filter(node -> port.equals("" + node.port)).findFirst().orElseThrow();
    }
  }

  private static Jedis sentinel(RealRedis sentinel) {
    return new Jedis(HOST, sentinel.subject().port(), REPLY_MILLIS);
  }

  private boolean isWhole(Node primary) {
    String link = "master_port:" + primary.port + "\r\nmaster_link_status:up";
    for (Node node : nodes) {
      if (node != primary && !node.awaitLink().contains(link)) {
        return false;
      }
    }
    for (RealRedis sentinel : sentinels) {
      try (Jedis client = sentinel(sentinel)) {
        if (!knowsAll(client, primary)) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean knowsAll(Jedis sentinel, Node primary) {
    Map<String, String> master = sentinel.sentinelMaster(NAME);
    return ("" + primary.port).equals(master.get("port"))
        && "master".equals(master.get("flags"))
        && ("" + (SENTINELS - 1)).equals(master.get("num-other-sentinels"))
        && sentinel.sentinelSentinels(NAME).stream()
            .allMatch(other -> "sentinel".equals(other.get("flags")))
        && sentinel.sentinelReplicas(NAME).stream()
                .filter(replica -> "slave".equals(replica.get("flags")))
                .count()
            == SERVERS - 1;
  }

  /**
   * Kills the primary under load, and starts it again when there is another: that one; null when
   * the Sentinels had given it up alive.
   */
  private @Nullable Node failOver(Node killed) throws Exception {
    int port = sentinels.get(0).subject().port();
    try (RespClient sentinel = RespClient.connect(HOST, port, SWITCH_MILLIS)) {
      ask(sentinel, "SUBSCRIBE", SWITCHED);
      if (!killUnderLoad(killed, sentinel)) {
        return null;
      }
      String switched = sentinel.receive().reply().toString();
      assertThat(switched).contains(NAME + " " + HOST + " " + killed.port + " " + HOST + " ");
      Node next = named();
      assertThat(next).isNotSameAs(killed);
      nodes.set(nodes.indexOf(killed), killed.again());
      return next;
    }
  }

  private boolean killUnderLoad(Node primary, RespClient sentinel) throws Exception {
    CountDownLatch enough = new CountDownLatch(100 + random.nextInt(1000));
    List<Thread> threads = new ArrayList<>();
    threads.add(new Thread(() -> fill(primary)));
    for (int i = 0; i < WRITERS; i++) {
      List<Integer> mine = acknowledged.get(i);
      int number = i;
      threads.add(new Thread(() -> write(primary, number, mine, enough)));
    }
    threads.forEach(Thread::start);
    boolean isTimely = enough.await(LOAD_SECONDS, TimeUnit.SECONDS) && !sentinel.hasReceived();
    if (isTimely) {
      primary.kill();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    return isTimely;
  }

  private void write(Node primary, int number, List<Integer> acknowledged, CountDownLatch enough) {
    try (Jedis client = primary.client()) {
      for (int i = 0; true; i++) {
        if (isAcknowledged(client, key(number, i), "" + i)) {
          acknowledged.add(i);
          enough.countDown();
        }
      }
    } catch (JedisException e) {
      // It was killed, or is no primary any more.
    }
  }

  private boolean isAcknowledged(Jedis client, String key, String value) {
    if (!hasCommitAcks) {
      client.set(key, value);
      return client.waitReplicas(1, WAIT_MILLIS) >= 1;
    }
    try {
      client.set(key, value);
      return true;
    } catch (JedisDataException e) {
      String error = String.valueOf(e.getMessage());
      if (error.startsWith("NOREPLICAS") || error.contains("is kept here")) {
        return false; // this server goes on, perhaps with another replica
      }
      throw e;
    }
  }

  private static String key(int writer, int number) {
    return "key:" + writer + ":" + number;
  }

  /** Writes without waiting for anybody, so that there is always something on its way. */
  private static void fill(Node primary) {
    String value = "x".repeat(FILLER_BYTES);
    try (Jedis client = primary.client()) {
      for (int i = 0; true; i++) {
        Pipeline pipeline = client.pipelined();
        for (int j = 0; j < FILLER_BATCH; j++) {
          pipeline.set("filler:" + (i * FILLER_BATCH + j) % 1000, value);
        }
        pipeline.sync();
      }
    } catch (JedisException e) {
      // As above.
    }
  }

  private void check(Node node) {
    try (Jedis client = node.client()) {
      for (int writer = 0; writer < WRITERS; writer++) {
        List<Response<String>> values = new ArrayList<>();
        Pipeline pipeline = client.pipelined();
        for (int number : acknowledged.get(writer)) {
          values.add(pipeline.get(key(writer, number)));
        }
        pipeline.sync();
        for (int i = 0; i < values.size(); i++) {
          int number = acknowledged.get(writer).get(i);
          assertThat(values.get(i).get()).as(key(writer, number)).isEqualTo("" + number);
        }
      }
    }
  }

  private static void awaitSameSize(Node primary, Node replica) {
    try (Jedis one = primary.client();
        Jedis other = replica.client()) {
      await(() -> one.dbSize() == other.dbSize());
    }
  }
}
