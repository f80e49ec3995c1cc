package io.cinnabar.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** The backlog, filled with bytes of which each tells its place. */
final class BacklogTest {

  private static final int BLOCK = Backlog.BLOCK_BYTES;
  private static final long START = 12_345;
  private static final int STEPS = 50_000;
  private static final int MAX_CURSORS = 6;

  private final Backlog backlog = new Backlog(START, 3 * BLOCK);

  @Test
  void keepsTheLimitAndLessThanTwoBlocksBeyondIt() {
    append(10 * BLOCK);
    assertThat(backlog.endOffset()).isEqualTo(START + 10 * BLOCK);
    assertThat(backlog.sizeBytes()).isEqualTo(4 * BLOCK);

    append(1);
    assertThat(backlog.sizeBytes()).isEqualTo(3 * BLOCK + 1);
    append(BLOCK - 1);
    assertThat(backlog.sizeBytes()).isEqualTo(4 * BLOCK);
  }

  @Test
  void aCursorKeepsWhatItHasNotRead() {
    BacklogCursor cursor = backlog.cursor(START);
    append(10 * BLOCK);
    assertThat(backlog.sizeBytes()).isEqualTo(10 * BLOCK);
    assertThat(cursor.unreadBytes()).isEqualTo(10 * BLOCK);

    read(cursor, 2 * BLOCK);
    assertThat(backlog.sizeBytes()).isEqualTo(8 * BLOCK);
    cursor.close();
    assertThat(backlog.sizeBytes()).isEqualTo(4 * BLOCK);
  }

  @Test
  void aLowerLimitHoldsAtOnce() {
    append(10 * BLOCK);
    backlog.limit(BLOCK);

    assertThat(backlog.sizeBytes()).isEqualTo(2 * BLOCK);
    assertThat(backlog.reachesBackTo(START + 8 * BLOCK - 1)).isFalse();
    assertThat(backlog.reachesBackTo(START + 8 * BLOCK)).isTrue();
    assertThat(backlog.reachesBackTo(START + 10 * BLOCK)).isTrue();
    assertThat(backlog.reachesBackTo(START + 10 * BLOCK + 1)).isFalse();
  }

  @Test
  void whatASlowReaderHasTakenIsUsedAgainBeforeItIsGivenBack() {
    BacklogCursor cursor = backlog.cursor(START);
    append(100 * BLOCK);
    read(cursor, 100 * BLOCK);
    long memoryBytes = backlog.memoryBytes();
    assertThat(memoryBytes).isBetween(100L * BLOCK, 116L * (BLOCK + 64));

    for (int i = 0; i < 3; i++) {
      append(90 * BLOCK);
      backlog.giveBack();
      read(cursor, 90 * BLOCK);
      backlog.giveBack();
    }
    assertThat(backlog.memoryBytes()).isBetween(90L * BLOCK, memoryBytes);

    for (int i = 0; i < 10; i++) {
      append(BLOCK);
      read(cursor, BLOCK);
      backlog.giveBack();
    }
    assertThat(backlog.memoryBytes()).isLessThan(8 * BLOCK);
    cursor.close();
  }

  @Test
  void readersAtAnyPlaceReadWhatWentIn() {
    long seed = Seed.of(BacklogTest.class);
    RandomGenerator random = new SplittableRandom(seed);
    List<BacklogCursor> cursors = new ArrayList<>();
    for (int i = 0; i < STEPS; i++) {
      step(random, cursors);
      assertThat(state(cursors)).as("step %d, %s", i, Seed.option(seed)).isEmpty();
    }
  }

  private void step(RandomGenerator random, List<BacklogCursor> cursors) {
    switch (random.nextInt(10)) {
      case 0, 1, 2 -> append(random.nextInt(BLOCK / 2));
      case 3 -> append(random.nextInt(4) * BLOCK);
      case 4 -> {
        if (cursors.size() < MAX_CURSORS) {
          long back = random.nextLong(backlog.sizeBytes() + 1);
          cursors.add(backlog.cursor(backlog.endOffset() - back));
        }
      }
      case 5 -> {
        if (!cursors.isEmpty() && random.nextInt(8) == 0) {
          cursors.remove(random.nextInt(cursors.size())).close();
        }
      }
      case 6 -> {
        if (random.nextInt(50) == 0) {
          backlog.limit(random.nextInt(6 * BLOCK));
        }
        if (random.nextInt(20) == 0) {
          backlog.giveBack();
        }
      }
      default -> {
        if (!cursors.isEmpty()) {
          read(cursors.get(random.nextInt(cursors.size())), random.nextInt(2 * BLOCK));
        }
      }
    }
  }

  /** What is wrong; empty when nothing is. */
  private String state(List<BacklogCursor> cursors) {
    backlog.validate();
    long needed = Math.min(backlog.endOffset() - START, backlog.limitBytes());
    for (BacklogCursor cursor : cursors) {
      needed = Math.max(needed, cursor.unreadBytes());
    }
    return backlog.sizeBytes() > needed + 2 * BLOCK
        ? backlog.sizeBytes() + " bytes are there for " + needed
        : "";
  }

  /** The byte at a place of the stream. */
  private static byte at(long offset) {
    return (byte) ((offset * 0x9E3779B97F4A7C15L) >>> 56);
  }

  private void append(int length) {
    byte[] bytes = new byte[length + 7];
    for (int i = 0; i < length; i++) {
      bytes[5 + i] = at(backlog.endOffset() + i);
    }
    backlog.add(bytes, 5, length);
  }

  /** Reads so many, if there are. */
  private static void read(BacklogCursor cursor, int most) {
    int left = most;
    for (int piece = cursor.pieceBytes(); piece > 0 && left > 0; piece = cursor.pieceBytes()) {
      int count = Math.min(piece, left);
      for (int i = 0; i < count; i++) {
        if (cursor.array()[cursor.arrayOffset() + i] != at(cursor.offset() + i)) {
          throw new AssertionError("another byte at " + (cursor.offset() + i));
        }
      }
      cursor.advance(count);
      left -= count;
    }
  }
}
