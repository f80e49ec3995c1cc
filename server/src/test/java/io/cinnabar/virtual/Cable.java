package io.cinnabar.virtual;

import java.util.ArrayDeque;

/**
 * What lies between the two ends of a connection from one virtual host to another: bytes on their
 * way in either direction, which arrive in order, some time after they were sent.
 */
final class Cable {

  private final VirtualInternet internet;
  private final String one;
  private final String other;
  private final VirtualConnection end;
  private final VirtualConnection otherEnd;
  private final Way there;
  private final Way back;
  private boolean lost;

  Cable(
      VirtualInternet internet,
      String one,
      VirtualConnection end,
      String other,
      VirtualConnection otherEnd) {
    this.internet = internet;
    this.one = one;
    this.other = other;
    this.end = end;
    this.otherEnd = otherEnd;
    there = new Way(end, otherEnd);
    back = new Way(otherEnd, end);
  }

  boolean joins(String host, String otherHost) {
    return (one.equals(host) && other.equals(otherHost))
        || (one.equals(otherHost) && other.equals(host));
  }

  boolean touches(String host) {
    return one.equals(host) || other.equals(host);
  }

  /** Ends the connection for both, at once; what was on its way is lost. */
  void cut() {
    end.close();
    otherEnd.close();
  }

  /** Has nothing arrive any more; nobody is told. */
  void lose() {
    lost = true;
  }

  private boolean isBlocked() {
    return lost || internet.isSplit(one, other);
  }

  /** Ends the connection of one host that is gone; the other one hears of it. */
  void cutFrom(String host) {
    (one.equals(host) ? otherEnd : end).close();
  }

  /** Moves what is due; returns whether anything has arrived. */
  boolean deliver() {
    boolean blocked = isBlocked();
    boolean forth = there.deliver(blocked);
    return back.deliver(blocked) || forth;
  }

  /** When something arrives next; {@link Long#MAX_VALUE} if nothing is on its way. */
  long nextNanos() {
    return isBlocked() ? Long.MAX_VALUE : Math.min(there.nextNanos(), back.nextNanos());
  }

  boolean isOver() {
    return end.isGone() && otherEnd.isGone();
  }

  /** Bytes that arrive together; none of them say that nothing follows. */
  private static final class Packet {
    final long dueNanos;
    final byte[] bytes;

    Packet(long dueNanos, byte[] bytes) {
      this.dueNanos = dueNanos;
      this.bytes = bytes;
    }
  }

  /** One direction. */
  private final class Way {
    private final VirtualConnection from;
    private final VirtualConnection to;
    private final ArrayDeque<Packet> packets = new ArrayDeque<>();
    private int bytes;
    private long lastDueNanos;
    private boolean ended;

    Way(VirtualConnection from, VirtualConnection to) {
      this.from = from;
      this.to = to;
    }

    boolean deliver(boolean blocked) {
      long nowNanos = internet.time().nanos();
      send(nowNanos);
      boolean arrived = false;
      while (!blocked && !isFull() && !packets.isEmpty() && packets.peek().dueNanos <= nowNanos) {
        arrived = true;
        byte[] next = packets.remove().bytes;
        bytes -= next.length;
        if (next.length == 0) {
          to.abandon();
        } else {
          to.incoming().add(next, 0, next.length);
        }
      }
      return arrived;
    }

    /** Whether the receiver has to read first. */
    private boolean isFull() {
      return to.incoming().size() >= internet.windowBytes() && !to.isGone();
    }

    /** Takes what has left its host; the end of the stream is an empty packet. */
    private void send(long nowNanos) {
      int count = Math.min(from.outgoing().size(), internet.windowBytes() - bytes);
      if (count > 0) {
        bytes += count;
        add(nowNanos, from.outgoing().remove(count));
      }
      if (from.isGone() && from.outgoing().size() == 0 && !ended) {
        ended = true;
        add(nowNanos, new byte[0]);
      }
    }

    private void add(long nowNanos, byte[] sent) {
      lastDueNanos = Math.max(lastDueNanos, nowNanos + internet.nextLatencyNanos());
      packets.add(new Packet(lastDueNanos, sent));
    }

    long nextNanos() {
      return packets.isEmpty() || isFull() ? Long.MAX_VALUE : packets.peek().dueNanos;
    }
  }
}
