package io.cinnabar.command;

import java.util.Arrays;

/**
 * Where the keys of a command stand among its arguments, and what it does with each. One object is
 * filled again and again, so that finding keys allocates nothing.
 */
public final class KeyPositions {

  private int[] entries = new int[16];
  private int count;

  public void clear() {
    count = 0;
  }

  /** Adds the key at argument {@code index}, with a set of flags made by {@link KeyFlag#setOf}. */
  public void add(int index, int flags) {
    if (2 * count == entries.length) {
      entries = Arrays.copyOf(entries, 2 * entries.length);
    }
    entries[2 * count] = index;
    entries[2 * count + 1] = flags;
    count++;
  }

  public int count() {
    return count;
  }

  /** The argument that is the {@code i}-th key. */
  public int index(int i) {
    return entries[2 * i];
  }

  /** The flags of the {@code i}-th key, to be asked with {@link KeyFlag#in}. */
  public int flags(int i) {
    return entries[2 * i + 1];
  }
}
