package io.cinnabar.structure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cinnabar.Seed;
import io.cinnabar.structure.EditableArray.NoRoomException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Against a sorted set of longs, and against bytes that a real server has made. */
final class IntsetTest {

  private static final int ROUNDS = 400;

  private final long seed = Seed.of(IntsetTest.class);
  private final SplittableRandom random = new SplittableRandom(seed);
  private final EditableArray bytes = new EditableArray(random);
  private final TreeSet<Long> model = new TreeSet<>();
  private int width;
  private String step = "";

  @Test
  void agreesWithASortedSet() {
    for (int round = 0; round < ROUNDS; round++) {
      Intset.format(bytes);
      model.clear();
      width = Short.BYTES;
      int shift = random.nextInt(64);
      for (int i = 0; i < 150; i++) {
        step = "seed " + seed + ", round " + round + ", step " + i;
        bytes.begin();
        change(random.nextLong() >> Math.min(63, shift + random.nextInt(8)));
        bytes.assertTidy(step);
        assertSameAsModel();
      }
    }
  }

  private void change(long value) {
    if (random.nextInt(3) > 0) {
      boolean isNew = model.add(value);
      assertThat(Intset.add(bytes, value)).as(step).isEqualTo(isNew);
      width = Math.max(width, value == (short) value ? 2 : value == (int) value ? 4 : 8);
    } else if (model.isEmpty() || random.nextBoolean()) {
      assertThat(Intset.remove(bytes, value)).as(step).isEqualTo(model.remove(value));
    } else {
      long element = Intset.random(bytes.array(), bytes.offset(), random);
      assertThat(model.remove(element)).as(step).isTrue();
      assertThat(Intset.remove(bytes, element)).as(step).isTrue();
    }
  }

  private void assertSameAsModel() {
    byte[] a = bytes.array();
    int start = bytes.offset();
    assertThat(Intset.count(a, start)).as(step).isEqualTo(model.size());
    assertThat(Intset.width(a, start)).as(step).isEqualTo(width);
    assertThat(Intset.totalBytes(a, start)).as(step).isEqualTo(bytes.length());
    assertThat(Intset.validate(a, start, bytes.length(), true))
        .as(step)
        .isEqualTo(!model.isEmpty());
    List<Long> elements = new ArrayList<>();
    for (int i = 0; i < Intset.count(a, start); i++) {
      elements.add(Intset.get(a, start, i));
      assertThat(Intset.find(a, start, elements.get(i))).as(step).isEqualTo(i);
    }
    assertThat(elements).as(step).containsExactlyElementsOf(model);
    long other = random.nextLong() >> random.nextInt(64);
    assertThat(Intset.contains(a, start, other)).as(step).isEqualTo(model.contains(other));
    if (!model.contains(other)) {
      int index = model.headSet(other).size();
      assertThat(Intset.find(a, start, other)).as(step).isEqualTo(-1 - index);
    }
  }

  @Test
  void changesNothingWithoutRoom() {
    Intset.format(bytes);
    for (int i = 0; i < 10; i++) {
      Intset.add(bytes, 3L * i);
    }
    byte[] before = bytes.copy();
    bytes.refuse(1);
    assertThatThrownBy(() -> Intset.add(bytes, 5)).isInstanceOf(NoRoomException.class);
    assertThatThrownBy(() -> Intset.add(bytes, 1L << 40)).isInstanceOf(NoRoomException.class);
    assertThatThrownBy(() -> Intset.remove(bytes, 6)).isInstanceOf(NoRoomException.class);
    assertThat(Intset.add(bytes, 6)).isFalse();
    assertThat(Intset.remove(bytes, 5)).isFalse();
    assertThat(bytes.copy()).isEqualTo(before);
  }

  /** What DUMP of redis-server 7.0.15 contains after SADD and SREM. */
  @Test
  void isWhatARealServerMakes() {
    Intset.format(bytes);
    add(3, -1, 2);
    assertBytes("0200000003000000ffff02000300");
    add(40_000);
    assertBytes("0400000004000000ffffffff0200000003000000409c0000");
    add(Long.MIN_VALUE);
    assertBytes(
        "08000000050000000000000000000080ffffffffffffffff"
            + "02000000000000000300000000000000409c000000000000");
    Intset.remove(bytes, Long.MIN_VALUE);
    assertBytes(
        "0800000004000000ffffffffffffffff" + "02000000000000000300000000000000409c000000000000");
  }

  private void add(long... values) {
    for (long value : values) {
      assertThat(Intset.add(bytes, value)).isTrue();
    }
  }

  private void assertBytes(String hex) {
    assertThat(HexFormat.of().formatHex(bytes.copy())).isEqualTo(hex);
  }

  @Test
  void refusesWhatIsDamaged() {
    byte[] intact = HexFormat.of().parseHex("0400000004000000ffffffff0200000003000000409c0000");
    assertThat(validate(intact, true)).isTrue();
    for (int i = 0; i < intact.length; i++) {
      assertThat(validate(Arrays.copyOf(intact, i), true)).as("%d bytes", i).isFalse();
    }
    for (int i = 0; i < 8; i++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] damaged = intact.clone();
        damaged[i] ^= (byte) (1 << bit);
        assertThat(validate(damaged, true)).as("byte %d, bit %d", i, bit).isFalse();
        assertThat(validate(damaged, false)).as("byte %d, bit %d", i, bit).isFalse();
      }
    }
    byte[] unordered = intact.clone();
    unordered[12] = 3;
    assertThat(validate(unordered, true)).isFalse();
    assertThat(validate(unordered, false)).isTrue();
    unordered[12] = 4;
    assertThat(validate(unordered, true)).isFalse();
    // More than 2^32 bytes, of which the lower half is the length.
    assertThat(validate(HexFormat.of().parseHex("0800000000000020"), true)).isFalse();
    assertThat(validate(HexFormat.of().parseHex("0800000001000020" + "00".repeat(8)), true))
        .isFalse();
  }

  private boolean validate(byte[] intset, boolean deep) {
    bytes.place(intset);
    return Intset.validate(bytes.array(), bytes.offset(), intset.length, deep);
  }
}
