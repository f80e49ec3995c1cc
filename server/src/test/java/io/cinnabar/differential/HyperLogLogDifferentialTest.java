package io.cinnabar.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.Seed;
import io.cinnabar.structure.SparseSketches;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds sketches that grow, byte by byte, against those of a redis-server. */
final class HyperLogLogDifferentialTest {

  private static final int KEYS = 3;
  private static final String DEFAULT_SPARSE_MAX_BYTES = "3000";

  private final long seed = Seed.of(HyperLogLogDifferentialTest.class);
  private final SplittableRandom random = new SplittableRandom(seed);
  private final List<Invocation> sequence = new ArrayList<>();

  private void say(String... words) {
    sequence.add(Invocation.exactly(words));
  }

  private void compare() throws Exception {
    try (ConnectionPair pair =
        new ConnectionPair(RealRedis.shared(), SubjectUnderTest.shared(), Protocol.RESP2)) {
      pair.flush();
      ConnectionPair.Divergence divergence = pair.run(sequence);
      assertThat(divergence == null ? null : divergence.difference())
          .as(Seed.option(seed))
          .isNull();
    }
  }

  private String key() {
    return "k" + random.nextInt(KEYS);
  }

  /** Through sparse sketches of all lengths, the promotion, and for a while beyond. */
  @ParameterizedTest
  @ValueSource(strings = {DEFAULT_SPARSE_MAX_BYTES, "40", "500", "15000", "40000"})
  void sketchesThatGrow(String sparseMaxBytes) throws Exception {
    say("CONFIG", "SET", "hll-sparse-max-bytes", sparseMaxBytes);
    for (int i = 0; i < 1500; i++) {
      String key = key();
      String[] words = new String[2 + random.nextInt(1, 12)];
      words[0] = "PFADD";
      words[1] = key;
      for (int j = 2; j < words.length; j++) {
        words[j] = Integer.toString(random.nextInt(1_000_000));
      }
      say(words);
      say("GET", key);
      switch (random.nextInt(10)) {
        case 0, 1, 2 -> {
          say("PFCOUNT", key);
          say("GET", key);
        }
        case 3 -> say("PFCOUNT", key(), key());
        case 4 -> {
          say("PFMERGE", "merged", key());
          say("GET", "merged");
        }
        case 5 -> {
          say("DEL", "merged");
          say("PFMERGE", "merged", key(), key());
          say("GET", "merged");
        }
        default -> {}
      }
    }
    say("CONFIG", "SET", "hll-sparse-max-bytes", DEFAULT_SPARSE_MAX_BYTES);
    compare();
  }

  /** Splits and joins of runs that hashes seldom lead to: long runs of equal and other values. */
  @Test
  void sparseRegistersOfAnyShape() throws Exception {
    for (int i = 0; i < 2000; i++) {
      say("SET", "k", SparseSketches.random(random));
      say("PFDEBUG", "DECODE", "k");
      say("PFCOUNT", "k");
      for (int j = 0; j < 4; j++) {
        say("PFADD", "k", Integer.toString(random.nextInt()));
        say("GET", "k");
      }
      say("PFCOUNT", "k");
      say("PFMERGE", "l", "k");
      say("GET", "l");
    }
    compare();
  }

  /** What is refused, what is not, and what is left behind. */
  @Test
  void damagedSketches() throws Exception {
    for (int i = 0; i < 3000; i++) {
      say("SET", "k", SparseSketches.damaged(random));
      switch (random.nextInt(5)) {
        case 0 -> say("PFCOUNT", "k");
        case 1 -> say("PFCOUNT", "k", "nothing");
        case 2 -> say("PFADD", "k", Integer.toString(random.nextInt()), "a", "b");
        case 3 -> say("PFDEBUG", "TODENSE", "k");
        default -> say("PFMERGE", "l", "k");
      }
      say("PFDEBUG", "DECODE", "k");
      say("OBJECT", "ENCODING", "k");
      say("GET", "k");
    }
    compare();
  }
}
