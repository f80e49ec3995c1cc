package io.cinnabar.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.Seed;
import io.cinnabar.config.FsyncPolicy;
import io.cinnabar.virtual.PowerFailure;
import io.cinnabar.virtual.VirtualDisk;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * The power fails at every operation of the disk under a load with rewrites. What comes back is the
 * data set as it was after some command, and not before the last that was acknowledged.
 */
final class AofCrashTest {

  private static final int COMMANDS = 24;
  private static final long SEED = Seed.of(AofCrashTest.class);

  /** The data set after each command. */
  private final List<String> digests = new ArrayList<>();

  private int acknowledged;

  @Test
  void withAlwaysNothingIsLost() throws Exception {
    long operations = run(new VirtualDisk(), FsyncPolicy.ALWAYS, new SplittableRandom(SEED));
    assertThat(digests).hasSize(COMMANDS + 1);
    List<String> expected = List.copyOf(digests);
    for (long operation = 1; operation <= operations; operation++) {
      for (int variant = 0; variant < 6; variant++) {
        String name = "operation " + operation + ", variant " + variant + ", " + Seed.option(SEED);
        VirtualDisk disk = new VirtualDisk();
        disk.losePower(operation, variant % 2 == 0);
        try {
          run(disk, FsyncPolicy.ALWAYS, new SplittableRandom(SEED));
        } catch (PowerFailure expectedOne) {
          // The test is about what comes after it.
        }
        SplittableRandom random = new SplittableRandom(SEED + 31 * operation + variant);
        recover(disk, random, expected, name);
      }
    }
  }

  private void recover(
      VirtualDisk disk, SplittableRandom random, List<String> expected, String name)
      throws IOException, AofLoadException {
    disk.crash(random);
    JournaledServer second = new JournaledServer(disk, FsyncPolicy.ALWAYS);
    String digest = second.digest();
    assertThat(expected.subList(acknowledged, expected.size())).as(name).contains(digest);

    second.send("SET", "another", "life");
    second.settle();
    String after = second.digest();
    disk.crash(random);
    assertThat(new JournaledServer(disk, FsyncPolicy.ALWAYS).digest()).as(name).isEqualTo(after);
  }

  @Test
  void withEverysecAtMostASecondIsLost() throws Exception {
    long operations = run(new VirtualDisk(), FsyncPolicy.EVERYSEC, new SplittableRandom(SEED));
    List<String> expected = List.copyOf(digests);
    for (long operation = 1; operation <= operations; operation++) {
      for (int variant = 0; variant < 6; variant++) {
        VirtualDisk disk = new VirtualDisk();
        disk.losePower(operation, variant % 2 == 0);
        try {
          run(disk, FsyncPolicy.EVERYSEC, new SplittableRandom(SEED));
        } catch (PowerFailure expectedOne) {
          // The test is about what comes after it.
        }
        // Each command takes a tenth of a second.
        acknowledged = Math.max(0, digests.size() - 1 - 10);
        SplittableRandom random = new SplittableRandom(SEED + 31 * operation + variant);
        recover(
            disk,
            random,
            expected,
            "operation " + operation + ", variant " + variant + ", " + Seed.option(SEED));
      }
    }
  }

  /** Runs the load to its end, or to that of the power; returns the operations that it takes. */
  private long run(VirtualDisk disk, FsyncPolicy policy, SplittableRandom random)
      throws IOException, AofLoadException {
    digests.clear();
    acknowledged = 0;
    List<Long> positions = new ArrayList<>();
    JournaledServer server = new JournaledServer(disk, policy);
    digests.add(server.digest());
    for (int i = 0; i < COMMANDS; i++) {
      command(server, i, random);
      digests.add(server.digest());
      positions.add(server.journal().position());
      if (policy == FsyncPolicy.EVERYSEC) {
        server.advance(Duration.ofMillis(100));
      }
      while (random.nextInt(3) > 0 && server.work()) {
        note(server, positions);
      }
      if (i % 9 == 4) {
        if (!server.rewrite().isRunning()) {
          server.startRewrite();
        }
      }
    }
    while (server.work()) {
      note(server, positions);
    }
    server.advance(Duration.ofSeconds(1));
    return disk.operations();
  }

  private void note(JournaledServer server, List<Long> positions) {
    while (acknowledged < positions.size()
        && positions.get(acknowledged) <= server.journal().releasedPosition()) {
      acknowledged++;
    }
  }

  private static void command(JournaledServer server, int i, SplittableRandom random) {
    switch (i % 6) {
      case 0 -> server.send("SET", "key" + i, "v".repeat(random.nextInt(1000)));
      case 1 -> server.send("INCR", "counter");
      case 2 -> server.send("RPUSH", "list", "a" + i, "b" + i);
      case 3 -> server.send("ZADD", "zset", i + ".5", "m" + i);
      case 4 -> {
        server.send("MULTI");
        server.send("INCR", "counter");
        server.send("HSET", "hash", "f" + i, "v" + i);
        server.send("EXEC");
      }
      default -> server.send("XADD", "stream", i + "-1", "f", "v" + i);
    }
  }
}
