package io.cinnabar;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisException;

/**
 * A server that is killed under load, with rewrites and snapshots running, again and again: with
 * {@code appendfsync always} all that was answered is there. {@code -Dcinnabar.kills=50} kills it
 * so often.
 */
@Timeout(600)
final class KilledServerTest {

  private static final int KILLS = Integer.getInteger("cinnabar.kills", 3);
  private static final int CLIENTS = 8;
  private static final long MAX_LIFE_MILLIS = 1500;

  @TempDir private Path folder;

  private final SplittableRandom random = new SplittableRandom(Seed.of(KilledServerTest.class));

  /** What each client's counter was when that was answered last. */
  private final AtomicLongArray answered = new AtomicLongArray(CLIENTS);

  private ServerProcess start() throws IOException {
    return ServerProcess.start(
        "--port",
        "0",
        "--bind",
        "127.0.0.1",
        "--dir",
        folder.toString(),
        "--save",
        "",
        "--appendonly",
        "yes",
        "--appendfsync",
        "always",
        "--auto-aof-rewrite-min-size",
        "20kb");
  }

  @Test
  void whatWasAnsweredIsThereAgain() throws Exception {
    for (int kill = 0; kill <= KILLS; kill++) {
      try (ServerProcess server = start()) {
        int port = server.awaitReady();
        check(port, "kill " + kill);
        if (kill < KILLS) {
          load(server, port);
        }
      }
    }
  }

  private void check(int port, String name) {
    try (Jedis client = new Jedis("127.0.0.1", port)) {
      for (int i = 0; i < CLIENTS; i++) {
        String value = client.get("counter:" + i);
        long found = value == null ? 0 : Long.parseLong(value);
        // One more may have been counted and not answered.
        assertThat(found).as(name).isBetween(answered.get(i), answered.get(i) + 1);
        answered.set(i, found);
      }
    }
  }

  private void load(ServerProcess server, int port) throws Exception {
    AtomicBoolean isEnding = new AtomicBoolean();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      int number = i;
      Thread thread = new Thread(() -> count(port, number, isEnding));
      thread.start();
      threads.add(thread);
    }
    long endNanos = System.nanoTime() + random.nextLong(MAX_LIFE_MILLIS) * 1_000_000;
    try (Jedis client = new Jedis("127.0.0.1", port)) {
      while (System.nanoTime() - endNanos < 0) {
        client.set("filler:" + random.nextInt(1000), "x".repeat(random.nextInt(1000)));
        if (random.nextInt(300) == 0) {
          client.sendCommand(() -> "BGREWRITEAOF".getBytes(US_ASCII));
        } else if (random.nextInt(300) == 0) {
          client.bgsave();
        }
      }
    } catch (JedisException busy) {
      // There is one running already.
    }
    isEnding.set(true);
    server.signal("KILL");
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private void count(int port, int number, AtomicBoolean isEnding) {
    try (Jedis client = new Jedis("127.0.0.1", port)) {
      while (true) {
        answered.set(number, client.incr("counter:" + number));
      }
    } catch (JedisException e) {
      assertThat(isEnding).as("%s", e).isTrue();
    }
  }
}
