package io.cinnabar.virtual;

import io.cinnabar.host.Connection;
import io.cinnabar.host.ConnectionHandler;
import io.cinnabar.host.Network;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The server's end of a connection without a socket.
 *
 * <pre>
 *   peer -> incoming -> handler          write -> pending -(flush, as far as the window)-> outgoing -> peer
 * </pre>
 */
final class VirtualConnection implements Connection {

  private final VirtualNetwork network;
  private final Network.Acceptor acceptor;
  private final String remoteAddress;
  private final String localAddress;
  private final boolean unix;
  private final int fileDescriptor;

  private final ByteQueue incoming = new ByteQueue();
  private final ByteQueue pending = new ByteQueue();
  private final ByteQueue outgoing = new ByteQueue();
  private @Nullable ConnectionHandler handler;

  /** How much of {@link #pending} was flushed. */
  private int flushedBytes;

  private boolean open = true;
  private boolean closing;
  private boolean draining;

  /** The owner wants nothing more to come for now. */
  private boolean pausing;

  /** Closed, whether the handler knows it or not. */
  private boolean gone;

  /** The peer has sent its last byte. */
  private boolean inputEnded;

  /** The peer receives no more. */
  private boolean abandoned;

  VirtualConnection(
      VirtualNetwork network,
      Network.Acceptor acceptor,
      String remoteAddress,
      String localAddress,
      boolean unix,
      int fileDescriptor) {
    this.network = network;
    this.acceptor = acceptor;
    this.remoteAddress = remoteAddress;
    this.localAddress = localAddress;
    this.unix = unix;
    this.fileDescriptor = fileDescriptor;
  }

  // For the peer.

  ByteQueue incoming() {
    return incoming;
  }

  ByteQueue outgoing() {
    return outgoing;
  }

  boolean isGone() {
    return gone;
  }

  void endInput() {
    inputEnded = true;
  }

  void abandon() {
    inputEnded = true;
    abandoned = true;
    outgoing.clear();
  }

  // For the network, inside a poll.

  /** Does one poll's work; returns whether there was any. */
  boolean step() {
    if (gone) {
      ConnectionHandler last = handler;
      handler = null;
      if (last != null) {
        last.closed();
      }
      return true;
    }
    if (handler == null) {
      handler = acceptor.accepted(this);
      return true;
    }
    boolean drained = drain();
    return read(handler) || drained;
  }

  /** Whether the handler has heard of the end. */
  boolean isOver() {
    return gone && handler == null;
  }

  private boolean drain() {
    if (flushedBytes == 0) {
      return false;
    }
    if (abandoned) {
      close();
      return true;
    }
    int before = pending.size();
    leave();
    if (pending.size() > 0) {
      return pending.size() < before;
    }
    if (closing) {
      close();
    } else if (draining && handler != null) {
      draining = false;
      handler.drained();
    }
    return true;
  }

  private boolean read(ConnectionHandler handler) {
    if (!open || pausing) {
      return false;
    }
    if (incoming.size() > 0) {
      ByteBuffer piece = network.nextPiece(incoming);
      try {
        handler.received(piece);
      } finally {
        network.spoil(piece);
      }
      return true;
    }
    if (inputEnded && !handler.isBusy()) {
      closeAfterWrite();
      return true;
    }
    return false;
  }

  /** Lets flushed bytes leave as far as the peer takes them. */
  private void leave() {
    int before = pending.size();
    if (abandoned) {
      pending.clear();
    } else {
      int room = Math.max(0, network.windowBytes() - outgoing.size());
      pending.moveTo(outgoing, Math.min(flushedBytes, room));
    }
    flushedBytes -= Math.min(flushedBytes, before - pending.size());
  }

  // For the server.

  @Override
  public void write(byte[] bytes, int offset, int length) {
    if (open) {
      pending.add(bytes, offset, length);
    }
  }

  @Override
  public void flush() {
    if (open) {
      flushPending();
    }
  }

  private void flushPending() {
    flushedBytes = pending.size();
    leave();
    if (pending.size() > 0) {
      draining = true;
    }
  }

  @Override
  public long pendingBytes() {
    return pending.size();
  }

  @Override
  public void closeAfterWrite() {
    if (!open) {
      return;
    }
    open = false;
    closing = true;
    flushPending();
    if (pending.size() == 0) {
      close();
    }
  }

  @Override
  public void close() {
    open = false;
    gone = true;
    flushedBytes = 0;
    pending.clear();
  }

  @Override
  public void reading(boolean yes) {
    pausing = !yes;
  }

  @Override
  public String remoteAddress() {
    return remoteAddress;
  }

  @Override
  public String localAddress() {
    return localAddress;
  }

  @Override
  public boolean isLocal() {
    return unix || remoteAddress.startsWith("127.") || remoteAddress.startsWith("[::1]:");
  }

  @Override
  public boolean isUnix() {
    return unix;
  }

  @Override
  public int fileDescriptor() {
    return fileDescriptor;
  }

  @Override
  public void noDelay(boolean yes) {}

  @Override
  public void keepAlive(int intervalSeconds) {}
}
