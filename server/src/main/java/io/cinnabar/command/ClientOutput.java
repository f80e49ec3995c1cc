package io.cinnabar.command;

import io.cinnabar.command.OutputLimits.Limit;
import io.cinnabar.host.Connection;
import org.jspecify.annotations.Nullable;

/**
 * The output of one client on its way to the connection. What was made at a position of the journal
 * that is not released yet is held back, and everything behind it; but not what shows nothing of
 * the data set, such as that writes are refused. On the loop's thread.
 */
final class ClientOutput {

  /**
   * Output that no limit counts. Redis keeps so much in a client's fixed buffer, and counts only
   * what goes beyond it.
   */
  static final long UNCOUNTED_BYTES = 16 << 10;

  private final Connection connection;
  private final Durability durability;
  private final OutputExcess excess = new OutputExcess();

  /** Whether what is written next may show something of the data set. */
  private boolean showsData;

  private boolean isHolding;

  /** Made when something is held back for the first time. */
  private @Nullable HeldReplies held;

  private long seenPendingBytes;

  ClientOutput(Connection connection, Durability durability) {
    this.connection = connection;
    this.durability = durability;
  }

  /** Says that what is written next may show something of the data set. */
  void showData() {
    showsData = true;
  }

  /** Adds bytes; they leave in a flush, those that are held back in one after {@link #release}. */
  void write(byte[] bytes, int offset, int length) {
    boolean mayLeave = !showsData || durability.position() == durability.releasedPosition();
    showsData = false;
    if (mayLeave && !isHeld()) {
      connection.write(bytes, offset, length);
    } else {
      hold(bytes, offset, length, durability.position());
    }
  }

  private void hold(byte[] bytes, int offset, int length, long position) {
    HeldReplies replies = held;
    if (replies == null) {
      replies = new HeldReplies();
      held = replies;
    }
    replies.add(bytes, offset, length, position);
  }

  /** Whether something is held back. */
  boolean isHeld() {
    return held != null && !held.isEmpty();
  }

  /** Whether it has begun to hold something back, until {@link #release}. */
  boolean startsHolding() {
    boolean starts = isHeld() && !isHolding;
    isHolding |= starts;
    return starts;
  }

  /** Hands over what is held back no longer. */
  void release(long position) {
    isHolding = false;
    if (held != null) {
      held.release(position, connection::write);
    }
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
