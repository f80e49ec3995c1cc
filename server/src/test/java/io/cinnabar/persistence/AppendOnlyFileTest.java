package io.cinnabar.persistence;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cinnabar.TestServer;
import io.cinnabar.TestServer.Client;
import io.cinnabar.virtual.VirtualDisk;
import io.cinnabar.virtual.VirtualHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A server that keeps an append-only file. */
final class AppendOnlyFileTest {

  private static final String[] DIRECTIVES = {"appendonly yes", "enable-debug-command yes"};

  private final VirtualDisk disk = new VirtualDisk();

  private TestServer start(String... directives) {
    return TestServer.startOn(new VirtualHost(1, disk), directives);
  }

  private TestServer start() {
    return start(DIRECTIVES);
  }

  private String manifest() throws IOException {
    return new String(disk.read("appendonlydir/appendonly.aof.manifest"), ISO_8859_1);
  }

  private static String digest(TestServer server) {
    return server.send("DEBUG", "DIGEST");
  }

  private static String info(TestServer server, String field) {
    return server
        .send("INFO", "persistence")
        .lines()
        .filter(line -> line.startsWith(field + ":"))
        .findFirst()
        .orElse("")
        .replace(field + ":", "");
  }

  /** A server that finds what another has left that was killed. */
  private void assertLoads(TestServer left) {
    String expected = digest(left);
    left.host().workers().runAll();
    disk.kill();
    TestServer second = start();
    assertThat(digest(second)).isEqualTo(expected);
    second.close();
    disk.kill();
  }

  @Test
  void anEmptyFolderGetsABaseAndAnIncrement() throws Exception {
    TestServer server = start();

    assertThat(manifest())
        .isEqualTo(
            """
            file appendonly.aof.1.base.rdb seq 1 type b
            file appendonly.aof.1.incr.aof seq 1 type i
            """);
    assertThat(server.logLines())
        .contains(
            "Creating AOF base file appendonly.aof.1.base.rdb on server start",
            "Creating AOF incr file appendonly.aof.1.incr.aof on server start");
    server.send("SET", "a", "1");
    server.send("EXPIRE", "a", "1000");
    server.send("SADD", "set", "m");
    server.send("SPOP", "set");
    assertLoads(server);
  }

  @Test
  void aServerThatEndsHasWrittenEverything() throws Exception {
    TestServer server = start("appendonly yes", "appendfsync no");
    server.send("SET", "a", "1");
    server.close();
    assertThat(server.logLines()).contains("Calling fsync() on the AOF file.");
    disk.crash(new java.util.SplittableRandom(1));

    TestServer second = start();
    assertThat(second.send("GET", "a")).contains("1");
    assertThat(second.logLines())
        .contains("Opening AOF incr file appendonly.aof.1.incr.aof on server start")
        .anyMatch(line -> line.startsWith("DB loaded from append only file: 0."));
  }

  @Test
  void withAlwaysAReplyWaitsForTheDisk() {
    TestServer server = start("appendonly yes", "appendfsync always");
    disk.stall(true);
    assertThat(server.send("SET", "a", "1")).isEmpty();
    Client other = server.connect();
    assertThat(other.send("GET", "a")).isEmpty();
    assertThat(info(server, "aof_buffer_length")).isEmpty();

    disk.stall(false);
    assertThat(other.receive()).isEqualTo("$1\r\n1\r\n");
    assertThat(server.send("PING")).startsWith("+OK\r\n").endsWith("+PONG\r\n");
  }

  @Test
  void withAlwaysWhatShowsNoDataWaitsForNothing() {
    TestServer server = start("appendonly yes", "appendfsync always");
    disk.failAll("No space left on device");
    assertThat(server.send("SET", "a", "1")).isEmpty();
    server.advance(Duration.ofMillis(1));

    Client other = server.connect();
    String refusal = "-MISCONF Errors writing to the AOF file: No space left on device\r\n";
    assertThat(other.send("SET", "a", "2")).isEqualTo(refusal);
    assertThat(other.send("CONFIG", "SET", "maxclients", "100")).isEqualTo("+OK\r\n");
    assertThat(other.send("GET", "a")).isEmpty();
    assertThat(other.send("ECHO", "behind")).isEmpty();
    disk.failAll(null);
    server.advance(Duration.ofSeconds(2));
    assertThat(other.receive()).isEqualTo("$1\r\n1\r\n$6\r\nbehind\r\n");
    assertThat(server.send("GET", "a")).isEqualTo("+OK\r\n$1\r\n1\r\n");
  }

  /** Its first replies are ready before it is known where in the file it will end. */
  @Test
  void withAlwaysALongTransactionWaitsAsAWhole() {
    TestServer server = start("appendonly yes", "appendfsync always");
    server.send("SET", "long", "x".repeat(10_000));
    disk.stall(true);
    Client client = server.connect();
    assertThat(client.sendRaw("MULTI\r\nINCR n\r\n" + "GET long\r\n".repeat(10) + "EXEC\r\n"))
        .isEmpty();

    disk.stall(false);
    assertThat(client.receive()).contains("*11\r\n:1\r\n$10000\r\n").hasSizeGreaterThan(100_000);
  }

  @Test
  void aDiskErrorRefusesWritesAndNotReads() {
    TestServer server = start("appendonly yes", "appendfsync everysec");
    server.send("SET", "a", "1");
    disk.failAll("No space left on device");
    server.send("SET", "a", "2");
    server.advance(Duration.ofMillis(1));

    String refusal = "-MISCONF Errors writing to the AOF file: No space left on device\r\n";
    assertThat(server.send("SET", "a", "3")).isEqualTo(refusal);
    assertThat(server.send("PING")).isEqualTo(refusal);
    assertThat(server.send("GET", "a")).contains("2");
    assertThat(info(server, "aof_last_write_status")).isEqualTo("err");
    disk.failAll(null);
    server.advance(Duration.ofSeconds(2));
    assertThat(server.send("SET", "a", "3")).isEqualTo("+OK\r\n");
    assertThat(info(server, "aof_last_write_status")).isEqualTo("ok");
  }

  /** With always, too; but what the disk has not taken yet is not shown. */
  @Test
  void readsAreServedOnWithoutADisk() {
    TestServer server = start("appendonly yes", "appendfsync always");
    server.send("MSET", "old", "1", "other", "1");
    server.send("SADD", "set", "old");
    server.advance(Duration.ofMillis(1));
    disk.failAll("Input/output error");
    Client writer = server.connect();
    assertThat(writer.sendRaw("MULTI\r\nSET new 1\r\nINCR other\r\nEXEC\r\n")).isEmpty();
    server.advance(Duration.ofMillis(2500));
    assertThat(server.send("GET", "old")).isEqualTo("$1\r\n1\r\n");
    assertThat(server.send("MGET", "old", "set")).isEqualTo("*2\r\n$1\r\n1\r\n$-1\r\n");
    assertThat(server.send("SINTER", "set", "set")).isEqualTo("*1\r\n$3\r\nold\r\n");
    for (String command :
        List.of(
            "GET new",
            "GET other",
            "MGET old other",
            "DBSIZE",
            "SORT_RO set BY nosort",
            "KEYS x")) {
      assertThat(server.connect().sendRaw(command + "\r\n")).as(command).isEmpty();
    }
    assertThat(server.send("SET", "old", "2")).startsWith("-MISCONF");
    assertThat(server.send("GET", "other")).isEmpty();
    assertThat(server.send("GET", "old")).isEmpty(); // behind the one before
    assertThat(writer.receive()).isEmpty();
    disk.failAll(null);
    server.advance(Duration.ofSeconds(2));
    assertThat(server.send("PING")).isEqualTo("$1\r\n2\r\n$1\r\n1\r\n+PONG\r\n");
    assertThat(writer.take()).endsWith("*2\r\n+OK\r\n:2\r\n");
    disk.failAll("Input/output error");
    server.send("FLUSHALL");
    server.advance(Duration.ofMillis(1));
    assertThat(server.connect().send("GET", "old")).isEmpty();
  }

  @Test
  void aRewriteThatFindsNoRoomHarmsNothing() throws Exception {
    TestServer server =
        start("appendonly yes", "enable-debug-command yes", "aof-use-rdb-preamble no");
    server.send("SET", "large", "x".repeat(10_000));
    server.advance(Duration.ofMillis(10));
    List<String> before = disk.list("appendonlydir");
    disk.setCapacityBytes(15_000);
    server.send("BGREWRITEAOF");
    server.advance(Duration.ofMillis(10));
    assertThat(server.logLines())
        .contains(
            "Write error writing append only file on disk: No space left on device",
            "Background AOF rewrite terminated with error");
    assertThat(info(server, "aof_last_bgrewrite_status")).isEqualTo("err");
    assertThat(server.send("SET", "a", "1")).isEqualTo("+OK\r\n");
    assertThat(disk.list("appendonlydir"))
        .containsAll(before)
        .doesNotContain("temp-rewriteaof-bg.aof");
    disk.setCapacityBytes(Long.MAX_VALUE);
    server.send("BGREWRITEAOF");
    server.advance(Duration.ofMillis(10));
    assertThat(info(server, "aof_last_bgrewrite_status")).isEqualTo("ok");
    assertLoads(server);
  }

  @Test
  void soItIsInAFolderThatMustNotBeWrittenTo() throws Exception {
    TestServer server = start();
    server.send("SET", "a", "1");
    disk.makeReadOnly("appendonlydir");
    server.send("BGREWRITEAOF");
    server.advance(Duration.ofMillis(10));
    assertThat(server.logLines())
        .contains(
            "Can't open the append-only file: Permission denied",
            "Background AOF rewrite terminated with error");
    assertThat(server.send("INCR", "a")).isEqualTo(":2\r\n");
    disk.makeWritable("appendonlydir");
    server.send("BGREWRITEAOF");
    server.advance(Duration.ofMillis(10));
    assertThat(info(server, "aof_last_bgrewrite_status")).isEqualTo("ok");
    assertLoads(server);
  }

  /** Its commands are written as they come, not when the key is complete. */
  @Test
  void aLargeValueIsWrittenInSeveralBatches() throws Exception {
    TestServer server =
        start("appendonly yes", "enable-debug-command yes", "aof-use-rdb-preamble no");
    for (int i = 0; i < 200; i++) {
      server.send("RPUSH", "list", "a".repeat(5000), "b".repeat(5000), "c" + i);
      server.send("XADD", "stream", (i + 1) + "-1", "f", "v".repeat(7000));
    }
    server.send("BGREWRITEAOF");
    server.advance(Duration.ofMillis(10));
    String base = new String(disk.read("appendonlydir/appendonly.aof.2.base.aof"), ISO_8859_1);
    assertThat(base.split("#CRC64-1 ", -1)).hasSizeGreaterThan(6);
    assertLoads(server);
  }

  @Test
  void bgrewriteaofRewrites() throws Exception {
    TestServer server = start();
    for (int i = 0; i < 100; i++) {
      server.send("INCR", "counter");
    }
    assertThat(server.send("BGREWRITEAOF"))
        .isEqualTo("+Background append only file rewriting started\r\n");
    server.advance(Duration.ofMillis(10));

    assertThat(manifest())
        .isEqualTo(
            """
            file appendonly.aof.2.base.rdb seq 2 type b
            file appendonly.aof.2.incr.aof seq 2 type i
            """);
    assertThat(info(server, "aof_rewrites")).isEqualTo("1");
    assertThat(info(server, "aof_base_size")).isEqualTo(info(server, "aof_current_size"));
    assertThat(server.logLines()).contains("Background AOF rewrite finished successfully");
    server.send("INCR", "counter");
    assertLoads(server);
  }

  @Test
  void withinATransactionARewriteIsScheduled() throws Exception {
    TestServer server = start();
    server.send("MULTI");
    server.send("INCR", "counter");
    server.send("BGREWRITEAOF");
    assertThat(server.send("EXEC")).contains("Background append only file rewriting scheduled");
    assertThat(info(server, "aof_rewrite_scheduled")).isEqualTo("1");
    server.advance(Duration.ofMillis(200));
    assertThat(info(server, "aof_rewrites")).isEqualTo("1");
    assertLoads(server);
  }

  @Test
  void aFileThatHasGrownIsRewritten() {
    TestServer server =
        start(
            "appendonly yes",
            "enable-debug-command yes",
            "auto-aof-rewrite-min-size 1000",
            "aof-use-rdb-preamble no");
    for (int i = 0; i < 100; i++) {
      server.send("SET", "key" + i % 3, "x".repeat(100));
    }
    server.advance(Duration.ofMillis(200));
    assertThat(info(server, "aof_rewrites")).isEqualTo("1");
    assertThat(server.logLines())
        .anyMatch(line -> line.startsWith("Starting automatic rewriting of AOF on "));
    assertLoads(server);
  }

  @Test
  void itIsTurnedOnAndOff() throws Exception {
    TestServer server = start("enable-debug-command yes");
    server.host().startWorkers();
    server.send("SET", "before", "1");
    assertThat(server.send("CONFIG", "SET", "appendonly", "yes")).isEqualTo("+OK\r\n");
    server.send("INCR", "before");
    server.advance(Duration.ofMillis(100));
    assertThat(info(server, "aof_enabled")).isEqualTo("1");
    assertThat(manifest())
        .isEqualTo(
            """
            file appendonly.aof.1.base.rdb seq 1 type b
            file appendonly.aof.1.incr.aof seq 1 type i
            """);
    assertLoads(server);
  }

  @Test
  void whatChangesWhileItIsOffIsInTheNextBase() throws Exception {
    TestServer server = start();
    server.send("SET", "a", "1");
    server.send("CONFIG", "SET", "appendonly", "no");
    assertThat(info(server, "aof_enabled")).isEqualTo("0");
    server.send("INCR", "a");
    server.send("CONFIG", "SET", "appendonly", "yes");
    server.send("INCR", "a");
    server.advance(Duration.ofMillis(100));
    assertThat(manifest())
        .isEqualTo(
            """
            file appendonly.aof.2.base.rdb seq 2 type b
            file appendonly.aof.2.incr.aof seq 2 type i
            """);
    assertLoads(server);
  }

  @Test
  void itCanNotBeTurnedOnWithoutADisk() {
    TestServer server = start("enable-debug-command yes");
    disk.makeReadOnly(VirtualDisk.HOME);
    assertThat(server.send("CONFIG", "SET", "appendonly", "yes"))
        .isEqualTo(
            "-ERR CONFIG SET failed (possibly related to argument 'appendonly') - Unable to turn on"
                + " AOF. Check server logs.\r\n");
    assertThat(server.send("CONFIG", "GET", "appendonly")).contains("no");
    assertThat(server.logLines())
        .contains("Can't open or create append-only dir appendonlydir: Permission denied");
    assertThat(server.send("SET", "a", "1")).isEqualTo("+OK\r\n");
    disk.put("appendonlydir/other", new byte[0]);
    disk.makeReadOnly("appendonlydir");
    assertThat(server.send("CONFIG", "SET", "appendonly", "yes")).contains("Unable to turn on AOF");
    assertThat(server.logLines())
        .contains("Can't lock the append-only dir appendonlydir: Permission denied");
  }

  @Test
  void aSecondServerIsRefused() {
    TestServer server = start();
    server.send("SET", "a", "1");

    assertThatThrownBy(this::start).isInstanceOf(UncheckedIOException.class);
    assertThat(server.send("CONFIG", "SET", "appendonly", "no")).isEqualTo("+OK\r\n");
    assertThat(start().send("GET", "a")).contains("1");
  }

  @Test
  void aFileOfOldBecomesTheBase() throws Exception {
    disk.put("appendonly.aof", "*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\n1\r\n".getBytes(ISO_8859_1));
    TestServer server = start();

    assertThat(server.send("GET", "a")).contains("1");
    assertThat(disk.exists("appendonly.aof")).isFalse();
    assertThat(manifest())
        .isEqualTo(
            """
            file appendonly.aof seq 1 type b
            file appendonly.aof.1.incr.aof seq 1 type i
            """);
    assertThat(server.logLines())
        .contains(
            "Successfully migrated an old-style AOF file (appendonly.aof) into the AOF directory"
                + " (appendonlydir).");
    server.send("BGREWRITEAOF");
    server.advance(Duration.ofMillis(10));
    assertThat(manifest()).startsWith("file appendonly.aof.2.base.rdb seq 2 type b\n");
    assertLoads(server);
  }

  @Test
  void commandsFindWhatTheyFoundAlthoughItHasExpired() {
    TestServer server = start();
    server.send("SET", "a", "1", "PX", "100");
    server.send("BGREWRITEAOF");
    server.advance(Duration.ofMillis(10));
    server.send("APPEND", "a", "2");
    server.send("PERSIST", "a");
    server.send("HSET", "h", "f", "1", "g", "1");
    server.send("HPEXPIRE", "h", "100", "FIELDS", "1", "f");
    server.send("HINCRBY", "h", "f", "1");
    server.send("HPERSIST", "h", "FIELDS", "1", "f");
    String expected = digest(server);
    server.host().workers().runAll();
    disk.kill();

    VirtualHost later = new VirtualHost(1, disk);
    later.time().advance(Duration.ofHours(1));
    TestServer second = TestServer.startOn(later, DIRECTIVES);

    assertThat(second.send("GET", "a")).contains("12");
    assertThat(digest(second)).isEqualTo(expected);
  }

  @Test
  void flushallEndsARewrite() throws Exception {
    TestServer server = start();
    server.send("SET", "a", "1");
    disk.stall(true);
    server.send("BGREWRITEAOF");
    server.send("FLUSHALL");
    server.send("SET", "b", "1");
    assertThat(server.logLines()).contains("Killing running AOF rewrite");
    disk.stall(false);
    server.advance(Duration.ofMillis(300));
    assertThat(info(server, "aof_rewrites")).isEqualTo("1");
    assertLoads(server);
  }

  @Test
  void debugLoadaofReadsItAgain() throws Exception {
    TestServer server = start();
    server.send("SET", "a", "1");
    server.send("BGREWRITEAOF");
    server.advance(Duration.ofMillis(10));
    server.send("INCR", "a");
    server.send("DEBUG", "POPULATE", "10"); // followers don't hear of it
    server.send("SELECT", "3");
    server.send("SET", "b", "1", "PX", "100");
    server.advance(Duration.ofMillis(50));
    long size = Long.parseLong(info(server, "aof_current_size"));
    assertThat(server.send("DEBUG", "LOADAOF")).isEqualTo("+OK\r\n");
    assertThat(server.logLines()).contains("Append Only File loaded by DEBUG LOADAOF");
    assertThat(server.send("DBSIZE")).isEqualTo(":1\r\n");
    assertThat(info(server, "rdb_changes_since_last_save")).isEqualTo("0");
    server.send("SELECT", "0");
    assertThat(server.send("KEYS", "*")).isEqualTo("*1\r\n$1\r\na\r\n");
    assertThat(server.send("GET", "a")).isEqualTo("$1\r\n2\r\n");
    assertThat(Long.parseLong(info(server, "aof_current_size"))).isEqualTo(size);
    server.send("INCR", "a");
    server.advance(Duration.ofMillis(200));
    assertLoads(server);
  }

  @Test
  void othersAreToldThatItLoads() {
    TestServer server =
        start("appendonly yes", "enable-debug-command yes", "key-load-delay 100000");
    server.send("SET", "a", "1");
    server.send("BGREWRITEAOF");
    server.advance(Duration.ofMillis(10));
    Client other = server.connect();
    server
        .host()
        .network()
        .post(() -> server.host().network().post(() -> other.queue("GET a\r\nECHO hi\r\n")));
    assertThat(server.send("DEBUG", "LOADAOF")).isEqualTo("+OK\r\n");
    assertThat(other.take())
        .isEqualTo("-LOADING Redis is loading the dataset in memory\r\n$2\r\nhi\r\n");
  }

  @Test
  void aRewriteUnderWayIsNoHindranceToLoadaof() {
    TestServer server = start();
    Client client = server.connect();
    server.send("SET", "a", "1");
    assertThat(client.sendRaw("BGREWRITEAOF\r\nINCR a\r\nDEBUG LOADAOF\r\nGET a\r\n"))
        .endsWith(":2\r\n+OK\r\n$1\r\n2\r\n");
    server.advance(Duration.ofMillis(300));
    assertThat(info(server, "aof_rewrites")).isEqualTo("1");
    assertLoads(server);
  }

  @Test
  void whatIsNotInTheFileIsNotGivenUpByLoadaof() {
    String refusal = "-ERR Error trying to load the AOF files, check server logs.\r\n";
    TestServer server = start("enable-debug-command yes");
    server.send("SET", "a", "1");
    assertThat(server.send("DEBUG", "LOADAOF")).isEqualTo(refusal);
    assertThat(server.logLines())
        .contains("There is no whole append-only file in /home/appendonlydir");
    server.send("CONFIG", "SET", "appendonly", "yes");
    assertThat(server.send("DEBUG", "LOADAOF")).isEqualTo(refusal);
    assertThat(server.send("GET", "a")).isEqualTo("$1\r\n1\r\n");
    server.host().startWorkers();
    server.advance(Duration.ofMillis(100));
    disk.failAll("No space left on device");
    server.send("INCR", "a");
    assertThat(server.send("DEBUG", "LOADAOF")).isEqualTo(refusal);
    assertThat(server.send("GET", "a")).isEqualTo("$1\r\n2\r\n");
    disk.failAll(null);
    server.advance(Duration.ofSeconds(2));
    assertThat(server.send("DEBUG", "LOADAOF")).isEqualTo("+OK\r\n");
    assertThat(server.send("GET", "a")).isEqualTo("$1\r\n2\r\n");
    server.send("MULTI");
    server.send("DEBUG", "LOADAOF");
    assertThat(server.send("EXEC"))
        .isEqualTo("*1\r\n-ERR Command not allowed inside a transaction\r\n");
  }

  @Test
  void aFileThatHasBeenDamagedMeanwhileEndsTheServer() throws Exception {
    TestServer server = start("appendonly yes", "enable-debug-command yes", "save 1000 1");
    server.send("SET", "a", "1");
    server.send("SET", "a", "2");
    server.advance(Duration.ofSeconds(2));
    byte[] damaged = disk.read("appendonlydir/appendonly.aof.1.base.rdb");
    damaged[12] ^= 1;
    disk.put("appendonlydir/appendonly.aof.1.base.rdb", damaged);
    Client other = server.connect();
    assertThat(server.send("DEBUG", "LOADAOF")).isEmpty();
    assertThat(other.isClosed()).isTrue();
    assertThat(server.logLines())
        .anyMatch(line -> line.startsWith("Error loading the append only file, exiting: "));
    assertThat(disk.exists("dump.rdb")).isFalse();
  }

  /** Whose name in the manifest says that it was to be deleted. */
  @Test
  void whatARewriteHasLeftIsRemovedAtTheStart() throws Exception {
    start().close();
    disk.kill();
    disk.put("appendonlydir/temp-rewriteaof-bg.aof", new byte[1]);
    disk.put("appendonlydir/temp-base.aof", new byte[1]);
    disk.put("appendonlydir/appendonly.aof.7.incr.aof", new byte[1]);
    disk.put(
        "appendonlydir/appendonly.aof.manifest",
        (manifest() + "file appendonly.aof.7.incr.aof seq 7 type h\n").getBytes(ISO_8859_1));
    TestServer server = start();
    server.advance(Duration.ofMillis(10));
    assertThat(disk.list("appendonlydir"))
        .containsExactlyInAnyOrder(
            "appendonly.aof.1.base.rdb",
            "appendonly.aof.1.incr.aof",
            "appendonly.aof.manifest",
            "appendonly.aof.lock");
    assertThat(manifest()).doesNotContain("type h");
    assertThat(server.logLines())
        .contains(
            "Removed /home/appendonlydir/temp-rewriteaof-bg.aof, which a rewrite has left that was"
                + " killed",
            "Removing the history file appendonly.aof.7.incr.aof in the background");
  }
}
