package io.cinnabar.structure;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Elements of lists, made at random so that all their encodings occur, and some of them often. */
final class RandomElements {

  private final RandomGenerator random;

  RandomElements(RandomGenerator random) {
    this.random = random;
  }

  /** An integer of any width or a string that often looks alike. */
  byte[] element() {
    return switch (random.nextInt(8)) {
      case 0, 1 -> digits(number());
      case 2 -> (random.nextInt(10) + "" + random.nextInt(10)).getBytes(US_ASCII);
      case 3 -> string(random.nextInt(random.nextInt(20) == 0 ? 5000 : 300));
      case 4 -> string(60 + random.nextInt(8));
      default -> string(random.nextInt(4));
    };
  }

  byte[] string(int length) {
    byte[] string = new byte[length];
    for (int i = 0; i < length; i++) {
      string[i] = (byte) "ab\0-09".charAt(random.nextInt(6));
    }
    return string;
  }

  /** Of any width. */
  long number() {
    return random.nextLong() >> random.nextInt(64);
  }

  static byte[] digits(long value) {
    return Long.toString(value).getBytes(US_ASCII);
  }

  Slice slice(String string) {
    return slice(string.getBytes(US_ASCII));
  }

  /** In the midst of an array. */
  Slice slice(byte[] string) {
    int at = random.nextInt(4);
    byte[] array = new byte[at + string.length + random.nextInt(4)];
    Arrays.fill(array, (byte) 'a');
    System.arraycopy(string, 0, array, at, string.length);
    return new Slice().set(array, at, string.length);
  }
}
