package io.cinnabar.observe;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import io.cinnabar.TestServer.Client;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class InfoTest {

  private static final String[] DEFAULT = {
    "# Server",
    "# Clients",
    "# Memory",
    "# Persistence",
    "# Stats",
    "# Replication",
    "# CPU",
    "# Modules",
    "# Errorstats",
    "# Cluster",
    "# Keyspace"
  };

  private final TestServer server = TestServer.start();

  /** The lines of INFO with these arguments, without the bulk string's header and end. */
  private List<String> info(String... sections) {
    String[] words = new String[sections.length + 1];
    words[0] = "INFO";
    System.arraycopy(sections, 0, words, 1, sections.length);
    String reply = server.send(words);
    String text = reply.substring(reply.indexOf('\n') + 1, reply.length() - 2);
    assertThat(reply).startsWith("$" + text.length() + "\r\n");
    return text.isEmpty() ? List.of() : List.of(text.split("\r\n", -1));
  }

  private List<String> titles(String... sections) {
    List<String> titles = new ArrayList<>(info(sections));
    titles.removeIf(line -> !line.startsWith("#"));
    return titles;
  }

  @Test
  void sectionsAreChosenByName() {
    assertThat(titles()).containsExactly(DEFAULT);
    assertThat(titles("default")).containsExactly(DEFAULT);
    assertThat(titles("all"))
        .hasSize(DEFAULT.length + 2)
        .contains("# Commandstats", "# Latencystats");
    assertThat(titles("everything")).isEqualTo(titles("ALL"));
    assertThat(titles("keyspace", "Server", "server", "nothing"))
        .containsExactly("# Server", "# Keyspace");
    assertThat(titles("latencystats", "commandstats", "default")).isEqualTo(titles("all"));
    assertThat(info("nothing")).isEmpty();
    assertThat(info("")).isEmpty();
  }

  /** Tools look fields up by name: those that Redis doesn't have are few, and on purpose. */
  @Test
  void fieldsHaveTheNamesThatRedisGivesThem() throws IOException {
    Set<String> names = fieldNames();
    names.removeAll(referenceFields());
    names.removeIf(name -> name.startsWith("jvm_"));
    assertThat(names)
        .containsExactly(
            "cinnabar_version",
            "client_output_buffer_limit_disconnections",
            "client_query_buffer_limit_disconnections",
            "expired_subkeys");
  }

  @Test
  void everyFieldOfRedisIsThereOrMissingForAReason() throws IOException {
    Set<String> missing = new TreeSet<>(referenceFields());
    missing.removeAll(fieldNames());
    // Which the virtual machine of the test doesn't tell.
    missing.removeIf(name -> name.startsWith("total_system_memory"));
    missing.removeIf(name -> name.endsWith("_main_thread"));
    assertThat(missing).isEqualTo(missingFields().keySet());
  }

  private Set<String> fieldNames() {
    Set<String> names = new TreeSet<>();
    for (String line : info()) {
      if (line.indexOf(':') > 0) {
        names.add(line.substring(0, line.indexOf(':')));
      }
    }
    return names;
  }

  /** Names with their reasons. */
  private static Map<String, String> missingFields() throws IOException {
    Map<String, String> reasons = new TreeMap<>();
    for (String line : lines("info-missing.tsv")) {
      if (!line.startsWith("#")) {
        String[] columns = line.split("\t", -1);
        assertThat(columns).as(line).hasSize(2);
        reasons.put(columns[0], columns[1]);
      }
    }
    return reasons;
  }

  private static List<String> lines(String resource) throws IOException {
    try (InputStream input = InfoTest.class.getResourceAsStream(resource)) {
      String text = new String(requireNonNull(input, resource).readAllBytes(), US_ASCII);
      return text.lines().toList();
    }
  }

  private static Set<String> referenceFields() throws IOException {
    return Set.copyOf(lines("/redis-7.2.4/info-fields.txt"));
  }

  @Test
  void sectionsAreSeparatedByAnEmptyLine() {
    assertThat(info("cluster", "keyspace"))
        .containsExactly("# Cluster", "cluster_enabled:0", "", "# Keyspace", "");
  }

  @Test
  void inResp3ItIsText() {
    server.send("HELLO", "3");
    assertThat(server.send("INFO", "keyspace")).isEqualTo("=16\r\ntxt:# Keyspace\r\n\r\n");
  }

  @Test
  void serverTellsWhatRunsAndForHowLong() {
    server.advance(Duration.ofDays(2).plusSeconds(1));
    assertThat(info("server"))
        .contains(
            "redis_version:7.2.4",
            "redis_mode:standalone",
            "os:Linux 6.1 x86_64",
            "arch_bits:64",
            "multiplexing_api:virtual",
            "process_id:4711",
            "tcp_port:6379",
            "uptime_in_seconds:172801",
            "uptime_in_days:2",
            "server_time_usec:1709380801000000",
            "executable:/opt/cinnabar/server",
            "config_file:",
            "listener0:name=tcp,bind=127.0.0.1,port=6379")
        .anyMatch(line -> line.matches("run_id:[0-9a-f]{40}"))
        .anyMatch(line -> line.matches("cinnabar_version:\\d+\\.\\d+\\.\\d+.*"));
  }

  @Test
  void clientsAreCounted() {
    Client second = server.connect();
    assertThat(info("clients")).contains("connected_clients:2", "maxclients:10000");
    second.close();
    assertThat(info("clients")).contains("connected_clients:1");
    assertThat(info("stats")).contains("total_connections_received:2");
  }

  @Test
  void memoryGrowsWithTheData() {
    long before = number("used_memory", info("memory"));
    server.send("SET", "key", "x".repeat(5000));
    List<String> lines = info("memory");
    long after = number("used_memory", lines);
    assertThat(after).isBetween(before + 5000, before + 10_000);
    assertThat(lines)
        .contains(
            "used_memory_rss:3145728",
            "used_memory_rss_human:3.00M",
            "used_memory_peak:" + after,
            "used_memory_peak_perc:100.00%")
        .noneMatch(line -> line.startsWith("total_system_memory"));
    server.send("DEL", "key");
    lines = info("memory");
    assertThat(number("used_memory", lines)).isLessThan(after);
    assertThat(number("used_memory_peak", lines)).isEqualTo(after);
  }

  @Test
  void memoryTellsThePolicy() {
    assertThat(info("memory")).contains("maxmemory_policy:noeviction");
    server.send("CONFIG", "SET", "maxmemory-policy", "allkeys-lfu");
    assertThat(info("memory")).contains("maxmemory_policy:allkeys-lfu");
  }

  @Test
  void statsCountAndMeasure() {
    server.send("SET", "key", "value");
    server.send("GET", "key");
    server.send("GET", "none");
    server.send("GET");
    assertThat(info("stats"))
        .contains(
            "total_commands_processed:3",
            "keyspace_hits:1",
            "keyspace_misses:1",
            "total_error_replies:1",
            "instantaneous_ops_per_sec:0");
    assertThat(info("persistence")).contains("loading:0", "rdb_changes_since_last_save:1");
  }

  @Test
  void ratesFollowTheLoadOfTheLastSeconds() {
    for (int i = 0; i < 32; i++) {
      server.send("PING");
      server.send("PING");
      server.advance(Duration.ofMillis(100));
    }
    assertThat(number("instantaneous_ops_per_sec", info("stats"))).isBetween(18L, 20L);
    server.advance(Duration.ofSeconds(3));
    assertThat(info("stats"))
        .contains("instantaneous_ops_per_sec:0", "instantaneous_input_kbps:0.00");
  }

  @Test
  void errorsAreCountedByCode() {
    server.send("GET");
    server.send("NONE");
    server.send("HELLO", "9");
    assertThat(info("errorstats"))
        .containsExactly("# Errorstats", "errorstat_ERR:count=2", "errorstat_NOPROTO:count=1", "");
  }

  @Test
  void latenciesAreToldInPercentiles() {
    TestServer debug = TestServer.start("enable-debug-command yes");
    for (int i = 0; i < 99; i++) {
      debug.send("DEBUG", "SLEEP", "0.000002");
    }
    debug.send("DEBUG", "SLEEP", "0.05");
    debug.send("CLIENT", "GETNAME");
    debug.send("GET");
    assertThat(debug.send("INFO", "latencystats"))
        .contains("\r\n# Latencystats\r\n")
        .contains("latency_percentiles_usec_debug:p50=2.007,p99=2.007,p99.9=50069.503\r\n")
        .contains("latency_percentiles_usec_client|getname:p50=0.001,p99=0.001,p99.9=0.001\r\n")
        .doesNotContain("usec_get:", "usec_info:");
    debug.send("CONFIG", "SET", "latency-tracking-info-percentiles", "0 33.333 100");
    assertThat(debug.send("INFO", "latencystats"))
        .contains("latency_percentiles_usec_debug:p0=2.000,p33.333=2.007,p100=50069.503\r\n");
    debug.send("CONFIG", "SET", "latency-tracking-info-percentiles", "");
    assertThat(debug.send("INFO", "latencystats")).contains("latency_percentiles_usec_debug:\r\n");
    debug.send("CONFIG", "RESETSTAT");
    assertThat(debug.send("INFO", "latencystats")).doesNotContain("usec_debug");
  }

  @Test
  void commandsAreCountedWithTheirTimeAndFailures() {
    TestServer debug = TestServer.start("enable-debug-command yes");
    debug.send("DEBUG", "SLEEP", "0.5");
    debug.send("DEBUG", "SLEEP", "1");
    debug.send("DEBUG", "none");
    debug.send("DEBUG");
    debug.send("CLIENT", "GETNAME");
    assertThat(debug.send("INFO", "commandstats"))
        .contains(
            "\r\ncmdstat_debug:calls=3,usec=1500000,usec_per_call=500000.00,rejected_calls=1,"
                + "failed_calls=1\r\n",
            "\r\ncmdstat_client|getname:calls=1,usec=0,usec_per_call=0.00,rejected_calls=0,"
                + "failed_calls=0\r\n")
        .doesNotContain("cmdstat_info", "cmdstat_get:");
    assertThat(debug.send("INFO", "commandstats")).contains("cmdstat_info:calls=1,");
  }

  @Test
  void timeIsChargedToTheCommandThatTookItInABatch() {
    TestServer debug = TestServer.start("enable-debug-command yes");
    debug.connect().sendRaw("PING\r\nDEBUG SLEEP 2\r\nDEBUG SLEEP 1\r\nPING\r\n");
    assertThat(debug.send("INFO", "commandstats"))
        .contains("cmdstat_debug:calls=2,usec=3000000,", "cmdstat_ping:calls=2,usec=0,");
  }

  @Test
  void keyspaceListsDatabasesThatHoldSomething() {
    server.send("MSET", "a", "1", "b", "2");
    server.send("EXPIRE", "a", "100");
    server.send("SELECT", "4");
    server.send("SET", "c", "3");
    assertThat(info("keyspace"))
        .containsExactly(
            "# Keyspace",
            "db0:keys=2,expires=1,avg_ttl=100000",
            "db4:keys=1,expires=0,avg_ttl=0",
            "");
  }

  @Test
  void cpuTimesAreSecondsAndUnknownOnesAreLeftOut() {
    assertThat(info("cpu"))
        .containsExactly(
            "# CPU",
            "used_cpu_sys:1.250000",
            "used_cpu_user:2.500000",
            "used_cpu_sys_children:0.000000",
            "used_cpu_user_children:0.000000",
            "");
  }

  @Test
  void replicationIsThatOfAMasterAlone() {
    assertThat(info("replication"))
        .contains("role:master", "connected_slaves:0", "master_repl_offset:0")
        .anyMatch(line -> line.matches("master_replid:[0-9a-f]{40}"));
  }

  private static long number(String name, List<String> lines) {
    for (String line : lines) {
      if (line.startsWith(name + ":")) {
        return Long.parseLong(line.substring(name.length() + 1));
      }
    }
    throw new AssertionError("no " + name + " in " + lines);
  }

  @Test
  void theLoopTellsItsTurnsAndHowLongTheyTake() {
    assertThat(number("stats", "eventloop_cycles")).isPositive();
    long before = number("stats", "total_reads_processed");
    server.send("PING");
    assertThat(number("stats", "total_reads_processed")).isEqualTo(before + 2);
    long writes = number("stats", "total_writes_processed");
    server.send("PING");
    assertThat(number("stats", "total_writes_processed")).isEqualTo(writes + 2);
    TestServer debug = TestServer.start("enable-debug-command yes");
    debug.send("DEBUG", "SLEEP", "2");
    String stats = debug.send("INFO", "stats");
    assertThat(stats)
        .contains("eventloop_duration_sum:2000000\r\n", "eventloop_duration_cmd_sum:2000000\r\n");
    debug.send("CONFIG", "RESETSTAT");
    assertThat(debug.send("INFO", "stats")).contains("eventloop_duration_cmd_sum:0\r\n");
  }

  @Test
  void theClocksOfTheServerGoOn() {
    long before = number("server", "lru_clock");
    server.advance(Duration.ofSeconds(90));
    assertThat(number("server", "lru_clock")).isEqualTo(before + 90);
  }

  @Test
  void whatClientsBufferedLatelyIsForgottenInTime() {
    server.send("SET", "k", "v");
    Client client = server.connect();
    client.queue("*2\r\n$3\r\nGET\r\n$20000\r\n" + "x".repeat(9000));
    server.advance(Duration.ofSeconds(2));
    assertThat(number("clients", "client_recent_max_input_buffer")).isBetween(9000L, 40_000L);
    client.close();
    server.advance(Duration.ofSeconds(10));
    assertThat(number("clients", "client_recent_max_input_buffer")).isZero();
  }

  @Test
  void expiryTellsWhatItLeavesBehind() {
    assertThat(number("stats", "expired_time_cap_reached_count")).isZero();
    assertThat(info("stats")).contains("expired_stale_perc:0.00");
  }

  private long number(String section, String field) {
    for (String line : info(section)) {
      if (line.startsWith(field + ":")) {
        return Long.parseLong(line.substring(field.length() + 1));
      }
    }
    throw new AssertionError("no field " + field);
  }
}
