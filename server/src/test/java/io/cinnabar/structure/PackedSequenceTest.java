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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Against a list of strings, with random operations; after each the bytes must be a sequence, and
 * the listpack of the same elements the one that {@link Listpack} makes of them.
 */
final class PackedSequenceTest {

  private static final int STEPS = 60_000;

  private final long seed = Seed.of(PackedSequenceTest.class);
  private final SplittableRandom random = new SplittableRandom(seed);
  private final RandomElements some = new RandomElements(random);
  private final EditableArray bytes = new EditableArray(random);
  private final EditableArray other = new EditableArray(random);
  private final EditableArray listpack = new EditableArray(random);
  private final Slice text = new Slice();
  private final byte[] digits = new byte[IntegerText.MAX_LONG_BYTES];
  private final List<byte[]> model = new ArrayList<>();
  private String step = "";

  @Test
  void agreesWithAList() {
    PackedSequence.format(bytes);
    int most = 300;
    for (int i = 0; i < STEPS; i++) {
      step = "seed " + seed + ", step " + i;
      bytes.begin();
      change();
      bytes.assertTidy(step);
      assertThat(PackedSequence.validate(sequence())).as(step).isTrue();
      assertSameAsModel();
      if (model.size() > most) {
        bytes.begin();
        PackedSequence.format(bytes);
        model.clear();
        most = random.nextInt(300);
      }
    }
  }

  private void change() {
    int index = model.isEmpty() ? 0 : random.nextInt(model.size());
    int p = position(index);
    byte[] element = some.element();
    switch (random.nextInt(model.isEmpty() ? 3 : 6)) {
      case 0 -> {
        byte[] second = some.element();
        PackedSequence.insertPair(bytes, p, some.slice(element), some.slice(second));
        model.addAll(index, List.of(element, second));
      }
      case 1 -> {
        byte[] second = some.element();
        int end = PackedSequence.end(sequence());
        PackedSequence.insertPair(bytes, end, some.slice(element), some.slice(second));
        model.addAll(List.of(element, second));
      }
      case 2 -> {
        long value = some.number();
        PackedSequence.insert(bytes, p, value);
        model.add(index, RandomElements.digits(value));
      }
      case 3, 4 -> {
        PackedSequence.replace(bytes, p, some.slice(element));
        model.set(index, element);
      }
      default -> {
        int count = Math.min(random.nextInt(4), model.size() - index);
        PackedSequence.delete(bytes, p, count);
        model.subList(index, index + count).clear();
      }
    }
  }

  private void assertSameAsModel() {
    Slice sequence = sequence();
    assertThat(PackedSequence.count(sequence)).as(step).isEqualTo(model.size());
    assertThat(PackedSequence.first(sequence))
        .as(step)
        .isEqualTo(model.isEmpty() ? PackedSequence.NONE : 0);
    int p = 0;
    for (int i = 0; i < model.size(); i++) {
      String at = step + ", element " + i;
      PackedElement.text(sequence.array, PackedSequence.start(sequence) + p, text, digits);
      assertThat(Arrays.equals(text.toByteArray(), model.get(i))).as(at).isTrue();
      p = PackedSequence.skip(sequence, p, 1);
    }
    assertThat(p).as(step).isEqualTo(PackedSequence.end(sequence));
    assertThat(position(model.size())).as(step).isEqualTo(p);
    assertFinds();
    assertListpacks();
  }

  private void assertFinds() {
    int size = model.size();
    byte[] sought =
        size > 0 && random.nextBoolean() ? model.get(random.nextInt(size)) : some.element();
    int skip = random.nextInt(3);
    int expected = PackedSequence.NONE;
    for (int i = 0; i < size && expected == PackedSequence.NONE; i += 1 + skip) {
      expected = Arrays.equals(model.get(i), sought) ? position(i) : PackedSequence.NONE;
    }
    assertThat(PackedSequence.find(sequence(), some.slice(sought), skip))
        .as("%s, %s, skipping %d", step, new String(sought, US_ASCII), skip)
        .isEqualTo(expected);
  }

  private void assertListpacks() {
    Listpack.format(other);
    for (byte[] element : model) {
      Listpack.append(other, some.slice(element));
    }
    byte[] expected = other.copy();
    assertThat(PackedSequence.listpackBytes(sequence())).as(step).isEqualTo(expected.length);
    PackedSequence.toListpack(sequence(), listpack);
    assertThat(listpack.copy()).as(step).isEqualTo(expected);
    PackedSequence.ofListpack(some.slice(expected), other);
    assertThat(other.copy()).as(step).isEqualTo(bytes.copy());
  }

  @Test
  void changesNothingWithoutRoom() {
    for (int round = 0; round < 2000; round++) {
      String description = "seed " + seed + ", round " + round;
      PackedSequence.format(bytes);
      for (int i = 0; i < 5; i++) {
        PackedSequence.insertPair(bytes, 0, some.slice(some.element()), some.slice(some.element()));
      }
      byte[] before = bytes.copy();
      bytes.begin();
      bytes.refuse(1);
      int operation = random.nextInt(5);
      int p = position(random.nextInt(10));
      assertThatThrownBy(() -> refused(operation, p))
          .as(description)
          .isInstanceOf(NoRoomException.class);
      assertThat(bytes.copy()).as(description).isEqualTo(before);
      bytes.begin();
    }
  }

  private void refused(int operation, int p) {
    switch (operation) {
      case 0 ->
          PackedSequence.insertPair(
              bytes, p, some.slice(some.element()), some.slice(some.element()));
      case 1 -> PackedSequence.insert(bytes, p, some.number());
      case 2 -> PackedSequence.replace(bytes, p, some.slice(some.element()));
      case 3 -> PackedSequence.delete(bytes, p, 1);
      default -> PackedSequence.format(bytes);
    }
  }

  /** That there is one, and the element. */
  @ParameterizedTest
  @CsvSource({"7, 0107", "-1, 01dfff", "a, 018161", "'', 0180", "007, 0183303037"})
  void elementsLieAsInAListpack(String element, String expected) {
    Listpack.format(other);
    Listpack.append(other, Slice.of(element));
    PackedSequence.ofListpack(some.slice(other.copy()), bytes);
    assertThat(HexFormat.of().formatHex(bytes.copy())).isEqualTo(expected);
  }

  /** The number grows to two and three bytes, and shrinks again. */
  @ParameterizedTest
  @ValueSource(ints = {127, 128, 130, 16_383, 16_384, 16_386, 65_535, 65_536, 100_000})
  void countsAsManyAsThereAre(int count) {
    byte[] zeros = new byte[Varint.bytes(count - 1) + count - 1];
    Varint.put(zeros, 0, count - 1);
    bytes.place(zeros);
    assertThat(PackedSequence.validate(sequence())).isTrue();
    PackedSequence.insert(bytes, 1, 7);
    assertCount(count);
    PackedSequence.insertPair(bytes, count, some.slice("1"), some.slice("2"));
    assertCount(count + 2);
    PackedSequence.delete(bytes, 0, 3);
    assertCount(count - 1);
  }

  private void assertCount(int count) {
    assertThat(PackedSequence.count(sequence())).isEqualTo(count);
    assertThat(PackedSequence.end(sequence())).isEqualTo(count);
    assertThat(PackedSequence.validate(sequence())).isTrue();
    PackedSequence.toListpack(sequence(), listpack);
    byte[] a = listpack.array();
    assertThat(Listpack.validate(a, listpack.offset(), listpack.length(), true)).isTrue();
    assertThat(Listpack.count(a, listpack.offset())).isEqualTo(count);
    PackedSequence.ofListpack(some.slice(listpack.copy()), other);
    assertThat(other.copy()).isEqualTo(bytes.copy());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Nothing, or no number in front, or another than that of the elements.
        "",
        "80",
        "8080",
        "808080808080",
        "01",
        "0200",
        "010300",
        "008161",
        // An element that goes on behind the end, or is none.
        "018261",
        "01e041",
        "01f0ffffffff",
        "01f1ff",
        "01f800",
        "01ff",
        // A longer number than need be.
        "8000",
        "810007",
      })
  void whatIsNoneIsNotValid(String hex) {
    bytes.place(HexFormat.of().parseHex(hex));
    assertThat(PackedSequence.validate(sequence())).as(hex).isFalse();
  }

  @Test
  void knowsHowMuchMoreFitsAListpack() {
    PackedSequence.format(bytes);
    PackedSequence.insert(bytes, 0, 1);
    int room = Listpack.MAX_BYTES - Listpack.EMPTY_BYTES - 2;
    assertThat(PackedSequence.hasListpackRoomFor(sequence(), 0)).isTrue();
    assertThat(PackedSequence.hasListpackRoomFor(sequence(), room)).isTrue();
    assertThat(PackedSequence.hasListpackRoomFor(sequence(), room + 1)).isFalse();
    assertThat(PackedSequence.hasListpackRoomFor(sequence(), Long.MAX_VALUE / 2)).isFalse();
  }

  private Slice sequence() {
    return new Slice().set(bytes.array(), bytes.offset(), bytes.length());
  }

  private int position(int index) {
    return PackedSequence.skip(sequence(), 0, index);
  }
}
