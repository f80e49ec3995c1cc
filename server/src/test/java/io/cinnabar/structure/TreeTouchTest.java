package io.cinnabar.structure;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.arena.Arena;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whether what is read ahead is what will be looked for, by hashes that are even and that are not.
 */
final class TreeTouchTest {
  private static final int ELEMENTS = 20_000;

  private final long seed = new SplittableRandom().nextLong();
  private final SplittableRandom random = new SplittableRandom(seed);
  private final KeyHash keyHash = new KeyHash(random.nextLong());
  private final Arena arena = new Arena();
  private final BlockSource blocks =
      new BlockSource() {
        @Override
        public byte[] slabOf(int reference) {
          return arena.slab(reference);
        }

        @Override
        public Arena arena() {
          return arena;
        }
      };
  private final TreeTouch touch = new TreeTouch(arena, ELEMENTS);

  private static Slice element(int i) {
    return Slice.of(String.valueOf(i));
  }

  private HashedTree tree() {
    ScratchRoot root = new ScratchRoot(CountedTree.ROOT_BYTES);
    return new HashedTree(blocks, keyHash::of, false).attach(root.reset(), 0);
  }

  private void fill(HashedTree tree, int count) {
    for (int i = 0; i < count; i++) {
      tree.add(element(i), keyHash.of(element(i)));
    }
  }

  @Test
  void comesToTheLeavesOfTheElements() {
    HashedTree tree = tree();
    fill(tree, ELEMENTS);
    assertThat(tree.noteIn(touch, keyHash.of(element(0)))).isTrue();
    for (int i = 1; i < ELEMENTS; i++) {
      touch.addToSame(keyHash.of(element(i)));
    }
    int[] leaves = touch.leaves();
    assertThat(leaves).hasSize(ELEMENTS);
    for (int i = 0; i < ELEMENTS; i++) {
      int leaf = CountedTree.leafOffset(leaves[i]);
      long hash = keyHash.of(element(i));
      assertThat(HashedLeaf.find(arena.slab(leaves[i]), leaf, element(i), hash))
          .as("seed %d", seed)
          .isNotNegative();
    }
    assertThat(touch.leaves()).as("forgotten").isEmpty();
  }

  @Test
  void leavesAloneWhatIsSmall() {
    HashedTree tree = tree();
    fill(tree, TreeTouch.LEAST_ELEMENTS - 1);
    assertThat(tree.noteIn(touch, keyHash.of(element(0)))).isFalse();
    fill(tree, TreeTouch.LEAST_ELEMENTS);
    assertThat(tree.noteIn(touch, keyHash.of(element(0)))).isTrue();
  }

  /** Hashes that have so many of their bits: all of them, and such as are anything but even. */
  @ParameterizedTest
  @ValueSource(longs = {-1, 0xFFFFFF, 0xFFFF0000FFFFL, 0x8080808080808080L, 0xF00000000000000FL, 0})
  void findsHashesHoweverTheyAreSpread(long mask) {
    MemberIndex index = new MemberIndex(blocks);
    index.attach(new ScratchRoot(CountedTree.ROOT_BYTES).reset(), 0);
    for (int i = 0; i < ELEMENTS; i++) {
      long hash = keyHash.of(element(i)) & mask;
      index.find(hash);
      index.insert(hash, i);
    }
    index.validate();
    for (int i = 0; i < ELEMENTS; i++) {
      long hash = keyHash.of(element(i)) & mask;
      assertThat(index.find(hash)).as("seed %d", seed).isTrue();
      assertThat(index.noteIn(touch, hash)).isTrue();
    }
    int[] leaves = touch.leaves();
    for (int i = 0; i < ELEMENTS; i++) {
      long key = (keyHash.of(element(i)) & mask) ^ Long.MIN_VALUE;
      byte[] slab = arena.slab(leaves[i]);
      int leaf = CountedTree.leafOffset(leaves[i]);
      int count = TreeNode.length(slab, Arena.offset(leaves[i])) / MemberIndexLeaf.ENTRY_BYTES;
      boolean isThere = false;
      for (int entry = 0; entry < count; entry++) {
        isThere |= MemberIndexLeaf.key(slab, leaf + entry * MemberIndexLeaf.ENTRY_BYTES) == key;
      }
      assertThat(isThere).as("seed %d", seed).isTrue();
    }
  }
}
