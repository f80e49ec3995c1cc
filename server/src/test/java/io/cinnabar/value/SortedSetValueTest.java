package io.cinnabar.value;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.arena.Arena;
import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.keyspace.FrozenKeyspace;
import io.cinnabar.structure.Slice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SortedSetValueTest extends ValueFixture {
  private record Member(String name, double score) implements Comparable<Member> {
    @Override
    public int compareTo(Member other) {
      // Both zeros are the same.
      int byScore = Double.compare(score + 0.0, other.score + 0.0);
      return byScore != 0 ? byScore : name.compareTo(other.name);
    }
  }

  private record View(FrozenKeyspace frozen, List<Member> members) {}

  private final Entry frozenEntry = new Entry();
  private final List<View> views = new ArrayList<>();
  private final Map<String, Double> scores = new HashMap<>();
  private final TreeSet<Member> order = new TreeSet<>();
  private Random random = new Random(0);
  private String seedText = "";

  SortedSetValueTest() {
    super(ValueType.SORTED_SET);
  }

  @AfterEach
  void closeViews() {
    while (!views.isEmpty()) {
      views.remove(0).frozen.close();
    }
  }

  private SortedSetValue create() {
    createKey();
    return entry.sortedSet();
  }

  private SortedSetValue value() {
    assertThat(database.find(KEY, database.hash(KEY), entry)).isTrue();
    return entry.sortedSet();
  }

  // ---- random operations

  @ParameterizedTest
  @CsvSource({
    "1, 0, 20, 300",
    "2, 8, 20, 40",
    "3, 0, 20, 3000",
    "4, 128, 64, 300",
    "5, 0, 900, 200",
    "6, 0, 9000, 60",
    "7, 4, 20, 20000"
  })
  void agreesWithAModel(long seed, int maxEntries, int longestName, int names) {
    seedText = "seed " + seed;
    random = new Random(seed);
    thresholds.sortedSetMaxListpackEntries = maxEntries;
    create();
    int steps = names > 5000 ? 60_000 : 12_000;
    for (int i = 0; i < steps; i++) {
      // Waves: more members, then fewer.
      boolean isGrowing = i / (steps / 6) % 2 == 0;
      step(isGrowing, name(random.nextInt(names), longestName));
      if (i % (steps / 40) == 0) {
        check();
      }
    }
    check();
    value().removeRange(0, order.size());
    assertThat(value().count()).isZero();
  }

  private static String name(int number, int longest) {
    return number + "m".repeat(new Random(number).nextInt(longest));
  }

  private double score() {
    return switch (random.nextInt(6)) {
      case 0 -> random.nextInt(5) - 2;
      case 1 -> random.nextDouble() * 1e6;
      case 2 -> random.nextInt(1_000_000);
      case 3 -> -random.nextDouble();
      case 4 ->
          new double[] {-0.0, 0, Double.NEGATIVE_INFINITY, 1e300, Double.MIN_VALUE}
              [random.nextInt(5)];
      default -> random.nextInt(100) / 8.0;
    };
  }

  private void step(boolean isGrowing, String name) {
    int chance = random.nextInt(100);
    if (chance < (isGrowing ? 70 : 25)) {
      put(name, score());
    } else if (chance < 90) {
      remove(name);
    } else if (chance < 92 && !isGrowing) {
      removeRange();
    } else if (chance == 98) {
      openOrCloseView();
    } else {
      look(name);
    }
  }

  private void put(String name, double score) {
    SortedSetValue value = value();
    boolean isSmall = encoding().equals("listpack");
    Slice member = Slice.of(name);
    double before = value.score(member);
    Double expected = scores.get(name);
    assertThat(Double.valueOf(before))
        .as(seedText)
        .isEqualTo(expected == null ? Double.valueOf(Double.NaN) : expected);
    if (expected == null) {
      value.insert(member, score, thresholds);
    } else if (before != score) {
      value.rescore(member, before, score);
      order.remove(new Member(name, before));
    } else {
      return;
    }
    double kept = isSmall && encoding().equals("listpack") ? score + 0.0 : score;
    scores.put(name, kept);
    order.add(new Member(name, kept));
  }

  private void remove(String name) {
    SortedSetValue value = value();
    double before = value.score(Slice.of(name));
    Double expected = scores.get(name);
    assertThat(Double.isNaN(before)).as(seedText).isEqualTo(expected == null);
    if (expected != null) {
      value.remove();
      scores.remove(name);
      order.remove(new Member(name, expected));
    }
  }

  private void removeRange() {
    int from = random.nextInt(order.size() + 1);
    int count = Math.min(order.size() - from, random.nextInt(100));
    if (count > 0) {
      value().removeRange(from, count);
      for (Member gone : new ArrayList<>(order).subList(from, from + count)) {
        order.remove(gone);
        scores.remove(gone.name);
      }
    }
  }

  private void look(String name) {
    SortedSetValue value = value();
    Double expected = scores.get(name);
    double found = value.score(Slice.of(name));
    assertThat(Double.valueOf(found))
        .as(seedText)
        .isEqualTo(expected == null ? Double.valueOf(Double.NaN) : expected);
    if (expected != null) {
      long rank = order.headSet(new Member(name, expected)).size();
      assertThat(value.rank()).as(seedText).isEqualTo(rank);
      assertThat(value.seekRank(rank)).isTrue();
      assertThat(value.member().toString()).isEqualTo(name);
    }
    double bound = score();
    long below = order.headSet(new Member("", bound)).size();
    long upTo = order.headSet(new Member("\uffff", bound)).size();
    assertThat(value.countBelow(bound, false)).as(seedText).isEqualTo(below);
    assertThat(value.countBelow(bound, true)).as(seedText).isEqualTo(upTo);
  }

  private void openOrCloseView() {
    if (views.size() > 2) {
      View closed = views.remove(random.nextInt(views.size()));
      check(closed);
      closed.frozen.close();
    } else {
      views.add(new View(keyspace.freeze(), new ArrayList<>(order)));
    }
  }

  private void check() {
    SortedSetValue value = value();
    value.validate();
    assertMembers(value, new ArrayList<>(order));
    views.forEach(this::check);
  }

  private void check(View view) {
    view.frozen.rewind(0);
    assertThat(view.frozen.next(0, frozenEntry)).isTrue();
    assertMembers(frozenEntry.sortedSet(), view.members);
  }

  private void assertMembers(SortedSetValue value, List<Member> expected) {
    assertThat(value.count()).as(seedText).isEqualTo(expected.size());
    List<Member> found = new ArrayList<>();
    for (boolean more = value.seekRank(0); more; more = value.next()) {
      found.add(new Member(value.member().toString(), value.score()));
    }
    assertThat(found).as(seedText).isEqualTo(expected);
    for (boolean more = value.seekRank(expected.size() - 1); more; more = value.previous()) {
      assertThat(value.member().toString()).isEqualTo(found.remove(found.size() - 1).name);
    }
    assertThat(found).as(seedText).isEmpty();
  }

  // ---- short of memory

  /** A change that finds no room has changed nothing, whether a view is open or not. */
  @ParameterizedTest
  @CsvSource({"21, 20, 30000", "22, 900, 3000", "23, 5000, 400"})
  void whatFindsNoRoomChangesNothing(long seed, int longestName, int names) {
    seedText = "seed " + seed;
    random = new Random(seed);
    use(new Arena(3));
    create();
    int refused = 0;
    for (int i = 0; i < 25_000; i++) {
      try {
        step(i % 10_000 < 8_000, name(random.nextInt(names), longestName));
      } catch (ArenaFullException full) {
        refused++;
        if (refused % 400 == 1) {
          check();
        }
        if (refused % 100 == 99 && !views.isEmpty()) {
          views.remove(0).frozen.close();
        }
      }
    }
    check();
    assertThat(refused).as(seedText).isPositive();
  }

  // ---- scans

  /** What is there from begin to end is visited once, whatever comes and goes meanwhile. */
  @ParameterizedTest
  @CsvSource({"11, 100", "12, 3000", "13, 20000"})
  void aScanVisitsEachMemberOnce(long seed, int members) {
    seedText = "seed " + seed;
    random = new Random(seed);
    thresholds.sortedSetMaxListpackEntries = 64;
    // With scores of their own, with some that many have, and all with the same.
    for (int scoresUsed : new int[] {members, 5, 1}) {
      create();
      for (int i = 0; i < members; i++) {
        put("kept" + i, random.nextInt(scoresUsed));
      }
      Map<String, Integer> visits = new HashMap<>();
      long cursor = 0;
      int calls = 0;
      do {
        cursor =
            value().scan(cursor, 10, at -> visits.merge(at.member().toString(), 1, Integer::sum));
        for (int i = 0; i < 3; i++) {
          String passing = "passing" + random.nextInt(members);
          if (random.nextBoolean()) {
            put(passing, random.nextInt(scoresUsed));
          } else {
            remove(passing);
          }
          put("kept" + random.nextInt(members), random.nextInt(scoresUsed));
        }
        calls++;
      } while (cursor != 0);
      assertThat(calls).isLessThanOrEqualTo(members / 10 + members / 5);
      for (int i = 0; i < members; i++) {
        assertThat(visits.get("kept" + i)).as(seedText + ", kept" + i).isEqualTo(1);
      }
      database.remove(entryOfKey());
      scores.clear();
      order.clear();
    }
    create();
  }

  private Entry entryOfKey() {
    value();
    return entry;
  }
}
