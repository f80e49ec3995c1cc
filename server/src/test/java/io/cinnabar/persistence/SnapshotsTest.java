package io.cinnabar.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.Seed;
import io.cinnabar.TestServer;
import io.cinnabar.TestServer.Client;
import io.cinnabar.host.ListenAddress;
import io.cinnabar.virtual.PowerFailure;
import io.cinnabar.virtual.VirtualDisk;
import io.cinnabar.virtual.VirtualHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Saving while the server goes on, in virtual time, on a disk that may fail. */
final class SnapshotsTest {

  private static final String FILE = "dump.rdb";
  private static final String OK = "+OK\r\n";
  private static final String STARTED = "+Background saving started\r\n";
  private static final String SCHEDULED = "+Background saving scheduled\r\n";
  private static final String RUNNING = "-ERR Background save already in progress\r\n";
  private static final String MISCONF =
      "-MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to"
          + " disk. Commands that may modify the data set are disabled, because this instance is"
          + " configured to report errors during writes if RDB snapshotting fails"
          + " (stop-writes-on-bgsave-error option). Please check the Redis logs for details about"
          + " the RDB error.\r\n";

  private final long seed = Seed.of(SnapshotsTest.class);
  private final SplittableRandom random = new SplittableRandom(seed);
  private TestServer server = TestServer.start("enable-debug-command yes");

  private static String digest(TestServer of) {
    return of.send("DEBUG", "DIGEST");
  }

  private static TestServer restart(VirtualDisk disk) throws IOException {
    VirtualHost host = new VirtualHost(7);
    if (disk.exists(FILE)) {
      host.disk().put(FILE, disk.read(FILE));
    }
    return TestServer.startOn(host, "enable-debug-command yes");
  }

  private String info(String field) {
    for (String line : server.send("INFO", "persistence").split("\r\n", -1)) {
      if (line.startsWith(field + ":")) {
        return line.substring(field.length() + 1);
      }
    }
    throw new AssertionError(field);
  }

  private void runWorkers() {
    server.host().workers().runAll();
    server.advance(Duration.ofMillis(1));
  }

  @Test
  void aSaveInTheBackground() throws IOException {
    server.send("MSET", "a", "1", "b", "2");
    String digest = digest(server);
    assertThat(info("rdb_changes_since_last_save")).isEqualTo("2");
    String before = server.send("LASTSAVE");
    server.advance(Duration.ofSeconds(3));
    assertThat(server.send("BGSAVE")).isEqualTo(STARTED);
    assertThat(server.send("BGSAVE")).isEqualTo(RUNNING);
    assertThat(server.send("BGSAVE", "SCHEDULE")).isEqualTo(RUNNING);
    assertThat(server.send("SAVE")).isEqualTo(RUNNING);
    assertThat(server.send("BGSAVE", "never")).isEqualTo("-ERR syntax error\r\n");
    server.send("SET", "a", "3");
    assertThat(info("rdb_bgsave_in_progress")).isEqualTo("1");
    assertThat(info("current_save_keys_total")).isEqualTo("2");
    assertThat(Long.parseLong(info("current_cow_size"))).isPositive();
    assertThat(server.send("LASTSAVE")).isEqualTo(before);
    server.advance(Duration.ofSeconds(2));
    assertThat(info("rdb_current_bgsave_time_sec")).isEqualTo("2");
    runWorkers();
    assertThat(info("rdb_bgsave_in_progress")).isEqualTo("0");
    assertThat(info("rdb_last_bgsave_status")).isEqualTo("ok");
    assertThat(info("rdb_last_bgsave_time_sec")).isEqualTo("2");
    assertThat(info("rdb_changes_since_last_save")).isEqualTo("1");
    assertThat(info("current_cow_size")).isEqualTo("0");
    assertThat(server.send("LASTSAVE")).isNotEqualTo(before);
    assertThat(server.logLines())
        .contains("DB saved on disk", "Background saving terminated with success");
    assertThat(server.host().disk().list("/home")).containsExactly(FILE);
    assertThat(digest(restart(server.host().disk()))).isEqualTo(digest);
    assertThat(server.engine().keyspace().arena().hasViews()).isFalse();
  }

  /** What a transaction has changed so far is nothing to save. */
  @Test
  void aTransactionIsSavedWholeOrNotAtAll() {
    server.send("MULTI");
    server.send("SET", "a", "1");
    server.send("BGSAVE");
    server.send("SET", "b", "1");
    assertThat(server.send("EXEC")).isEqualTo("*3\r\n+OK\r\n" + SCHEDULED + "+OK\r\n");
    assertThat(info("rdb_bgsave_in_progress")).isEqualTo("0");
    server.advance(Duration.ofMillis(200));
    assertThat(info("current_save_keys_total")).isEqualTo("2");
    server.send("MULTI");
    assertThat(server.send("SAVE")).isEqualTo("-ERR Command not allowed inside a transaction\r\n");
  }

  /** The data set goes on changing, in another thread than the one that writes. */
  @Test
  void aSnapshotIsTheStateAtItsBeginning() throws Exception {
    server = TestServer.start("enable-debug-command yes");
    SampleData.fill(server);
    for (int round = 0; round < 25; round++) {
      String description = Seed.option(seed) + ", round " + round;
      for (int i = 0; i < 300; i++) {
        server.send(SampleData.change(random));
      }
      String digest = digest(server);
      String streams = streams(server);
      assertThat(server.send("BGSAVE")).isEqualTo(STARTED);
      Thread worker = new Thread(() -> server.host().workers().runAll());
      worker.start();
      for (int i = 0; i < 600; i++) {
        server.send(SampleData.change(random));
      }
      worker.join();
      server.advance(Duration.ofNanos(1));
      assertThat(info("rdb_last_bgsave_status")).as(description).isEqualTo("ok");
      assertThat(info("rdb_bgsave_in_progress")).as(description).isEqualTo("0");
      TestServer loaded = restart(server.host().disk());
      assertThat(digest(loaded)).as(description).isEqualTo(digest);
      assertThat(streams(loaded)).as(description).isEqualTo(streams);
      loaded.engine().keyspace().validate();
    }
    server.engine().keyspace().validate();
  }

  /** All of the streams, whose groups digests don't see; without what depends on the time. */
  private static String streams(TestServer of) {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < 12; i++) {
      all.append(
          of.send("XINFO", "STREAM", "stream:k" + i, "FULL", "COUNT", "0")
              .replaceAll("(?s)radix-tree-keys\r\n:\\d+|radix-tree-nodes\r\n:\\d+", ""));
    }
    return all.toString();
  }

  @Test
  void savePoints() {
    server = TestServer.start("save 100 3 10 5");
    server.send("MSET", "a", "1", "b", "2", "c", "3");
    server.advance(Duration.ofSeconds(100));
    assertThat(info("rdb_bgsave_in_progress")).isEqualTo("0");
    server.advance(Duration.ofSeconds(2));
    assertThat(info("rdb_bgsave_in_progress")).isEqualTo("1");
    assertThat(server.logLines()).contains("3 changes in 100 seconds. Saving...");
    runWorkers();
    assertThat(info("rdb_changes_since_last_save")).isEqualTo("0");
    server.send("MSET", "a", "1", "b", "2", "c", "3", "d", "4", "e", "5");
    server.advance(Duration.ofSeconds(12));
    assertThat(server.logLines()).contains("5 changes in 10 seconds. Saving...");
    runWorkers();
    server.send("CONFIG", "SET", "save", "");
    server.send("MSET", "a", "1", "b", "2", "c", "3", "d", "4", "e", "5");
    server.advance(Duration.ofSeconds(200));
    assertThat(info("rdb_bgsave_in_progress")).isEqualTo("0");
  }

  @Test
  void writesStopWhileNothingCanBeSaved() {
    server = TestServer.start("save 100000 1");
    server.send("SET", "a", "1");
    server.host().disk().makeReadOnly("/home");
    server.send("BGSAVE");
    runWorkers();
    assertThat(info("rdb_last_bgsave_status")).isEqualTo("err");
    assertThat(server.logLines())
        .contains("Background saving error")
        .anyMatch(
            line ->
                line.matches(
                    "Failed opening the temp RDB file temp-\\d+-1.rdb \\(in server root dir /home\\)"
                        + " for saving: Permission denied"));
    assertThat(server.send("SET", "a", "2")).isEqualTo(MISCONF);
    assertThat(server.send("PING")).isEqualTo(MISCONF);
    assertThat(server.send("GET", "a")).isEqualTo("$1\r\n1\r\n");
    Client other = server.connect();
    other.send("MULTI");
    assertThat(other.send("SET", "a", "2")).isEqualTo(MISCONF);
    assertThat(other.send("EXEC"))
        .isEqualTo("-EXECABORT Transaction discarded because of previous errors.\r\n");
    server.send("CONFIG", "SET", "stop-writes-on-bgsave-error", "no");
    assertThat(server.send("SET", "a", "2")).isEqualTo(OK);
    server.send("CONFIG", "SET", "stop-writes-on-bgsave-error", "yes");
    assertThat(server.send("SET", "a", "3")).isEqualTo(MISCONF);
    server.send("CONFIG", "SET", "save", "");
    assertThat(server.send("SET", "a", "3")).isEqualTo(OK);
    server.send("CONFIG", "SET", "save", "1 1");
    assertThat(server.send("SET", "a", "4")).isEqualTo(MISCONF);
    // It tries again by itself, and all is well when the disk is.
    server.host().disk().makeWritable("/home");
    server.advance(Duration.ofSeconds(7));
    runWorkers();
    assertThat(server.send("SET", "a", "4")).isEqualTo(OK);
  }

  @Test
  void aFailedSaveWithoutSavePointsStopsNothing() {
    server.host().disk().setCapacityBytes(50);
    server.send("SET", "a", "1");
    assertThat(server.send("SAVE")).isEqualTo("-ERR\r\n");
    assertThat(server.logLines())
        .contains("Write error saving DB on disk(write): No space left on device");
    assertThat(info("rdb_last_bgsave_status")).isEqualTo("ok");
    server.send("BGSAVE");
    runWorkers();
    assertThat(info("rdb_last_bgsave_status")).isEqualTo("err");
    assertThat(server.send("SET", "a", "1")).isEqualTo(OK);
    assertThat(server.host().disk().exists(FILE)).isFalse();
  }

  /** Whichever operation fails: the old file stays or the new one is there, and nothing else. */
  @Test
  void everyOperationFails() throws IOException {
    for (int at = 1; ; at++) {
      server = TestServer.start("enable-debug-command yes");
      VirtualDisk disk = server.host().disk();
      SampleData.fill(server);
      server.send("SAVE");
      byte[] old = disk.read(FILE);
      server.send("SET", "new", "value");
      disk.fail(disk.operations() + at, "Input/output error");
      String reply = server.send("SAVE");
      if (reply.equals(OK)) {
        assertThat(digest(restart(disk))).isEqualTo(digest(server));
        assertThat(at).as("operations of a save").isGreaterThan(4);
        return;
      }
      assertThat(reply).isEqualTo("-ERR\r\n");
      assertThat(info("rdb_changes_since_last_save")).isEqualTo("1");
      if (!Arrays.equals(disk.read(FILE), old)) {
        assertThat(digest(restart(disk))).isEqualTo(digest(server));
      }
      assertThat(disk.list("/home")).containsExactly(FILE);
      assertThat(server.send("SAVE")).isEqualTo(OK);
    }
  }

  /** Whenever the power fails, there is the old file or the new one. */
  @Test
  void everyOperationIsTheLast() throws IOException {
    int newFiles = 0;
    for (int at = 1; ; at++) {
      server = TestServer.start("enable-debug-command yes");
      VirtualDisk disk = server.host().disk();
      SampleData.fill(server);
      server.send("SAVE");
      String before = digest(server);
      server.send("SET", "new", "value");
      String after = digest(server);
      disk.losePower(disk.operations() + at, random.nextBoolean());
      String reply = "";
      try {
        reply = server.send("SAVE");
      } catch (PowerFailure expected) {
        // It ends here.
      }
      disk.crash(random);
      String found = digest(restart(disk));
      if (reply.equals(OK)) {
        assertThat(found).isEqualTo(after);
        assertThat(at).as("operations of a save").isGreaterThan(4);
        assertThat(newFiles).isPositive();
        return;
      }
      assertThat(found).as(Seed.option(seed) + ", operation " + at).isIn(before, after);
      newFiles += found.equals(after) ? 1 : 0;
    }
  }

  @Test
  void flushallEndsASave() throws IOException {
    server.send("SET", "a", "1");
    server.send("BGSAVE");
    server.send("FLUSHALL");
    server.send("SET", "b", "1");
    assertThat(server.send("BGSAVE")).isEqualTo(RUNNING);
    runWorkers();
    assertThat(server.host().disk().list("/home")).isEmpty();
    assertThat(info("rdb_bgsave_in_progress")).isEqualTo("0");
    assertThat(info("rdb_last_bgsave_status")).isEqualTo("ok");
    assertThat(server.send("BGSAVE")).isEqualTo(STARTED);
    runWorkers();
    assertThat(restart(server.host().disk()).send("KEYS", "*")).isEqualTo("*1\r\n$1\r\nb\r\n");
  }

  @Test
  void flushallLeavesAnEmptyFileWhereThereAreSavePoints() throws IOException {
    server = TestServer.start("save 1000 1");
    server.send("SET", "a", "1");
    server.send("SAVE");
    server.send("SET", "b", "1");
    server.send("BGSAVE");
    assertThat(server.send("FLUSHALL")).isEqualTo(OK);
    assertThat(restart(server.host().disk()).send("DBSIZE")).isEqualTo(":0\r\n");
    runWorkers();
    assertThat(restart(server.host().disk()).send("DBSIZE")).isEqualTo(":0\r\n");
    assertThat(server.host().disk().list("/home")).containsExactly(FILE);
  }

  @Test
  void shutdownSaves() throws IOException {
    server.send("SET", "a", "1");
    server.send("BGSAVE");
    assertThat(server.send("SHUTDOWN", "SAVE")).isEmpty();
    assertThat(server.logLines())
        .endsWith(
            "User requested shutdown...",
            "There is a child saving an .rdb. Killing it!",
            "Saving the final RDB snapshot before exiting.",
            "DB saved on disk");
    assertThat(server.host().disk().list("/home")).containsExactly(FILE);
    assertThat(restart(server.host().disk()).send("GET", "a")).isEqualTo("$1\r\n1\r\n");
    server = TestServer.start("save 1000 1");
    server.send("SHUTDOWN");
    assertThat(server.host().disk().exists(FILE)).isTrue();
    server = TestServer.start("save 1000 1");
    server.send("SHUTDOWN", "NOSAVE");
    assertThat(server.host().disk().exists(FILE)).isFalse();
    server = TestServer.start();
    server.send("SHUTDOWN");
    assertThat(server.host().disk().exists(FILE)).isFalse();
  }

  @Test
  void shutdownStaysWhereItCanNotSave() {
    server.send("SET", "key", "value");
    server.host().disk().makeReadOnly("/home");
    assertThat(server.send("SHUTDOWN", "SAVE"))
        .isEqualTo("-ERR Errors trying to SHUTDOWN. Check logs.\r\n");
    assertThat(server.logLines())
        .endsWith(
            "Error trying to save the DB, can't exit.",
            "Errors trying to shut down the server. Check the logs for more information.");
    assertThat(server.send("GET", "key")).isEqualTo("$5\r\nvalue\r\n");
    assertThat(server.send("SHUTDOWN", "SAVE", "FORCE")).isEmpty();
    assertThat(server.logLines()).contains("Error trying to save the DB. Exit anyway.");
  }

  @Test
  void debugReload() throws IOException {
    SampleData.fill(server);
    String digest = digest(server);
    assertThat(server.send("DEBUG", "RELOAD")).isEqualTo(OK);
    assertThat(digest(server)).isEqualTo(digest);
    assertThat(server.logLines()).contains("DB reloaded by DEBUG RELOAD");
    server.send("SET", "new", "value");
    assertThat(server.send("DEBUG", "RELOAD", "NOSAVE")).isEqualTo(OK);
    assertThat(digest(server)).isEqualTo(digest);
    assertThat(server.send("DEBUG", "RELOAD", "noflush"))
        .isEqualTo("-ERR Error trying to load the RDB dump, check server logs.\r\n");
    server.send("FLUSHALL");
    server.send("SET", "new", "value");
    server.send("SET", "int", "other");
    assertThat(server.send("DEBUG", "RELOAD", "NOSAVE", "NOFLUSH", "MERGE")).isEqualTo(OK);
    assertThat(server.send("GET", "new")).isEqualTo("$5\r\nvalue\r\n");
    assertThat(server.send("GET", "int")).isEqualTo("$5\r\n12345\r\n");
    server.send("DEL", "new");
    assertThat(digest(server)).isEqualTo(digest);
    assertThat(server.send("DEBUG", "RELOAD", "now"))
        .isEqualTo("-ERR DEBUG RELOAD only supports the MERGE, NOFLUSH and NOSAVE options.\r\n");
    server.engine().keyspace().validate();
  }

  /** Whoever watches or has cached what was there is told, as by FLUSHALL. */
  @Test
  void aReloadIsAChangeOfAllKeys() {
    server.send("SET", "key", "value");
    Client watching = server.connect();
    watching.sendRaw("HELLO 3\r\nCLIENT TRACKING ON\r\nGET key\r\nWATCH key\r\n");
    Client other = server.connect();
    other.sendRaw("WATCH none\r\n");
    assertThat(server.send("DEBUG", "RELOAD")).isEqualTo(OK);
    assertThat(watching.sendRaw("MULTI\r\nGET key\r\nEXEC\r\n"))
        .isEqualTo(">2\r\n$10\r\ninvalidate\r\n_\r\n+OK\r\n+QUEUED\r\n_\r\n");
    assertThat(other.sendRaw("MULTI\r\nGET key\r\nEXEC\r\n")).endsWith("*1\r\n$5\r\nvalue\r\n");
    assertThat(info("rdb_changes_since_last_save")).isEqualTo("0");
  }

  /** It runs between the turns, so that it can look at the network as often as it likes. */
  @Test
  void othersAreToldThatADebugReloadLoads() {
    server = TestServer.start("enable-debug-command yes", "key-load-delay 100000");
    for (int i = 0; i < 10; i++) {
      server.send("SET", "key:" + i, "value");
    }
    Client other = server.connect();
    String id = server.send("CLIENT", "ID").substring(1).trim();
    whileItLoads(
        () ->
            other.queue(
                "GET key:1\r\nECHO hi\r\nINFO persistence\r\nCLIENT UNBLOCK " + id + "\r\n"));
    assertThat(server.send("DEBUG", "RELOAD")).isEqualTo(OK);
    assertThat(other.take())
        .startsWith("-LOADING Redis is loading the dataset in memory\r\n$2\r\nhi\r\n$")
        .contains("loading:1")
        .endsWith(":0\r\n");
    assertThat(other.send("GET", "key:1")).isEqualTo("$5\r\nvalue\r\n");
    assertThat(server.engine().blockedClients().count()).isZero();
  }

  /** Has something happen in the first poll of the command that is sent next. */
  private void whileItLoads(Runnable task) {
    server.host().network().post(() -> server.host().network().post(task));
  }

  @Test
  void whoAskedForAReloadMayGo() {
    server = TestServer.start("enable-debug-command yes", "key-load-delay 100000");
    server.send("SET", "key", "value");
    Client asking = server.connect();
    whileItLoads(asking::abandon);
    assertThat(asking.send("DEBUG", "RELOAD")).isEmpty();
    assertThat(server.send("GET", "key")).isEqualTo("$5\r\nvalue\r\n");
    assertThat(server.engine().blockedClients().count()).isZero();
  }

  @Test
  void whatTheClientSendsBehindAReloadRunsBehindIt() {
    server.send("SET", "key", "value");
    Client client = server.connect();
    assertThat(client.sendRaw("DEBUG RELOAD\r\nGET key\r\nDEBUG RELOAD NOW\r\n"))
        .isEqualTo(
            OK
                + "$5\r\nvalue\r\n"
                + "-ERR DEBUG RELOAD only supports the MERGE, NOFLUSH and NOSAVE options.\r\n");
    assertThat(client.sendRaw("MULTI\r\nSET key w\r\nDEBUG RELOAD\r\nGET key\r\nEXEC\r\n"))
        .endsWith("*3\r\n+OK\r\n+OK\r\n$1\r\nw\r\n");
    server.host().disk().makeReadOnly("/home");
    assertThat(client.sendRaw("DEBUG RELOAD\r\nGET key\r\n")).isEqualTo("-ERR\r\n$1\r\nw\r\n");
    assertThat(server.send("INFO", "commandstats")).contains("cmdstat_debug:calls=4,");
    assertThat(server.send("INFO", "commandstats"))
        .contains(",rejected_calls=0,failed_calls=2\r\n");
  }

  @Test
  void aServerThatEndsWhileItReloadsSavesNothing() throws IOException {
    server = TestServer.start("save 1000 1", "enable-debug-command yes", "key-load-delay 100000");
    server.send("MSET", "a", "1", "b", "2");
    server.send("SAVE");
    byte[] saved = server.host().disk().read(FILE);
    Client other = server.connect();
    whileItLoads(() -> other.queue("SHUTDOWN\r\n"));
    assertThat(server.send("DEBUG", "RELOAD", "NOSAVE")).isEmpty();
    assertThat(other.isClosed()).isTrue();
    assertThat(server.host().disk().read(FILE)).isEqualTo(saved);
  }

  /** Redis's have one number. */
  @Test
  void whatKilledServersHaveLeftIsRemoved() throws IOException {
    VirtualHost host = new VirtualHost(7);
    List<String> others =
        List.of("temp-12.rdb", "temp-1-.rdb", "temp--1.rdb", "temp-1-1.rdb.bak", "temp-1-x.rdb");
    for (String name : others) {
      host.disk().put(name, new byte[1]);
    }
    host.disk().put("temp-12-3.rdb", new byte[1]);
    host.disk().put("temp-13-1.rdb", new byte[1]);
    assertThat(host.disk().lock("temp-13-1.rdb")).isNotNull();
    server = TestServer.startOn(host);
    runWorkers();
    List<String> left = new ArrayList<>(others);
    left.add("temp-13-1.rdb");
    assertThat(host.disk().list("/home")).containsExactlyInAnyOrderElementsOf(left);
    assertThat(server.logLines())
        .contains(
            "Removed /home/temp-12-3.rdb, which a server has left that was killed while it saved");
  }

  @Test
  void aFileThatSomebodyElseHasReplacedIsTold() {
    String line =
        "/home/dump.rdb is not what this server has loaded or saved last: somebody else saves there,"
            + " too. Each save replaces the other's data. Give each server a dir or dbfilename of its"
            + " own.";
    TestServer other =
        TestServer.startOn(
            new VirtualHost(8, server.host().disk()), "enable-protected-configs yes");
    server.send("SET", "a", "1");
    assertThat(server.send("SAVE") + server.send("SAVE")).isEqualTo(OK + OK);
    assertThat(server.logLines()).doesNotContain(line);
    assertThat(other.send("SAVE")).isEqualTo(OK);
    assertThat(other.logLines()).contains(line);
    server.send("BGSAVE");
    runWorkers();
    assertThat(server.logLines()).containsOnlyOnce(line);
    server.send("SAVE");
    assertThat(server.logLines()).containsOnlyOnce(line);
    other.send("CONFIG", "SET", "dbfilename", "other.rdb");
    assertThat(other.send("SAVE") + other.send("SAVE")).isEqualTo(OK + OK);
    assertThat(other.logLines()).containsOnlyOnce(line);
  }

  @Test
  void restoreBelievesThePayloadWhereChecksumsAreSkipped() {
    String payload = "\u0000\u0001v\u000b\u0000" + "\u0000".repeat(8);
    assertThat(server.send("RESTORE", "k", "0", payload))
        .isEqualTo("-ERR DUMP payload version or checksum are wrong\r\n");
    server.send("DEBUG", "SET-SKIP-CHECKSUM-VALIDATION", "1");
    assertThat(server.send("RESTORE", "k", "0", payload)).isEqualTo(OK);
  }

  /** Few commands run while the data set is loaded. */
  @Test
  void whileItLoads() throws IOException {
    for (int i = 0; i < 100; i++) {
      server.send("SET", "key:" + i, "value");
    }
    server.send("SAVE");
    VirtualHost host = new VirtualHost(7);
    host.disk().put(FILE, server.host().disk().read(FILE));
    StringBuilder replies = new StringBuilder();
    host.network().advanceTimeWhenIdle();
    host.network()
        .post(
            () -> {
              try {
                var peer = host.network().connect(new ListenAddress("127.0.0.1", 6379, 0, 0));
                peer.send("PING\r\nGET key:1\r\nECHO hi\r\nINFO persistence\r\nMULTI\r\n");
                peer.send("SET a b\r\nEXEC\r\n");
                host.network()
                    .post(() -> host.network().post(() -> replies.append(peer.receiveText())));
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    server = TestServer.startOn(host, "key-load-delay 100000", "enable-debug-command yes");
    String loading = "-LOADING Redis is loading the dataset in memory\r\n";
    assertThat(replies.toString())
        .startsWith(loading + loading + "$2\r\nhi\r\n$")
        .contains(
            "loading:1", "loading_total_bytes:", "loading_loaded_perc:", "loading_eta_seconds:")
        .endsWith(
            "+OK\r\n"
                + loading
                + "-EXECABORT Transaction discarded because of previous errors.\r\n");
    assertThat(info("loading")).isEqualTo("0");
    assertThat(server.send("DBSIZE")).isEqualTo(":100\r\n");
    assertThat(server.logLines()).contains("DB loaded from disk: 10.000 seconds");
    assertThat(server.logLines())
        .filteredOn(line -> line.startsWith("Loading the data"))
        .hasSize(5);
  }

  @Test
  void commandsAsTheTableSays() {
    assertThat(List.of(server.send("SAVE", "x"), server.send("LASTSAVE", "x")))
        .allMatch(reply -> reply.startsWith("-ERR wrong number of arguments"));
  }
}
