package io.cinnabar.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.Seed;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Replies leave in order, as far as what they wait for is there, and no further. */
final class HeldRepliesTest {

  private static final CommitAcks ONE = new CommitAcks(1, 500);
  private static final CommitAcks TWO = new CommitAcks(2, 500);
  private static final String FAILED =
      "-UNACKNOWLEDGED the command has run and is kept here, but what it wrote or shows was not"
          + " acknowledged by 1 replica within 500 ms\r\n";

  private final StringBuilder left = new StringBuilder();
  private long settledByOne;
  private long settledByTwo;
  private final HeldReplies held =
      new HeldReplies(
          acks -> acks.equals(ONE) ? settledByOne : settledByTwo,
          (array, offset, length) ->
              left.append(new String(array, offset, length, StandardCharsets.US_ASCII)));

  private void add(String text, long position) {
    held.add(bytes(text), 2, text.length(), position);
  }

  private void addReply(String text, long position, long offset, CommitAcks acks, long turn) {
    held.addReply(bytes(text), 2, text.length(), position, offset, acks, 100 * turn, turn);
  }

  private static byte[] bytes(String text) {
    return ("__" + text).getBytes(StandardCharsets.US_ASCII);
  }

  private String release(long position) {
    left.setLength(0);
    held.release(position);
    return left.toString();
  }

  @Test
  void whatIsReleasedLeaves() {
    add("a", 10);
    add("bb", 10);
    add("ccc", 20);
    assertThat(held.sizeBytes()).isEqualTo(6);
    assertThat(release(9)).isEmpty();
    assertThat(release(10)).isEqualTo("abb");
    assertThat(held.sizeBytes()).isEqualTo(3);
    assertThat(held.isEmpty()).isFalse();
    add("d", 30);
    assertThat(release(25)).isEqualTo("ccc");
    assertThat(release(30)).isEqualTo("d");
    assertThat(held.isEmpty()).isTrue();
    assertThat(held.sizeBytes()).isZero();
  }

  @Test
  void whatWaitsForNothingWaitsForThoseBefore() {
    add("a", 10);
    add("b", 0);
    add("c", 20);
    add("d", 0);
    assertThat(release(10)).isEqualTo("ab");
    assertThat(release(20)).isEqualTo("cd");
  }

  @Test
  void whatIsClearedNeverLeaves() {
    add("a", 10);
    addReply("b", 0, 5, ONE, 1);
    held.clear();
    assertThat(release(10)).isEmpty();
    assertThat(held.isEmpty()).isTrue();
    assertThat(held.awaiting()).isZero();
  }

  @Test
  void bothAreWaitedFor() {
    addReply("a", 10, 5, ONE, 1);
    addReply("b", 12, 7, ONE, 1);
    addReply("c", 12, 9, ONE, 2);
    addReply("d", 0, 9, TWO, 2);
    assertThat(held.awaiting()).isEqualTo(4);
    settledByOne = 6;
    assertThat(release(20)).as("those of a turn go together").isEmpty();
    settledByOne = 7;
    assertThat(release(11)).isEmpty();
    assertThat(release(12)).isEqualTo("ab");
    settledByOne = 9;
    settledByTwo = 8;
    assertThat(release(12)).isEqualTo("c");
    assertThat(held.awaiting()).isEqualTo(1);
    settledByTwo = 9;
    assertThat(release(12)).isEqualTo("d");
    assertThat(held.awaiting()).isZero();
  }

  @Test
  void errorsTakeThePlaceOfWhatWaitsTooLong() {
    add("journal", 10);
    addReply("a", 10, 5, ONE, 1);
    addReply("b", 10, 6, ONE, 1);
    add("c", 0);
    addReply("d", 10, 7, ONE, 2);
    add("e", 0);
    assertThat(held.deadlineNanos()).isEqualTo(100);
    assertThat(held.failDue(99)).isZero();
    assertThat(held.failDue(100)).isEqualTo(2);
    assertThat(held.failDue(100)).as("once").isZero();
    assertThat(held.awaiting()).isEqualTo(1);
    assertThat(held.deadlineNanos()).isEqualTo(200);
    assertThat(release(9)).as("in their order").isEmpty();
    assertThat(release(10)).isEqualTo("journal" + FAILED + FAILED + "c");
    settledByOne = 7;
    assertThat(held.failDue(200)).as("it is settled").isZero();
    assertThat(release(10)).isEqualTo("de");
    assertThat(held.deadlineNanos()).isEqualTo(HeldReplies.NEVER);
  }

  @Test
  void allThatWaitsForReplicasCanFail() {
    addReply("a", 0, 5, ONE, 1);
    add("b", 10);
    addReply("c", 0, 5, TWO, 2);
    assertThat(held.failAll(new byte[] {'!'})).isEqualTo(2);
    assertThat(release(0)).isEqualTo("!");
    assertThat(release(10)).isEqualTo("b!");
    assertThat(held.isEmpty()).isTrue();
  }

  @Test
  void anyOrderOfAddingAndReleasing() {
    long seed = Seed.of(HeldRepliesTest.class);
    Random random = new Random(seed);
    StringBuilder expected = new StringBuilder();
    StringBuilder all = new StringBuilder();
    ArrayDeque<List<Long>> awaited = new ArrayDeque<>();
    ArrayDeque<String> texts = new ArrayDeque<>();
    long position = 0;
    long offset = 0;
    long released = 0;
    for (int i = 0; i < 5_000; i++) {
      if (random.nextInt(3) > 0) {
        position += random.nextInt(3);
        offset += random.nextInt(3);
        boolean isReply = random.nextBoolean() && offset > 0;
        String text = Integer.toString(i).repeat(random.nextInt(1_000));
        if (!text.isEmpty() && isReply) {
          addReply(text, position, offset, ONE, i);
        } else if (!text.isEmpty()) {
          add(text, position);
        }
        if (!text.isEmpty()) {
          awaited.add(List.of(position, isReply ? offset : 0L));
          texts.add(text);
        }
      } else {
        released = Math.max(released, position - random.nextInt(20));
        settledByOne = Math.max(settledByOne, offset - random.nextInt(20));
        all.append(release(released));
        while (!awaited.isEmpty()
            && awaited.element().get(0) <= released
            && awaited.element().get(1) <= settledByOne) {
          awaited.remove();
          expected.append(texts.remove());
        }
        assertThat(all.length()).as("seed %s, step %s", seed, i).isEqualTo(expected.length());
      }
      int waiting = texts.stream().mapToInt(String::length).sum();
      assertThat(held.sizeBytes()).as("seed %s, step %s", seed, i).isEqualTo(waiting);
    }
    assertThat(all.toString()).isEqualTo(expected.toString());
  }
}
