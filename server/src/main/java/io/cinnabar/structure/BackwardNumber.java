package io.cinnabar.structure;

/**
 * A number that is read from its end: what stands behind something says how much it is. Seven bits
 * to a byte: the last byte has the lowest ones, and each byte but the first has its top bit set.
 *
 * <pre>
 *      1 to 127      0nnnnnnn
 *    128 to 16,382   0nnnnnnn 1nnnnnnn       and so on up to five bytes; 16,383, 2,097,151 and
 *                                            268,435,455 take a byte more than they need
 * </pre>
 */
final class BackwardNumber {

  /** From here on a number takes two, three, four, five bytes. */
  private static final int TWO_BYTES = 128;

  private static final int THREE_BYTES = (1 << 14) - 1;
  private static final int FOUR_BYTES = (1 << 21) - 1;
  private static final int FIVE_BYTES = (1 << 28) - 1;

  private BackwardNumber() {}

  /** How many bytes a number takes. */
  static int bytes(int number) {
    if (number < TWO_BYTES) {
      return 1;
    }
    if (number < THREE_BYTES) {
      return 2;
    }
    return number < FOUR_BYTES ? 3 : number < FIVE_BYTES ? 4 : 5;
  }

  /** The number whose last byte is the one before {@code end}. */
  static int before(byte[] a, int end) {
    int last = a[end - 1];
    return last >= 0 ? last : longBefore(a, end);
  }

  private static int longBefore(byte[] a, int end) {
    int at = end - 1;
    int number = a[at] & 0x7F;
    for (int shift = 7; a[at] < 0; shift += 7) {
      at--;
      number |= (a[at] & 0x7F) << shift;
    }
    return number;
  }

  /** Writes a number at {@code p}; where it ends. */
  static int write(byte[] a, int p, int number) {
    if (number < TWO_BYTES) {
      a[p] = (byte) number;
      return p + 1;
    }
    int bytes = bytes(number);
    for (int i = 0; i < bytes; i++) {
      a[p + i] = byteAt(number, bytes, i);
    }
    return p + bytes;
  }

  /** Whether the bytes from {@code p} on are what {@link #write} makes of the number. */
  static boolean isAt(byte[] a, int p, int number) {
    int bytes = bytes(number);
    for (int i = 0; i < bytes; i++) {
      if (a[p + i] != byteAt(number, bytes, i)) {
        return false;
      }
    }
    return true;
  }

  private static byte byteAt(int number, int bytes, int index) {
    int bits = number >>> (7 * (bytes - 1 - index)) & 0x7F;
    return (byte) (index == 0 ? bits : bits | 0x80);
  }
}
