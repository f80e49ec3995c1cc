package io.cinnabar.value;

import io.cinnabar.arena.Bytes;
import io.cinnabar.structure.BlockSource;
import io.cinnabar.structure.CountedTree;
import io.cinnabar.structure.EditableBytes;
import io.cinnabar.structure.ListpackEntry;
import io.cinnabar.structure.Lzf;
import io.cinnabar.structure.Slice;

/**
 * The leaf under the cursor of a large list's tree. There is room at both ends, so that neither
 * LPUSH nor RPUSH moves what is there.
 *
 * <pre>
 * plain       0      4  begin of the elements, from here
 *             4      4  their end
 *             begin  .  the elements, see {@link ListpackEntry}
 * compressed  0      4  zero
 *             4      4  bytes of the elements
 *             8      .  the elements as {@link Lzf} compresses them
 * </pre>
 *
 * <p>{@link #load} has to come first where it is read, {@link #open} where it is changed, and again
 * when the cursor was moved or the leaf changed by others. Positions are bytes from the first
 * element on.
 */
final class ListLeaf {
  static final int HEADER_BYTES = 8;

  private static final byte[] NONE = {};

  /** Stands where the elements begin else. */
  private static final int COMPRESSED = 0;

  /** Redis compresses no nodes that are shorter, and none by less. */
  private static final int MIN_COMPRESSED_BYTES = 48;

  private static final int MIN_SAVED_BYTES = 8;

  /** Longer ones are not kept for the next leaf that is decompressed. */
  private static final int KEPT_BYTES = 1 << 16;

  /** A new leaf at an end has at most this part of a full one's room, which doubles then. */
  private static final int FIRST_ROOM_SHIFT = 3;

  private final BlockSource blocks;
  private final CountedTree tree;

  /** Where the elements are. */
  byte[] array = NONE;

  /** The index of the first element in {@link #array}. */
  int begin;

  /** One past the last byte of the last element. */
  int end;

  /** The index of the leaf's first byte in {@link #array}; only where it is plain. */
  private int base;

  private boolean plain;

  private byte[] scratch = NONE;

  ListLeaf(BlockSource blocks, CountedTree tree) {
    this.blocks = blocks;
    this.tree = tree;
  }

  void release() {
    array = NONE;
    if (scratch.length > KEPT_BYTES) {
      scratch = NONE;
    }
  }

  // Reading.

  /** Finds the elements, decompressed where they are compressed: then they can't be changed. */
  void load() {
    EditableBytes bytes = tree.leaf();
    array = bytes.array();
    base = bytes.offset();
    int first = Bytes.getInt(array, base);
    plain = first != COMPRESSED;
    if (plain) {
      begin = base + first;
      end = base + Bytes.getInt(array, base + 4);
    } else {
      decompress(bytes);
    }
  }

  private void decompress(EditableBytes bytes) {
    int at = bytes.offset();
    int length = Bytes.getInt(array, at + 4);
    if (scratch.length < length) {
      scratch = new byte[length];
    }
    if (!Lzf.decompress(
        array, at + HEADER_BYTES, bytes.length() - HEADER_BYTES, scratch, 0, length)) {
      throw new IllegalStateException("a damaged leaf");
    }
    array = scratch;
    begin = 0;
    end = length;
  }

  /** Whether what was loaded was not compressed. */
  boolean isPlain() {
    return plain;
  }

  boolean isCompressed() {
    EditableBytes bytes = tree.leaf();
    return Bytes.getInt(bytes.array(), bytes.offset()) == COMPRESSED;
  }

  /** The bytes of its elements. */
  int used() {
    return end - begin;
  }

  /** The position of an element, from the nearer end; that behind the last is the end. */
  int position(int index) {
    int count = tree.leafCount();
    int at;
    if (index <= count / 2) {
      at = begin;
      for (int left = index; left > 0; left--) {
        at += ListpackEntry.entryBytes(array, at);
      }
    } else {
      at = end;
      for (int left = count - index; left > 0; left--) {
        at -= ListpackEntry.entryBytesBefore(array, at);
      }
    }
    return at - begin;
  }

  // Compressing.

  /** As {@link #load}, and decompresses the leaf itself. */
  void open() {
    load();
    if (!plain) {
      EditableBytes bytes = tree.leaf();
      int used = used();
      bytes.resize(HEADER_BYTES + used);
      array = bytes.array();
      base = bytes.offset();
      begin = base + HEADER_BYTES;
      end = begin + used;
      plain = true;
      System.arraycopy(scratch, 0, array, begin, used);
      putBounds();
    }
  }

  /**
   * Compresses the leaf where that saves something.
   *
   * @param room at least as long as the elements
   */
  void compress(Lzf lzf, byte[] room) {
    load();
    int used = used();
    int capacity = used - MIN_SAVED_BYTES;
    int compressed =
        used < MIN_COMPRESSED_BYTES ? 0 : lzf.compress(array, begin, used, room, 0, capacity);
    if (compressed > 0) {
      EditableBytes bytes = tree.leaf();
      bytes.resize(HEADER_BYTES + compressed);
      int at = bytes.offset();
      Bytes.putInt(bytes.array(), at, COMPRESSED);
      Bytes.putInt(bytes.array(), at + 4, used);
      System.arraycopy(room, 0, bytes.array(), at + HEADER_BYTES, compressed);
    }
  }

  // Changing. Counts of elements are told to the tree by the caller.

  /** Whether an element comes in at an end without much moving of those that are there. */
  boolean hasRoomAtEnd(boolean atHead, int added, int maxBytes, int maxCount) {
    if (used() + added > maxBytes || tree.leafCount() >= maxCount) {
      return false;
    }
    if (room(atHead) >= added) {
      return true;
    }
    int length = tree.leaf().length();
    return length < HEADER_BYTES + maxBytes || length - HEADER_BYTES - used() >= maxBytes / 4;
  }

  /** The bytes that are free before the first element or behind the last. */
  private int room(boolean atHead) {
    return atHead ? begin - base - HEADER_BYTES : base + tree.leaf().length() - end;
  }

  /** Whether so many bytes and elements can come in anywhere. */
  boolean hasRoom(int growth, int count, int maxBytes, int maxCount) {
    return used() + growth <= maxBytes && tree.leafCount() + count <= maxCount;
  }

  /**
   * Makes {@code added} bytes, yet to be written, of the {@code removed} ones at {@code p}, and
   * moves what is before or what is behind, whichever is less.
   *
   * @param maxBytes up to where the leaf takes more room than it needs
   * @return the index of {@code p} in the array
   */
  int splice(int p, int removed, int added, int maxBytes) {
    int growth = added - removed;
    boolean moveHead = p < used() - p - removed;
    if (growth > 0 && growth > room(moveHead)) {
      makeRoom(moveHead, growth, maxBytes);
    } else {
      own();
    }
    if (moveHead) {
      if (p > 0) {
        System.arraycopy(array, begin, array, begin - growth, p);
      }
      begin -= growth;
    } else {
      int rest = begin + p + removed;
      if (rest < end) {
        System.arraycopy(array, rest, array, rest + growth, end - rest);
      }
      end += growth;
    }
    putBounds();
    return begin + p;
  }

  /** Makes the leaf free to be written. */
  private void own() {
    if (blocks.arena().hasViews()) {
      EditableBytes bytes = tree.leaf();
      bytes.resize(bytes.length());
      load();
    }
  }

  /** Removes the first element or the last, which is not the only one. */
  void dropEnd(boolean atHead) {
    own();
    if (atHead) {
      begin += ListpackEntry.entryBytes(array, begin);
    } else {
      end -= ListpackEntry.entryBytesBefore(array, end);
    }
    putBounds();
  }

  /** Makes the leaf longer where it is filled, and leaves all of its room at one end. */
  private void makeRoom(boolean atHead, int growth, int maxBytes) {
    EditableBytes bytes = tree.leaf();
    int used = used();
    int length = bytes.length();
    int needed = Math.addExact(HEADER_BYTES + used, growth);
    int wanted = Math.max(needed, Math.min(HEADER_BYTES + maxBytes, 2 * length));
    bytes.resize(needed + used / 8 <= length ? length : Math.max(wanted, length));
    load();
    int to = atHead ? base + bytes.length() - used : base + HEADER_BYTES;
    System.arraycopy(array, begin, array, to, used);
    begin = to;
    end = to + used;
    putBounds();
  }

  /** Gives most of the room back where that is more than the elements. */
  void tighten() {
    EditableBytes bytes = tree.leaf();
    int used = used();
    if (bytes.length() > 4 * HEADER_BYTES + 2L * used) {
      own();
      int to = base + HEADER_BYTES;
      System.arraycopy(array, begin, array, to, used);
      begin = to;
      end = to + used;
      putBounds();
      bytes.resize(HEADER_BYTES + used);
      load();
    }
  }

  /** Notes begin and end; the leaf is free to be written. */
  private void putBounds() {
    Bytes.putInt(array, base, begin - base);
    Bytes.putInt(array, base + 4, end - base);
  }

  /**
   * Deletes elements that are this string.
   *
   * @param passed how many such at the begin stay
   * @param most how many of the others go
   * @return how many went
   */
  int deleteMatches(Slice element, int passed, long most) {
    own();
    int left = passed;
    int deleted = 0;
    int to = begin;
    int kept = begin;
    int at = find(element, begin);
    while (at != end && deleted < most) {
      int next = at + ListpackEntry.entryBytes(array, at);
      if (left > 0) {
        left--;
      } else {
        System.arraycopy(array, kept, array, to, at - kept);
        to += at - kept;
        kept = next;
        deleted++;
      }
      at = find(element, next);
    }
    System.arraycopy(array, kept, array, to, end - kept);
    end = to + end - kept;
    putBounds();
    return deleted;
  }

  /** How many elements are this string. */
  int matches(Slice element) {
    int matches = 0;
    for (int at = find(element, begin); at != end; matches++) {
      at = find(element, at + ListpackEntry.entryBytes(array, at));
    }
    return matches;
  }

  /** The index of the next element that is this string, {@link #end} without one. */
  private int find(Slice element, int from) {
    int found = from == end ? -1 : ListpackEntry.find(array, from, end, element, 0);
    return found < 0 ? end : found;
  }

  // New leaves.

  /** Makes a leaf with one element, and room before or behind it; it is in no tree yet. */
  int create(Slice element, int entryBytes, boolean roomAtHead, int maxBytes, int maxCount) {
    long wanted = Math.min((long) entryBytes * maxCount, maxBytes >> FIRST_ROOM_SHIFT);
    int length = HEADER_BYTES + Math.max(entryBytes, (int) wanted);
    int made = tree.newLeaf(length);
    int at = roomAtHead ? length - entryBytes : HEADER_BYTES;
    byte[] slab = blocks.slabOf(made);
    int base = CountedTree.leafOffset(made);
    Bytes.putInt(slab, base, at);
    Bytes.putInt(slab, base + 4, at + entryBytes);
    ListpackEntry.writeEntry(slab, base + at, element);
    return made;
  }

  /** Makes a leaf of a run of elements from elsewhere; it is in no tree yet. */
  int create(byte[] source, int from, int to) {
    int made = tree.newLeaf(HEADER_BYTES + to - from);
    byte[] slab = blocks.slabOf(made);
    int base = CountedTree.leafOffset(made);
    Bytes.putInt(slab, base, HEADER_BYTES);
    Bytes.putInt(slab, base + 4, HEADER_BYTES + to - from);
    System.arraycopy(source, from, slab, base + HEADER_BYTES, to - from);
    return made;
  }

  // Validation.

  /** Throws an IllegalStateException unless the leaf holds what the tree says. */
  void validate(int maxBytes) {
    EditableBytes bytes = tree.leaf();
    load();
    if (!isCompressed()
        && (begin < bytes.offset() + HEADER_BYTES || end > bytes.offset() + bytes.length())) {
      throw new IllegalStateException("elements outside of their leaf");
    }
    int count = 0;
    int at = begin;
    while (at < end) {
      at = ListpackEntry.validEnd(array, at, end);
      if (at < 0) {
        throw new IllegalStateException("no entry");
      }
      count++;
    }
    if (count != tree.leafCount() || count == 0) {
      throw new IllegalStateException(count + " elements instead of " + tree.leafCount());
    }
    if (count > 1 && used() > maxBytes) {
      throw new IllegalStateException("a leaf of " + used() + " bytes");
    }
  }
}
