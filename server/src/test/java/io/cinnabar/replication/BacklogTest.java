package io.cinnabar.replication;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.cinnabar.Seed;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The backlog against all bytes that ever went in. */
final class BacklogTest {

  private static final int BLOCK = Backlog.BLOCK_BYTES;
  private static final long START = 12_345;

  private final Backlog backlog = new Backlog(START, 3 * BLOCK);
  private final ByteArrayOutputStream all = new ByteArrayOutputStream();

  @Test
  void keepsTheLimitAndNoMoreThanABlockBeyondIt() {
    append(new byte[10 * BLOCK]);

    assertEquals(START + 10 * BLOCK, backlog.endOffset());
    assertEquals(3 * BLOCK, backlog.sizeBytes());
    append(new byte[1]);
    assertEquals(3 * BLOCK + 1, backlog.sizeBytes());
    append(new byte[BLOCK]);
    assertEquals(3 * BLOCK + 1, backlog.sizeBytes());
  }

  @Test
  void aCursorKeepsWhatItHasNotRead() {
    BacklogCursor cursor = backlog.cursor(START);
    append(new byte[10 * BLOCK]);

    assertEquals(10 * BLOCK, backlog.sizeBytes());
    assertEquals(10 * BLOCK, cursor.unreadBytes());
    read(cursor, 2 * BLOCK);
    assertEquals(8 * BLOCK, backlog.sizeBytes());
    cursor.close();
    assertEquals(3 * BLOCK, backlog.sizeBytes());
  }

  @Test
  void aLowerLimitHoldsAtOnce() {
    append(new byte[10 * BLOCK]);
    backlog.limit(BLOCK);

    assertEquals(BLOCK, backlog.sizeBytes());
    assertFalse(backlog.reachesBackTo(START + 8 * BLOCK));
    assertTrue(backlog.reachesBackTo(START + 9 * BLOCK));
    assertTrue(backlog.reachesBackTo(START + 10 * BLOCK));
    assertFalse(backlog.reachesBackTo(START + 10 * BLOCK + 1));
  }

  @Test
  void readersAtAnyPlaceReadWhatWentIn() {
    Random random = Seed.random();
    List<BacklogCursor> cursors = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      switch (random.nextInt(8)) {
        case 0, 1, 2 -> append(bytes(random, random.nextInt(BLOCK / 2)));
        case 3 -> append(bytes(random, random.nextInt(4) == 0 ? 3 * BLOCK : BLOCK));
        case 4 -> {
          if (cursors.size() < 6) {
            long back = (long) (random.nextDouble() * (backlog.sizeBytes() + 1));
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
            backlog.limit(1 + random.nextInt(6 * BLOCK));
          }
        }
        default -> {
          if (!cursors.isEmpty()) {
            BacklogCursor cursor = cursors.get(random.nextInt(cursors.size()));
            read(cursor, random.nextInt(2 * BLOCK));
          }
        }
      }
      checkState(cursors);
    }
  }

  private void checkState(List<BacklogCursor> cursors) {
    backlog.validate();
    long needed = Math.min(all.size(), backlog.limitBytes());
    for (BacklogCursor cursor : cursors) {
      needed = Math.max(needed, cursor.unreadBytes());
    }
    assertEquals(START + all.size(), backlog.endOffset());
    assertTrue(backlog.sizeBytes() < needed + BLOCK, "more than a block too many");
    assertTrue(backlog.memoryBytes() < needed + 4 * BLOCK, "memory");
  }

  private static byte[] bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private void append(byte[] bytes) {
    byte[] shifted = new byte[bytes.length + 7];
    System.arraycopy(bytes, 0, shifted, 5, bytes.length);
    backlog.append(shifted, 5, bytes.length);
    all.writeBytes(bytes);
  }

  /** Reads so many, if there are. */
  private void read(BacklogCursor cursor, int most) {
    int from = (int) (cursor.offset() - START);
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    int piece = cursor.pieceBytes();
    while (piece > 0 && read.size() < most) {
      int count = Math.min(piece, most - read.size());
      read.write(cursor.array(), cursor.arrayOffset(), count);
      cursor.advance(count);
      piece = cursor.pieceBytes();
    }
    byte[] expected = Arrays.copyOfRange(all.toByteArray(), from, from + read.size());
    assertArrayEquals(expected, read.toByteArray());
  }
}
