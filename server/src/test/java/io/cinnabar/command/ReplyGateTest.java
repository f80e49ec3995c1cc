package io.cinnabar.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.arena.Arena;
import io.cinnabar.keyspace.Keyspace;
import io.cinnabar.structure.Slice;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Up to where replies may leave, as replicas acknowledge and connections ask for it. */
final class ReplyGateTest {

  private static final CommitAcks ONE = new CommitAcks(1, 500);
  private static final CommitAcks TWO = new CommitAcks(2, 0);

  private final Keyspace keyspace = new Keyspace(Arena.ofBytes(1 << 20), new Random(1), 1);
  private final TouchedKeys touched = new TouchedKeys(keyspace);
  private final Replicas replicas = new Replicas();
  private final ReplyGate gate = gate();
  private long nowNanos;

  /** Two replicas in a test's hands. */
  private static final class Replicas implements ReplicaAcks {
    long position;
    long most;
    long least;
    int asked;

    @Override
    public boolean isReplica() {
      return false;
    }

    @Override
    public long position() {
      return position;
    }

    @Override
    public int acknowledged(long offset) {
      return 0;
    }

    @Override
    public int synced(long offset) {
      return 0;
    }

    @Override
    public long acknowledgedBy(int count, boolean isOnDisk) {
      if (count > 2) {
        return Durability.NOTHING;
      }
      long offset = count == 1 ? most : least;
      return isOnDisk ? offset / 2 : offset;
    }

    @Override
    public void ask() {
      asked++;
    }
  }

  private ReplyGate gate() {
    ReplyGate made = new ReplyGate(Durability.NONE, touched, () -> nowNanos);
    made.replicas(replicas);
    return made;
  }

  private void acknowledge(long most, long least) {
    replicas.most = most;
    replicas.least = least;
    gate.acknowledged();
    gate.endTurn();
  }

  private long end(String key) {
    return touched.end(keyspace.hash(Slice.of(key)));
  }

  @Test
  void whoAsksForNothingCostsNothing() {
    assertThat(gate.isActive()).isFalse();
    assertThat(gate.settledOffset(ONE)).isEqualTo(Long.MAX_VALUE);
    assertThat(touched.isOn()).isFalse();
    gate.acknowledged();
    assertThat(gate.endTurn()).isFalse();
  }

  @Test
  void whatSoManyHaveIsSettled() {
    gate.readyReplicas(2);
    replicas.position = 50;
    gate.standard(TWO);
    assertThat(gate.settledOffset(ONE)).isEqualTo(Durability.NOTHING);
    acknowledge(100, 70);
    assertThat(gate.settledOffset(ONE)).isEqualTo(100);
    assertThat(gate.settledOffset(TWO)).isEqualTo(70);
    gate.acknowledged();
    assertThat(gate.endTurn()).as("nothing new").isFalse();
    acknowledge(60, 20);
    assertThat(gate.settledOffset(ONE)).as("what has left").isEqualTo(100);
    gate.onDisk(true);
    acknowledge(300, 300);
    assertThat(gate.settledOffset(TWO)).isEqualTo(150);
  }

  @Test
  void whatWasThereIsWaitedForWhereThereIsAnybody() {
    gate.readyReplicas(1);
    replicas.position = 50;
    gate.standard(ONE);
    assertThat(gate.settledOffset(ONE)).isEqualTo(Durability.NOTHING);
    assertThat(end("any")).isEqualTo(50);
    replicas.position = 80;
    gate.standard(TWO);
    assertThat(gate.settledOffset(TWO)).isEqualTo(80);
    assertThat(gate.settledOffset(ONE)).isEqualTo(Durability.NOTHING);
    gate.primary(false);
    assertThat(gate.isActive()).isFalse();
    replicas.position = 90;
    gate.readyReplicas(0);
    gate.primary(true);
    assertThat(gate.settledOffset(ONE)).isEqualTo(90);
  }

  @Test
  void connectionsAskForThemselves() {
    gate.changeOwn(null, TWO);
    gate.changeOwn(null, TWO);
    gate.changeOwn(null, ONE);
    assertThat(gate.isActive()).isTrue();
    assertThat(gate.effective(null)).isEqualTo(CommitAcks.NONE);
    assertThat(gate.effective(TWO)).isEqualTo(TWO);
    gate.standard(ONE);
    assertThat(gate.effective(null)).isEqualTo(ONE);
    assertThat(gate.effective(CommitAcks.NONE)).isEqualTo(CommitAcks.NONE);
    gate.standard(CommitAcks.NONE);
    gate.changeOwn(TWO, CommitAcks.NONE);
    gate.changeOwn(ONE, null);
    assertThat(gate.isActive()).isTrue();
    gate.changeOwn(TWO, null);
    assertThat(gate.isActive()).isFalse();
    assertThat(gate.endTurn()).as("those who waited go on").isTrue();
  }

  @Test
  void replicasAreAskedForWhatNobodyHasAskedFor() {
    replicas.position = 100;
    gate.standard(ONE);
    gate.awaited(90);
    gate.awaited(100);
    assertThat(replicas.asked).isEqualTo(1);
    replicas.position = 200;
    gate.awaited(150);
    assertThat(replicas.asked).isEqualTo(2);
  }

  @Test
  void deadlinesAreWholeMilliseconds() {
    nowNanos = 1_999_999;
    assertThat(gate.deadlineNanos(ONE)).isEqualTo(502_000_000);
    nowNanos = -1_500_000;
    assertThat(gate.deadlineNanos(ONE)).isEqualTo(499_000_000);
    assertThat(gate.deadlineNanos(TWO)).isEqualTo(HeldReplies.NEVER);
  }

  @Test
  void keysHaveThePlaceOfTheirLastChange() {
    gate.standard(ONE);
    touched.touched(Slice.of("a"), KeyEvent.SET);
    touched.touched(Slice.of("b"), KeyEvent.EXPIRED);
    replicas.position = 10;
    gate.settleTouches();
    touched.touched(Slice.of("b"), KeyEvent.SET);
    replicas.position = 20;
    gate.settleTouches();
    replicas.position = 30;
    gate.settleTouches();
    assertThat(List.of(end("a"), end("b"), end("c"), touched.lastEnd()))
        .containsExactly(10L, 20L, 0L, 20L);
    touched.touchedAll();
    gate.settleTouches();
    assertThat(List.of(end("a"), end("c"), touched.lastEnd())).containsExactly(30L, 30L, 30L);
  }

  @Test
  void wordsAreUnderstoodOrNot() {
    assertThat(CommitAcks.of(List.of("replicas", "2"))).isEqualTo(new CommitAcks(2, 5000));
    assertThat(CommitAcks.of(List.of("REPLICAS", "2", "Timeout", "0"))).isEqualTo(TWO);
    assertThat(CommitAcks.of(List.of("replicas", "0"))).isEqualTo(CommitAcks.NONE);
    assertThat(new CommitAcks(2, 7).text()).isEqualTo("replicas 2 timeout 7");
    for (String wrong :
        List.of(
            "replicas",
            "replicas 257",
            "replicas -1",
            "replicas 1 timeout",
            "n 1",
            "replicas 1 x 1")) {
      assertThat(CommitAcks.of(List.of(wrong.split(" ", -1)))).as(wrong).isNull();
    }
  }
}
