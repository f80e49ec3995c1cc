package io.cinnabar.structure;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Some bytes inside an array: an argument in a client's input, a key or a value in a block. The
 * fields are the representation; a slice is moved over other bytes by {@link #set} and is used
 * again and again, so nobody keeps one beyond the call it was handed to: keep {@link #toByteArray}.
 */
public final class Slice {

  private static final byte[] NONE = {};

  public byte[] array = NONE;
  public int offset;
  public int length;

  /** An empty slice. */
  public Slice() {}

  /** The whole of {@code array}, not copied. */
  public Slice(byte[] array) {
    set(array, 0, array.length);
  }

  /** The UTF-8 bytes of {@code text}. */
  public static Slice of(String text) {
    return new Slice(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Moves this slice over other bytes. */
  public Slice set(byte[] array, int offset, int length) {
    this.array = array;
    this.offset = offset;
    this.length = length;
    return this;
  }

  /** Moves this slice over the bytes of another. */
  public Slice set(Slice other) {
    return set(other.array, other.offset, other.length);
  }

  /** The byte at {@code index}; the caller keeps it within the length. */
  public byte at(int index) {
    return array[offset + index];
  }

  /** One past the last byte, as an index into {@link #array}. */
  public int end() {
    return offset + length;
  }

  public boolean isEmpty() {
    return length == 0;
  }

  public boolean contentEquals(byte[] other, int otherOffset, int otherLength) {
    return Arrays.equals(
        array, offset, offset + length, other, otherOffset, otherOffset + otherLength);
  }

  public boolean contentEquals(Slice other) {
    return contentEquals(other.array, other.offset, other.length);
  }

  /** Whether the first bytes of this are those of {@code prefix}. */
  public boolean startsWith(Slice prefix) {
    return prefix.length <= length && prefix.contentEquals(array, offset, prefix.length);
  }

  /** Whether this is {@code word}, an ASCII word in lower case, whatever the case here. */
  public boolean equalsIgnoreCase(String word) {
    return word.length() == length && startsWithIgnoreCase(word);
  }

  /**
   * Whether this is an option's name {@code word}, as Redis compares them: whatever the case, and
   * whatever comes behind a NUL.
   */
  public boolean isWord(String word) {
    int end = word.length();
    return (length == end || (length > end && at(end) == 0)) && startsWithIgnoreCase(word);
  }

  private boolean startsWithIgnoreCase(String word) {
    for (int i = 0; i < word.length(); i++) {
      int c = array[offset + i];
      if (c >= 'A' && c <= 'Z') {
        c += 'a' - 'A';
      }
      if (c != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** A copy of the bytes. */
  public byte[] toByteArray() {
    return Arrays.copyOfRange(array, offset, offset + length);
  }

  /** The bytes as UTF-8 text, for messages and the log. */
  @Override
  public String toString() {
    return new String(array, offset, length, StandardCharsets.UTF_8);
  }
}
