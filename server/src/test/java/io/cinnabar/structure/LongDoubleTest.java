package io.cinnabar.structure;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Against what a real server answered, pair by pair. */
class LongDoubleTest {

  private static final String NO_FLOAT = "-ERR value is not a valid float";
  private static final String NO_SUM = "-ERR increment would produce NaN or Infinity";

  @Test
  void sumsAreThoseOfTheRealServer() throws IOException {
    int checked = 0;
    for (String line : recorded()) {
      if (line.startsWith("#")) {
        continue;
      }
      String[] fields = line.split("\t", -1);
      assertThat(increment(fields[0], fields[1])).as(line).isEqualTo(fields[2]);
      checked++;
    }
    assertThat(checked).isGreaterThan(1500);
  }

  private static Iterable<String> recorded() throws IOException {
    try (var resource = LongDoubleTest.class.getResourceAsStream("incrbyfloat.tsv")) {
      return new String(resource.readAllBytes(), ISO_8859_1).lines().toList();
    }
  }

  private static String increment(String stored, String increment) {
    LongDouble left = LongDouble.parse(new Slice(stored.getBytes(ISO_8859_1)));
    LongDouble right = LongDouble.parse(new Slice(increment.getBytes(ISO_8859_1)));
    if (left == null || right == null) {
      return NO_FLOAT;
    }
    LongDouble sum = left.add(right);
    return sum.isFinite() ? new String(sum.toText(), ISO_8859_1) : NO_SUM;
  }

  @Test
  void aTextOf5KibibytesIsNoNumber() {
    assertThat(increment("0".repeat(5118) + "1", "1")).isEqualTo("2");
    assertThat(increment("0".repeat(5119) + "1", "1")).isEqualTo(NO_FLOAT);
  }

  @Test
  void exponentsOfAnySizeAreRead() {
    assertThat(increment("0e99999999999999999999", "1")).isEqualTo("1");
    assertThat(increment("1e-99999999999999999999", "1")).isEqualTo(NO_FLOAT);
    assertThat(increment("0." + "0".repeat(4900) + "1e4901", "0")).isEqualTo("1");
    assertThat(increment("0x" + "0".repeat(4000) + "1p99999999999", "0")).isEqualTo(NO_FLOAT);
  }

  @Test
  void theParsedPartOfALargerArrayIsAllThatCounts() {
    Slice inside = new Slice().set("9991.5999".getBytes(ISO_8859_1), 3, 3);
    LongDouble number = Objects.requireNonNull(LongDouble.parse(inside));

    assertThat(number.toText()).asString(ISO_8859_1).isEqualTo("1.5");
  }

  private static long thousandfold(String text) {
    Slice slice = new Slice(text.getBytes(ISO_8859_1));
    return Objects.requireNonNull(LongDouble.parse(slice)).multiply(1000).ceiling();
  }

  @Test
  void multiplesAreRoundedUpToIntegers() {
    assertThat(thousandfold("1.5")).isEqualTo(1500);
    assertThat(thousandfold("0.001")).isEqualTo(1);
    assertThat(thousandfold("0.0010000001")).isEqualTo(2);
    assertThat(thousandfold("1e-4000")).isEqualTo(1);
    assertThat(thousandfold("0")).isZero();
    assertThat(thousandfold("-0.0009")).isZero();
    // the nearest to -0.001 is a little less than that far from 0, and so is its multiple
    assertThat(thousandfold("-0.001")).isZero();
    assertThat(thousandfold("-0.0019")).isEqualTo(-1);
    assertThat(thousandfold("0x.8")).isEqualTo(500);
    assertThat(thousandfold("9223372036854775.807")).isEqualTo(Long.MAX_VALUE);
    assertThat(thousandfold("1e300")).isEqualTo(Long.MAX_VALUE);
    assertThat(thousandfold("-1e4000")).isEqualTo(Long.MIN_VALUE);
    Slice large = Slice.of("-1e4932");
    assertThat(Objects.requireNonNull(LongDouble.parse(large)).multiply(1000).isFinite()).isFalse();
  }
}
