package io.cinnabar.structure;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cinnabar.Seed;
import io.cinnabar.structure.EditableArray.NoRoomException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Against a list of strings, with random operations; after each the bytes must be a listpack. */
final class ListpackTest {

  private static final int STEPS = 60_000;

  private final long seed = Seed.of(ListpackTest.class);
  private final SplittableRandom random = new SplittableRandom(seed);
  private final RandomElements some = new RandomElements(random);
  private final EditableArray bytes = new EditableArray(random);
  private final Slice text = new Slice();
  private final byte[] digits = new byte[IntegerText.MAX_LONG_BYTES];
  private List<byte[]> model = new ArrayList<>();
  private String step = "";

  @Test
  void agreesWithAList() {
    Listpack.format(bytes);
    for (int i = 0; i < STEPS; i++) {
      step = "seed " + seed + ", step " + i;
      bytes.begin();
      change();
      bytes.assertTidy(step);
      assertThat(bytes.length()).as(step).isEqualTo(total());
      assertThat(validate(true)).as(step).isTrue();
      assertSameAsModel();
      if (total() > 4000) {
        bytes.begin();
        Listpack.format(bytes);
        model.clear();
      }
    }
  }

  private void change() {
    int index = model.isEmpty() ? 0 : random.nextInt(model.size());
    int p = model.isEmpty() ? end() : seek(index);
    byte[] element = some.element();
    switch (random.nextInt(model.isEmpty() ? 5 : 10)) {
      case 0 -> {
        Listpack.append(bytes, some.slice(element));
        model.add(element);
      }
      case 1 -> {
        Listpack.prepend(bytes, some.slice(element));
        model.add(0, element);
      }
      case 2 -> {
        Listpack.insert(bytes, p, some.slice(element));
        model.add(index, element);
      }
      case 3 -> insertNumber(index, p);
      case 4 -> {
        byte[] second = some.element();
        if (random.nextBoolean()) {
          Listpack.insertPair(bytes, p, some.slice(element), some.slice(second));
          model.addAll(index, List.of(element, second));
        } else {
          Listpack.appendPair(bytes, some.slice(element), some.slice(second));
          model.addAll(List.of(element, second));
        }
      }
      case 5 -> {
        Listpack.replace(bytes, p, some.slice(element));
        model.set(index, element);
      }
      case 6 -> {
        long value = some.number();
        Listpack.replace(bytes, p, value);
        model.set(index, RandomElements.digits(value));
      }
      case 7 -> delete(index, p);
      case 8 -> deleteRange(index);
      default -> appendAll();
    }
  }

  private void insertNumber(int index, int p) {
    long value = some.number();
    switch (random.nextInt(3)) {
      case 0 -> {
        Listpack.append(bytes, value);
        model.add(RandomElements.digits(value));
      }
      case 1 -> {
        Listpack.prepend(bytes, value);
        model.add(0, RandomElements.digits(value));
      }
      default -> {
        Listpack.insert(bytes, p, value);
        model.add(index, RandomElements.digits(value));
      }
    }
  }

  private void delete(int index, int p) {
    int count = random.nextInt(4);
    int followed = Listpack.delete(bytes, p, count);
    int to = Math.min(model.size(), index + count);
    model.subList(index, to).clear();
    assertThat(followed).as(step).isEqualTo(index < model.size() ? p : Listpack.NONE);
  }

  private void deleteRange(int index) {
    int count = random.nextInt(4);
    int deleted = Math.min(model.size() - index, count);
    int given = random.nextBoolean() ? index : index - model.size();
    assertThat(Listpack.deleteRange(bytes, given, count)).as(step).isEqualTo(deleted);
    assertThat(Listpack.deleteRange(bytes, model.size(), 3)).as(step).isZero();
    model.subList(index, index + deleted).clear();
  }

  private void appendAll() {
    EditableArray other = new EditableArray(random);
    Listpack.format(other);
    List<byte[]> elements = new ArrayList<>();
    for (int n = random.nextInt(5); n >= 0; n--) {
      elements.add(some.element());
      Listpack.append(other, some.slice(elements.get(elements.size() - 1)));
    }
    int skipped = random.nextInt(elements.size());
    int from = Listpack.seek(other.array(), other.offset(), skipped);
    int to = Listpack.end(other.array(), other.offset());
    int count = elements.size() - skipped;
    Listpack.appendAll(bytes, other.array(), other.offset() + from, other.offset() + to, count);
    model.addAll(elements.subList(skipped, elements.size()));
  }

  private void assertSameAsModel() {
    byte[] a = bytes.array();
    int start = bytes.offset();
    assertThat(Listpack.count(a, start)).as(step).isEqualTo(model.size());
    int p = Listpack.first(a, start);
    int before = Listpack.NONE;
    for (int i = 0; i < model.size(); i++) {
      String at = step + ", element " + i;
      assertThat(p).as(at).isNotEqualTo(Listpack.NONE);
      assertThat(Listpack.previous(a, start, p)).as(at).isEqualTo(before);
      assertThat(seek(i)).as(at).isEqualTo(p);
      assertThat(seek(i - model.size())).as(at).isEqualTo(p);
      assertElement(p, model.get(i), at);
      before = p;
      p = Listpack.next(a, start, p);
    }
    assertThat(p).as(step).isEqualTo(Listpack.NONE);
    assertThat(Listpack.last(a, start)).as(step).isEqualTo(before);
    assertThat(seek(model.size())).as(step).isEqualTo(Listpack.NONE);
    assertThat(seek(-1 - model.size())).as(step).isEqualTo(Listpack.NONE);
    assertFinds();
  }

  private void assertElement(int p, byte[] element, String at) {
    byte[] a = bytes.array();
    int start = bytes.offset();
    Listpack.text(a, start, p, text, digits);
    assertThat(text.toByteArray()).as(at).isEqualTo(element);
    assertThat(Listpack.length(a, start, p)).as(at).isEqualTo(element.length);
    boolean isLong = IntegerText.isLong(some.slice(element));
    assertThat(Listpack.isInteger(a, start, p)).as(at).isEqualTo(isLong);
    if (isLong) {
      long value = IntegerText.toLong(some.slice(element));
      assertThat(Listpack.integer(a, start, p)).as(at).isEqualTo(value);
    }
    assertThat(Listpack.matches(a, start, p, some.slice(element))).as(at).isTrue();
    byte[] other = some.element();
    boolean same = Arrays.equals(other, element);
    assertThat(Listpack.matches(a, start, p, some.slice(other))).as(at).isEqualTo(same);
    int entryBytes = ListpackEntry.entryBytes(a, start + p);
    assertThat(ListpackEntry.encodedBytes(some.slice(element))).as(at).isEqualTo(entryBytes);
    assertThat(ListpackEntry.entryBytesBefore(a, start + p + entryBytes)).isEqualTo(entryBytes);
  }

  private void assertFinds() {
    int size = model.size();
    byte[] sought =
        size > 0 && random.nextBoolean() ? model.get(random.nextInt(size)) : some.element();
    int skip = random.nextInt(3);
    int from = size == 0 ? 0 : random.nextInt(size);
    int expected = Listpack.NONE;
    for (int i = from; i < size && expected == Listpack.NONE; i += 1 + skip) {
      expected = Arrays.equals(model.get(i), sought) ? seek(i) : Listpack.NONE;
    }
    int found = Listpack.find(bytes.array(), bytes.offset(), seek(from), some.slice(sought), skip);
    assertThat(found)
        .as("%s, %s from %d on, skipping %d", step, new String(sought, US_ASCII), from, skip)
        .isEqualTo(expected);
  }

  @Test
  void changesNothingWithoutRoom() {
    for (int round = 0; round < 2000; round++) {
      String description = "seed " + seed + ", round " + round;
      Listpack.format(bytes);
      model = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        model.add(some.element());
        Listpack.append(bytes, some.slice(model.get(i)));
      }
      byte[] before = bytes.copy();
      bytes.begin();
      bytes.refuse(1);
      int operation = random.nextInt(6);
      int p = seek(random.nextInt(5));
      assertThatThrownBy(() -> refused(operation, p))
          .as(description)
          .isInstanceOf(NoRoomException.class);
      assertThat(bytes.copy()).as(description).isEqualTo(before);
      bytes.begin();
    }
  }

  private void refused(int operation, int p) {
    switch (operation) {
      case 0 -> Listpack.append(bytes, some.slice(some.element()));
      case 1 -> Listpack.insert(bytes, p, some.number());
      case 2 -> Listpack.appendPair(bytes, some.slice(some.element()), some.slice(some.element()));
      case 3 -> Listpack.replace(bytes, p, some.slice(some.element()));
      case 4 -> Listpack.delete(bytes, p, 1);
      default -> Listpack.format(bytes);
    }
  }

  /** The header counts to 65,534. */
  @Test
  void countsMoreThanTheHeaderHolds() {
    Listpack.format(bytes);
    EditableArray thousands = new EditableArray(random);
    Listpack.format(thousands);
    for (int i = 0; i < 5000; i++) {
      Listpack.append(thousands, i % 10);
    }
    byte[] source = thousands.array();
    int from = thousands.offset() + 6;
    for (int n = 1; n <= 13; n++) {
      Listpack.appendAll(bytes, source, from, from + 10_000, 5000);
    }
    assertCount(65_000, 65_000);
    Listpack.appendAll(bytes, source, from, from + 2 * 534, 534);
    assertCount(65_534, 65_534);
    Listpack.append(bytes, 7);
    assertCount(65_535, 65_535);
    Listpack.appendPair(bytes, some.slice("a"), some.slice("b"));
    assertCount(65_537, 65_535);
    Listpack.delete(bytes, seek(3), 1);
    assertCount(65_536, 65_535);
    assertThat(seek(65_535)).isEqualTo(Listpack.last(bytes.array(), bytes.offset()));
    assertThat(seek(-65_536)).isEqualTo(Listpack.first(bytes.array(), bytes.offset()));
    assertThat(seek(65_536)).isEqualTo(Listpack.NONE);
    assertThat(seek(-65_537)).isEqualTo(Listpack.NONE);
    assertThat(Listpack.deleteRange(bytes, -2, 10)).isEqualTo(2);
    assertCount(65_534, 65_534);
    Listpack.appendAll(bytes, source, from, from + 10_000, 5000);
    assertCount(70_534, 65_535);
  }

  private void assertCount(int count, int stated) {
    byte[] a = bytes.array();
    int start = bytes.offset();
    assertThat(Listpack.count(a, start)).isEqualTo(count);
    assertThat((a[start + 4] & 0xFF) | (a[start + 5] & 0xFF) << 8).isEqualTo(stated);
    assertThat(validate(true)).isTrue();
  }

  /** Of hashes and files of others: integers that are strings, and wider than need be. */
  @Test
  void readsWhatIsNotTheShortest() {
    String five = "823" + "503" + "f1050003" + "e00135" + "03" + "f0010000003506";
    bytes.place(
        HexFormat.of().parseHex("1900000004" + "00" + five.replace("823503", "813502") + "ff"));
    assertThat(validate(true)).as(HexFormat.of().formatHex(bytes.copy())).isTrue();
    for (int i = 0; i < 4; i++) {
      assertElementText(i, "5");
      int found = Listpack.find(bytes.array(), bytes.offset(), seek(i), some.slice("5"), 0);
      assertThat(found).isEqualTo(seek(i));
    }
    int none = Listpack.find(bytes.array(), bytes.offset(), seek(0), some.slice("05"), 0);
    assertThat(none).isEqualTo(Listpack.NONE);
  }

  private void assertElementText(int index, String expected) {
    Listpack.text(bytes.array(), bytes.offset(), seek(index), text, digits);
    assertThat(text).hasToString(expected);
    assertThat(Listpack.matches(bytes.array(), bytes.offset(), seek(index), some.slice(expected)))
        .isTrue();
  }

  @Test
  void knowsHowMuchMoreFits() {
    Listpack.format(bytes);
    int room = (1 << 30) - Listpack.EMPTY_BYTES;
    assertThat(Listpack.hasRoomFor(bytes.array(), bytes.offset(), room)).isTrue();
    assertThat(Listpack.hasRoomFor(bytes.array(), bytes.offset(), room + 1)).isFalse();
    assertThat(Listpack.hasRoomFor(bytes.array(), bytes.offset(), Integer.MAX_VALUE)).isFalse();
  }

  private int total() {
    return Listpack.totalBytes(bytes.array(), bytes.offset());
  }

  private int end() {
    return Listpack.end(bytes.array(), bytes.offset());
  }

  private int seek(int index) {
    return Listpack.seek(bytes.array(), bytes.offset(), index);
  }

  private boolean validate(boolean deep) {
    return Listpack.validate(bytes.array(), bytes.offset(), bytes.length(), deep);
  }
}
