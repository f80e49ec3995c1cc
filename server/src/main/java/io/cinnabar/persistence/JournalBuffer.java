package io.cinnabar.persistence;

import io.cinnabar.host.DiskFile;
import io.cinnabar.structure.IntegerText;
import io.cinnabar.structure.Slice;
import java.util.ArrayList;
import java.util.List;

/**
 * Commands on their way to a file, as a client would send them. The loop fills it, then a worker
 * writes it, then it is emptied and filled again; whoever hands it over does so safely. It is made
 * of chunks, so that it grows without moving what is there; some of them stay for the next time.
 */
final class JournalBuffer {

  private static final int CHUNK_BYTES = 64 << 10;
  private static final int KEPT_CHUNKS = 16;

  /** The longest head of a command or of an argument: a letter, a number, the line's end. */
  private static final int MAX_HEAD_BYTES = 1 + IntegerText.MAX_LONG_BYTES + 2;

  private final List<byte[]> chunks = new ArrayList<>();
  private final byte[] head = new byte[MAX_HEAD_BYTES];

  /** How many chunks are full. */
  private int full;

  /** How much of the chunk behind them is used. */
  private int used;

  boolean isEmpty() {
    return full == 0 && used == 0;
  }

  long sizeBytes() {
    return (long) full * CHUNK_BYTES + used;
  }

  /** What it takes in memory. */
  long memoryBytes() {
    return (long) chunks.size() * CHUNK_BYTES;
  }

  /** Adds a command, given by its name and arguments. */
  void command(List<byte[]> arguments) {
    begin(arguments.size());
    for (int i = 0; i < arguments.size(); i++) {
      argument(arguments.get(i));
    }
  }

  /** Begins a command of so many arguments, its name included, which follow. */
  void begin(int arguments) {
    head('*', arguments);
  }

  void argument(byte[] bytes) {
    argument(bytes, 0, bytes.length);
  }

  void argument(Slice bytes) {
    argument(bytes.array, bytes.offset, bytes.length);
  }

  private void argument(byte[] bytes, int offset, int length) {
    head('$', length);
    add(bytes, offset, length);
    head[0] = '\r';
    head[1] = '\n';
    add(head, 0, 2);
  }

  private void head(char letter, int number) {
    head[0] = (byte) letter;
    int end = IntegerText.write(number, head, 1);
    head[end] = '\r';
    head[end + 1] = '\n';
    add(head, 0, end + 2);
  }

  /** Adds these bytes. */
  void add(byte[] bytes, int offset, int length) {
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

  /** What is in it, to be read like a file, as long as it stays as it is. */
  DiskFile asFile() {
    return new BufferFile();
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

  /** Can only be read. */
  private final class BufferFile implements DiskFile {
    @Override
    public long sizeBytes() {
      return JournalBuffer.this.sizeBytes();
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

    @Override
    public void append(byte[] from, int offset, int length) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void truncate(long sizeBytes) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void force() {}

    @Override
    public void close() {}
  }
}
