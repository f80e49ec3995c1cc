package io.cinnabar.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.Seed;
import io.cinnabar.structure.Glob;
import io.cinnabar.structure.Slice;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Random patterns over random names: KEYS of a real redis-server decides which ones match. */
final class GlobDifferentialTest {

  private static final String NAME_BYTES = "abcAB*?[]^-\\\u0001\u0080\u00ff";
  private static final String PATTERN_BYTES = "abcAB***???[[[]]]^^---\\\\\u0001\u0080\u00ff";

  @Test
  void answersAsKeysDoes() throws IOException {
    long seed = Seed.of(GlobDifferentialTest.class);
    Random random = new Random(seed);
    try (RealRedis redis = RealRedis.start("redis");
        RespClient client = RespClient.connect(redis.subject())) {
      TreeSet<String> names = new TreeSet<>();
      List<String> fill = new ArrayList<>(List.of("MSET"));
      for (int i = 0; i < 500; i++) {
        String name = text(random, NAME_BYTES, 6);
        if (names.add(name)) {
          fill.add(name);
          fill.add("");
        }
      }
      client.call(new Command(fill));
      for (int i = 0; i < 3_000; i++) {
        String pattern = text(random, PATTERN_BYTES, 8);
        if (pattern.equals("*")) {
          continue;
        }
        TreeSet<String> expected =
            client.call(Command.of("KEYS", pattern)).reply().elements().stream()
                .map(Reply::text)
                .collect(Collectors.toCollection(TreeSet::new));
        TreeSet<String> found = new TreeSet<>(names);
        found.removeIf(name -> !Glob.matches(bytes(pattern), bytes(name)));
        assertThat(found).as("KEYS %s (seed %d)", Escapes.quote(pattern), seed).isEqualTo(expected);
      }
    }
  }

  private static String text(Random random, String from, int longest) {
    StringBuilder text = new StringBuilder();
    for (int length = random.nextInt(longest + 1); length > 0; length--) {
      text.append(from.charAt(random.nextInt(from.length())));
    }
    return text.toString();
  }

  private static Slice bytes(String text) {
    return new Slice(text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
