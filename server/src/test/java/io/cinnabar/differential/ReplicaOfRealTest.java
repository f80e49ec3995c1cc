package io.cinnabar.differential;

import static io.cinnabar.differential.ExchangeData.ask;
import static io.cinnabar.differential.ExchangeData.streams;
import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.CinnabarServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A real redis-server as the primary: its replica here ends up with the same data. */
@Timeout(120)
final class ReplicaOfRealTest {

  private final ExchangeData data = new ExchangeData(ReplicaOfRealTest.class);

  @TempDir private Path folder;

  private static RealRedis primary(String... options) {
    String[] all = new String[options.length + 2];
    all[0] = "--repl-diskless-sync-delay";
    all[1] = "0";
    System.arraycopy(options, 0, all, 2, options.length);
    return RealRedis.start("primary", all);
  }

  private CinnabarServer replica(int port, String disklessLoad) {
    return CinnabarServer.builder()
        .option("dir", folder.toString())
        .option("enable-debug-command", "yes")
        .option("repl-diskless-load", disklessLoad)
        .option("replicaof", "127.0.0.1", "" + port)
        .start();
  }

  private static RespClient connect(CinnabarServer server) throws IOException {
    return RespClient.connect(Subject.at("replica", server.port()));
  }

  private void assertEqual(RespClient primary, RespClient replica) {
    // Before it has a replica the primary does not count, so that nobody can wait for anything.
    awaitLinked(replica);
    ask(primary, "INCR", "last");
    assertThat(ask(primary, "WAIT", "1", "60000")).isEqualTo("1");
    assertThat(ask(replica, "DEBUG", "DIGEST"))
        .as(data.option())
        .isEqualTo(ask(primary, "DEBUG", "DIGEST"));
    assertThat(groups(replica)).as(data.option()).isEqualTo(groups(primary));
  }

  /** A primary does not tell its replicas how many entries a group has read. */
  private static String groups(RespClient server) {
    return streams(server).replaceAll("\"entries-read\", [^,]*, \"lag\", [^]]*", "");
  }

  private static long field(RespClient server, String name) {
    String info = ask(server, "INFO", "everything");
    int at = info.indexOf(name + ":") + name.length() + 1;
    return Long.parseLong(info.substring(at, info.indexOf('\r', at)));
  }

  @ParameterizedTest
  @CsvSource({
    "yes,disabled",
    "no,disabled",
    "yes,on-empty-db",
    "no,on-empty-db",
    "yes,swapdb",
    "no,swapdb"
  })
  void theWholeDataSetAndWhatFollows(String disklessSync, String disklessLoad) throws IOException {
    try (RealRedis primary = primary("--repl-diskless-sync", disklessSync);
        RespClient there = RespClient.connect(primary.subject())) {
      data.fill(there);
      try (CinnabarServer replica = replica(primary.subject().port(), disklessLoad);
          RespClient here = connect(replica)) {
        assertEqual(there, here);
        data.fill(there);
        assertEqual(there, here);
        assertThat(field(there, "sync_full")).isEqualTo(1);
      }
    }
  }

  @Test
  void lostConnectionsUnderLoad() throws IOException {
    try (RealRedis primary = primary("--repl-backlog-size", "64mb");
        RespClient there = RespClient.connect(primary.subject());
        RespClient operator = RespClient.connect(primary.subject());
        CinnabarServer replica = replica(primary.subject().port(), "disabled");
        RespClient here = connect(replica)) {
      ask(there, "SET", "first", "v");
      awaitLinked(here); // the primary calls it online while the data set is on its way
      CompletableFuture<Void> load = CompletableFuture.runAsync(() -> data.fill(there));
      int cuts = 0;
      while (!load.isDone()) {
        ask(operator, "CLIENT", "KILL", "TYPE", "replica");
        cuts++;
        awaitOnline(operator);
      }
      load.join();
      assertEqual(there, here);
      assertThat(field(operator, "sync_full")).isEqualTo(1);
      assertThat(field(operator, "sync_partial_ok")).isEqualTo(cuts);
      assertThat(cuts).isPositive();
    }
  }

  private static void awaitLinked(RespClient replica) {
    while (!ask(replica, "INFO", "replication").contains("master_link_status:up")) {
      Thread.onSpinWait();
    }
  }

  private static void awaitOnline(RespClient primary) {
    while (!ask(primary, "INFO", "replication").contains("state=online")) {
      Thread.onSpinWait();
    }
  }

  @Test
  void connectionsThatBreakAnywhere() throws IOException {
    try (RealRedis primary = primary("--repl-backlog-size", "64mb");
        CuttingProxy proxy = CuttingProxy.before(primary.subject(), 200_000);
        RespClient there = RespClient.connect(primary.subject());
        CinnabarServer replica = replica(proxy.port(), "disabled");
        RespClient here = connect(replica)) {
      ask(there, "SET", "first", "v");
      awaitOnline(there);
      data.fill(there);
      proxy.spare();
      assertEqual(there, here);
      assertThat(field(there, "sync_full")).isEqualTo(1);
      assertThat(field(there, "sync_partial_ok")).isPositive();
    }
  }

  @Test
  void aPromotedReplicaGoesOnByItself() throws IOException {
    try (RealRedis primary = primary();
        RespClient there = RespClient.connect(primary.subject());
        CinnabarServer replica = replica(primary.subject().port(), "disabled");
        RespClient here = connect(replica)) {
      data.fill(there);
      assertEqual(there, here);
      String digest = ask(there, "DEBUG", "DIGEST");
      assertThat(ask(here, "REPLICAOF", "NO", "ONE")).isEqualTo("OK");
      ask(there, "FLUSHALL");
      assertThat(ask(here, "DEBUG", "DIGEST")).isEqualTo(digest);
      assertThat(ask(here, "SET", "mine", "v")).isEqualTo("OK");
    }
  }
}
