package io.cinnabar.structure;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.Seed;
import io.cinnabar.arena.Arena;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Common elements of trees against those of the JDK's sets. */
final class HashedIntersectionTest {
  private final long seed = Seed.of(HashedIntersectionTest.class);
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

  /** What the hash of an element is cut down to, for equal ones. */
  private long hashMask;

  private long hash(Slice element) {
    return keyHash.of(element) & hashMask;
  }

  private HashedTree tree(Set<String> elements) {
    ScratchRoot root = new ScratchRoot(CountedTree.ROOT_BYTES);
    HashedTree tree = new HashedTree(blocks, this::hash, false).attach(root.reset(), 0);
    for (String element : elements) {
      Slice slice = Slice.of(element);
      tree.add(slice, hash(slice));
    }
    return tree;
  }

  /** Elements that are short, long, and too long for a leaf with others. */
  private Set<String> elements(int count, int range) {
    Set<String> elements = new HashSet<>();
    for (int i = 0; i < count; i++) {
      int number = random.nextInt(range);
      elements.add(number % 50 == 0 ? number + "x".repeat(number % 3000) : "element:" + number);
    }
    return elements;
  }

  @ParameterizedTest
  @CsvSource({
    "-1, 1, 1, 10",
    "-1, 10, 2, 20",
    "-1, 500, 1, 700",
    "-1, 3000, 3, 4000",
    "-1, 3000, 2, 100000",
    "0, 200, 2, 250",
    "7, 2000, 2, 2500",
    "-1152921504606846976, 2000, 2, 2500",
  })
  void findsWhatAllHave(long mask, int count, int otherTrees, int range) {
    hashMask = mask;
    for (int round = 0; round < 20; round++) {
      Set<String> walkedElements = elements(1 + random.nextInt(count), range);
      HashedTree walked = tree(walkedElements);
      HashedIntersection intersection = new HashedIntersection(walked);
      assertThat(intersection.isEmpty()).isTrue();
      Set<String> expected = new HashSet<>(walkedElements);
      for (int i = 0; i < otherTrees; i++) {
        Set<String> otherElements = elements(1 + random.nextInt(4 * count), range);
        expected.retainAll(otherElements);
        intersection.add(tree(otherElements));
      }
      List<String> found = new ArrayList<>();
      Slice element = new Slice();
      for (boolean more = intersection.first(); more; more = intersection.next()) {
        walked.element(element);
        found.add(element.toString());
      }
      assertThat(found).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(expected);
    }
  }
}
