package io.cinnabar.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.Seed;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ShortestDoublesTest {

  @ParameterizedTest
  @CsvSource({
    "0.1, 0.10000000000000001",
    "-7.655398790589464E20, -7.6553987905894639e+20",
    "1e16, 10000000000000000",
    "1e17, 1e+17",
    "-2.5, -2.5",
    "0.0001, 0.0001",
    "0.00001, 1.0000000000000001e-05",
    "5e-324, 4.9406564584124654e-324",
    "-0.0, -0",
    "0, 0"
  })
  void printsAsSeventeenDigitsDo(double number, String text) {
    assertThat(ShortestDoubles.withSeventeenDigits(number)).isEqualTo(text);
  }

  @Test
  void seventeenDigitsReadBackTheSame() {
    long seed = Seed.of(ShortestDoublesTest.class);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 10_000; i++) {
      double number = Double.longBitsToDouble(random.nextLong());
      if (Double.isFinite(number)) {
        String text = ShortestDoubles.withSeventeenDigits(number);
        assertThat(Double.parseDouble(text)).as("seed %d", seed).isEqualTo(number);
      }
    }
  }

  @Test
  void adoptsOnlyTheSameNumber() {
    assertThat(adopted("0.10000000000000001", "0.1")).isEqualTo("0.1");
    assertThat(adopted("0.2", "0.20000000000000001")).isEqualTo("0.2");
    assertThat(adopted("0.10000000000000002", "0.1")).isEqualTo("0.10000000000000002");
    assertThat(adopted("1.0", "1")).isEqualTo("1.0");
    assertThat(adopted("7", "007")).isEqualTo("7");
    assertThat(adopted("1e+20", "100000000000000000000")).isEqualTo("100000000000000000000");
    assertThat(adopted("text", "0.1")).isEqualTo("text");
    assertThat(adopted("0.1", "text")).isEqualTo("0.1");
  }

  private static String adopted(String older, String newer) {
    return ShortestDoubles.adopt(frame(older), frame(newer)).reply().elements().get(0).text();
  }

  private static Frame frame(String text) {
    Reply leaf = Reply.leaf(Reply.Kind.BULK_STRING, text);
    String bytes = "*1\r\n$" + text.length() + "\r\n" + text + "\r\n";
    return new Frame(bytes, Reply.aggregate(Reply.Kind.ARRAY, List.of(leaf)));
  }
}
