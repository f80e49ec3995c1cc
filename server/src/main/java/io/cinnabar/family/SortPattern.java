package io.cinnabar.family;

import io.cinnabar.command.Call;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.HashValue;
import io.cinnabar.value.ValueType;
import org.jspecify.annotations.Nullable;

/**
 * What SORT looks up for an element.
 *
 * <pre>
 * #               the element itself
 * prefix*suffix   the string with the key in which the star is the element
 * prefix*suffix-&gt;field   a field of the hash with that key
 * </pre>
 *
 * <p>Without a star it leads to nothing. A NUL hides star and arrow behind it.
 */
final class SortPattern {
  private static final byte[] NO_BYTES = {};

  private final Slice pattern;
  private final boolean isElement;

  /** Where the star is, -1 without one. */
  private final int star;

  /** What stands behind the star and belongs to the key. */
  private final int suffixBytes;

  /** Empty for a string. */
  private final Slice field = new Slice();

  private final Slice key = new Slice();
  private byte[] keyBytes = NO_BYTES;

  SortPattern(Slice pattern) {
    this.pattern = pattern;
    int end = 0;
    while (end < pattern.length && pattern.at(end) != 0) {
      end++;
    }
    isElement = end == 1 && pattern.at(0) == '#';
    star = find('*', 0, end);
    int arrow = star < 0 ? -1 : find('-', star + 1, end);
    while (arrow >= 0 && !(arrow + 1 < end && pattern.at(arrow + 1) == '>')) {
      arrow = find('-', arrow + 1, end);
    }
    if (arrow >= 0 && arrow + 2 < end) {
      suffixBytes = arrow - star - 1;
      field.set(pattern.array, pattern.offset + arrow + 2, pattern.length - arrow - 2);
    } else {
      suffixBytes = pattern.length - star - 1;
    }
  }

  private int find(char c, int from, int end) {
    for (int i = from; i < end; i++) {
      if (pattern.at(i) == c) {
        return i;
      }
    }
    return -1;
  }

  /** Whether there is a star for the element. */
  boolean hasStar() {
    return star >= 0;
  }

  /** Whether it is the element itself. */
  boolean isElement() {
    return isElement;
  }

  /** What it leads to for an element other than itself; valid until the next look-up, or null. */
  @Nullable Slice look(Call call, Slice element) {
    if (star < 0) {
      return null;
    }
    Entry found = call.readAlso(0, key(element));
    if (found == null) {
      return null;
    }
    if (field.isEmpty()) {
      return found.type() == ValueType.STRING ? found.string().bytes() : null;
    }
    if (found.type() != ValueType.HASH) {
      return null;
    }
    HashValue hash = found.hashValue();
    return hash.find(field) ? hash.value() : null;
  }

  private Slice key(Slice element) {
    int length = Math.addExact(star + suffixBytes, element.length);
    if (keyBytes.length < length) {
      keyBytes = new byte[length + length / 2];
    }
    System.arraycopy(pattern.array, pattern.offset, keyBytes, 0, star);
    System.arraycopy(element.array, element.offset, keyBytes, star, element.length);
    System.arraycopy(
        pattern.array, pattern.offset + star + 1, keyBytes, star + element.length, suffixBytes);
    return key.set(keyBytes, 0, length);
  }
}
