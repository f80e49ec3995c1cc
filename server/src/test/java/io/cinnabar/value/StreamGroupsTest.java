package io.cinnabar.value;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.keyspace.Entry;
import io.cinnabar.keyspace.FrozenKeyspace;
import io.cinnabar.structure.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Groups, consumers and what is pending, against sorted maps of their texts. */
final class StreamGroupsTest extends ValueFixture {

  private final Slice name = new Slice();
  private final StreamId id = new StreamId();

  /** Group, and by its consumers or pending IDs what the text of each is. */
  private final TreeMap<String, TreeMap<String, String>> consumers = new TreeMap<>();

  private final TreeMap<String, TreeMap<Integer, String>> pending = new TreeMap<>();

  StreamGroupsTest() {
    super(ValueType.STREAM);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void areLikeSortedMaps(long seed) {
    Random random = new Random(seed);
    createKey();
    StreamValue stream = entry.stream();
    List<FrozenKeyspace> views = new ArrayList<>();
    List<String> seen = new ArrayList<>();
    for (int step = 0; step < 4000; step++) {
      change(random, stream.groups());
      if (random.nextInt(200) == 0 && views.size() < 2) {
        views.add(keyspace.freeze());
        seen.add(model());
      } else if (random.nextInt(100) == 0 && !views.isEmpty()) {
        assertThat(frozen(views.remove(0))).isEqualTo(seen.remove(0));
      }
      if (step % 100 == 0) {
        stream.validate();
        assertThat(text(stream.groups())).isEqualTo(model());
      }
    }
    while (!views.isEmpty()) {
      assertThat(frozen(views.remove(0))).isEqualTo(seen.remove(0));
    }
    stream.validate();
    assertThat(text(stream.groups())).isEqualTo(model());
  }

  private void change(Random random, StreamGroups groups) {
    String group = "group" + random.nextInt(4);
    String consumer = "c".repeat(random.nextInt(1, 40)) + random.nextInt(3);
    int dice = random.nextInt(1000);
    if (dice < 50) {
      boolean isNew = consumers.putIfAbsent(group, new TreeMap<>()) == null;
      assertThat(groups.find(Slice.of(group))).isEqualTo(!isNew);
      if (isNew) {
        pending.put(group, new TreeMap<>());
        groups.create(Slice.of(group), id.set(1, 2), 3);
      }
    } else if (consumers.containsKey(group)) {
      assertThat(groups.find(Slice.of(group))).isTrue();
      if (dice < 55) {
        groups.remove();
        consumers.remove(group);
        pending.remove(group);
      } else if (dice < 80) {
        removeConsumer(groups, group, consumer);
      } else if (dice < 400) {
        acknowledge(random, groups, group);
      } else {
        deliver(random, groups, group, consumer);
      }
    }
  }

  private void removeConsumer(StreamGroups groups, String group, String consumer) {
    boolean isThere = of(consumers, group).remove(consumer) != null;
    assertThat(groups.consumers().find(groups.number(), Slice.of(consumer))).isEqualTo(isThere);
    if (isThere) {
      int before = of(pending, group).size();
      of(pending, group).values().removeIf(text -> text.startsWith(consumer + " "));
      assertThat(groups.removeConsumer()).isEqualTo(before - of(pending, group).size());
    }
  }

  private void acknowledge(Random random, StreamGroups groups, String group) {
    int number = random.nextInt(800);
    boolean isPending = of(pending, group).remove(number) != null;
    assertThat(groups.pending().find(groups.number(), modelId(number))).isEqualTo(isPending);
    if (isPending) {
      groups.pending().remove();
    }
  }

  private void deliver(Random random, StreamGroups groups, String group, String consumer) {
    int number = random.nextInt(800);
    long time = random.nextInt(1000);
    if (!groups.consumers().find(groups.number(), Slice.of(consumer))) {
      assertThat(of(consumers, group)).doesNotContainKey(consumer);
      groups.consumers().create(groups.number(), Slice.of(consumer), time);
      of(consumers, group).put(consumer, time + " -1");
    }
    long owner = groups.consumers().number();
    groups.consumers().seen(time);
    groups.consumers().active(time + 1);
    of(consumers, group).put(consumer, time + " " + (time + 1));
    StreamPending entries = groups.pending();
    if (entries.find(groups.number(), modelId(number))) {
      assertThat(of(pending, group)).containsKey(number);
      entries.deliver(owner, time, time / 2);
    } else {
      entries.add(groups.number(), modelId(number), owner, time, time / 2);
    }
    of(pending, group).put(number, consumer + " " + time + " " + time / 2);
  }

  private static <T> T of(Map<String, T> groups, String group) {
    return Objects.requireNonNull(groups.get(group));
  }

  private StreamId modelId(int number) {
    return id.set(number / 4 == 0 ? 0 : Long.MAX_VALUE - 100 + number / 4, number % 4);
  }

  private String model() {
    StringBuilder text = new StringBuilder();
    consumers.forEach(
        (group, members) -> {
          text.append(group).append(members.size());
          members.forEach(
              (member, times) -> text.append('\n').append(member).append(' ').append(times));
          text.append('\n').append(of(pending, group).size());
          of(pending, group)
              .forEach(
                  (number, what) ->
                      text.append('\n').append(modelId(number)).append(' ').append(what));
        });
    return text.toString();
  }

  private String text(StreamGroups groups) {
    StringBuilder text = new StringBuilder();
    StreamConsumers members = groups.consumers();
    StreamPending entries = groups.pending();
    for (boolean found = groups.first(); found; found = groups.next()) {
      long number = groups.number();
      assertThat(groups.lastId(id).toString()).isEqualTo("1-2");
      assertThat(groups.entriesRead()).isEqualTo(3);
      text.append(groups.name(name)).append(members.count(number));
      long ofAll = 0;
      for (boolean more = members.first(number); more; more = members.next()) {
        text.append('\n').append(members.name(name)).append(' ').append(members.seenMillis());
        text.append(' ').append(members.activeMillis());
        long own = entries.countOf(members.number());
        ofAll += own;
        for (boolean has = entries.seekOf(members.number(), number, id.setLeast());
            has;
            has = entries.nextOf(members.number(), number)) {
          assertThat(entries.consumer()).isEqualTo(members.number());
          own--;
        }
        assertThat(own).isZero();
      }
      assertThat(entries.count(number)).isEqualTo(ofAll);
      text.append('\n').append(ofAll);
      for (boolean more = entries.seek(number, id.setLeast()); more; more = entries.next()) {
        text.append('\n').append(entries.id(id)).append(' ');
        text.append(members.nameOf(entries.consumer(), name)).append(' ');
        text.append(entries.deliveredMillis()).append(' ').append(entries.deliveries());
      }
    }
    return text.toString();
  }

  private String frozen(FrozenKeyspace view) {
    Entry shared = new Entry();
    try (view) {
      assertThat(view.next(0, shared)).isTrue();
      return text(shared.stream().groups());
    }
  }
}
