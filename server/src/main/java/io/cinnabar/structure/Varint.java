package io.cinnabar.structure;

/**
 * A number in as few bytes as it needs, one for those below 128: seven bits to a byte, the lowest
 * first; the top bit: more follow. Numbers have no sign.
 */
public final class Varint {

  private Varint() {}

  /** How many bytes a number takes. */
  public static int bytes(long number) {
    return (number & ~0x7FL) == 0 ? 1 : (Long.SIZE + 6 - Long.numberOfLeadingZeros(number)) / 7;
  }

  /** Writes a number at {@code at}; the index after it. */
  public static int put(byte[] a, int at, long number) {
    long rest = number;
    int i = at;
    for (; (rest & ~0x7FL) != 0; rest >>>= 7) {
      a[i++] = (byte) (rest | 0x80);
    }
    a[i++] = (byte) rest;
    return i;
  }

  /** The number at {@code at}. */
  public static long get(byte[] a, int at) {
    long number = a[at] & 0x7F;
    for (int i = at, shift = 7; a[i] < 0; shift += 7) {
      i++;
      number |= (long) (a[i] & 0x7F) << shift;
    }
    return number;
  }

  /** The index behind the number at {@code at}. */
  public static int behind(byte[] a, int at) {
    int i = at;
    while (a[i] < 0) {
      i++;
    }
    return i + 1;
  }
}
