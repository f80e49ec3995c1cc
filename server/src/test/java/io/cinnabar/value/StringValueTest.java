package io.cinnabar.value;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.arena.Arena;
import io.cinnabar.keyspace.Database;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.keyspace.FrozenKeyspace;
import io.cinnabar.keyspace.Keyspace;
import io.cinnabar.structure.Slice;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class StringValueTest {
  private final Arena arena = new Arena();
  private final Keyspace keyspace = new Keyspace(arena, new Random(1), 1);
  private final Database database = keyspace.database(0);
  private final Entry entry = new Entry();

  @AfterEach
  void everyBlockIsAccountedFor() {
    keyspace.validate();
    database.clear();
    while (keyspace.reclaimSlice(1000)) {
      assertThat(database.size()).isZero();
    }
    assertThat(arena.usedBytes()).as("what an empty table takes").isEqualTo(128);
  }

  private StringValue set(String value) {
    Slice key = Slice.of("key");
    database.setString(key, database.hash(key), Slice.of(value), false, entry);
    return entry.string();
  }

  private String text() {
    Slice key = Slice.of("key");
    assertThat(database.find(key, database.hash(key), entry)).isTrue();
    assertThat(entry.string().length()).isEqualTo(entry.string().bytes().length);
    return entry.string().bytes().toString();
  }

  @ParameterizedTest
  @CsvSource({
    "0, int",
    "-1, int",
    "9223372036854775807, int",
    "-9223372036854775808, int",
    "9223372036854775808, embstr",
    "-9223372036854775809, embstr",
    "007, embstr",
    "-0, embstr",
    "+1, embstr",
    "'', embstr",
    "'1 ', embstr",
    "1.0, embstr"
  })
  void onlyCanonicalIntegersBecomeIntegers(String value, String encoding) {
    for (String before : new String[] {"x", "17", "y".repeat(100), "z".repeat(3000)}) {
      set(before);
      set(value);
      assertThat(text()).isEqualTo(value);
      assertThat(entry.encoding().redisName(ValueType.STRING)).isEqualTo(encoding);
      assertThat(entry.string().isInteger()).isEqualTo(encoding.equals("int"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 43, 44, 45, 127, 128, 129, 1023, 1024, 1025, 4096, 400_000, 2_000_000})
  void theLengthDecidesOnTheEncoding(int length) {
    String value = "v".repeat(length);
    for (String before :
        new String[] {"17", "y".repeat(45), "z".repeat(length), "w".repeat(1025)}) {
      set(before);
      set(value);
      assertThat(text()).isEqualTo(value);
      assertThat(entry.encoding().redisName(ValueType.STRING))
          .isEqualTo(length <= 44 ? "embstr" : "raw");
      assertThat(entry.encoding().ownsBlocks()).isEqualTo(length > 1024);
    }
  }

  @Test
  void appendMakesItRawAndCrossesEveryThreshold() {
    StringBuilder model = new StringBuilder("12");
    set("12");
    Random random = new Random(1);
    while (model.length() < 5000) {
      String more = "a".repeat(random.nextInt(30)) + model.length();
      entry.string().append(Slice.of(more));
      model.append(more);
      assertThat(text()).isEqualTo(model.toString());
      assertThat(entry.encoding().redisName(ValueType.STRING)).isEqualTo("raw");
    }
  }

  @Test
  void appendOfNothingStillMakesItRaw() {
    set("12").append(new Slice());

    assertThat(text()).isEqualTo("12");
    assertThat(entry.encoding().redisName(ValueType.STRING)).isEqualTo("raw");
  }

  @Test
  void appendingToALongStringTakesRoomAhead() {
    set("x".repeat(10_000)).append(Slice.of("y".repeat(1000)));
    long usedBytes = arena.usedBytes();
    for (int i = 0; i < 5000; i++) {
      entry.string().append(Slice.of("y"));
    }
    assertThat(arena.usedBytes()).isEqualTo(usedBytes);
    assertThat(text()).isEqualTo("x".repeat(10_000) + "y".repeat(6000));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "7", "short", "forty-four bytes and then some more to be raw inside"})
  void overwritingPadsWithZeros(String before) {
    for (int offset : new int[] {0, 1, 3, 60, 130, 1000, 1100, 70_000}) {
      set(before).overwrite(offset, Slice.of("new"));

      StringBuilder model = new StringBuilder(before);
      while (model.length() < offset + 3) {
        model.append('\0');
      }
      model.replace(offset, offset + 3, "new");
      assertThat(text()).isEqualTo(model.toString());
      assertThat(entry.encoding().redisName(ValueType.STRING)).isEqualTo("raw");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "7", "short", "forty-four bytes and then some more to be raw inside"})
  void editingMakesItRawAndPadsWithZeros(String before) {
    for (int length : new int[] {0, 1, 50, 127, 128, 1024, 1025, 70_000}) {
      Slice bytes = set(before).edit(length);
      int missing = Math.max(0, length - before.length());
      assertThat(bytes.toString()).isEqualTo(before + "\0".repeat(missing));
      assertThat(entry.string().isRaw()).isTrue();
      assertThat(entry.encoding().redisName(ValueType.STRING)).isEqualTo("raw");
      if (bytes.length > 0) {
        bytes.array[bytes.end() - 1] = '!';
        assertThat(text()).endsWith("!");
      }
    }
  }

  @Test
  void aRenewedStringIsRawAndAsLongAsAsked() {
    for (int length : new int[] {0, 1, 44, 45, 127, 128, 1024, 1025, 70_000, 400_000, 5}) {
      Slice bytes = (length % 2 == 0 ? set("7") : entry.string()).renew(length);
      assertThat(bytes.length).isEqualTo(length);
      Arrays.fill(bytes.array, bytes.offset, bytes.end(), (byte) 'r');
      assertThat(text()).isEqualTo("r".repeat(length));
      assertThat(entry.encoding().redisName(ValueType.STRING)).isEqualTo("raw");
    }
  }

  @Test
  void onlyEditedAndLongStringsAreRaw() {
    assertThat(set("7").isRaw()).isFalse();
    assertThat(set("seven").isRaw()).isFalse();
    assertThat(set("7".repeat(45)).isRaw()).isTrue();
    assertThat(set("7".repeat(1025)).isRaw()).isTrue();
  }

  @Test
  void integersChangeInPlace() {
    StringValue value = set("1");
    long usedBytes = arena.usedBytes();
    byte[] slab = entry.slab();
    int offset = entry.valueOffset();
    for (long i = 1; i < Long.MAX_VALUE / 2; i *= 2) {
      value.setInteger(i);
      assertThat(text()).isEqualTo(Long.toString(i));
      assertThat(value.integer()).isEqualTo(i);
    }
    assertThat(entry.slab()).isSameAs(slab);
    assertThat(entry.valueOffset()).isEqualTo(offset);
    assertThat(arena.usedBytes()).isEqualTo(usedBytes);
  }

  @Test
  void textIsNeverMadeAnInteger() {
    set("3.0").setText(Slice.of("10"));

    assertThat(text()).isEqualTo("10");
    assertThat(entry.encoding()).isEqualTo(Encoding.EMBSTR);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 20, 44, 45, 1024, 1025, 12_304})
  void rawIsRawWhateverItsLength(int length) {
    String value = "v".repeat(length);
    for (String before : new String[] {"17", "y", "z".repeat(500), "w".repeat(5000)}) {
      set(before).setRaw(Slice.of(value));
      assertThat(text()).isEqualTo(value);
      assertThat(entry.encoding().redisName(ValueType.STRING)).isEqualTo("raw");
      assertThat(entry.encoding().ownsBlocks()).isEqualTo(length > 1024);
    }
  }

  @Test
  void onlyAnEmbstrIsMadeRaw() {
    for (String value : new String[] {"17", "short", "z".repeat(500), "w".repeat(5000)}) {
      set(value).makeRaw();
      assertThat(text()).isEqualTo(value);
      assertThat(entry.encoding().redisName(ValueType.STRING))
          .isEqualTo(value.equals("17") ? "int" : "raw");
    }
  }

  @Test
  void editingIsInPlaceUnlessASnapshotSharesTheValue() {
    for (String value : new String[] {"short", "z".repeat(500), "w".repeat(5000)}) {
      Slice before = new Slice().set(set(value).edit());
      Slice bytes = entry.string().edit();
      assertThat(bytes.array).isSameAs(before.array);
      assertThat(bytes.offset).isEqualTo(before.offset);
      bytes.array[bytes.offset] = 'A';
      assertThat(text()).isEqualTo("A" + value.substring(1));

      try (FrozenKeyspace frozen = keyspace.freeze()) {
        Slice copy = entry.string().edit();
        copy.array[copy.offset] = 'B';
        assertThat(text()).isEqualTo("B" + value.substring(1));
        Entry shared = new Entry();
        assertThat(frozen.next(0, shared)).isTrue();
        assertThat(shared.string().bytes().toString()).isEqualTo("A" + value.substring(1));
      }
    }
  }

  @Test
  void aPartIsCopied() {
    for (String value : new String[] {"123456", "abcdef", "a".repeat(2000) + "bcd"}) {
      byte[] target = new byte[10];
      StringValue string = set(value);
      string.copyTo(string.length() - 4, target, 3, 4);
      assertThat(new String(target, 3, 4, US_ASCII)).isEqualTo(value.substring(value.length() - 4));
    }
  }
}
