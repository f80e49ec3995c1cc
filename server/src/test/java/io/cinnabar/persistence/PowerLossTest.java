package io.cinnabar.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.Seed;
import io.cinnabar.TestServer;
import io.cinnabar.TestServer.Client;
import io.cinnabar.virtual.PowerFailure;
import io.cinnabar.virtual.VirtualDisk;
import io.cinnabar.virtual.VirtualHost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Whole servers under random loads, with rewrites, snapshots and changes of the configuration,
 * until the power fails in some operation of the disk. What the next server finds is the data set
 * as it was behind some command, and not before the last that was answered; with everysec, not
 * before the last that was answered more than a second ago. Whatever the policy, nothing is lost
 * that WAITAOF has told to be on disk, nor what there was when the file was turned off. {@code
 * -Dcinnabar.crashes=10000} has so many of them.
 */
final class PowerLossTest {

  private static final int CRASHES = Integer.getInteger("cinnabar.crashes", 150);
  private static final int MAX_COMMANDS = 40;
  private static final int MAX_OPERATIONS = 160;
  private static final long STEP_MILLIS = 100;
  private static final String SAVED = "Background saving terminated with success";
  private static final String SYNCED = "*2\r\n:1\r\n:0\r\n";

  private final long seed = Seed.of(PowerLossTest.class);

  /** One run of a load. */
  private static final class Load {
    final List<String[]> commands = new ArrayList<>();

    /** The data set before the first command, and behind each. */
    final List<String> digests = new ArrayList<>();

    /** When each was answered, in milliseconds. */
    final List<Long> times = new ArrayList<>();

    int answered;

    /** How many of them were promised to be there again. */
    int promised;

    /** As the client has set it, or is setting it. */
    boolean isAlways;

    /** Whether the file has been on all the time. */
    boolean isKept = true;

    /** Whether it is on, and its base is known to be there. */
    boolean isWhole = true;

    /** How many had been answered when the snapshot began that is or was under way last. */
    int inSnapshot;

    /** How many are in the last snapshot that was told to be on disk. */
    int saved;

    int snapshots;
    long endMillis;

    Load(boolean isAlways) {
      this.isAlways = isAlways;
    }

    void sent(String[] command) {
      if (command[0].equals("CONFIG") && command[2].equals("appendfsync")) {
        isAlways = command[3].equals("always");
      }
    }

    /** Takes in how many snapshots are said to be on disk. */
    void saved(int count) {
      saved = count > snapshots ? inSnapshot : saved;
      snapshots = count;
    }

    /** Takes in the replies that have come, a line for each command. */
    void receive(String replies, long nowMillis) {
      for (String reply : replies.replace(SYNCED, ":1\r\n").lines().toList()) {
        String[] command = commands.get(answered);
        times.add(nowMillis);
        answered++;
        if (command[0].equals("WAITAOF")) {
          assertThat(reply).isEqualTo(":1");
          isWhole = true;
          promised = answered;
        } else if (command[0].equals("CONFIG") && command[2].equals("appendonly")) {
          promised = isWhole ? answered : promised;
          isWhole = false;
          isKept = false;
        } else if (isAlways && isWhole && !command[0].equals("CONFIG")) {
          promised = answered; // CONFIG shows no data, and waits for nothing
        }
      }
    }
  }

  @Test
  void whatWasAnsweredIsThereAgain() {
    for (int i = 0; i < CRASHES; i++) {
      crash(seed + i, "crash " + i + " with " + Seed.option(seed));
    }
  }

  private void crash(long oneSeed, String name) {
    SplittableRandom random = new SplittableRandom(oneSeed);
    boolean isAlways = random.nextBoolean();
    String[] directives = {
      "appendonly yes",
      "appendfsync " + (isAlways ? "always" : "everysec"),
      "aof-use-rdb-preamble " + (random.nextBoolean() ? "yes" : "no"),
      "enable-debug-command yes",
      "auto-aof-rewrite-min-size 2000"
    };
    Load load = new Load(isAlways);
    for (int i = random.nextInt(MAX_COMMANDS); i >= 0; i--) {
      load.commands.add(command(random, i));
      if (random.nextInt(12) == 0) {
        load.commands.add(setting(random));
      }
    }
    turnOffAndOn(load, random);
    TestServer model = TestServer.start("enable-debug-command yes");
    load.digests.add(model.send("DEBUG", "DIGEST"));
    for (String[] command : load.commands) {
      if (!command[0].equals("WAITAOF") && !command[0].equals("CONFIG")) {
        model.send(command);
      }
      load.digests.add(model.send("DEBUG", "DIGEST"));
    }
    VirtualDisk disk = new VirtualDisk();
    disk.losePower(1 + random.nextInt(MAX_OPERATIONS), random.nextBoolean());
    VirtualHost host = new VirtualHost(oneSeed, disk);
    host.startWorkers(random);
    try {
      run(load, host, directives, random);
    } catch (PowerFailure failure) {
      // What comes after it is what this is about.
    }
    load.endMillis = host.time().millis();
    disk.crash(random);

    TestServer snapshot =
        TestServer.startOn(new VirtualHost(oneSeed, disk), "enable-debug-command yes");
    assertThat(load.digests.subList(load.saved, load.digests.size()))
        .as(name + ", the snapshot with " + load.saved)
        .contains(snapshot.send("DEBUG", "DIGEST"));

    TestServer second = TestServer.startOn(new VirtualHost(oneSeed, disk), directives);
    int least = load.isKept ? Math.max(load.promised, old(load)) : load.promised;
    String digest = second.send("DEBUG", "DIGEST");
    assertThat(load.digests.subList(least, load.digests.size()))
        .as(name + ", at least " + least + " of " + load.commands.size())
        .contains(digest);

    second.send("SET", "another", "life");
    String after = second.send("DEBUG", "DIGEST");
    second.close();
    disk.crash(random);
    TestServer third = TestServer.startOn(new VirtualHost(oneSeed, disk), directives);
    assertThat(third.send("DEBUG", "DIGEST")).as(name).isEqualTo(after);
  }

  /** How many commands were answered more than a second before the end. */
  private static int old(Load load) {
    int old = 0;
    while (old < load.answered && load.times.get(old) < load.endMillis - 1000) {
      old++;
    }
    return old;
  }

  private static void run(
      Load load, VirtualHost host, String[] directives, SplittableRandom random) {
    TestServer server = TestServer.startOn(host, directives);
    Client client = server.connect();
    for (String[] command : load.commands) {
      load.sent(command);
      load.receive(client.send(command), host.time().millis());
      if (random.nextInt(12) == 0) {
        save(server, load, random.nextBoolean());
      }
      if (random.nextInt(3) == 0) {
        server.advance(Duration.ofMillis(STEP_MILLIS * (1 + random.nextInt(5))));
        load.receive(client.receive(), host.time().millis());
      }
      load.saved(Collections.frequency(server.logLines(), SAVED));
    }
    for (int i = 0; i < 20; i++) {
      server.advance(Duration.ofMillis(STEP_MILLIS));
      load.receive(client.receive(), host.time().millis());
    }
  }

  private static void save(TestServer server, Load load, boolean isRewrite) {
    int answered = load.answered;
    if (isRewrite) {
      server.send("BGREWRITEAOF");
    } else if (server.send("BGSAVE").contains("started")) {
      load.saved(Collections.frequency(server.logLines(), SAVED)); // by the one before it
      load.inSnapshot = answered;
    }
  }

  private static String[] setting(SplittableRandom random) {
    return switch (random.nextInt(4)) {
      case 0 -> new String[] {"CONFIG", "SET", "appendfsync", "always"};
      case 1 -> new String[] {"CONFIG", "SET", "appendfsync", "everysec"};
      case 2 -> new String[] {"CONFIG", "SET", "aof-use-rdb-preamble", "yes"};
      default -> new String[] {"WAITAOF", "1", "0", "0"};
    };
  }

  /** In some of the loads, once: each time it is on again everything begins anew. */
  private static void turnOffAndOn(Load load, SplittableRandom random) {
    if (random.nextInt(3) == 0) {
      int off = random.nextInt(load.commands.size() + 1);
      int on = off + random.nextInt(load.commands.size() + 1 - off);
      load.commands.removeIf(command -> command[0].equals("WAITAOF"));
      off = Math.min(off, load.commands.size());
      on = Math.min(on, load.commands.size());
      load.commands.add(on, new String[] {"CONFIG", "SET", "appendonly", "yes"});
      load.commands.add(on + 1, new String[] {"WAITAOF", "1", "0", "0"});
      load.commands.add(off, new String[] {"CONFIG", "SET", "appendonly", "no"});
    }
  }

  private static String[] command(SplittableRandom random, int i) {
    String value = "v".repeat(random.nextInt(600));
    return switch (random.nextInt(9)) {
      case 0 -> new String[] {"SET", "s" + random.nextInt(4), value};
      case 1 -> new String[] {"INCR", "counter"};
      case 2 -> new String[] {"RPUSH", "list", "a" + i, value};
      case 3 -> new String[] {"ZADD", "zset", i + ".5", "m" + i};
      case 4 -> new String[] {"HSET", "hash", "f" + i % 5, value};
      case 5 -> new String[] {"SADD", "set", "" + i, "m" + i};
      case 6 -> new String[] {"DEL", "s" + random.nextInt(4), "list"};
      case 7 -> new String[] {"MSET", "a", "" + i, "b", "" + i};
      default -> new String[] {"APPEND", "s" + random.nextInt(4), "x"};
    };
  }
}
