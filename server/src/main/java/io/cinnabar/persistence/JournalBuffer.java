package io.cinnabar.persistence;

import io.cinnabar.host.ReadableBytes;
import io.cinnabar.resp.CommandWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Commands on their way to a file, as a client would send them. The loop fills it, then a worker
 * writes it, then it is emptied and filled again; whoever hands it over does so safely. It is made
 * of chunks, so that it grows without moving what is there; some of them stay for the next time.
 */
final class JournalBuffer extends CommandWriter implements ReadableBytes {

  private static final int CHUNK_BYTES = 64 << 10;
  private static final int KEPT_CHUNKS = 16;

  private final List<byte[]> chunks = new ArrayList<>();

  /** How many chunks are full. */
  private int full;

  /** How much of the chunk behind them is used. */
  private int used;

  boolean isEmpty() {
    return full == 0 && used == 0;
  }

  @Override
  public long sizeBytes() {
    return (long) full * CHUNK_BYTES + used;
  }

  /** What it takes in memory. */
  long memoryBytes() {
    return (long) chunks.size() * CHUNK_BYTES;
  }

  @Override
  public void add(byte[] bytes, int offset, int length) {
    int at = offset;
    int end = offset + length;
    while (at < end) {
      if (full == chunks.size()) {
        chunks.add(new byte[CHUNK_BYTES]);
      }
      int count = Math.min(end - at, CHUNK_BYTES - used);
      System.arraycopy(bytes, at, chunks.get(full), used, count);
      at += count;
      used += count;
      if (used == CHUNK_BYTES) {
        full++;
        used = 0;
      }
    }
  }

  /** In how many pieces the bytes lie. */
  int pieces() {
    return used == 0 ? full : full + 1;
  }

  /** The array of a piece, which begins with it. */
  byte[] piece(int index) {
    return chunks.get(index);
  }

  int pieceBytes(int index) {
    return index < full ? CHUNK_BYTES : used;
  }

  @Override
  public int read(long position, byte[] into, int offset, int length) {
    int piece = (int) (position / CHUNK_BYTES);
    int at = (int) (position % CHUNK_BYTES);
    if (piece >= pieces() || at >= pieceBytes(piece)) {
      return -1;
    }
    int count = Math.min(length, pieceBytes(piece) - at);
    System.arraycopy(piece(piece), at, into, offset, count);
    return count;
  }

  /** Takes back what was added since it had this size. */
  void truncate(long sizeBytes) {
    full = (int) (sizeBytes / CHUNK_BYTES);
    used = (int) (sizeBytes % CHUNK_BYTES);
  }

  /** Empties it, and gives its memory back if it has become large. */
  void clear() {
    full = 0;
    used = 0;
    if (chunks.size() > KEPT_CHUNKS) {
      chunks.subList(KEPT_CHUNKS, chunks.size()).clear();
    }
  }
}
