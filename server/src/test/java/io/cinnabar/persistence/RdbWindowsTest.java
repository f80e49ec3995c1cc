package io.cinnabar.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cinnabar.Seed;
import io.cinnabar.structure.Crc64;
import io.cinnabar.structure.Slice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RDB that comes in pieces is read as if it lay in an array. */
final class RdbWindowsTest {

  private static final int TOTAL_BYTES = 4 << 20;

  private final long seed = Seed.of(RdbWindowsTest.class);
  private final SplittableRandom random = new SplittableRandom(seed);

  /** Bytes that come in pieces, whose number may be known or not. */
  private final class Pieces implements RdbSource {
    private final byte[] bytes;
    private final boolean isCertain;
    private int at;
    private int mostAsked;

    Pieces(byte[] bytes, boolean isCertain) {
      this.bytes = bytes;
      this.isCertain = isCertain;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      assertThat(length).isPositive();
      mostAsked = Math.max(mostAsked, length);
      if (at == bytes.length) {
        return -1;
      }
      int count = Math.min(bytes.length - at, 1 + random.nextInt(length));
      System.arraycopy(bytes, at, into, offset, count);
      at += count;
      return count;
    }

    @Override
    public long remaining() {
      return isCertain ? bytes.length - at : UNKNOWN;
    }
  }

  private byte[] text() {
    int length =
        switch (random.nextInt(20)) {
          case 0 -> random.nextInt(700_000);
          case 1, 2 -> random.nextInt(50_000);
          default -> random.nextInt(60);
        };
    byte[] bytes = new byte[length];
    if (random.nextBoolean()) {
      random.nextBytes(bytes);
    } else {
      Arrays.fill(bytes, (byte) ('0' + random.nextInt(10)));
    }
    return bytes;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void stringsAndNumbersInAnyPieces(boolean isCertain) throws RdbException {
    List<byte[]> texts = new ArrayList<>();
    RdbWriter out = new RdbWriter();
    out.compress(true);
    while (out.size() < TOTAL_BYTES) {
      byte[] text = text();
      texts.add(text);
      out.string(new Slice(text));
      out.length(texts.size());
      out.longValue(texts.size());
    }
    byte[] written = Arrays.copyOf(out.array(), out.size());
    RdbReader in = new RdbReader();
    in.over(new Pieces(written, isCertain));
    List<RdbString> before = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      byte[] text = texts.get(i);
      String description = Seed.option(seed) + ", string " + i;
      RdbString string = new RdbString();
      if (random.nextInt(3) == 0) {
        assertThat(read(in, string)).as(description).isEqualTo(text);
      } else {
        assertThat(in.string(string).toByteArray()).as(description).isEqualTo(text);
        before.add(string);
      }
      assertThat(in.length()).as(description).isEqualTo(i + 1);
      assertThat(in.int64()).as(description).isEqualTo(i + 1);
      if (random.nextInt(50) == 0) {
        // Until now all that was read is still there.
        assertThat(before).as(description).allMatch(each -> contains(texts, each));
        before.clear();
        in.settle();
      }
    }
    assertThat(in.position()).isEqualTo(written.length);
    assertThat(in.checksum()).isEqualTo(Crc64.update(0, written, 0, written.length));
    assertThatThrownBy(in::unsignedByte).isInstanceOf(RdbException.class);
  }

  private static boolean contains(List<byte[]> texts, RdbString string) {
    byte[] bytes = string.bytes().toByteArray();
    return texts.stream().anyMatch(text -> Arrays.equals(text, bytes));
  }

  /** As a string that may be long is read to where it stays. */
  private static byte[] read(RdbReader in, RdbString string) throws RdbException {
    int length = in.nextLength();
    if (length < 0) {
      return in.string(string).toByteArray();
    }
    byte[] own = new byte[length + 2];
    in.fill(new Slice().set(own, 1, length));
    assertThat(own[0]).isZero();
    assertThat(own[length + 1]).isZero();
    return Arrays.copyOfRange(own, 1, length + 1);
  }

  /** Nobody believes what is claimed before it comes. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void lengthsThatLie(boolean isCertain) {
    RdbWriter out = new RdbWriter();
    out.length(Integer.MAX_VALUE - 100L);
    out.bytes(new byte[1000]);
    byte[] written = Arrays.copyOf(out.array(), out.size());
    Pieces pieces = new Pieces(written, isCertain);
    RdbReader in = new RdbReader();
    in.over(pieces);
    assertThatThrownBy(() -> in.string(new RdbString()))
        .isInstanceOf(RdbException.class)
        .hasMessage("ends too early");
    assertThat(pieces.mostAsked).isLessThan(1 << 20);
  }
}
