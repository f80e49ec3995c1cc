package io.cinnabar.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class MemoryCommandsTest {

  private final TestServer server = TestServer.start();

  private String info(String field) {
    for (String line : server.send("INFO").split("\r\n", -1)) {
      if (line.startsWith(field + ":")) {
        return line.substring(field.length() + 1);
      }
    }
    throw new AssertionError(field);
  }

  private long number(String field) {
    return Long.parseLong(info(field));
  }

  @Test
  void usageIsWhatTheKeyTakes() {
    server.send("SET", "key", "value");
    assertThat(server.send("MEMORY", "USAGE", "key")).isEqualTo(":38\r\n");
    long before = number("allocator_allocated");
    server.send("SET", "large", "x".repeat(100_000));
    long after = number("allocator_allocated");
    String reply = server.send("MEMORY", "USAGE", "large", "SAMPLES", "0");
    assertThat(Long.parseLong(reply.substring(1, reply.length() - 2)))
        .isEqualTo(after - before + 6);
  }

  @Test
  void thePartsAreTheWhole() {
    for (int i = 0; i < 1_000; i++) {
      server.send("SET", "key" + i, "x".repeat(i));
    }
    assertThat(number("used_memory_overhead") + number("used_memory_dataset"))
        .isEqualTo(number("used_memory"));
    assertThat(number("used_memory_startup")).isLessThan(number("used_memory_overhead"));
    assertThat(number("allocator_frag_bytes"))
        .isEqualTo(number("allocator_active") - number("allocator_allocated"))
        .isPositive();
    assertThat(number("allocator_rss_bytes"))
        .isEqualTo(number("allocator_resident") - number("allocator_active"));
    assertThat(info("mem_allocator")).isEqualTo("arena");
    assertThat(info("jvm_heap_used")).isEqualTo("41943040");
    String stats = server.send("MEMORY", "STATS");
    assertThat(stats)
        .contains("$10\r\nkeys.count\r\n:1000\r\n", "$4\r\ndb.0\r\n*6\r\n")
        .contains("$13\r\ndataset.bytes\r\n:" + info("used_memory_dataset") + "\r\n");
  }

  @Test
  void whatWasDeletedIsGivenBackByPurge() {
    for (int i = 0; i < 500; i++) {
      server.send("SET", "key" + i, "x".repeat(60_000));
    }
    for (int i = 0; i < 500; i++) {
      server.send("DEL", "key" + i);
    }
    assertThat(number("allocator_rss_bytes")).isPositive();
    assertThat(server.send("MEMORY", "PURGE")).isEqualTo("+OK\r\n");
    server.advance(Duration.ofSeconds(1));
    assertThat(number("allocator_rss_bytes")).isZero();
  }

  /** Holes that are spread over all slabs are no reason to keep them, if somebody asks. */
  @Test
  void purgeCompacts() {
    StringBuilder commands = new StringBuilder();
    for (int i = 0; i < 60_000; i++) {
      commands.append("SET key").append(i).append(" 0123456789012345678901234567890123456789\r\n");
    }
    server.connect().sendRaw(commands.toString());
    server.send("CONFIG", "SET", "activedefrag", "yes"); // of which there is not enough to begin
    commands.setLength(0);
    for (int i = 0; i < 60_000; i++) {
      if (i % 3 != 0) {
        commands.append("DEL key").append(i).append("\r\n");
      }
    }
    server.connect().sendRaw(commands.toString());
    server.advance(Duration.ofSeconds(1));
    long holes = number("allocator_frag_bytes");
    assertThat(holes).isGreaterThan(2_000_000);
    assertThat(number("active_defrag_hits")).isZero();
    server.send("MEMORY", "PURGE");
    server.advance(Duration.ofSeconds(1));
    assertThat(number("allocator_frag_bytes")).isLessThan(holes / 2);
    assertThat(number("active_defrag_hits")).isPositive();
    assertThat(number("active_defrag_running")).isZero();
    server.engine().keyspace().validate();
  }

  @Test
  void activedefragFollowsItsThresholds() {
    StringBuilder commands = new StringBuilder();
    for (int i = 0; i < 60_000; i++) {
      commands.append("SET key").append(i).append(" 0123456789012345678901234567890123456789\r\n");
    }
    for (int i = 0; i < 60_000; i++) {
      if (i % 3 != 0) {
        commands.append("DEL key").append(i).append("\r\n");
      }
    }
    server.send("CONFIG", "SET", "activedefrag", "yes");
    server.connect().sendRaw(commands.toString());
    server.advance(Duration.ofSeconds(1));
    assertThat(number("active_defrag_hits")).isZero();
    server.send("CONFIG", "SET", "active-defrag-ignore-bytes", "1mb");
    server.send("CONFIG", "SET", "active-defrag-threshold-lower", "1000");
    server.advance(Duration.ofSeconds(1));
    assertThat(number("active_defrag_hits")).isZero();
    server.send("CONFIG", "SET", "active-defrag-threshold-lower", "10");
    server.advance(Duration.ofSeconds(1));
    assertThat(number("active_defrag_hits")).isPositive();
  }

  @Test
  void theDoctorSpeaks() {
    assertThat(server.send("MEMORY", "DOCTOR")).contains("too little to say");
    server.send("SETRANGE", "key", "30000000", "x");
    assertThat(server.send("MEMORY", "DOCTOR")).contains("Nothing is wrong");
    server.send("CONFIG", "SET", "maxmemory", number("used_memory") + 1000 + "");
    assertThat(server.send("MEMORY", "DOCTOR")).contains("The limit is reached");
    server.send("SETRANGE", "other", "30000000", "x");
    server.send("DEL", "key");
    assertThat(server.send("MEMORY", "MALLOC-STATS")).contains("large", "used%");
  }
}
