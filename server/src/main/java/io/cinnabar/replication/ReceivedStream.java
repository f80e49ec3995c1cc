package io.cinnabar.replication;

import io.cinnabar.persistence.Arrival;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The primary's data set on its way into memory: whoever loads it takes what has come. While that
 * is behind the connection is not read from. On the loop's thread.
 */
final class ReceivedStream implements Transfer, Arrival {

  /** Hears whether more may come. */
  @FunctionalInterface
  interface Listener {
    void reading(boolean yes);
  }

  /** So much may wait to be loaded before nothing more is read. */
  private static final int MAX_WAITING_BYTES = 2 << 20;

  private final Body body;
  private final Listener listener;
  private final ArrayDeque<byte[]> pieces = new ArrayDeque<>();

  /** How much of the first piece was taken. */
  private int at;

  private long waitingBytes;
  private boolean paused;
  private @Nullable String failure;

  ReceivedStream(Body body, Listener listener) {
    this.body = body;
    this.listener = listener;
  }

  @Override
  public void received(ByteBuffer bytes) {
    byte[] piece = new byte[body.take(bytes)];
    if (piece.length == 0) {
      return;
    }
    bytes.get(piece);
    body.took(piece, 0, piece.length);
    pieces.add(piece);
    waitingBytes += piece.length;
    if (!paused && waitingBytes > MAX_WAITING_BYTES) {
      paused = true;
      listener.reading(false);
    }
  }

  @Override
  public boolean isWhole() {
    return body.isWhole();
  }

  @Override
  public long receivedBytes() {
    return body.receivedBytes();
  }

  @Override
  public long totalBytes() {
    return body.totalBytes();
  }

  @Override
  public void cancel(String reason) {
    failure = failure == null ? reason : failure;
  }

  /** As many bytes as a mark has are held back: they may be it. */
  @Override
  public int take(byte[] into, int offset, int length) throws IOException {
    int taken = remove(into, offset, (int) Math.min(length, waitingBytes - body.markBytes()));
    if (taken == 0) {
      if (remaining() == 0) {
        return -1;
      }
      if (failure != null) {
        throw new IOException(failure);
      }
    }
    if (paused && waitingBytes <= MAX_WAITING_BYTES) {
      paused = false;
      listener.reading(true);
    }
    return taken;
  }

  private int remove(byte[] into, int offset, int length) {
    int taken = 0;
    byte[] first = pieces.peek();
    while (taken < length && first != null) {
      int count = Math.min(length - taken, first.length - at);
      System.arraycopy(first, at, into, offset + taken, count);
      taken += count;
      at += count;
      if (at == first.length) {
        at = 0;
        pieces.remove();
        first = pieces.peek();
      }
    }
    waitingBytes -= taken;
    return taken;
  }

  @Override
  public long remaining() {
    return body.totalBytes() == PrimaryLink.NONE
        ? UNKNOWN
        : body.totalBytes() - body.receivedBytes() + waitingBytes;
  }

  /** Whether nothing is left but the mark, where one has to be; after the data set was taken. */
  boolean endsRightly() {
    byte[] left = new byte[(int) Math.min(waitingBytes, Body.MARK_BYTES + 1)];
    remove(left, 0, left.length);
    return body.isWhole() && body.isMark(left);
  }
}
