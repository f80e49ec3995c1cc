package io.cinnabar.structure;

import io.cinnabar.arena.Bytes;
import java.util.Arrays;

/**
 * The strings of bits of which an operation makes one. A list that is filled, used up by the
 * operation, cleared and filled again. A shorter string is taken as if zeros followed. The bytes
 * are read where they lie.
 *
 * <p>The result may lie exactly where an input does: all inputs are read at an index before the
 * result is written there. Otherwise it must lie apart from them. Not for several threads at once.
 */
public final class BitInputs {

  private static final int WORD_BYTES = 8;
  private static final int STRIDE_BYTES = 4 * WORD_BYTES;
  private static final byte[] NONE = {};

  private byte[][] arrays = {NONE, NONE, NONE, NONE};
  private int[] offsets = new int[arrays.length];
  private int[] lengths = new int[arrays.length];
  private int count;
  private int longest;
  private int shortest;

  /** Forgets all inputs. */
  public void clear() {
    Arrays.fill(arrays, NONE);
    count = 0;
    longest = 0;
    shortest = Integer.MAX_VALUE;
  }

  /** Adds the bytes of a slice, which must stay where they are until the operation. */
  public void add(Slice input) {
    if (count == arrays.length) {
      arrays = Arrays.copyOf(arrays, 2 * count);
      offsets = Arrays.copyOf(offsets, 2 * count);
      lengths = Arrays.copyOf(lengths, 2 * count);
    }
    arrays[count] = input.array;
    offsets[count] = input.offset;
    lengths[count] = input.length;
    count++;
    longest = Math.max(longest, input.length);
    shortest = Math.min(shortest, input.length);
  }

  /** The length of the longest input in bytes, and that of the result. */
  public int longest() {
    return longest;
  }

  /** Whether one of the inputs begins there. */
  public boolean contains(byte[] array, int offset) {
    for (int i = 0; i < count; i++) {
      if (begins(i, array, offset)) {
        return true;
      }
    }
    return false;
  }

  /** Says that the bytes of all inputs that begin there lie elsewhere now. */
  public void moved(byte[] array, int offset, byte[] newArray, int newOffset) {
    for (int i = 0; i < count; i++) {
      if (begins(i, array, offset)) {
        arrays[i] = newArray;
        offsets[i] = newOffset;
      }
    }
  }

  @SuppressWarnings("ReferenceEquality")
  private boolean begins(int input, byte[] array, int offset) {
    return arrays[input] == array && offsets[input] == offset;
  }

  /** Writes the bits that are 1 in all inputs. */
  public void and(byte[] target, int targetOffset) {
    andOr(target, targetOffset, 0, shortest, 0);
    Arrays.fill(target, targetOffset + shortest, targetOffset + longest, (byte) 0);
  }

  /** Writes the bits that are 1 in any input. */
  public void or(byte[] target, int targetOffset) {
    for (int from = 0, to; from < longest; from = to) {
      to = dropEnded(from);
      andOr(target, targetOffset, from, to, -1);
    }
  }

  /** Writes the bits that are 1 in an odd number of inputs. */
  public void xor(byte[] target, int targetOffset) {
    for (int from = 0, to; from < longest; from = to) {
      to = dropEnded(from);
      xor(target, targetOffset, from, to, 0);
    }
  }

  /** Writes the opposite of each bit of the only input. */
  public void not(byte[] target, int targetOffset) {
    assert count == 1;
    xor(target, targetOffset, 0, longest, -1);
  }

  /** Leaves only the inputs that are longer than {@code from}; the length of the shortest. */
  private int dropEnded(int from) {
    int kept = 0;
    int end = longest;
    for (int i = 0; i < count; i++) {
      if (lengths[i] > from) {
        arrays[kept] = arrays[i];
        offsets[kept] = offsets[i];
        lengths[kept] = lengths[i];
        end = Math.min(end, lengths[i]);
        kept++;
      }
    }
    count = kept;
    return end;
  }

  /** AND, and with all bits turned round before and behind (De Morgan's law) OR. */
  private void andOr(byte[] target, int targetOffset, int from, int to, long flip) {
    int at = from;
    for (; at <= to - STRIDE_BYTES; at += STRIDE_BYTES) {
      long a = -1;
      long b = -1;
      long c = -1;
      long d = -1;
      for (int i = 0; i < count; i++) {
        byte[] array = arrays[i];
        int base = offsets[i] + at;
        a &= Bytes.getLong(array, base) ^ flip;
        b &= Bytes.getLong(array, base + 8) ^ flip;
        c &= Bytes.getLong(array, base + 16) ^ flip;
        d &= Bytes.getLong(array, base + 24) ^ flip;
      }
      put(target, targetOffset + at, a ^ flip, b ^ flip, c ^ flip, d ^ flip);
    }
    for (; at <= to - WORD_BYTES; at += WORD_BYTES) {
      long word = -1;
      for (int i = 0; i < count; i++) {
        word &= Bytes.getLong(arrays[i], offsets[i] + at) ^ flip;
      }
      Bytes.putLong(target, targetOffset + at, word ^ flip);
    }
    for (; at < to; at++) {
      long bits = -1;
      for (int i = 0; i < count; i++) {
        bits &= arrays[i][offsets[i] + at] ^ flip;
      }
      target[targetOffset + at] = (byte) (bits ^ flip);
    }
  }

  /** XOR, beginning with {@code flip}. */
  private void xor(byte[] target, int targetOffset, int from, int to, long flip) {
    int at = from;
    for (; at <= to - STRIDE_BYTES; at += STRIDE_BYTES) {
      long a = flip;
      long b = flip;
      long c = flip;
      long d = flip;
      for (int i = 0; i < count; i++) {
        byte[] array = arrays[i];
        int base = offsets[i] + at;
        a ^= Bytes.getLong(array, base);
        b ^= Bytes.getLong(array, base + 8);
        c ^= Bytes.getLong(array, base + 16);
        d ^= Bytes.getLong(array, base + 24);
      }
      put(target, targetOffset + at, a, b, c, d);
    }
    for (; at <= to - WORD_BYTES; at += WORD_BYTES) {
      long word = flip;
      for (int i = 0; i < count; i++) {
        word ^= Bytes.getLong(arrays[i], offsets[i] + at);
      }
      Bytes.putLong(target, targetOffset + at, word);
    }
    for (; at < to; at++) {
      long bits = flip;
      for (int i = 0; i < count; i++) {
        bits ^= arrays[i][offsets[i] + at];
      }
      target[targetOffset + at] = (byte) bits;
    }
  }

  private static void put(byte[] target, int at, long a, long b, long c, long d) {
    Bytes.putLong(target, at, a);
    Bytes.putLong(target, at + 8, b);
    Bytes.putLong(target, at + 16, c);
    Bytes.putLong(target, at + 24, d);
  }
}
