package io.cinnabar.structure;

import java.util.Arrays;

/**
 * Compression in the format of LibLZF, as strings are compressed in Redis's files: fast, and of use
 * where bytes repeat. What is compressed is a sequence of
 *
 * <pre>
 * literals    000lllll  bytes                  l + 1 bytes (1 to 32) as they are
 * short copy  lllooooo oooooooo                l + 2 bytes (3 to 8; l is 1 to 6)
 * long copy   111ooooo llllllll oooooooo       l + 9 bytes (9 to 264)
 * </pre>
 *
 * <p>A copy repeats bytes that begin o + 1 (1 to 8,192) before; the high bits of o come first. It
 * may run into itself.
 *
 * <p>Three bytes that were met before are found through a table of where they were met last. Its 64
 * KiB are used again and again; one thread. Decompression has no state.
 */
public final class Lzf {

  private static final int MAX_LITERALS = 1 << 5;
  private static final int MAX_DISTANCE = 1 << 13;
  private static final int MIN_COPY = 3;
  private static final int MIN_LONG_COPY = 9;
  private static final int MAX_COPY = MIN_LONG_COPY + 255;
  private static final int LONG = 7;
  private static final int HASH_BITS = 14;
  private static final byte[] NONE = {};

  /** Where a hash was met last: an index into the input, plus {@link #base}; 0: nowhere. */
  private final int[] met = new int[1 << HASH_BITS];

  /** What is less in {@link #met} is of earlier inputs, so that it need not be cleared. */
  private int base = 1;

  // Where the output is written, up to limit.
  private byte[] out = NONE;
  private int at;
  private int limit;

  /**
   * Compresses {@code length} bytes into at most {@code capacity}.
   *
   * @return how many it made of them, or 0 if these don't suffice
   */
  public int compress(
      byte[] input, int offset, int length, byte[] output, int outputOffset, int capacity) {
    if (base > Integer.MAX_VALUE - length) {
      Arrays.fill(met, 0);
      base = 1;
    }
    out = output;
    at = outputOffset;
    limit = outputOffset + capacity;
    boolean fits = compress(input, offset, offset + length, base - offset);
    base += length;
    out = NONE;
    return fits ? at - outputOffset : 0;
  }

  /**
   * Compresses the bytes up to {@code end}.
   *
   * @param shift what is added to an index in {@link #met}
   */
  private boolean compress(byte[] input, int offset, int end, int shift) {
    int literals = offset;
    int next = offset;
    while (next <= end - MIN_COPY) {
      int hash = hash(input, next);
      int earlier = met[hash] - shift;
      met[hash] = next + shift;
      if (earlier < offset || next - earlier > MAX_DISTANCE || !sameThree(input, earlier, next)) {
        next++;
        continue;
      }
      int longest = Math.min(end - next, MAX_COPY);
      int length = commonLength(input, earlier, next, longest);
      if (!putLiterals(input, literals, next) || !putCopy(next - earlier, length)) {
        return false;
      }
      next += length;
      literals = next;
      // Of what was copied only the end is noted, where what follows has begun before.
      for (int i = next - 2; i < next && i <= end - MIN_COPY; i++) {
        met[hash(input, i)] = i + shift;
      }
    }
    return putLiterals(input, literals, end);
  }

  private static int hash(byte[] a, int p) {
    int three = (a[p] & 0xFF) << 16 | (a[p + 1] & 0xFF) << 8 | (a[p + 2] & 0xFF);
    return (three * 0x9E3779B1) >>> (Integer.SIZE - HASH_BITS);
  }

  private static boolean sameThree(byte[] a, int p, int q) {
    return a[p] == a[q] && a[p + 1] == a[q + 1] && a[p + 2] == a[q + 2];
  }

  private static int commonLength(byte[] a, int p, int q, int longest) {
    int different = Arrays.mismatch(a, p, p + longest, a, q, q + longest);
    return different < 0 ? longest : different;
  }

  private boolean putLiterals(byte[] input, int from, int to) {
    for (int next = from; next < to; ) {
      int length = Math.min(to - next, MAX_LITERALS);
      if (limit - at < 1 + length) {
        return false;
      }
      out[at] = (byte) (length - 1);
      System.arraycopy(input, next, out, at + 1, length);
      at += 1 + length;
      next += length;
    }
    return true;
  }

  private boolean putCopy(int distance, int length) {
    boolean isLong = length >= MIN_LONG_COPY;
    if (limit - at < (isLong ? 3 : 2)) {
      return false;
    }
    int o = distance - 1;
    out[at++] = (byte) ((isLong ? LONG : length - 2) << 5 | o >>> 8);
    if (isLong) {
      out[at++] = (byte) (length - MIN_LONG_COPY);
    }
    out[at++] = (byte) o;
    return true;
  }

  /**
   * Decompresses {@code length} bytes to exactly {@code outputLength}. Whatever the bytes are,
   * nothing outside of input and output is read or written.
   *
   * @return false if they are damaged; then the output is undefined
   */
  public static boolean decompress(
      byte[] input, int offset, int length, byte[] output, int outputOffset, int outputLength) {
    int next = offset;
    int end = offset + length;
    int to = outputOffset;
    int limit = outputOffset + outputLength;
    while (next < end) {
      int control = input[next++] & 0xFF;
      if (control < MAX_LITERALS) {
        int literals = control + 1;
        if (literals > end - next || literals > limit - to) {
          return false;
        }
        System.arraycopy(input, next, output, to, literals);
        next += literals;
        to += literals;
        continue;
      }
      boolean isLong = control >>> 5 == LONG;
      if (end - next < (isLong ? 2 : 1)) {
        return false;
      }
      int copied = isLong ? MIN_LONG_COPY + (input[next++] & 0xFF) : (control >>> 5) + 2;
      int distance = ((control & 0x1F) << 8 | (input[next++] & 0xFF)) + 1;
      if (distance > to - outputOffset || copied > limit - to) {
        return false;
      }
      copy(output, to, distance, copied);
      to += copied;
    }
    return to == limit;
  }

  /** Repeats what begins {@code distance} before, which may reach into what is written here. */
  private static void copy(byte[] output, int to, int distance, int length) {
    int from = to - distance;
    // Each round doubles what there is to be repeated.
    for (int done = 0; done < length; ) {
      int some = Math.min(length - done, distance + done);
      System.arraycopy(output, from, output, to + done, some);
      done += some;
    }
  }
}
