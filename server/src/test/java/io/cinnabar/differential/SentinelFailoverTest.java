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
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Three real Sentinels watch a primary and two replicas, all of them ours. The primary is killed
 * under load: what a replica had acknowledged is there under the next one, and the killed server
 * comes back as a replica. {@code -Dcinnabar.failovers=10} does it so often.
 */
@Timeout(1200)
final class SentinelFailoverTest {

  private static final int FAILOVERS = Integer.getInteger("cinnabar.failovers", 1);
  private static final int SERVERS = 3;
  private static final int SENTINELS = 3;
  private static final int WRITERS = 4;
  private static final int FILLER_BYTES = 2000;
  private static final int FILLER_BATCH = 50;
  private static final int WAIT_MILLIS = 1000;
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

    static Node start(Path folder, String line) throws IOException {
      int port = RealRedis.freePort();
      Path file = folder.resolve("redis-" + port + ".conf");
      List<String> lines =
          List.of(
              "port " + port,
              "bind " + HOST,
              "dir " + Files.createDirectory(folder.resolve("data-" + port)),
              "save \"\"",
              "repl-diskless-sync-delay 0",
              line);
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

    void awaitFollowing(Node primary) {
      String linked = "master_port:" + primary.port + "\r\nmaster_link_status:up";
      while (true) {
        try (Jedis client = client()) {
          await(() -> client.info("replication").contains(linked));
          return;
        } catch (JedisConnectionException cut) {
          // A Sentinel cuts the clients of a server to which it gives another role.
        }
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
    Node primary = start();
    for (int i = 0; i < WRITERS; i++) {
      acknowledged.add(new ArrayList<>());
    }
    for (int failover = 0; failover < FAILOVERS; failover++) {
      awaitWhole(primary);
      primary = failOver(primary);
      check(primary);
    }
    awaitWhole(primary);
    for (Node node : nodes) {
      if (node != primary) {
        assertThat(Files.readAllLines(node.file))
            .contains("replicaof " + HOST + " " + primary.port);
        awaitSameSize(primary, node);
        check(node);
      }
    }
  }

  private Node start() throws IOException {
    Node primary = Node.start(folder, "");
    nodes.add(primary);
    for (int i = 1; i < SERVERS; i++) {
      Node replica = Node.start(folder, "replicaof " + HOST + " " + primary.port);
      nodes.add(replica);
      replica.awaitFollowing(primary);
    }
    for (int i = 0; i < SENTINELS; i++) {
      Path file = folder.resolve("sentinel-" + i + ".conf");
      List<String> lines =
          List.of(
              "sentinel monitor " + NAME + " " + HOST + " " + primary.port + " 2",
              "sentinel down-after-milliseconds " + NAME + " 1000",
              "sentinel failover-timeout " + NAME + " 5000");
      Files.write(file, lines);
      sentinels.add(RealRedis.startSentinel(file));
    }
    return primary;
  }

  private static void await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      Thread.onSpinWait();
    }
  }

  /** Waits until all follow this one, and all Sentinels know that and each other. */
  private void awaitWhole(Node primary) {
    for (Node node : nodes) {
      if (node != primary) {
        node.awaitFollowing(primary);
      }
    }
    for (RealRedis sentinel : sentinels) {
      try (Jedis client = new Jedis(HOST, sentinel.subject().port(), REPLY_MILLIS)) {
        await(() -> knowsAll(client, primary));
      }
    }
  }

  private static boolean knowsAll(Jedis sentinel, Node primary) {
    Map<String, String> master = sentinel.sentinelMaster(NAME);
    return master.get("port").equals("" + primary.port)
        && master.get("flags").equals("master")
        && master.get("num-other-sentinels").equals("" + (SENTINELS - 1))
        && sentinel.sentinelSentinels(NAME).stream()
            .allMatch(other -> other.get("flags").equals("sentinel"))
        && sentinel.sentinelReplicas(NAME).stream()
                .filter(replica -> replica.get("flags").equals("slave"))
                .count()
            == SERVERS - 1;
  }

  /** Kills the primary under load, and starts it again when there is another: that one. */
  private Node failOver(Node killed) throws Exception {
    int port = sentinels.get(0).subject().port();
    try (RespClient sentinel = RespClient.connect(HOST, port, SWITCH_MILLIS)) {
      ask(sentinel, "SUBSCRIBE", SWITCHED);
      killUnderLoad(killed);
      String switched = sentinel.receive().reply().toString();
      Node next = nodes.get(0);
      for (Node node : nodes) {
        next = switched.contains(HOST + " " + node.port + "\"") ? node : next;
      }
      assertThat(switched)
          .endsWith(NAME + " " + HOST + " " + killed.port + " " + HOST + " " + next.port + "\"]");
      nodes.set(nodes.indexOf(killed), killed.again());
      return next;
    }
  }

  private void killUnderLoad(Node primary) throws InterruptedException {
    CountDownLatch enough = new CountDownLatch(100 + random.nextInt(1000));
    CountDownLatch killed = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    threads.add(new Thread(() -> fill(primary, killed)));
    for (int i = 0; i < WRITERS; i++) {
      int number = i;
      threads.add(new Thread(() -> write(primary, number, enough, killed)));
    }
    threads.forEach(Thread::start);
    enough.await();
    killed.countDown();
    primary.kill();
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private void write(Node primary, int number, CountDownLatch enough, CountDownLatch killed) {
    List<Integer> mine = acknowledged.get(number);
    int next = mine.isEmpty() ? 0 : mine.get(mine.size() - 1) + 1;
    try (Jedis client = primary.client()) {
      while (true) {
        client.set(key(number, next), "" + next);
        if (client.waitReplicas(1, WAIT_MILLIS) >= 1) {
          mine.add(next);
          enough.countDown();
        }
        next++;
      }
    } catch (JedisException e) {
      assertThat(killed.getCount()).as("%s", e).isZero();
    }
  }

  private static String key(int writer, int number) {
    return "key:" + writer + ":" + number;
  }

  /** Writes without waiting for anybody, so that there is always something on its way. */
  private static void fill(Node primary, CountDownLatch killed) {
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
      assertThat(killed.getCount()).as("%s", e).isZero();
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
