package io.cinnabar;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the server counts as used memory, against what the collector finds alive on the heap. */
final class HeapAccountTest {

  private static final long LIMIT_BYTES = 100L << 20;
  private static final int LOADS = 5;

  /** An empty server's objects are counted by a constant, but each JDK has its own. */
  private static final long DIFFERENCE_OF_JDKS_BYTES = 3L << 19;

  /** Compaction leaves slabs alone that are seven eighths full. */
  private static final int MOST_HOLES = 8;

  @Test
  void usedMemoryIsWhatTheHeapHolds() throws IOException {
    // The last option: this collector else keeps some dead objects in place to save time.
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-Xmn16m",
            "-XX:+UseSerialGC",
            "-XX:PretenureSizeThreshold=256k",
            "-XX:MarkSweepDeadRatio=0",
            "-cp",
            System.getProperty("java.class.path"),
            HeapAccountProbe.class.getName());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int loads = 0;
    for (String line : output.split("\n", -1)) {
      if (line.startsWith("probe ")) {
        String[] words = line.split(" ", -1);
        long used = Long.parseLong(words[1]);
        long holes = Long.parseLong(words[2]);
        long heap = Long.parseLong(words[3]);
        // How well one walk of the compaction packs differs with the moment it begins; how exact
        // the account is must not.
        assertThat(Math.abs(used + holes - heap))
            .as(output)
            .isLessThanOrEqualTo(heap / 50 + DIFFERENCE_OF_JDKS_BYTES);
        assertThat(holes).as(output).isLessThanOrEqualTo(used / MOST_HOLES);
        assertThat(used).as(output).isLessThanOrEqualTo(LIMIT_BYTES);
        assertThat(heap).as(output).isLessThanOrEqualTo(LIMIT_BYTES + LIMIT_BYTES / 32);
        loads++;
      }
    }
    assertThat(loads).as(output).isEqualTo(LOADS);
  }
}
