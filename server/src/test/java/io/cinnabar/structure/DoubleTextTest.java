package io.cinnabar.structure;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.Seed;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DoubleTextTest {

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0.0, -0",
    "1, 1",
    "-1, -1",
    "0.1, 0.1",
    "-0.1, -0.1",
    "3.14, 3.14",
    "1.5e3, 1500",
    "100000.5, 100000.5",
    // the whole numbers, up to 2^62 as they are
    "1e15, 1000000000000000",
    "1e18, 1000000000000000000",
    "4611686018427387904, 4611686018427387904",
    "-4611686018427387904, -4611686018427387904",
    // beyond, the shortest digits and zeros, or the scientific form
    "4611686018427388928, 4611686018427389000",
    "9223372036854775807, 9223372036854776000",
    "1e19, 1e+19",
    "1.2e19, 1.2e+19",
    "-1e19, -1e+19",
    "123456789012e8, 1.23456789012e+19",
    "1234567890125e7, 12345678901250000000",
    "12345678901234568e6, 12345678901234568000000",
    "12345678901234567e7, 123456789012345670000000",
    "12345678901234568e8, 1.2345678901234568e+24",
    "-12345678901234567e7, -123456789012345670000000",
    "1e21, 1e+21",
    "1e100, 1e+100",
    "1e105, 1e+105",
    "1.7976931348623157e308, 1.7976931348623157e+308",
    // fractions: a last digit at 10^-6 or a first one at 10^-3 stays plain
    "0.000001, 0.000001",
    "0.000012, 0.000012",
    "0.0000001, 1e-7",
    "0.0000012, 1.2e-6",
    "0.001, 0.001",
    "0.0012345678, 0.0012345678",
    "0.00012345678, 1.2345678e-4",
    "0.00012, 0.00012",
    "9999.1234567, 9999.1234567",
    "10000.1234567, 1.00001234567e+4",
    "10000.123456, 10000.123456",
    "123456.123456, 123456.123456",
    "1.0000000000000002, 1.0000000000000002",
    "1e-10, 1e-10",
    "5e-324, 5e-324",
    "-2.2250738585072014e-308, -2.2250738585072014e-308",
    "NaN, nan",
    "Infinity, inf",
    "-Infinity, -inf"
  })
  void laysOut(double value, String text) {
    assertThat(text(value)).isEqualTo(text);
  }

  @Test
  void readsBackWhatItWrote() {
    long seed = Seed.of(DoubleTextTest.class);
    Random random = new Random(seed);
    for (int i = 0; i < 200_000; i++) {
      double value =
          (i & 1) == 0
              ? Double.longBitsToDouble(random.nextLong())
              : random.nextInt(2_000_000_000) / Math.pow(10, random.nextInt(12));
      if (Double.isNaN(value)) {
        continue;
      }
      String text = text(value);
      assertThat(parse(text)).as("seed %d: %s", seed, text).isEqualTo(value);
      assertThat(Double.parseDouble(text.replace("inf", "Infinity"))).isEqualTo(value);
    }
  }

  @Test
  void readsAsTheJdkReads() {
    long seed = Seed.of(DoubleTextTest.class);
    Random random = new Random(seed);
    for (int i = 0; i < 100_000; i++) {
      String text =
          (random.nextBoolean() ? "-" : "")
              + (random.nextLong() >>> (1 + random.nextInt(63)))
              + "."
              + (random.nextLong() >>> (1 + random.nextInt(63)));
      assertThat(parse(text)).as("seed %d: %s", seed, text).isEqualTo(Double.parseDouble(text));
    }
  }

  /** Each tried as a score of ZADD with redis-server 7.0.15. */
  @ParameterizedTest
  @CsvSource({
    "+1, 1",
    ".5, 0.5",
    "5., 5",
    "-.5e1, -5",
    "1E5, 100000",
    "1e+5, 100000",
    "00012, 12",
    "0x10, 16",
    "0X.8, 0.5",
    "0x1., 1",
    "-0x1p4, -16",
    "0x1.8P1, 3",
    "inf, Infinity",
    "-inf, -Infinity",
    "+Inf, Infinity",
    "INFINITY, Infinity",
    "0e999, 0",
    "0x0p-99999, 0",
    "5e-324, 4.9e-324",
    "3e-324, 4.9e-324",
    "1e-310, 1e-310",
    "1.7976931348623158e308, 1.7976931348623157e308"
  })
  void reads(String text, double value) {
    assertThat(parse(text)).isEqualTo(value);
  }

  /** Each refused by redis-server 7.0.15 as "value is not a valid float". */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        " 1",
        "1 ",
        "\t1",
        "+",
        "-",
        ".",
        "-.",
        "1e",
        "1e+",
        "e5",
        "1.2.3",
        "1f",
        "1d",
        "1_0",
        "0x",
        "0x.",
        "0xg",
        "0x1p",
        "0x1p+",
        "nan",
        "NaN",
        "-nan",
        "nan(1)",
        "NaN()",
        "infi",
        "infinit",
        "Infinityx",
        "1,5",
        "1e400",
        "-1e400",
        "1e-400",
        "2e-324",
        "0x1p1024",
        "0x1p-1076",
        "1e99999999999999",
        "1e-99999999999999",
        "--1",
        "1\0",
        "٣"
      })
  void refuses(String text) {
    assertThat(parse(text)).isNaN();
  }

  private static double parse(String text) {
    return DoubleText.parse(Slice.of(text));
  }

  private static String text(double value) {
    byte[] bytes = new byte[DoubleText.MAX_BYTES + 2];
    int end = DoubleText.write(value, bytes, 1);
    assertThat(bytes[0]).isZero();
    assertThat(bytes[bytes.length - 1]).isZero();
    return new String(bytes, 1, end - 1, ISO_8859_1);
  }
}
