package io.cinnabar.replication;

import io.cinnabar.persistence.Arrival;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The primary's data set on its way into memory: whoever loads it takes what has come. On the
 * loop's thread.
 */
final class ReceivedStream extends Transfer implements Arrival {

  /** So much may wait to be loaded before nothing more is read. */
  private static final int MAX_WAITING_BYTES = 2 << 20;

  private final ArrayDeque<byte[]> pieces = new ArrayDeque<>();

  /** How much of the first piece was taken. */
  private int at;

  private long waitingBytes;
  private @Nullable String failure;

  ReceivedStream(Body body, Gate gate) {
    super(body, MAX_WAITING_BYTES, gate);
  }

  @Override
  void received(ByteBuffer bytes) {
    byte[] piece = new byte[body().take(bytes)];
    if (piece.length == 0) {
      return;
    }
    bytes.get(piece);
    body().took(piece, 0, piece.length);
    pieces.add(piece);
    waitingBytes += piece.length;
    waits(waitingBytes);
  }

  @Override
  void cancel(String reason) {
    failure = failure == null ? reason : failure;
  }

  /** As many bytes as a mark has are held back: they may be it. */
  @Override
  public int take(byte[] into, int offset, int length) throws IOException {
    int taken = remove(into, offset, (int) Math.min(length, waitingBytes - body().markBytes()));
    if (taken == 0) {
      if (remaining() == 0) {
        return -1;
      }
      if (failure != null) {
        throw new IOException(failure);
      }
    }
    waits(waitingBytes);
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
    return totalBytes() == PrimaryLink.NONE
        ? UNKNOWN
        : totalBytes() - receivedBytes() + waitingBytes;
  }

  /** Whether nothing is left but the mark, where one has to be; after the data set was taken. */
  boolean endsRightly() {
    byte[] left = new byte[(int) Math.min(waitingBytes, Body.MARK_BYTES + 1)];
    remove(left, 0, left.length);
    return isWhole() && body().isMark(left);
  }
}
