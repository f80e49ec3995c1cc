package io.cinnabar.value;

import io.cinnabar.arena.Arena;
import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.arena.Bytes;
import io.cinnabar.structure.TreeBlocks;
import io.cinnabar.structure.TreeMover;
import io.cinnabar.structure.TreeReclaimer;
import java.util.Arrays;

/**
 * What a value consists of, by its encoding: the bytes in its entry and the blocks beside it. The
 * one place that copying, freeing, compaction and accounting go through, whatever the type.
 */
public final class ValueLayout {
  /** Its size, no elements, the end. */
  private static final byte[] EMPTY_LISTPACK = {7, 0, 0, 0, 0, 0, (byte) 0xFF};

  /** How many elements it has, see {@link PackedHash}. */
  private static final byte[] EMPTY_HASH = {0};

  private ValueLayout() {}

  /** What the value takes in its entry. */
  public static int entryBytes(Encoding encoding, byte[] slab, int valueOffset) {
    return switch (encoding.layout()) {
      case INTEGER -> StringValue.INT_BYTES;
      case IN_ENTRY -> EntryBytes.entryBytes(encoding, EntryBytes.inlineLength(slab, valueOffset));
      case IN_BLOCK -> BytesBlock.VALUE_BYTES;
      case TREE, TWO_TREES, STREAM -> TreeRoots.bytes(encoding);
    };
  }

  /** The encoding in which a collection begins: that of small ones, or a stream. */
  public static Encoding firstEncoding(ValueType type) {
    return type == ValueType.STREAM ? Encoding.STREAM : Encoding.LISTPACK;
  }

  /** What an empty collection takes in its entry. */
  public static int emptyBytes(ValueType type) {
    return type == ValueType.STREAM
        ? TreeRoots.bytes(Encoding.STREAM)
        : EntryBytes.entryBytes(Encoding.LISTPACK, emptyPacked(type).length);
  }

  private static byte[] emptyPacked(ValueType type) {
    return type == ValueType.HASH ? EMPTY_HASH : EMPTY_LISTPACK;
  }

  /** Writes an empty collection. */
  public static void format(ValueType type, byte[] slab, int valueOffset) {
    if (type == ValueType.STREAM) {
      Arrays.fill(slab, valueOffset, valueOffset + emptyBytes(type), (byte) 0);
      return;
    }
    byte[] empty = emptyPacked(type);
    EntryBytes.putLength(slab, valueOffset, empty.length);
    int at = valueOffset + EntryBytes.lengthBytes(empty.length);
    System.arraycopy(empty, 0, slab, at, empty.length);
  }

  /**
   * Gives the value at {@code valueOffset}, a copy of another's bytes, blocks of its own.
   *
   * @throws ArenaFullException and has changed nothing
   */
  public static void duplicate(Arena arena, Encoding encoding, byte[] slab, int valueOffset) {
    if (encoding.layout() == Encoding.Layout.IN_BLOCK) {
      int reference = BytesBlock.reference(slab, valueOffset);
      int length = BytesBlock.length(slab, valueOffset);
      int copy = BytesBlock.copy(arena, reference, length, length);
      BytesBlock.put(slab, valueOffset, copy, length);
    }
    int trees = TreeRoots.trees(encoding);
    for (int tree = 0; tree < trees; tree++) {
      int at = valueOffset + TreeRoots.rootAt(tree);
      if (top(slab, at) != 0) {
        try {
          Bytes.putInt(slab, at, TreeBlocks.copy(arena, top(slab, at), height(slab, at)));
        } catch (ArenaFullException full) {
          for (int copied = 0; copied < tree; copied++) {
            freeTree(arena, slab, valueOffset + TreeRoots.rootAt(copied));
          }
          throw full;
        }
      }
    }
  }

  /**
   * Frees the blocks of the value at {@code valueOffset}; the value must not be used again.
   *
   * @param reclaimer takes over what would take long
   */
  public static void free(
      Arena arena, Encoding encoding, byte[] slab, int valueOffset, TreeReclaimer reclaimer) {
    if (encoding.layout() == Encoding.Layout.IN_BLOCK) {
      BytesBlock.free(arena, BytesBlock.reference(slab, valueOffset));
    }
    int trees = TreeRoots.trees(encoding);
    for (int tree = 0; tree < trees; tree++) {
      int at = valueOffset + TreeRoots.rootAt(tree);
      if (height(slab, at) > 1) {
        reclaimer.add(top(slab, at), height(slab, at));
      } else {
        freeTree(arena, slab, at);
      }
    }
  }

  /** Whether compaction wants one of them moved. */
  public static boolean areEvacuating(
      Arena arena, Encoding encoding, byte[] slab, int valueOffset) {
    if (encoding.layout() == Encoding.Layout.IN_BLOCK) {
      return arena.isEvacuating(BytesBlock.reference(slab, valueOffset));
    }
    int trees = TreeRoots.trees(encoding);
    for (int tree = 0; tree < trees; tree++) {
      int at = valueOffset + TreeRoots.rootAt(tree);
      if (top(slab, at) != 0 && TreeBlocks.areEvacuating(arena, top(slab, at), height(slab, at))) {
        return true;
      }
    }
    return false;
  }

  /**
   * Moves them. The value itself must be free to be written.
   *
   * @param mover moves trees, as far as it is allowed to
   * @throws ArenaFullException where there is no room; the value is whole, and as it was
   */
  public static void move(
      Arena arena, Encoding encoding, byte[] slab, int valueOffset, TreeMover mover) {
    if (encoding.layout() == Encoding.Layout.IN_BLOCK) {
      int reference = BytesBlock.reference(slab, valueOffset);
      int length = BytesBlock.length(slab, valueOffset);
      int capacity = BytesBlock.capacity(arena, reference);
      int moved = BytesBlock.copy(arena, reference, length, capacity);
      BytesBlock.put(slab, valueOffset, moved, length);
      BytesBlock.free(arena, reference);
    }
    int trees = TreeRoots.trees(encoding);
    for (int tree = 0; tree < trees; tree++) {
      int at = valueOffset + TreeRoots.rootAt(tree);
      if (top(slab, at) != 0) {
        Bytes.putInt(slab, at, mover.move(top(slab, at), height(slab, at)));
      }
    }
  }

  /** Stamps them with the arena's epoch; no view may be open. */
  public static void restamp(Arena arena, Encoding encoding, byte[] slab, int valueOffset) {
    if (encoding.layout() == Encoding.Layout.IN_BLOCK) {
      BytesBlock.restamp(arena, BytesBlock.reference(slab, valueOffset));
    }
    int trees = TreeRoots.trees(encoding);
    for (int tree = 0; tree < trees; tree++) {
      int at = valueOffset + TreeRoots.rootAt(tree);
      if (top(slab, at) != 0) {
        TreeBlocks.restamp(arena, top(slab, at), height(slab, at));
      }
    }
  }

  /** What they take in the arena. */
  public static long sizeBytes(Arena arena, Encoding encoding, byte[] slab, int valueOffset) {
    long bytes = 0;
    if (encoding.layout() == Encoding.Layout.IN_BLOCK) {
      bytes = arena.capacity(BytesBlock.reference(slab, valueOffset));
    }
    int trees = TreeRoots.trees(encoding);
    for (int tree = 0; tree < trees; tree++) {
      int at = valueOffset + TreeRoots.rootAt(tree);
      if (top(slab, at) != 0) {
        bytes += TreeBlocks.sizeBytes(arena, top(slab, at), height(slab, at));
      }
    }
    return bytes;
  }

  private static void freeTree(Arena arena, byte[] slab, int at) {
    if (top(slab, at) != 0) {
      TreeBlocks.free(arena, top(slab, at), height(slab, at));
    }
  }

  private static int top(byte[] slab, int at) {
    return Bytes.getInt(slab, at);
  }

  private static int height(byte[] slab, int at) {
    return Bytes.getInt(slab, at + 4);
  }
}
