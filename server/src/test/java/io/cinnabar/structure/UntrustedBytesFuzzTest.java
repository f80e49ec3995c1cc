package io.cinnabar.structure;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.code_intelligence.jazzer.mutation.annotation.NotNull;
import java.util.Arrays;

/**
 * What clients and files hand over as listpack, intset or compressed string is refused or can be
 * read; nothing else happens. Runs over its corpus; with {@code JAZZER_FUZZ=1} in the environment
 * one of the tests searches for more.
 */
final class UntrustedBytesFuzzTest {

  private static final int MAX_OUTPUT_BYTES = 2000;

  private final Slice text = new Slice();
  private final byte[] digits = new byte[IntegerText.MAX_LONG_BYTES];

  @FuzzTest
  void listpack(byte @NotNull [] bytes) {
    if (!Listpack.validate(bytes, 0, bytes.length, true)) {
      return;
    }
    int count = 0;
    for (int p = Listpack.first(bytes, 0); p != Listpack.NONE; p = Listpack.next(bytes, 0, p)) {
      Listpack.text(bytes, 0, p, text, digits);
      assertThat(text.length).isEqualTo(Listpack.length(bytes, 0, p)).isNotNegative();
      assertThat(text.end()).isLessThanOrEqualTo(text.array.length);
      assertThat(Listpack.matches(bytes, 0, p, text)).isTrue();
      assertThat(Listpack.find(bytes, 0, p, text, 0)).isEqualTo(p);
      count++;
    }
    for (int p = Listpack.last(bytes, 0); p != Listpack.NONE; p = Listpack.previous(bytes, 0, p)) {
      count--;
    }
    assertThat(count).isZero();
    assertSameAsSequence(bytes);
  }

  /** What a small hash becomes in memory, and in the next file. */
  private static void assertSameAsSequence(byte[] listpack) {
    ScratchBytes made = new ScratchBytes(0);
    PackedSequence.ofListpack(new Slice(listpack), made);
    Slice sequence = new Slice().set(made.array(), made.offset(), made.length());
    assertThat(PackedSequence.validate(sequence)).isTrue();
    assertThat(PackedSequence.count(sequence)).isEqualTo(Listpack.count(listpack, 0));
    ScratchBytes again = new ScratchBytes(0);
    PackedSequence.toListpack(sequence, again);
    byte[] expected = listpack.clone();
    // The number is stated where it was not.
    System.arraycopy(again.array(), Listpack.COUNT, expected, Listpack.COUNT, Short.BYTES);
    assertThat(Arrays.copyOf(again.array(), again.length())).isEqualTo(expected);
  }

  /** Nothing else checks a sequence; only tests ask. */
  @FuzzTest
  void sequence(byte @NotNull [] bytes) {
    Slice sequence = new Slice(bytes);
    if (!PackedSequence.validate(sequence)) {
      return;
    }
    ScratchBytes listpack = new ScratchBytes(0);
    PackedSequence.toListpack(sequence, listpack);
    assertThat(Listpack.validate(listpack.array(), 0, listpack.length(), true)).isTrue();
    ScratchBytes again = new ScratchBytes(0);
    PackedSequence.ofListpack(
        new Slice().set(listpack.array(), listpack.offset(), listpack.length()), again);
    assertThat(Arrays.copyOf(again.array(), again.length())).isEqualTo(bytes);
  }

  @FuzzTest
  void intset(byte @NotNull [] bytes) {
    if (!Intset.validate(bytes, 0, bytes.length, true)) {
      return;
    }
    assertThat(Intset.totalBytes(bytes, 0)).isEqualTo(bytes.length);
    for (int i = 0; i < Intset.count(bytes, 0); i++) {
      assertThat(Intset.find(bytes, 0, Intset.get(bytes, 0, i))).isEqualTo(i);
    }
  }

  @FuzzTest
  void compressed(byte @NotNull [] bytes) {
    int length = bytes.length < 2 ? 0 : (bytes[0] & 0xFF) << 3 | (bytes[1] & 7);
    byte[] output = new byte[Math.min(length, MAX_OUTPUT_BYTES)];
    int from = Math.min(2, bytes.length);
    if (!Lzf.decompress(bytes, from, bytes.length - from, output, 0, output.length)) {
      return;
    }
    byte[] again = new byte[2 * output.length];
    int size = new Lzf().compress(output, 0, output.length, again, 0, again.length);
    byte[] original = new byte[output.length];
    assertThat(Lzf.decompress(again, 0, size, original, 0, original.length)).isTrue();
    assertThat(original).isEqualTo(output);
  }
}
