package io.cinnabar.value;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.keyspace.Entry;
import io.cinnabar.keyspace.FrozenKeyspace;
import io.cinnabar.structure.Slice;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ListValueTest extends ValueFixture {
  private static final int[] LENGTHS = {0, 1, 3, 20, 63, 64, 100, 700, 5000, 20_000};

  ListValueTest() {
    super(ValueType.LIST);
  }

  private ListValue create() {
    createKey();
    return entry.list();
  }

  private void push(String element, boolean atHead) {
    entry.list().willGrow(element.length(), 1, thresholds);
    entry.list().push(Slice.of(element), atHead, thresholds);
  }

  private static List<String> elements(ListValue list, boolean backward) {
    List<String> elements = new ArrayList<>();
    ListWalk walk = list.walk();
    long length = list.length();
    boolean more = walk.start(backward ? length - 1 : 0, backward);
    while (more) {
      assertThat(walk.index()).isEqualTo(backward ? length - 1 - elements.size() : elements.size());
      elements.add(walk.text().toString());
      more = walk.next();
    }
    return elements;
  }

  /** Random operations against a list of Java's, with views of earlier states open. */
  @ParameterizedTest
  @CsvSource({"-1, 0", "-2, 0", "1, 0", "2, 0", "4, 0", "50, 0", "0, 0", "-1, 1", "3, 2"})
  void behavesAsAListDoes(int size, int depth) {
    thresholds.listMaxListpackSize = size;
    thresholds.listCompressDepth = depth;
    for (int round = 0; round < 6; round++) {
      long seed = 1000L * size + 10L * depth + round;
      try {
        run(new Random(seed), round % 2 == 0);
      } catch (RuntimeException | AssertionError failure) {
        throw new AssertionError("seed " + seed, failure);
      }
    }
  }

  private void run(Random random, boolean withViews) {
    create();
    List<String> model = new ArrayList<>();
    Deque<FrozenKeyspace> views = new ArrayDeque<>();
    Deque<List<String>> seen = new ArrayDeque<>();
    boolean growing = true;
    for (int i = 0; i < 1500; i++) {
      growing = model.size() > 400 ? false : model.isEmpty() || growing;
      step(random, model, growing);
      entry.list().validate(thresholds);
      if (i % 50 == 0) {
        assertThat(elements(entry.list(), false)).isEqualTo(model);
        List<String> reversed = new ArrayList<>(model);
        Collections.reverse(reversed);
        assertThat(elements(entry.list(), true)).isEqualTo(reversed);
      }
      if (withViews && random.nextInt(100) == 0) {
        views.add(keyspace.freeze());
        seen.add(List.copyOf(model));
      }
      if (views.size() > 2) {
        check(views.remove(), seen.remove());
      }
      if (model.isEmpty()) {
        database.remove(entry);
        create();
      }
    }
    while (!views.isEmpty()) {
      check(views.remove(), seen.remove());
    }
    database.remove(entry);
  }

  private static void check(FrozenKeyspace view, List<String> expected) {
    try (view) {
      Entry frozen = new Entry();
      assertThat(view.next(0, frozen)).isTrue();
      assertThat(elements(frozen.list(), false)).isEqualTo(expected);
    }
  }

  private void step(Random random, List<String> model, boolean growing) {
    ListValue list = entry.list();
    int length = model.size();
    int kind = random.nextInt(growing ? 14 : 24);
    if (length == 0) {
      kind = 0;
    }
    if (kind < 8) {
      String element = element(random);
      boolean atHead = random.nextBoolean();
      push(element, atHead);
      model.add(atHead ? 0 : length, element);
    } else if (kind < 10) {
      int at = random.nextInt(length + 1);
      String element = element(random);
      list.insert(at, Slice.of(element), thresholds);
      model.add(at, element);
    } else if (kind < 12) {
      int at = random.nextInt(length);
      String element = element(random);
      list.set(at, Slice.of(element), thresholds);
      model.set(at, element);
    } else if (kind == 12) {
      boolean fromHead = random.nextBoolean();
      if (length > 1) {
        list.rotate(fromHead, thresholds);
        Collections.rotate(model, fromHead ? -1 : 1);
      }
    } else if (kind == 13) {
      remove(random, model, random.nextBoolean());
    } else if (kind < 22) {
      boolean atHead = random.nextBoolean();
      int count = random.nextInt(4) == 0 ? random.nextInt(length) + 1 : 1;
      if (count == 1 && random.nextBoolean()) {
        list.walk().start(atHead ? 0 : length - 1, !atHead);
        list.dropWalked(atHead, thresholds);
      } else {
        list.drop(count, atHead, thresholds);
      }
      int from = atHead ? 0 : length - count;
      model.subList(from, from + count).clear();
    } else {
      int head = random.nextInt(length + 1) / 2;
      int tail = random.nextInt(length + 1) / 2;
      list.trim(head, tail, thresholds);
      model.subList(length - tail, length).clear();
      model.subList(0, head).clear();
    }
    assertThat(list.length()).isEqualTo(model.size());
  }

  private void remove(Random random, List<String> model, boolean backward) {
    String element = model.get(random.nextInt(model.size()));
    int most = random.nextInt(5) == 0 ? Integer.MAX_VALUE : 1 + random.nextInt(3);
    int removed = 0;
    if (backward) {
      Collections.reverse(model);
    }
    while (removed < most && model.remove(element)) {
      removed++;
    }
    if (backward) {
      Collections.reverse(model);
    }
    assertThat(entry.list().remove(Slice.of(element), most, backward, thresholds))
        .isEqualTo(removed);
  }

  private static String element(Random random) {
    return switch (random.nextInt(6)) {
      case 0 -> String.valueOf(random.nextInt(20));
      case 1 -> String.valueOf(random.nextLong());
      case 2 -> "abc".substring(random.nextInt(4));
      default -> {
        int length =
            LENGTHS[Math.min(random.nextInt(LENGTHS.length), random.nextInt(LENGTHS.length))];
        yield String.valueOf((char) ('a' + random.nextInt(26))).repeat(length);
      }
    };
  }

  @Test
  void theEncodingFollowsTheLimitOfBytes() {
    create();
    for (int i = 0; i < 81; i++) {
      push("x".repeat(97), false);
    }
    // 7 and 81 times 100 bytes, and 97 would be too many.
    assertThat(encoding()).isEqualTo("listpack");
    push("x".repeat(97), false);
    assertThat(encoding()).isEqualTo("quicklist");
    entry.list().drop(1, false, thresholds);
    assertThat(encoding()).isEqualTo("quicklist");
    entry.list().drop(40, true, thresholds);
    assertThat(encoding()).isEqualTo("quicklist");
    entry.list().drop(1, true, thresholds);
    assertThat(encoding()).isEqualTo("listpack");
    assertThat(entry.list().length()).isEqualTo(40);
  }

  @Test
  void theEncodingFollowsTheLimitOfElements() {
    thresholds.listMaxListpackSize = 4;
    create();
    for (int i = 0; i < 4; i++) {
      push(String.valueOf(i), true);
    }
    assertThat(encoding()).isEqualTo("listpack");
    push("4", true);
    assertThat(encoding()).isEqualTo("quicklist");
    entry.list().drop(2, false, thresholds);
    assertThat(encoding()).isEqualTo("quicklist");
    // Few as they are, they are in two nodes.
    entry.list().drop(1, false, thresholds);
    assertThat(encoding()).isEqualTo("quicklist");
    entry.list().drop(1, false, thresholds);
    assertThat(encoding()).isEqualTo("listpack");
    assertThat(elements(entry.list(), false)).containsExactly("4");
  }

  @Test
  void aLongListIsHardlyLargerThanItsElements() {
    create();
    for (int i = 0; i < 200_000; i++) {
      push("12345678901", i % 2 == 0);
    }
    entry.list().validate(thresholds);
    assertThat(entry.sizeBytes()).isLessThan(200_000 * 10 * 103L / 100);
    for (int i = 0; i < 199_000; i++) {
      entry.list().drop(1, i % 3 == 0, thresholds);
    }
    assertThat(entry.list().length()).isEqualTo(1000);
    entry.list().validate(thresholds);
    assertThat(entry.sizeBytes()).isLessThan(40_000);
  }

  private List<String> leaves() {
    List<String> leaves = new ArrayList<>();
    entry
        .list()
        .visitLeaves(
            (count, bytes, isCompressed) ->
                leaves.add(count + (isCompressed ? " compressed" : " plain")));
    return leaves;
  }

  @Test
  void innerLeavesAreCompressed() {
    thresholds.listMaxListpackSize = 2;
    thresholds.listCompressDepth = 1;
    create();
    for (int i = 0; i < 8; i++) {
      push(i + "x".repeat(100), false);
    }
    assertThat(leaves()).containsExactly("2 plain", "2 compressed", "2 compressed", "2 plain");
    entry.list().set(2, Slice.of("short"), thresholds);
    assertThat(leaves()).containsExactly("2 plain", "2 compressed", "2 compressed", "2 plain");
    entry.list().set(3, Slice.of("short"), thresholds);
    assertThat(leaves()).as("48 bytes at least").element(1).isEqualTo("2 plain");
    entry.list().drop(2, true, thresholds);
    entry.list().drop(2, false, thresholds);
    assertThat(leaves()).containsExactly("2 plain", "2 plain");
    for (int i = 0; i < 4; i++) {
      push(i + "x".repeat(100), true);
    }
    assertThat(leaves()).containsExactly("2 plain", "2 compressed", "2 plain", "2 plain");
  }

  @Test
  void anotherDepthHoldsFromTheNextChangeOn() {
    thresholds.listMaxListpackSize = 2;
    thresholds.listCompressDepth = 1;
    create();
    for (int i = 0; i < 12; i++) {
      push(i + "x".repeat(100), false);
    }
    thresholds.listCompressDepth = 0;
    entry.list().drop(2, true, thresholds);
    push("at the head", true);
    push("before it", true);
    entry.list().drop(4, true, thresholds);
    entry.list().drop(1, true, thresholds);
    assertThat(elements(entry.list(), false)).hasSize(7).first().asString().startsWith("5x");
    thresholds.listCompressDepth = 2;
    push("at the head", true);
    push("before it", true);
    entry.list().validate(thresholds);
    assertThat(leaves()).element(2).isEqualTo("2 compressed");
  }
}
