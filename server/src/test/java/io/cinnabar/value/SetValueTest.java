package io.cinnabar.value;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.Seed;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.keyspace.FrozenKeyspace;
import io.cinnabar.structure.Slice;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sets against Java's, and their encodings against Redis's rules. */
final class SetValueTest extends ValueFixture {
  private static final int[] LENGTHS = {0, 1, 3, 8, 19, 20, 63, 64, 65, 100, 700, 5000};

  private final SetMember scratch = new SetMember();

  SetValueTest() {
    super(ValueType.SET);
  }

  private static SetMember member(String text) {
    return new SetMember().of(Slice.of(text));
  }

  private SetValue create(String first, int sizeHint) {
    createDetachedKey();
    entry.set().begin(member(first), sizeHint, thresholds);
    database.attach(entry);
    return entry.set();
  }

  private SetValue setOf(String... members) {
    SetValue set = create(members[0], 1);
    for (String each : members) {
      set.add(member(each), thresholds);
    }
    return set;
  }

  private SetValue setOfRange(int from, int to, String prefix) {
    SetValue set = create(prefix + from, 1);
    for (int i = from; i < to; i++) {
      set.add(member(prefix + i), thresholds);
    }
    return set;
  }

  private List<String> members(SetValue set) {
    List<String> members = new ArrayList<>();
    for (boolean more = set.first(scratch); more; more = set.next(scratch)) {
      members.add(scratch.text().toString());
    }
    return members;
  }

  private List<String> scanned(SetValue set, long count) {
    List<String> members = new ArrayList<>();
    long cursor = 0;
    do {
      cursor = set.scan(cursor, count, scratch, each -> members.add(each.text().toString()));
    } while (cursor != 0);
    return members;
  }

  /** Random operations against a set of Java's, with views of earlier states open. */
  @ParameterizedTest
  @CsvSource({
    "512, 128, 64",
    "4, 3, 64",
    "3, 4, 20",
    "0, 0, 0",
    "10, 5, 5",
    "100, 300, 1000",
    "200, 10, 64"
  })
  void behavesAsASetDoes(int intsetEntries, int listpackEntries, int listpackBytes) {
    thresholds.setMaxIntsetEntries = intsetEntries;
    thresholds.setMaxListpackEntries = listpackEntries;
    thresholds.setMaxListpackBytes = listpackBytes;
    for (int round = 0; round < 8; round++) {
      long seed = Seed.of(SetValueTest.class) + round;
      try {
        run(new Random(seed), round % 2 == 0, new int[] {10, 100, 600}[round % 3]);
      } catch (RuntimeException | AssertionError failure) {
        throw new AssertionError("seed " + seed, failure);
      }
    }
  }

  private void run(Random random, boolean withViews, int size) {
    int kind = random.nextInt(3);
    Deque<FrozenKeyspace> views = new ArrayDeque<>();
    Deque<Set<String>> seen = new ArrayDeque<>();
    Set<String> model = new HashSet<>();
    String expected = "";
    boolean growing = true;
    for (int i = 0; i < 1500; i++) {
      if (model.isEmpty()) {
        if (i > 0) {
          database.remove(entry);
        }
        String first = text(random, kind);
        create(first, 1);
        expected = expectedAtFirst(first);
        growing = true;
      }
      growing = model.size() < size && (growing || model.isEmpty());
      expected = step(random, kind, model, growing, expected);
      assertThat(encoding()).isEqualTo(expected);
      assertThat(entry.set().count()).isEqualTo(model.size());
      if (i % 50 == 0) {
        check(entry.set(), model, random);
      }
      if (withViews && random.nextInt(100) == 0) {
        views.add(keyspace.freeze());
        seen.add(Set.copyOf(model));
      }
      if (views.size() > 2) {
        check(views.remove(), seen.remove());
      }
    }
    while (!views.isEmpty()) {
      check(views.remove(), seen.remove());
    }
    database.remove(entry);
  }

  private void check(SetValue set, Set<String> model, Random random) {
    assertThat(members(set)).containsExactlyInAnyOrderElementsOf(model);
    assertThat(scanned(set, 1 + random.nextInt(20))).containsExactlyInAnyOrderElementsOf(model);
    List<String> inOrder = members(set);
    for (int i = 0; i < inOrder.size(); i += 1 + random.nextInt(10)) {
      set.seek(i, scratch);
      assertThat(scratch.text().toString()).isEqualTo(inOrder.get(i));
      assertThat(set.contains(member(inOrder.get(i)))).isTrue();
      assertThat(set.contains(member(inOrder.get(i) + "!"))).isFalse();
    }
  }

  private void check(FrozenKeyspace view, Set<String> expected) {
    Entry shared = new Entry();
    List<String> found = new ArrayList<>();
    if (view.next(0, shared)) {
      found = members(shared.set());
    }
    assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
    view.close();
  }

  /** Adds or removes; the encoding that the set has then. */
  private String step(
      Random random, int kind, Set<String> model, boolean growing, String encoding) {
    SetValue set = entry.set();
    if (random.nextInt(10) < (growing ? 8 : 4) || model.isEmpty()) {
      String added = text(random, kind);
      boolean isNew = model.add(added);
      assertThat(set.add(member(added), thresholds)).isEqualTo(isNew);
      return isNew ? expectedWith(model, added, encoding) : encoding;
    }
    if (random.nextBoolean()) {
      set.seek(random.nextInt(model.size()), scratch);
      assertThat(model.remove(scratch.text().toString())).isTrue();
      set.removeFound();
      return encoding;
    }
    String removed = text(random, kind);
    assertThat(set.remove(member(removed))).isEqualTo(model.remove(removed));
    return encoding;
  }

  private String expectedAtFirst(String first) {
    if (isInteger(first) && thresholds.setMaxIntsetEntries >= 1) {
      return "intset";
    }
    return thresholds.setMaxListpackEntries >= 1 ? "listpack" : "hashtable";
  }

  private String expectedWith(Set<String> model, String added, String encoding) {
    int longest = model.stream().mapToInt(String::length).max().orElse(0);
    boolean fitsListpack =
        model.size() <= thresholds.setMaxListpackEntries
            && longest <= thresholds.setMaxListpackBytes;
    if (encoding.equals("intset")) {
      boolean isIntset = isInteger(added) && model.size() <= thresholds.setMaxIntsetEntries;
      return isIntset ? "intset" : !isInteger(added) && fitsListpack ? "listpack" : "hashtable";
    }
    boolean isListpack =
        encoding.equals("listpack")
            && model.size() <= thresholds.setMaxListpackEntries
            && added.length() <= thresholds.setMaxListpackBytes;
    return isListpack ? "listpack" : "hashtable";
  }

  private static boolean isInteger(String text) {
    return text.matches("0|-?[1-9][0-9]{0,17}");
  }

  private static String text(Random random, int kind) {
    if (kind == 0 || (kind == 1 && random.nextInt(100) > 0)) {
      return String.valueOf(
          switch (random.nextInt(3)) {
            case 0 -> random.nextInt(800);
            case 1 -> -random.nextInt(800) * 1000L;
            default -> random.nextInt(300) * 1_000_000_000_000L;
          });
    }
    int number = random.nextInt(700);
    int length = random.nextInt(100) > 0 ? number % 12 : LENGTHS[number % LENGTHS.length];
    return "m".repeat(length) + number;
  }

  @Test
  void theSizeHintDecidesBeforehand() {
    create("1", 512);
    assertThat(encoding()).isEqualTo("intset");
    database.remove(entry);
    create("1", 513);
    assertThat(encoding()).isEqualTo("hashtable");
    database.remove(entry);
    create("a", 128);
    assertThat(encoding()).isEqualTo("listpack");
    entry.set().expect(128, thresholds);
    assertThat(encoding()).isEqualTo("listpack");
    entry.set().expect(129, thresholds);
    assertThat(encoding()).isEqualTo("hashtable");
    database.remove(entry);
    setOf("1").expect(512, thresholds);
    assertThat(encoding()).isEqualTo("intset");
    entry.set().expect(513, thresholds);
    assertThat(encoding()).isEqualTo("hashtable");
  }

  @Test
  void aFewMembersOfWhichOneIsLongStayPacked() {
    setOf("short", "l".repeat(65));
    assertThat(encoding()).isEqualTo("hashtable");
    assertThat(entry.encoding()).isEqualTo(Encoding.LOOSE);
    entry.set().add(member("h".repeat(5000)), thresholds);
    assertThat(entry.encoding()).isEqualTo(Encoding.TREE);
    assertThat(members(entry.set()))
        .containsExactlyInAnyOrder("short", "l".repeat(65), "h".repeat(5000));
  }

  @Test
  void manyIntegersBecomeAnIntset() {
    SetValue set = setOfRange(0, 512, "");
    set.add(member("x"), thresholds);
    set.remove(member("x"));
    assertThat(entry.encoding()).isEqualTo(Encoding.TREE);
    set.becomeIntset(thresholds);
    assertThat(encoding()).isEqualTo("intset");
    assertThat(members(set)).hasSize(512).startsWith("0", "1").endsWith("511");
  }

  @Test
  void tooManyIntegersDoNot() {
    SetValue set = setOfRange(0, 513, "");
    set.becomeIntset(thresholds);
    assertThat(encoding()).isEqualTo("hashtable");
  }

  @Test
  void whatIsLeftBecomesAListpack() {
    SetValue set = setOfRange(0, 200, "m");
    for (int i = 128; i < 200; i++) {
      set.becomeListpack(thresholds);
      assertThat(encoding()).isEqualTo("hashtable");
      set.remove(member("m" + i));
    }
    set.becomeListpack(thresholds);
    assertThat(encoding()).isEqualTo("listpack");
    assertThat(members(set)).hasSize(128).contains("m0", "m127");
  }

  @Test
  void aMillionMembers() {
    SetValue set = setOfRange(0, 1_000_000, "member:");
    assertThat(set.count()).isEqualTo(1_000_000);
    for (int i = 0; i < 1_000_000; i += 7) {
      assertThat(set.contains(member("member:" + i))).isTrue();
      assertThat(set.remove(member("member:" + i))).isTrue();
      assertThat(set.contains(member("member:" + i))).isFalse();
    }
    assertThat(scanned(set, 1000)).hasSize((int) set.count()).doesNotHaveDuplicates();
    assertThat(entry.sizeBytes() / set.count()).isLessThan(40);
  }
}
