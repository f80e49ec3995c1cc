package io.cinnabar.value;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.keyspace.Entry;
import io.cinnabar.keyspace.FrozenKeyspace;
import io.cinnabar.structure.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StreamValueTest extends ValueFixture {
  private static final StreamId LEAST = new StreamId();
  private static final StreamId GREATEST = new StreamId().setGreatest();

  StreamValueTest() {
    super(ValueType.STREAM);
  }

  private StreamValue create() {
    createKey();
    return entry.stream();
  }

  private static StreamId id(long ms, long seq) {
    return new StreamId().set(ms, seq);
  }

  private void add(StreamValue stream, StreamId id, String... words) {
    assertThat(stream.append(id, fields(words), thresholds)).isTrue();
  }

  private static StreamFields fields(String... words) {
    return new StreamFields() {
      @Override
      public int count() {
        return words.length / 2;
      }

      @Override
      public Slice field(int index) {
        return Slice.of(words[2 * index]);
      }

      @Override
      public Slice value(int index) {
        return Slice.of(words[2 * index + 1]);
      }
    };
  }

  /** The entry under the cursor as {@code 1-0 field value}. */
  private static String text(StreamCursor cursor) {
    StringBuilder text = new StringBuilder(cursor.id().toString());
    Slice field = new Slice();
    Slice value = new Slice();
    cursor.rewindFields();
    while (cursor.nextField(field, value)) {
      text.append(' ').append(field).append(' ').append(value);
    }
    return text.toString();
  }

  private static List<String> forwards(StreamValue stream, StreamId from) {
    List<String> texts = new ArrayList<>();
    for (boolean found = stream.cursor().seek(from); found; found = stream.cursor().next()) {
      texts.add(text(stream.cursor()));
    }
    return texts;
  }

  private static List<String> backwards(StreamValue stream, StreamId from) {
    List<String> texts = new ArrayList<>();
    StreamCursor cursor = stream.cursor();
    for (boolean found = cursor.seekBack(from); found; found = cursor.previous()) {
      texts.add(text(cursor));
    }
    return texts;
  }

  @Test
  void anEmptyStreamHasNothing() {
    StreamValue stream = create();
    assertThat(stream.length()).isZero();
    assertThat(forwards(stream, LEAST)).isEmpty();
    assertThat(backwards(stream, GREATEST)).isEmpty();
    assertThat(stream.firstEntryId(new StreamId()).isZero()).isTrue();
    assertThat(stream.lastEntryId(new StreamId()).isZero()).isTrue();
    assertThat(stream.delete(id(1, 1))).isFalse();
    assertThat(stream.radixTreeNodes()).isEqualTo(1);
    stream.validate();
  }

  @Test
  void idsBeyondTheSignedOnesAreInOrder() {
    StreamValue stream = create();
    thresholds.streamNodeMaxEntries = 1;
    add(stream, id(Long.MAX_VALUE, -2), "a", "1");
    add(stream, id(Long.MAX_VALUE, -1), "a", "2");
    add(stream, id(Long.MIN_VALUE, 0), "a", "3");
    add(stream, id(Long.MIN_VALUE, Long.MIN_VALUE), "a", "4");
    add(stream, id(-1, -1), "a", "5");
    assertThat(forwards(stream, id(Long.MAX_VALUE, -1)))
        .containsExactly(
            "9223372036854775807-18446744073709551615 a 2",
            "9223372036854775808-0 a 3",
            "9223372036854775808-9223372036854775808 a 4",
            "18446744073709551615-18446744073709551615 a 5");
    assertThat(backwards(stream, id(Long.MIN_VALUE, 1)))
        .containsExactly(
            "9223372036854775808-0 a 3",
            "9223372036854775807-18446744073709551615 a 2",
            "9223372036854775807-18446744073709551614 a 1");
    stream.validate();
  }

  @Test
  void smallEntriesTakeFewBytes() {
    StreamValue stream = create();
    for (int i = 0; i < 100_000; i++) {
      add(stream, id(1_700_000_000_000L + i / 50, i % 50), "field", "0123456789");
    }
    assertThat(entry.sizeBytes() / 100_000.0).isLessThan(17);
  }

  @Test
  void whatIsLoadedHasTheNodesThatItHad() {
    StreamValue stream = create();
    StreamNodeBuilder node = new StreamNodeBuilder();
    for (int first : new int[] {1, 7}) {
      node.begin(first, 0, 1);
      node.text(Slice.of("a"));
      for (int i = first; i < first + 3; i++) {
        node.entry(i, 0, i == first + 1, true, 1);
        node.text(Slice.of("v" + i));
      }
      stream.append(node, 50);
    }
    assertThat(forwards(stream, LEAST))
        .containsExactly("1-0 a v1", "3-0 a v3", "7-0 a v7", "9-0 a v9");
    StreamCursor cursor = stream.cursor();
    assertThat(cursor.firstNode()).isTrue();
    assertThat(cursor.masterMs()).isEqualTo(1);
    assertThat(cursor.nodeLive() + " " + cursor.nodeDeleted()).isEqualTo("2 1");
    assertThat(cursor.masterFields()).isEqualTo(1);
    Slice field = new Slice();
    cursor.masterField(0, field);
    assertThat(field.toString()).isEqualTo("a");
    assertThat(cursor.nextNode()).isTrue();
    assertThat(cursor.masterMs()).isEqualTo(7);
    assertThat(cursor.masterSeq()).isZero();
    assertThat(cursor.nextRaw()).isTrue();
    assertThat(cursor.isDeleted()).isFalse();
    assertThat(cursor.nextRaw()).isTrue();
    assertThat(text(cursor)).isEqualTo("8-0 a v8");
    assertThat(cursor.isDeleted()).isTrue();
    assertThat(cursor.nextRaw()).isTrue();
    assertThat(cursor.nextRaw()).isFalse();
    assertThat(cursor.nextNode()).isFalse();
    assertThat(stream.radixTreeKeys()).isEqualTo(2);
    stream.validate();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void isLikeASortedMap(long seed) {
    Random random = new Random(seed);
    StreamValue stream = create();
    TreeMap<Long, String> model = new TreeMap<>();
    thresholds.streamNodeMaxEntries = random.nextInt(2, 12);
    thresholds.streamNodeMaxBytes = random.nextInt(80, 400);
    List<FrozenKeyspace> views = new ArrayList<>();
    List<String> seen = new ArrayList<>();
    long last = 0;
    for (int step = 0; step < 3000; step++) {
      int dice = random.nextInt(100);
      if (dice < 60) {
        last += 1 + random.nextInt(random.nextInt(5) == 0 ? 5000 : 3);
        String[] words = words(random);
        add(stream, modelId(last), words);
        model.put(last, String.join(" ", words));
      } else if (dice < 85) {
        long victim = Math.max(0, last - random.nextInt(300));
        assertThat(stream.delete(modelId(victim))).isEqualTo(model.remove(victim) != null);
      } else if (dice < 87) {
        trim(random, stream, model, last);
      } else if (dice < 89 && views.size() < 2) {
        views.add(keyspace.freeze());
        seen.add(model.toString());
      } else if (dice < 92 && !views.isEmpty()) {
        assertThat(frozen(views.remove(0))).isEqualTo(seen.remove(0));
      }
      if (step % 50 == 0) {
        check(random, stream, model, last);
      }
    }
    while (!views.isEmpty()) {
      assertThat(frozen(views.remove(0))).isEqualTo(seen.remove(0));
    }
    check(random, stream, model, last);
  }

  private static StreamId modelId(long number) {
    return id(number / 4, number % 4);
  }

  private static String[] words(Random random) {
    String value = "v".repeat(random.nextInt(random.nextInt(10) == 0 ? 300 : 12));
    return switch (random.nextInt(4)) {
      case 0 -> new String[] {"field", value, "other", "17"};
      case 1 -> new String[] {"g", value};
      default -> new String[] {"field", value};
    };
  }

  private static void trim(
      Random random, StreamValue stream, NavigableMap<Long, String> model, long last) {
    StreamTrim trim = new StreamTrim();
    long before = stream.length();
    if (random.nextBoolean()) {
      trim.strategy = StreamTrim.Strategy.MAXLEN;
      trim.maxLength = random.nextInt(60);
      assertThat(stream.trim(trim)).isEqualTo(Math.max(0, before - trim.maxLength));
      while (model.size() > trim.maxLength) {
        model.pollFirstEntry();
      }
    } else {
      trim.strategy = StreamTrim.Strategy.MINID;
      long least = Math.max(0, last - random.nextInt(200));
      trim.minId.set(modelId(least));
      stream.trim(trim);
      model.headMap(least).clear();
    }
    assertThat(stream.length()).isEqualTo(model.size());
  }

  private static void check(
      Random random, StreamValue stream, NavigableMap<Long, String> model, long last) {
    stream.validate();
    assertThat(stream.length()).isEqualTo(model.size());
    long from = random.nextInt((int) last + 2);
    assertThat(forwards(stream, modelId(from))).isEqualTo(texts(model.tailMap(from, true)));
    assertThat(backwards(stream, modelId(from)))
        .isEqualTo(texts(model.headMap(from, true).descendingMap()));
    StreamId id = new StreamId();
    if (!model.isEmpty()) {
      assertThat(stream.firstEntryId(id).toString())
          .isEqualTo(modelId(model.firstKey()).toString());
      assertThat(stream.lastEntryId(id).toString()).isEqualTo(modelId(model.lastKey()).toString());
    }
  }

  private static List<String> texts(Map<Long, String> entries) {
    List<String> texts = new ArrayList<>();
    entries.forEach((number, words) -> texts.add(modelId(number) + " " + words));
    return texts;
  }

  private static String frozen(FrozenKeyspace view) {
    TreeMap<Long, String> entries = new TreeMap<>();
    Entry shared = new Entry();
    try (view) {
      assertThat(view.next(0, shared)).isTrue();
      StreamCursor cursor = shared.stream().cursor();
      for (boolean more = cursor.first(); more; more = cursor.next()) {
        String text = text(cursor);
        entries.put(cursor.id().ms * 4 + cursor.id().seq, text.substring(text.indexOf(' ') + 1));
      }
      assertThat(shared.stream().length()).isEqualTo(entries.size());
    }
    return entries.toString();
  }
}
