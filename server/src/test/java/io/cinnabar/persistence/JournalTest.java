package io.cinnabar.persistence;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cinnabar.command.Durability;
import io.cinnabar.command.TooLarge;
import io.cinnabar.config.FsyncPolicy;
import io.cinnabar.virtual.VirtualDisk;
import java.io.IOException;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What the journal writes, when, and what it does when the disk fails. */
final class JournalTest {

  private static final String INCREMENT = "appendonlydir/appendonly.aof.1.incr.aof";
  private static final String SEAL = "#CRC64-1 [0-9a-f]{10} [0-9a-f]{10} [0-9a-f]{16}\r\n";

  private final VirtualDisk disk = new VirtualDisk();

  private String increment() throws IOException {
    return new String(disk.read(INCREMENT), ISO_8859_1);
  }

  /** The file without the lines of checksums. */
  private String commands() throws IOException {
    return increment().replaceAll(SEAL, "").replace("\r\n", " ");
  }

  @Test
  void writesCommandsWithTheirDatabasesAndTransactions() throws Exception {
    JournaledServer server = new JournaledServer(disk, FsyncPolicy.ALWAYS);
    server.send("SET", "a", "1");
    server.send("SELECT", "3");
    server.send("SET", "b", "2");
    server.send("MULTI");
    server.send("SET", "c", "3");
    server.send("INCR", "c");
    server.send("EXEC");
    server.settle();

    assertThat(commands())
        .isEqualTo(
            "*2 $6 SELECT $1 0 *3 $3 SET $1 a $1 1 "
                + "*2 $6 SELECT $1 3 *3 $3 SET $1 b $1 2 "
                + "*1 $5 MULTI *3 $3 SET $1 c $1 3 *2 $4 INCR $1 c *1 $4 EXEC ");
    assertThat(increment()).matches("(?s)" + SEAL + SEAL + ".*");
  }

  @Test
  void messagesAreNotKept() throws Exception {
    JournaledServer server = new JournaledServer(disk, FsyncPolicy.ALWAYS);
    server.send("PUBLISH", "channel", "text");
    assertThat(server.journal().position()).isZero();
    server.send("MULTI");
    server.send("SPUBLISH", "channel", "text");
    server.send("SET", "a", "1");
    server.send("PUBLISH", "channel", "text");
    server.send("EXEC");
    server.settle();

    assertThat(commands()).isEqualTo("*2 $6 SELECT $1 0 *3 $3 SET $1 a $1 1 ");
  }

  @Test
  void manyTurnsShareOneBatchWhileTheDiskIsBusy() throws Exception {
    JournaledServer server = new JournaledServer(disk, FsyncPolicy.ALWAYS);
    server.send("SET", "a", "1");
    long before = disk.operations();
    server.send("SET", "b", "1");
    server.send("SET", "c", "1");
    assertThat(server.journal().releasedPosition()).isZero();
    server.settle();

    assertThat(increment().split(SEAL, -1)).hasSize(1 + 1 + 2);
    assertThat(disk.operations() - before).isEqualTo(2 * 3);
    assertThat(server.journal().releasedPosition())
        .isEqualTo(server.journal().position())
        .isPositive();
  }

  @Test
  void secondsStandBetweenTheCommandsIfTheyAreWanted() throws Exception {
    JournaledServer server = new JournaledServer(disk, FsyncPolicy.NO);
    server.journal().timestamped(true);
    server.send("SET", "a", "1");
    server.send("SET", "a", "2");
    server.settle();

    assertThat(commands()).startsWith("#TS:1709208000 *2 $6 SELECT").containsOnlyOnce("#TS");
    assertThat(new JournaledServer(disk, FsyncPolicy.NO).send("GET", "a")).contains("2");
  }

  @Test
  void withEverysecTheDiskIsForcedOnceASecond() throws Exception {
    JournaledServer server = new JournaledServer(disk, FsyncPolicy.EVERYSEC);
    server.send("SET", "a", "1");
    server.settle();
    assertThat(server.journal().releasedPosition()).isEqualTo(server.journal().position());
    assertThat(server.journal().syncedPosition()).isZero();

    server.advance(Duration.ofSeconds(1));

    assertThat(server.journal().syncedPosition()).isEqualTo(server.journal().position());
    long before = disk.operations();
    server.advance(Duration.ofSeconds(5));
    assertThat(disk.operations()).isEqualTo(before);
  }

  @Test
  void withEverysecRepliesWaitWhenTheDiskStalls() throws Exception {
    JournaledServer server = new JournaledServer(disk, FsyncPolicy.EVERYSEC);
    server.send("SET", "a", "1");
    disk.stall(true);
    server.advance(Duration.ofMillis(1900));
    server.send("SET", "b", "1");
    assertThat(server.journal().releasedPosition()).isEqualTo(server.journal().position());

    server.advance(Duration.ofMillis(200));
    server.send("SET", "c", "1");
    assertThat(server.journal().releasedPosition()).isLessThan(server.journal().position());
    assertThat(server.journal().delayedForces()).isEqualTo(1);
    assertThat(server.logLines()).last().asString().contains("fsync is taking too long");

    disk.stall(false);
    server.settle();
    assertThat(server.journal().releasedPosition()).isEqualTo(server.journal().position());
    assertThat(server.logLines()).last().asString().contains("caught up with the AOF after 21");
  }

  @Test
  void aFullDiskRefusesWritesUntilThereIsRoom() throws Exception {
    JournaledServer server = new JournaledServer(disk, FsyncPolicy.ALWAYS);
    server.send("SET", "a", "1");
    server.settle();
    String before = increment();
    disk.setCapacityBytes(disk.read(INCREMENT).length + 300);
    server.send("SET", "b", "x".repeat(1000));
    server.settle();

    assertThat(server.journal().failure()).isEqualTo("No space left on device");
    assertThat(increment()).isEqualTo(before);
    assertThat(server.logLines())
        .contains("Error writing to the AOF file: No space left on device")
        .anyMatch(line -> line.startsWith("Short write while writing to the AOF file: (nwritten="));
    assertThat(server.journal().releasedPosition()).isLessThan(server.journal().position());

    server.advance(Duration.ofSeconds(3));
    assertThat(server.journal().failure()).isNotNull();
    assertThat(server.logLines()).filteredOn(line -> line.startsWith("Short write")).hasSize(1);
    disk.setCapacityBytes(Long.MAX_VALUE);
    server.advance(Duration.ofSeconds(1));

    assertThat(server.journal().failure()).isNull();
    assertThat(server.logLines()).endsWith("AOF write error looks solved, Redis can write again.");
    assertThat(server.journal().releasedPosition()).isEqualTo(server.journal().position());
    assertThat(new JournaledServer(disk, FsyncPolicy.NO).digest()).isEqualTo(server.digest());
  }

  @Test
  void whatAFailedForceMayHaveLostIsWrittenAgain() throws Exception {
    for (int seed = 0; seed < 20; seed++) {
      VirtualDisk other = new VirtualDisk();
      JournaledServer server = new JournaledServer(other, FsyncPolicy.ALWAYS);
      other.fail(other.operations() + 3, "Input/output error");
      server.send("SET", "a", "1");
      server.settle();
      assertThat(server.journal().failure()).isEqualTo("Input/output error");
      assertThat(server.logLines()).endsWith("Fail to fsync the AOF file: Input/output error");
      server.advance(Duration.ofSeconds(1));
      assertThat(server.journal().failure()).isNull();

      other.crash(new SplittableRandom(seed));

      assertThat(new JournaledServer(other, FsyncPolicy.NO).send("GET", "a")).contains("1");
    }
  }

  @Test
  void withEverysecAFailedForceLeadsToARewrite() throws Exception {
    JournaledServer server = new JournaledServer(disk, FsyncPolicy.EVERYSEC);
    server.send("SET", "a", "1");
    server.settle();
    disk.fail(disk.operations() + 1, "Input/output error");
    server.advance(Duration.ofSeconds(1));
    assertThat(server.journal().failure()).isEqualTo("Input/output error");
    assertThat(server.rewrite().isScheduled()).isFalse();

    server.advance(Duration.ofSeconds(2));

    assertThat(server.journal().failure()).isNull();
    assertThat(server.rewrite().isScheduled()).isTrue();
    assertThat(server.journal().syncedPosition()).isEqualTo(server.journal().position());
    assertThat(server.journal().durablePosition()).isEqualTo(Durability.NOTHING);

    disk.failAll("Input/output error");
    server.startRewrite();
    server.settle();
    disk.failAll(null);
    assertThat(server.rewrite().hasFailed()).isTrue();
    assertThat(server.rewrite().isScheduled()).isTrue();
    server.startRewrite();
    server.settle();
    assertThat(server.rewrite().isScheduled()).isFalse();
    assertThat(server.journal().durablePosition()).isEqualTo(server.journal().position());
  }

  /** Whether what it has frozen would do is not looked into. */
  @Test
  void aRewriteClosesOnlyWhatWasKnownWhenItBegan() throws Exception {
    JournaledServer server = new JournaledServer(disk, FsyncPolicy.NO);
    server.send("SET", "a", "1");
    server.settle();
    server.journal().policy(FsyncPolicy.ALWAYS);
    disk.fail(disk.operations() + 3, "Input/output error");
    server.send("SET", "b", "1");
    assertThat(server.work()).isTrue();
    assertThat(server.journal().failure()).isNotNull();
    server.startRewrite();
    server.advance(Duration.ofSeconds(2));
    assertThat(server.rewrite().isRunning()).isFalse();
    assertThat(server.rewrite().hasFailed()).isFalse();
    assertThat(server.journal().hasGap()).isTrue();
    assertThat(server.rewrite().isScheduled()).isTrue();
    server.startRewrite();
    server.settle();
    assertThat(server.journal().hasGap()).isFalse();
  }

  @Test
  void aChangeThatThereWasNoMemoryForIsAGap() throws Exception {
    JournaledServer server = new JournaledServer(disk, FsyncPolicy.ALWAYS);
    server.send("SET", "a", "1");
    server.settle();
    server.engine().unit().propagate(0, TooLarge.COMMAND);
    server.engine().unit().close();
    assertThat(server.journal().hasGap()).isTrue();
    assertThat(server.send("SET", "b", "1")).startsWith("-MISCONF");
    server.startRewrite();
    server.settle();
    assertThat(server.journal().hasGap()).isFalse();
  }

  @Test
  void aRewriteReplacesWhatWasBefore() throws Exception {
    JournaledServer server = new JournaledServer(disk, FsyncPolicy.EVERYSEC);
    server.send("SET", "a", "1");
    server.startRewrite();
    server.send("INCR", "a");
    server.settle();

    assertThat(new String(disk.read("appendonlydir/appendonly.aof.manifest"), ISO_8859_1))
        .isEqualTo(
            """
            file appendonly.aof.1.base.aof seq 1 type b
            file appendonly.aof.2.incr.aof seq 2 type i
            """);
    assertThat(disk.list("appendonlydir"))
        .containsExactlyInAnyOrder(
            "appendonly.aof.manifest", "appendonly.aof.1.base.aof", "appendonly.aof.2.incr.aof");
    assertThat(server.rewrite().hasFailed()).isFalse();
    assertThat(server.journal().totalBytes())
        .isEqualTo(
            disk.read("appendonlydir/appendonly.aof.1.base.aof").length
                + disk.read("appendonlydir/appendonly.aof.2.incr.aof").length);
    assertThat(new JournaledServer(disk, FsyncPolicy.NO).send("GET", "a")).contains("2");
  }

  @Test
  void aRewriteThatFailsLeavesEverythingInForce() throws Exception {
    for (int operation = 1; operation <= 14; operation++) {
      VirtualDisk other = new VirtualDisk();
      JournaledServer server = new JournaledServer(other, FsyncPolicy.EVERYSEC);
      server.send("SET", "a", "1");
      server.settle();
      other.fail(other.operations() + operation, "Input/output error");
      server.startRewrite();
      server.send("INCR", "a");
      server.settle();
      server.send("INCR", "a");
      server.advance(Duration.ofSeconds(3));
      assertThat(server.rewrite().isRunning()).isFalse();
      assertThat(server.journal().failure()).isNull();
      server.startRewrite();
      server.send("INCR", "a");
      server.advance(Duration.ofSeconds(3));
      assertThat(server.rewrite().hasFailed()).as("operation " + operation).isFalse();
      assertThat(new JournaledServer(other, FsyncPolicy.NO).digest()).isEqualTo(server.digest());
    }
  }

  @Test
  void afterFailuresTheAutomaticRewriteWaitsLongerAndLonger() throws Exception {
    JournaledServer server = new JournaledServer(disk, FsyncPolicy.NO);
    for (int i = 0; i < 3; i++) {
      disk.failAll("Input/output error");
      server.startRewrite();
      server.settle();
      disk.failAll(null);
      assertThat(server.rewrite().failuresInRow()).isEqualTo(i + 1);
    }
    for (int minutes : new int[] {1, 2, 4, 8, 16, 32, 60, 60}) {
      assertThat(server.rewrite().isLimited()).isTrue();
      assertThat(server.logLines()).last().asString().contains("will retry in " + minutes + " m");
      server.advance(Duration.ofSeconds(60L * minutes - 1));
      assertThat(server.rewrite().isLimited()).isTrue();
      server.advance(Duration.ofSeconds(1));
      assertThat(server.rewrite().isLimited()).isFalse();
    }
  }

  @Test
  void damageInTheMiddleEndsTheStart() throws Exception {
    JournaledServer server = new JournaledServer(disk, FsyncPolicy.ALWAYS);
    for (int i = 0; i < 3; i++) {
      server.send("SET", "key" + i, "value");
      server.settle();
    }
    byte[] bytes = disk.read(INCREMENT);
    int place = increment().indexOf("key1");
    bytes[place]++;
    disk.put(INCREMENT, bytes);

    assertThatThrownBy(() -> new JournaledServer(disk, FsyncPolicy.ALWAYS))
        .isInstanceOf(AofLoadException.class)
        .hasMessageContaining("Bad file format");
    assertThat(disk.read(INCREMENT)).isEqualTo(bytes);
  }
}
