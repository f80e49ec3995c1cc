package io.cinnabar.observe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Graphs as a real server draws them of the same samples. */
final class LatencyGraphTest {

  private static final String RULE = "-".repeat(80) + "\n";

  private final LatencySeries samples = new LatencySeries();

  private String graph(long nowSeconds) {
    return LatencyGraph.of("command", samples, nowSeconds);
  }

  @Test
  void drawsAColumnForEachSample() {
    long[] millis = {10, 13, 15, 23, 30, 50, 40, 26};
    for (int i = 0; i < millis.length; i++) {
      samples.add(1_795_179_030L + i, millis[i]);
    }
    assertThat(graph(1_795_179_042L))
        .isEqualTo(
            "command - high 50 ms, low 10 ms (all time high 50 ms)\n"
                + RULE
                + "     #_ \n"
                + "    _|| \n"
                + "   _|||o\n"
                + "__o|||||\n"
                + "        \n"
                + "11198765\n"
                + "210sssss\n"
                + "sss     \n");
  }

  @Test
  void aSingleSampleIsTheLowest() {
    samples.add(100, 10);
    assertThat(graph(100))
        .isEqualTo(
            "command - high 10 ms, low 10 ms (all time high 10 ms)\n"
                + RULE
                + " \n \n \n_\n \n0\ns\n");
  }

  @Test
  void agesAreToldInTheLargestUnit() {
    samples.add(1_000_000, 10);
    samples.add(1_000_001, 10);
    assertThat(graph(1_000_000 + 59)).endsWith("\n55\n98\nss\n");
    assertThat(graph(1_000_000 + 60)).endsWith("\n15\nm9\n s\n");
    assertThat(graph(1_000_000 + 7_200)).endsWith("\n21\nhh\n");
    assertThat(graph(1_000_000 + 2 * 86_400)).endsWith("\n21\ndd\n");
  }

  @Test
  void moreThanALineHoldsGoOnBelow() {
    for (int i = 0; i < 161; i++) {
      samples.add(i, 10 + i);
    }
    String[] parts = graph(161).split("\n\n", -1);
    assertThat(parts).hasSize(2);
    assertThat(parts[0]).contains("high 170 ms, low 11 ms (all time high 170 ms)");
    assertThat(parts[1].split("\n", -1)[0]).hasSize(80);
  }
}
