package io.cinnabar.command;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class InputBufferTest {

  private final TurnInput turn = new TurnInput(new InputArrays(4 << 20));
  private final InputBuffer first = new InputBuffer(turn);
  private final InputBuffer second = new InputBuffer(turn);

  private static void append(InputBuffer buffer, String text) {
    buffer.append(ByteBuffer.wrap(text.getBytes(ISO_8859_1)), 0);
  }

  private static String undecoded(InputBuffer buffer) {
    return text(buffer.array(), buffer.decoded(), buffer.end());
  }

  private static String text(byte[] array, int from, int to) {
    return new String(array, from, to - from, ISO_8859_1);
  }

  @Test
  void clientsOfOneTurnShareAnArray() {
    append(first, "one");
    append(second, "two");
    assertThat(first.array()).isSameAs(second.array());
    assertThat(first.ownBytes()).isZero();
    assertThat(undecoded(first)).isEqualTo("one");
    assertThat(undecoded(second)).isEqualTo("two");
  }

  @Test
  void theLastOfTheTurnGrowsInPlace() {
    append(first, "on");
    byte[] shared = first.array();
    append(first, "e");
    assertThat(first.array()).isSameAs(shared);
    assertThat(undecoded(first)).isEqualTo("one");
    append(second, "two");
    assertThat(undecoded(first)).isEqualTo("one");
    assertThat(undecoded(second)).isEqualTo("two");
  }

  @Test
  void whoeverGrowsBehindAnotherMovesAway() {
    append(first, "on");
    append(second, "two");
    append(first, "e");
    assertThat(first.array()).isNotSameAs(second.array());
    assertThat(undecoded(first)).isEqualTo("one");
    assertThat(undecoded(second)).isEqualTo("two");
  }

  @Test
  void decodedBytesStayWhereTheyAreWhenMoreCome() {
    append(first, "decoded");
    byte[] before = first.array();
    int from = first.decoded();
    first.decodedUpTo(first.end());
    append(second, "other");
    append(first, "more");
    assertThat(text(before, from, from + 7)).isEqualTo("decoded");
    assertThat(undecoded(first)).isEqualTo("more");
    first.executed(7);
    assertThat(first.pendingBytes()).isEqualTo(4);
    assertThat(undecoded(first)).isEqualTo("more");
  }

  @Test
  void whatWasDecodedAndNotExecutedCanBeDecodedAgain() {
    append(first, "abc");
    first.decodedUpTo(first.end());
    first.executed(1);
    assertThat(first.hasUndecoded()).isFalse();
    first.undecode();
    assertThat(undecoded(first)).isEqualTo("bc");
  }

  @Test
  void aTurnLeavesOnlyWhatIsNotExecuted() {
    append(first, "abc");
    append(second, "xyz");
    first.decodedUpTo(first.end());
    first.executed(3);
    second.decodedUpTo(second.end() - 1);
    second.executed(2);
    first.settle(0);
    second.settle(0);
    turn.reset();
    assertThat(first.pendingBytes() + first.ownBytes()).isZero();
    assertThat(second.ownBytes()).isPositive();
    append(first, "overwrites the shared array");
    assertThat(undecoded(second)).isEqualTo("z");
  }

  @Test
  void anArrayIsSizedByWhatHasComeAndGivenBackWhenItIsExecuted() {
    for (int i = 0; i < 40; i++) {
      append(first, "x".repeat(1 << 16));
      first.settle(0);
      turn.reset();
    }
    assertThat(first.pendingBytes()).isEqualTo(40 << 16);
    assertThat(first.ownBytes()).isBetween(40 << 16, 80 << 16);
    first.decodedUpTo(first.end());
    first.executed(40 << 16);
    first.settle(0);
    assertThat(first.ownBytes()).isZero();
  }

  @Test
  void theRestOfACommandJoinsWhatHasComeOfItInTheTurnsArray() {
    append(first, "beginning");
    first.settle(0);
    turn.reset();
    append(second, "other");
    append(first, "x".repeat(2000));
    assertThat(first.array()).isSameAs(turn.array());
    assertThat(first.ownBytes()).isZero();
    assertThat(undecoded(first)).isEqualTo("beginning" + "x".repeat(2000));
    assertThat(undecoded(second)).isEqualTo("other");
  }

  @Test
  void aLargeCommandIsMovedOnceAndItsArrayUsedAgain() {
    int whole = 400_000;
    append(first, "x".repeat(100_001));
    first.settle(whole);
    turn.reset();
    byte[] own = first.array();
    assertThat(own).hasSizeBetween(whole, whole + InputArrays.LEAST_BYTES);
    append(first, "y".repeat(whole - 100_001));
    assertThat(first.array()).isSameAs(own);
    first.decodedUpTo(first.end());
    first.executed(whole);
    first.settle(0);
    turn.reset();
    append(second, "z".repeat(200_000));
    second.settle(whole);
    assertThat(second.array()).isSameAs(own);
  }

  @Test
  void whatIsAnnouncedCountsOnlyWithWhatHasCome() {
    append(first, "x".repeat(10_000));
    first.settle(512 << 20);
    assertThat(first.ownBytes()).isLessThanOrEqualTo(40_000);
  }

  @Test
  void whatIsNearlyLongEnoughIsLongEnough() {
    append(first, "x".repeat(100_000));
    first.settle(800_000);
    assertThat(first.ownBytes()).isBetween(800_000, 800_000 + InputArrays.LEAST_BYTES);
    append(second, "x".repeat(100_000));
    second.settle(800_001);
    assertThat(second.ownBytes()).isLessThan(800_000);
  }

  @Test
  void clearingDropsEverything() {
    append(first, "abc");
    first.decodedUpTo(first.end() - 1);
    first.clear();
    assertThat(first.pendingBytes()).isZero();
    assertThat(first.hasUndecoded()).isFalse();
    append(first, "new");
    assertThat(undecoded(first)).isEqualTo("new");
  }

  @Test
  void aTurnsArrayIsReplacedWhenItIsFullAndShrinksAgain() {
    append(first, "first");
    byte[] before = first.array();
    append(second, "y".repeat(5 << 20));
    assertThat(second.array()).isNotSameAs(before);
    assertThat(undecoded(first)).isEqualTo("first");
    assertThat(turn.array()).hasSize(5 << 20);
    turn.reset();
    assertThat(turn.position()).isZero();
    assertThat(turn.array().length).isLessThan(1 << 20);
  }

  /** Random bytes to three clients, decoded, executed and taken back in random portions. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyByteComesOutOnceAndInOrder(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Model> clients = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      clients.add(new Model(turn));
    }
    for (int step = 0; step < 20_000; step++) {
      Model client = clients.get(random.nextInt(clients.size()));
      switch (random.nextInt(6)) {
        case 0, 1 -> client.append(random);
        case 2, 3 -> client.decode(random);
        case 4 -> client.execute(random);
        default -> {
          if (random.nextInt(10) == 0) {
            client.buffer.undecode();
            client.slices.clear();
          } else if (random.nextInt(4) == 0) {
            clients.forEach(Model::settle);
            turn.reset();
          }
        }
      }
      client.check(seed, step);
    }
  }

  /** What one client has sent, and how far it was executed. */
  private static final class Model {
    final InputBuffer buffer;
    final List<Slice> slices = new ArrayList<>();
    final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    int executed;

    static final class Slice {
      final byte[] array;
      final int from;
      final int to;

      Slice(byte[] array, int from, int to) {
        this.array = array;
        this.from = from;
        this.to = to;
      }

      int length() {
        return to - from;
      }
    }

    Model(TurnInput turn) {
      buffer = new InputBuffer(turn);
    }

    void append(SplittableRandom random) {
      byte[] bytes = new byte[random.nextInt(20) == 0 ? random.nextInt(1, 3000) : 7];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) random.nextInt();
      }
      sent.writeBytes(bytes);
      buffer.append(ByteBuffer.wrap(bytes), random.nextInt(10_000));
    }

    void decode(SplittableRandom random) {
      if (buffer.hasUndecoded()) {
        int from = buffer.decoded();
        int to = from + 1 + random.nextInt(Math.min(200, buffer.end() - from));
        buffer.decodedUpTo(to);
        slices.add(new Slice(buffer.array(), from, to));
      }
    }

    void execute(SplittableRandom random) {
      for (int left = random.nextInt(6); left > 0 && !slices.isEmpty(); left--) {
        Slice slice = slices.remove(0);
        assertThat(text(slice.array, slice.from, slice.to))
            .isEqualTo(text(sent.toByteArray(), executed, executed + slice.length()));
        executed += slice.length();
        buffer.executed(slice.length());
      }
    }

    /** At the end of a turn nothing is decoded and not executed. */
    void settle() {
      buffer.undecode();
      slices.clear();
      buffer.settle(0);
    }

    void check(long seed, int step) {
      byte[] all = sent.toByteArray();
      assertThat(buffer.pendingBytes())
          .as("seed %d, step %d", seed, step)
          .isEqualTo(all.length - executed);
      int decoded = slices.stream().mapToInt(Slice::length).sum();
      assertThat(undecoded(buffer).equals(text(all, executed + decoded, all.length)))
          .as("seed %d, step %d", seed, step)
          .isTrue();
      if (all.length == executed) {
        sent.reset();
        executed = 0;
      }
    }
  }
}
