package io.cinnabar.structure;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.Seed;
import io.cinnabar.arena.Bytes;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class Crc64Test {

  @Test
  void checkValue() {
    byte[] digits = "123456789".getBytes(US_ASCII);
    assertThat(Crc64.update(0, digits, 0, digits.length)).isEqualTo(0xE9C6D914C4B8D9CAL);
    assertThat(Crc64.update(0, digits, 3, 0)).isZero();
  }

  /** What DUMP of redis-server 7.0.15 returns ends with it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "000568656c6c6f0a006372df766534200a",
        "00c3094064017878e057000178780a005db7f663bb08625f",
      })
  void isThatOfARealServer(String hex) {
    byte[] dump = HexFormat.of().parseHex(hex);
    int end = dump.length - Long.BYTES;
    assertThat(Crc64.update(0, dump, 0, end)).isEqualTo(Bytes.getLong(dump, end));
  }

  /** Bit by bit, and in pieces from any place on. */
  @Test
  void isWhatTheDefinitionSays() {
    long seed = Seed.of(Crc64Test.class);
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 5000; round++) {
      byte[] bytes = new byte[random.nextInt(80)];
      random.nextBytes(bytes);
      int from = random.nextInt(bytes.length + 1);
      int length = random.nextInt(bytes.length - from + 1);
      int first = random.nextInt(length + 1);
      long crc = Crc64.update(0, bytes, from, first);
      crc = Crc64.update(crc, bytes, from + first, length - first);
      assertThat(crc).as("seed %d, round %d", seed, round).isEqualTo(defined(bytes, from, length));
    }
  }

  private static long defined(byte[] bytes, int from, int length) {
    long crc = 0;
    for (int i = 8 * from; i < 8 * (from + length); i++) {
      boolean odd = ((bytes[i / 8] >> (i % 8) & 1) ^ (crc & 1)) != 0;
      crc = crc >>> 1 ^ (odd ? 0x95AC9329AC4BC9B5L : 0);
    }
    return crc;
  }
}
