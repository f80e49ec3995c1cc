package io.cinnabar.structure;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.Seed;
import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IntegerTextTest {

  @ParameterizedTest
  @ValueSource(
      longs = {
        0,
        1,
        -1,
        9,
        10,
        -9,
        -10,
        99,
        100,
        -99,
        -100,
        101,
        999_999,
        1_000_000,
        4_294_967_295L,
        Integer.MIN_VALUE,
        999_999_999_999_999_999L,
        1_000_000_000_000_000_000L,
        -1_000_000_000_000_000_000L,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        Long.MIN_VALUE + 1
      })
  void writesAndReadsBack(long value) {
    roundTrip(value);
  }

  @Test
  void writesAndReadsBackNumbersOfEveryLength() {
    long seed = Seed.of(IntegerTextTest.class);
    Random random = new Random(seed);
    for (int i = 0; i < 200_000; i++) {
      roundTrip(random.nextLong() >> random.nextInt(64));
    }
    for (long power = 1; power < Long.MAX_VALUE / 10; power *= 10) {
      for (long value = power - 2; value <= power + 2; value++) {
        roundTrip(value);
        roundTrip(-value);
      }
    }
  }

  private static void roundTrip(long value) {
    byte[] bytes = new byte[40];
    int end = IntegerText.write(value, bytes, 7);
    String text = new String(bytes, 7, end - 7, ISO_8859_1);

    assertThat(text).isEqualTo(Long.toString(value));
    assertThat(IntegerText.length(value)).isEqualTo(text.length());
    assertThat(bytes[6]).isZero();
    assertThat(bytes[end]).isZero();
    assertThat(IntegerText.isLong(bytes, 7, end - 7)).as(text).isTrue();
    assertThat(IntegerText.toLong(new Slice().set(bytes, 7, end - 7))).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        "+1",
        " 1",
        "1 ",
        "01",
        "00",
        "-0",
        "-01",
        "--1",
        "1-",
        "1.0",
        "1e3",
        "0x1",
        "a",
        "9223372036854775808",
        "-9223372036854775809",
        "9999999999999999999",
        "-9999999999999999999",
        "10000000000000000000",
        "18446744073709551616",
        "-18446744073709551615",
        "99999999999999999999",
        "-99999999999999999999",
        "100000000000000000000",
        "1\0",
        "\0"
      })
  void refusesWhatIsNoLong(String text) {
    assertThat(IntegerText.isLong(Slice.of(text))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "5",
        "9223372036854775808",
        "9999999999999999999",
        "18446744073709551609",
        "18446744073709551610",
        "18446744073709551615",
        "10000000000000000000"
      })
  void readsUnsigned(String text) {
    Slice slice = Slice.of(text);

    assertThat(IntegerText.isUnsignedLong(slice)).isTrue();
    assertThat(Long.toUnsignedString(IntegerText.toUnsignedLong(slice))).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-1",
        "+1",
        "01",
        "18446744073709551616",
        "18446744073709551620",
        "18446744073709551999",
        "20000000000000000000",
        "99999999999999999999",
        "100000000000000000000",
        " 1",
        "x"
      })
  void refusesWhatIsNotUnsigned(String text) {
    assertThat(IntegerText.isUnsignedLong(Slice.of(text))).isFalse();
  }

  @Test
  void theTestAgreesWithExactArithmetic() {
    long seed = Seed.of(IntegerTextTest.class);
    Random random = new Random(seed);
    BigInteger limit = BigInteger.valueOf(Long.MAX_VALUE);
    for (int i = 0; i < 100_000; i++) {
      BigInteger number = limit.add(BigInteger.valueOf(random.nextInt(2000) - 1000));
      number = random.nextBoolean() ? number.negate() : number;
      assertThat(IntegerText.isLong(Slice.of(number.toString())))
          .as("seed %d: %s", seed, number)
          .isEqualTo(number.bitLength() < 64);
    }
  }
}
