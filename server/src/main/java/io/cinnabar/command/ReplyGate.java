package io.cinnabar.command;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.cinnabar.host.MonotonicClock;
import java.util.Arrays;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * When replies may leave: when the journal has released what they show ({@link Durability}), and,
 * for connections that wait for replicas ({@link CommitAcks}), when so many of these have it.
 *
 * <pre>
 *   0           settled for 2      settled for 1              end of the stream
 *   |  two replicas have it  |  one has  |  asked for, not acknowledged yet  |
 * </pre>
 *
 * <p>What a connection has set holds for all that it is told, whoever has written it. What so many
 * replicas have had stays settled when they leave. A replica waits for nobody. On the loop's
 * thread.
 */
public final class ReplyGate {

  private static final byte[] NO_PRIMARY =
      line(
          "this server has become a replica: the command has run, but whether what it wrote or"
              + " shows outlives the change is not known");

  private static final int GRAIN_NANOS = 1_000_000;

  private final Durability durability;
  private final TouchedKeys touchedKeys;
  private final MonotonicClock clock;
  private ReplicaAcks replicas = ReplicaAcks.NONE;
  private CommitAcks standard = CommitAcks.NONE;
  private boolean isOnDisk;
  private boolean isPrimary = true;

  /** For each number of replicas, how many connections have set it for themselves. */
  private final TreeMap<Integer, Integer> ownSettings = new TreeMap<>();

  private boolean isActive;

  /** For each number of replicas, up to where so many have the stream. */
  private long[] settled = {};

  /** How many replicas there are that acknowledge what they are sent. */
  private int readyReplicas;

  /** Up to where they have been asked. */
  private long askedOffset;

  /** Counts the turns of the loop. */
  private long turn;

  private boolean isAcknowledged;
  private boolean isMoved;
  private long seenPosition;
  private Runnable onDemotion = () -> {};

  public ReplyGate(Durability durability, TouchedKeys touchedKeys, MonotonicClock clock) {
    this.durability = durability;
    this.touchedKeys = touchedKeys;
    this.clock = clock;
  }

  Durability durability() {
    return durability;
  }

  TouchedKeys touchedKeys() {
    return touchedKeys;
  }

  // ---- what is asked for

  /** Says who knows of the replicas. */
  public void replicas(ReplicaAcks acks) {
    replicas = acks;
  }

  /** Says what holds for connections that have set nothing for themselves. */
  public void standard(CommitAcks acks) {
    standard = acks;
    judge();
  }

  /** Says whether a replica has only what is on its disk. */
  public void onDisk(boolean yes) {
    isOnDisk = yes;
    isAcknowledged = true;
  }

  /** A connection sets something else for itself than it had; null is what holds for all. */
  void changeOwn(@Nullable CommitAcks before, @Nullable CommitAcks after) {
    if (before != null && before.isOn()) {
      ownSettings.merge(before.replicas(), -1, ReplyGate::sumUnlessZero);
    }
    if (after != null && after.isOn()) {
      ownSettings.merge(after.replicas(), 1, Integer::sum);
    }
    judge();
  }

  private static @Nullable Integer sumUnlessZero(Integer one, Integer other) {
    int sum = one + other;
    return sum == 0 ? null : sum;
  }

  /** Says whether this server is a primary: what it was held up for until now is over. */
  public void primary(boolean yes) {
    if (isPrimary && !yes) {
      onDemotion.run();
    }
    isPrimary = yes;
    deactivate();
    judge();
  }

  /** Who is told that nothing more is going to be acknowledged. */
  void onDemotion(Runnable listener) {
    onDemotion = listener;
  }

  private void judge() {
    int strictest = standard.replicas();
    if (!ownSettings.isEmpty()) {
      strictest = Math.max(strictest, ownSettings.lastKey());
    }
    if (!isPrimary || strictest == 0) {
      deactivate();
      return;
    }
    int known = isActive ? settled.length : 0;
    settled = Arrays.copyOf(settled, Math.max(settled.length, strictest + 1));
    for (int count = known; count < settled.length; count++) {
      // What there was before is waited for where there is anybody to wait for.
      settled[count] = count <= readyReplicas ? Durability.NOTHING : replicas.position();
    }
    if (!isActive) {
      isActive = true;
      askedOffset = 0;
      touchedKeys.start(replicas.position());
    }
    isAcknowledged = true;
  }

  private void deactivate() {
    isMoved |= isActive;
    isActive = false;
    touchedKeys.stop();
  }

  /** Whether any connection waits for replicas. */
  public boolean isActive() {
    return isActive;
  }

  /** What holds for a connection, which may have set something for itself. */
  CommitAcks effective(@Nullable CommitAcks own) {
    if (!isActive) {
      return CommitAcks.NONE;
    }
    return own == null ? standard : own;
  }

  /** Whether replies of a client may have to wait. */
  boolean holdsReplies(Session session) {
    return durability.holdsReplies() || session.output().acks().isOn();
  }

  // ---- what the replicas say

  /** Says how many replicas there are that acknowledge what they are sent. */
  public void readyReplicas(int count) {
    readyReplicas = count;
  }

  /** Whether there are fewer of them than a client wants to have what it writes. */
  boolean lacksReplicas(Session session) {
    return isActive && session.output().acks().replicas() > readyReplicas;
  }

  /** How many replicas there are that acknowledge what they are sent. */
  public int readyReplicas() {
    return readyReplicas;
  }

  /** A replica has told how far it is. */
  public void acknowledged() {
    isAcknowledged = true;
  }

  /** Ends a turn; whether something has happened since the last one for which replies may wait. */
  boolean endTurn() {
    turn++;
    long position = durability.releasedPosition();
    isMoved |= position != seenPosition;
    seenPosition = position;
    if (isAcknowledged) {
      isAcknowledged = false;
      if (isActive) {
        look();
      }
    }
    boolean moved = isMoved;
    isMoved = false;
    return moved;
  }

  private void look() {
    for (int count = 1; count < settled.length; count++) {
      long offset = replicas.acknowledgedBy(count, isOnDisk);
      if (offset > settled[count]) {
        settled[count] = offset;
        isMoved = true;
      }
    }
  }

  /** The turn of the loop that this is. */
  long turn() {
    return turn;
  }

  /** Up to where so many replicas have the stream. */
  long settledOffset(CommitAcks acks) {
    return isActive ? settled[acks.replicas()] : Long.MAX_VALUE;
  }

  /** A reply waits for the stream up to here: the replicas are asked how far they are. */
  void awaited(long offset) {
    if (offset > askedOffset) {
      askedOffset = replicas.position();
      replicas.ask();
    }
  }

  /** When the time is over of a reply that begins to wait now; of many at the same moment. */
  long deadlineNanos(CommitAcks acks) {
    if (acks.timeoutMillis() == 0) {
      return HeldReplies.NEVER;
    }
    long nanos = clock.nanos() + TimeUnit.MILLISECONDS.toNanos(acks.timeoutMillis());
    return nanos + Math.floorMod(-nanos, GRAIN_NANOS);
  }

  /** Gives what was touched so far its place in the stream. */
  void settleTouches() {
    touchedKeys.settle(replicas.position());
  }

  // ---- what clients are told instead

  /** What a reply is replaced by whose time is over. */
  static byte[] timeoutLine(CommitAcks acks) {
    return line(
        "the command has run and is kept here, but what it wrote or shows was not acknowledged by "
            + acks.replicas()
            + (acks.replicas() == 1 ? " replica" : " replicas")
            + " within "
            + acks.timeoutMillis()
            + " ms");
  }

  /** What a reply is replaced by that nobody is going to acknowledge any more. */
  static byte[] demotionLine() {
    return NO_PRIMARY;
  }

  /** The first word of either. */
  static final String CODE = "UNACKNOWLEDGED";

  private static byte[] line(String text) {
    return ('-' + CODE + ' ' + text + "\r\n").getBytes(US_ASCII);
  }
}
