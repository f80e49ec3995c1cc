package io.cinnabar.family;

import io.cinnabar.structure.IntegerText;
import io.cinnabar.structure.Slice;
import java.util.Arrays;

/**
 * Texts and integers, by number from 0 on: what SORT sorts, or what it sorts by. A text stays where
 * it is, which must not change meanwhile, unless a copy is asked for. An integer becomes text when
 * that is asked for.
 */
final class SortColumn {
  private static final int INTEGER = -1;
  private static final int NOTHING = -2;
  private static final int FIRST_CAPACITY = 64;

  /** What is larger is not kept for the next time. */
  private static final int KEPT_CAPACITY = 1 << 16;

  private static final int CHUNK_BYTES = 1 << 14;
  private static final byte[] NO_BYTES = {};

  private final Slice text = new Slice();
  private final Slice other = new Slice();
  private final byte[] digits = new byte[IntegerText.MAX_LONG_BYTES];
  private final byte[] otherDigits = new byte[IntegerText.MAX_LONG_BYTES];

  private byte[][] arrays = new byte[FIRST_CAPACITY][];
  private int[] offsets = new int[FIRST_CAPACITY];

  /** In bytes, or what is there instead of a text. */
  private int[] lengths = new int[FIRST_CAPACITY];

  private long[] integers = new long[FIRST_CAPACITY];
  private int count;

  /** Where copies go. */
  private byte[] chunk = NO_BYTES;

  private int chunkUsed;

  /** Makes it empty, and lets go of the arrays that its texts lay in. */
  void clear() {
    if (lengths.length > KEPT_CAPACITY) {
      arrays = new byte[FIRST_CAPACITY][];
      resize(FIRST_CAPACITY);
    }
    Arrays.fill(arrays, 0, Math.min(count, arrays.length), NO_BYTES);
    count = 0;
    chunk = NO_BYTES;
    chunkUsed = 0;
  }

  int count() {
    return count;
  }

  /** Makes room for so many more. */
  void expect(long more) {
    if (count + more > lengths.length) {
      resize(Math.toIntExact(count + more));
    }
  }

  private void resize(int capacity) {
    arrays = Arrays.copyOf(arrays, capacity);
    offsets = Arrays.copyOf(offsets, capacity);
    lengths = Arrays.copyOf(lengths, capacity);
    integers = Arrays.copyOf(integers, capacity);
  }

  private int grow() {
    if (count == lengths.length) {
      resize(2 * count);
    }
    return count++;
  }

  void addInteger(long value) {
    int i = grow();
    lengths[i] = INTEGER;
    integers[i] = value;
  }

  void addNothing() {
    lengths[grow()] = NOTHING;
  }

  void add(Slice added) {
    int i = grow();
    arrays[i] = added.array;
    offsets[i] = added.offset;
    lengths[i] = added.length;
  }

  void addCopy(Slice added) {
    if (chunk.length - chunkUsed < added.length) {
      chunk = new byte[Math.max(CHUNK_BYTES, added.length)];
      chunkUsed = 0;
    }
    System.arraycopy(added.array, added.offset, chunk, chunkUsed, added.length);
    add(text.set(chunk, chunkUsed, added.length));
    chunkUsed += added.length;
  }

  boolean isInteger(int index) {
    return lengths[index] == INTEGER;
  }

  long integer(int index) {
    return integers[index];
  }

  /** A text, or the text of an integer; valid until the next call here. */
  Slice text(int index) {
    return text(index, text, digits);
  }

  private Slice text(int index, Slice into, byte[] digits) {
    return lengths[index] == INTEGER
        ? into.set(digits, 0, IntegerText.write(integers[index], digits, 0))
        : into.set(arrays[index], offsets[index], lengths[index]);
  }

  /**
   * Compares two; nothing comes before anything.
   *
   * @param asWords only up to a NUL, as C compares them
   */
  int compare(int a, int b, boolean asWords) {
    if (lengths[a] == NOTHING || lengths[b] == NOTHING) {
      return Boolean.compare(lengths[a] != NOTHING, lengths[b] != NOTHING);
    }
    Slice x = text(a, text, digits);
    Slice y = text(b, other, otherDigits);
    if (asWords) {
      x.length = wordLength(x);
      y.length = wordLength(y);
    }
    return Arrays.compareUnsigned(x.array, x.offset, x.end(), y.array, y.offset, y.end());
  }

  private static int wordLength(Slice text) {
    for (int i = 0; i < text.length; i++) {
      if (text.at(i) == 0) {
        return i;
      }
    }
    return text.length;
  }
}
