package io.cinnabar.value;

import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.structure.EditableBytes;
import io.cinnabar.structure.HashedTree;
import io.cinnabar.structure.Intset;
import io.cinnabar.structure.Listpack;
import io.cinnabar.structure.ScratchBytes;
import io.cinnabar.structure.ScratchRoot;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Gives a set another form. All is built beside the set before that is touched, so that {@link
 * ArenaFullException} leaves it as it was.
 */
final class SetConversion {
  private static final int EXPECTED_BYTES = 512;

  private final ValueBlock block;
  private final PackedBytes packed;
  private final HashedTree tree;
  private final ScratchRoot root = new ScratchRoot(TreeRoots.TREE_BYTES);
  private final SetMember each = new SetMember();

  SetConversion(ValueBlock block, PackedBytes packed, HashedTree tree) {
    this.block = block;
    this.packed = packed;
    this.tree = tree;
  }

  /** To a listpack, of this encoding, with another member perhaps. */
  void toListpack(SetValue set, Encoding encoding, @Nullable SetMember added) {
    ScratchBytes built = new ScratchBytes(EXPECTED_BYTES);
    Listpack.format(built);
    for (boolean more = set.first(each); more; more = set.next(each)) {
      append(built, each);
    }
    if (added != null) {
      append(built, added);
    }
    install(encoding, built);
  }

  private static void append(EditableBytes listpack, SetMember member) {
    if (member.isWithoutText()) {
      Listpack.append(listpack, member.integer());
    } else {
      Listpack.append(listpack, member.text());
    }
  }

  /** To an intset; all members are integers, and few enough. */
  void toIntset(SetValue set) {
    long[] members = new long[(int) set.count()];
    int count = 0;
    for (boolean more = set.first(each); more; more = set.next(each)) {
      if (!each.isInteger()) {
        throw new IllegalStateException("a text among integers");
      }
      members[count++] = each.integer();
    }
    Arrays.sort(members);
    ScratchBytes built = new ScratchBytes(EXPECTED_BYTES);
    Intset.format(built);
    for (long member : members) {
      Intset.add(built, member);
    }
    install(Encoding.INTSET, built);
  }

  /** Makes the bytes the set's, whatever it was. */
  private void install(Encoding encoding, ScratchBytes built) {
    boolean wasTree = block.encoding() == Encoding.TREE;
    if (wasTree) {
      System.arraycopy(block.slab(), block.valueOffset(), root.array(), 0, root.length());
    }
    packed.renewAs(encoding, built.length());
    System.arraycopy(built.array(), 0, packed.array(), packed.offset(), built.length());
    if (wasTree) {
      tree.attach(root, 0).clear();
    }
  }

  /** From packed bytes to what Redis calls a hash table, with another member perhaps. */
  void toTable(SetValue set, @Nullable SetMember added) {
    long addedBytes = added == null ? 0 : SetLimits.encodedBytes(added);
    if (SetLimits.fitsLoose(set, each, added != null, addedBytes)) {
      toListpack(set, Encoding.LOOSE, added);
      return;
    }
    root.reset();
    int owned = packed.ownBlock();
    try {
      fill(set, added);
      block.reshape(Encoding.TREE, TreeRoots.TREE_BYTES, 0);
    } catch (ArenaFullException full) {
      tree.attach(root, 0).clear();
      throw full;
    }
    System.arraycopy(root.array(), 0, block.slab(), block.valueOffset(), root.length());
    packed.freeOwnBlock(owned);
  }

  private void fill(SetValue set, @Nullable SetMember added) {
    boolean more = set.first(each);
    tree.attach(root, 0);
    for (; more; more = set.next(each)) {
      tree.add(each.text(), each.hash(block));
    }
    if (added != null) {
      tree.add(added.text(), added.hash(block));
    }
  }

  /** Lets go of the arrays that were looked into. */
  void release() {
    each.release();
  }
}
