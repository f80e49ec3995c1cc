package io.cinnabar.tracking;

import io.cinnabar.structure.Line;
import io.cinnabar.structure.Slice;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What some clients want to hear of all keys that begin with it. */
final class Prefix implements Comparable<Prefix> {

  private final Slice bytes;
  private final Line<Tracker> clients = new Line<>();
  private final ChangedKeys changed = new ChangedKeys();

  /** The longest other prefix that this one begins with. */
  private @Nullable Prefix parent;

  /**
   * @param bytes is kept
   */
  Prefix(Slice bytes) {
    this.bytes = bytes;
  }

  Slice bytes() {
    return bytes;
  }

  Line<Tracker> clients() {
    return clients;
  }

  /** The keys with this prefix that have changed since the clients were told last. */
  ChangedKeys changed() {
    return changed;
  }

  @Nullable Prefix parent() {
    return parent;
  }

  void parent(@Nullable Prefix parent) {
    this.parent = parent;
  }

  /** Whether a key begins with it. */
  boolean begins(Slice key) {
    return key.startsWith(bytes);
  }

  /** Compares bytes, as unsigned numbers. */
  static int compare(Slice a, Slice b) {
    return Arrays.compareUnsigned(a.array, a.offset, a.end(), b.array, b.offset, b.end());
  }

  @Override
  public int compareTo(Prefix other) {
    return compare(bytes, other.bytes);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Prefix prefix && compareTo(prefix) == 0;
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes.array);
  }
}
