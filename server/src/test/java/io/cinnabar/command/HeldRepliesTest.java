package io.cinnabar.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.Seed;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Replies leave in order, as far as their positions are released, and no further. */
final class HeldRepliesTest {

  private final HeldReplies held = new HeldReplies();
  private final StringBuilder left = new StringBuilder();

  private void add(String text, long position) {
    byte[] bytes = ("__" + text).getBytes(StandardCharsets.US_ASCII);
    held.add(bytes, 2, text.length(), position);
  }

  private void release(long position) {
    held.release(
        position,
        (array, offset, length) ->
            left.append(new String(array, offset, length, StandardCharsets.US_ASCII)));
  }

  @Test
  void whatIsReleasedLeaves() {
    add("a", 10);
    add("bb", 10);
    add("ccc", 20);
    assertThat(held.sizeBytes()).isEqualTo(6);
    release(9);
    assertThat(left).isEmpty();
    release(10);
    assertThat(left.toString()).isEqualTo("abb");
    assertThat(held.sizeBytes()).isEqualTo(3);
    assertThat(held.isEmpty()).isFalse();
    add("d", 30);
    release(25);
    assertThat(left.toString()).isEqualTo("abbccc");
    release(30);
    assertThat(left.toString()).isEqualTo("abbcccd");
    assertThat(held.isEmpty()).isTrue();
    assertThat(held.sizeBytes()).isZero();
  }

  @Test
  void whatIsClearedNeverLeaves() {
    add("a", 10);
    held.clear();
    release(10);
    assertThat(left).isEmpty();
    assertThat(held.isEmpty()).isTrue();
  }

  @Test
  void anyOrderOfAddingAndReleasing() {
    long seed = Seed.of(HeldRepliesTest.class);
    Random random = new Random(seed);
    StringBuilder expected = new StringBuilder();
    ArrayDeque<Long> positions = new ArrayDeque<>();
    ArrayDeque<String> texts = new ArrayDeque<>();
    long position = 0;
    long released = 0;
    for (int i = 0; i < 5_000; i++) {
      if (random.nextInt(3) > 0) {
        position += random.nextInt(3);
        String text = Integer.toString(i).repeat(random.nextInt(1_000));
        if (!text.isEmpty()) {
          add(text, position);
          positions.add(position);
          texts.add(text);
        }
      } else {
        released = Math.max(released, position - random.nextInt(20));
        release(released);
        while (!positions.isEmpty() && positions.peek() <= released) {
          positions.remove();
          expected.append(texts.remove());
        }
        assertThat(left.length()).as("seed %s, step %s", seed, i).isEqualTo(expected.length());
      }
      int waiting = texts.stream().mapToInt(String::length).sum();
      assertThat(held.sizeBytes()).as("seed %s, step %s", seed, i).isEqualTo(waiting);
    }
    assertThat(left.toString()).isEqualTo(expected.toString());
  }
}
