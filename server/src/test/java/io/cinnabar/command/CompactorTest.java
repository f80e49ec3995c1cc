package io.cinnabar.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.TestServer;
import io.cinnabar.arena.Arena;
import org.junit.jupiter.api.Test;

/** The compactor by itself, on a clock that moves at each look: a slice is one batch of steps. */
final class CompactorTest {

  private static final int KEYS = 60_000;

  private final TestServer server = TestServer.start();
  private final Arena arena = server.engine().keyspace().arena();
  private long nanos;
  private final Compactor compactor =
      new Compactor(
          server.engine().keyspace(),
          server.engine().settings(),
          server.engine().statistics(),
          () -> nanos += 1_000);

  private void deleteAllBut(int remainder) {
    StringBuilder commands = new StringBuilder();
    for (int i = 0; i < KEYS; i++) {
      if (i % 4 > remainder) {
        commands.append("DEL key").append(i).append("\r\n");
      }
    }
    server.connect().sendRaw(commands.toString());
  }

  private void slice() {
    nanos += 1_000_000_000;
    compactor.slice(nanos);
  }

  /** What a walk under way has not chosen to move is the business of another. */
  @Test
  void aPurgeDuringAWalkCompactsWhatHasBecomeSparseSince() {
    StringBuilder commands = new StringBuilder();
    for (int i = 0; i < KEYS; i++) {
      commands.append("SET key").append(i).append(" 0123456789012345678901234567890123456789\r\n");
    }
    server.connect().sendRaw(commands.toString());
    // The server's own compactor sees no reason to begin, so that the one here is alone.
    server.send("CONFIG", "SET", "activedefrag", "yes");
    deleteAllBut(1);
    server.engine().settings().defragIgnoreBytes = 0;
    slice();
    server.engine().settings().defragIgnoreBytes = Long.MAX_VALUE;
    assertThat(server.engine().keyspace().isCompacting()).isTrue();
    deleteAllBut(0);
    compactor.purge();
    int slices = 0;
    while (compactor.effortPercent() > 0) {
      slice();
      assertThat(++slices).isLessThan(KEYS);
    }
    assertThat(arena.savableBytes()).isLessThan(arena.usedBytes() / 20);
    assertThat(arena.pooledBytes()).isZero();
    server.engine().keyspace().validate();
  }
}
