package io.cinnabar.command;

import io.cinnabar.command.OutputLimits.Limit;
import io.cinnabar.host.Connection;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The output of one client on its way to the connection. What was made at a position of the journal
 * that is not released yet is held back, and everything behind it; but not what shows nothing of
 * the data set, such as that writes are refused. So are replies that show what replicas don't have,
 * where the client waits for these. On the loop's thread.
 */
final class ClientOutput {

  /**
   * Output that no limit counts. Redis keeps so much in a client's fixed buffer, and counts only
   * what goes beyond it.
   */
  static final long UNCOUNTED_BYTES = 16 << 10;

  private final Connection connection;
  private final ReplyGate gate;
  private final Durability durability;
  private final OutputExcess excess = new OutputExcess();

  /** Whether what is written next may show something of the data set. */
  private boolean showsData;

  private boolean isHolding;

  /** What the client has set for itself; null where what holds for all does for it. */
  private @Nullable CommitAcks ownAcks;

  /** Made when something is held back for the first time. */
  private @Nullable HeldReplies held;

  private long seenPendingBytes;

  ClientOutput(Connection connection, ReplyGate gate) {
    this.connection = connection;
    this.gate = gate;
    this.durability = gate.durability();
  }

  // ---- replicas

  /** Says what this client waits for; null is what holds for all. */
  void acks(@Nullable CommitAcks own) {
    if (!Objects.equals(own, ownAcks)) {
      gate.changeOwn(ownAcks, own);
      ownAcks = own;
    }
  }

  /** What this client waits for. */
  CommitAcks acks() {
    return gate.effective(ownAcks);
  }

  // ---- coming

  /** Says that what is written next may show something of the data set. */
  void showData() {
    showsData = true;
  }

  /**
   * Adds bytes; they leave in a flush, those that are held back in one after {@link #release}.
   *
   * @param awaited up to where replicas have to have the stream first; 0 unless it is one reply
   */
  void write(byte[] bytes, int offset, int length, long awaited) {
    long position = awaitedPosition();
    CommitAcks acks = awaited == 0 ? CommitAcks.NONE : acks();
    if (acks.isOn() && awaited > gate.settledOffset(acks)) {
      gate.awaited(awaited);
      long deadlineNanos = gate.deadlineNanos(acks);
      held().addReply(bytes, offset, length, position, awaited, acks, deadlineNanos, gate.turn());
    } else if (position == 0 && !isHeld()) {
      connection.write(bytes, offset, length);
    } else {
      held().add(bytes, offset, length, position);
    }
  }

  /** The position of the journal that what is written next has to wait for; 0 for none. */
  private long awaitedPosition() {
    boolean isFree = !showsData || durability.position() == durability.releasedPosition();
    showsData = false;
    return isFree ? 0 : durability.position();
  }

  private HeldReplies held() {
    HeldReplies replies = held;
    if (replies == null) {
      replies = new HeldReplies(gate::settledOffset, connection::write);
      held = replies;
    }
    return replies;
  }

  // ---- being held

  /** Whether something is held back. */
  boolean isHeld() {
    return held != null && !held.isEmpty();
  }

  /** Whether it has begun to hold something back, and has not let all of it go since. */
  boolean startsHolding() {
    boolean starts = isHeld() && !isHolding;
    isHolding |= starts;
    return starts;
  }

  /** Hands over what has nothing to wait for any more; whether there was something. */
  boolean release() {
    boolean released = held != null && held.release(durability.releasedPosition());
    isHolding = isHeld();
    return released;
  }

  /** Has errors take the place of replies whose time is over; of how many. */
  int failDue(long nowNanos) {
    return held == null ? 0 : held.failDue(nowNanos);
  }

  /** Has errors take the place of all replies that wait for replicas; of how many. */
  int failAll(byte[] error) {
    return held == null ? 0 : held.failAll(error);
  }

  /** When the time of the first reply is over that waits for replicas. */
  long deadlineNanos() {
    return held == null ? HeldReplies.NEVER : held.deadlineNanos();
  }

  /** How many replies wait for replicas. */
  int awaiting() {
    return held == null ? 0 : held.awaiting();
  }

  /** Drops what is held back: the connection is closed. */
  void clear() {
    if (held != null) {
      held.clear();
    }
  }

  /** What has not left yet. */
  long pendingBytes() {
    return connection.pendingBytes() + (held == null ? 0 : held.sizeBytes());
  }

  /** All that was flushed has left. */
  void drained() {
    excess.end();
  }

  /**
   * Whether so much has not left, or for so long, that the client is to be cut off.
   *
   * @param unsentBytes what is to follow
   */
  boolean exceeds(Limit limit, long unsentBytes, long nowMillis) {
    long bytes = pendingBytes() + unsentBytes - UNCOUNTED_BYTES;
    return excess.isTooMuch(limit, bytes, nowMillis);
  }

  /** Whether some of it has left since this was asked last, other than in a flush. */
  boolean hasMoved() {
    long before = seenPendingBytes;
    seenPendingBytes = pendingBytes();
    return seenPendingBytes < before;
  }
}
