package io.cinnabar.persistence;

import io.cinnabar.host.ReadableBytes;
import io.cinnabar.persistence.AofDamage.Kind;
import io.cinnabar.resp.ProtocolException;
import io.cinnabar.resp.Request;
import io.cinnabar.resp.RequestDecoder;
import io.cinnabar.structure.Crc64;
import java.io.IOException;

/**
 * Reads the commands of an append-only file one after the other. Lines that begin with # are
 * skipped, but where one is an {@link AofSeal} the batch behind it is checked before the first of
 * its commands is told. Memory grows with the longest command that is in the file whole. By one
 * thread.
 */
final class AofReader {

  private static final int WINDOW_BYTES = 256 << 10;
  private static final int MAX_LINE_BYTES = 64 << 10;
  private static final int MAX_ARRAY_BYTES = Integer.MAX_VALUE - 8;
  private static final long NEVER = -1;

  private final ReadableBytes file;
  private final long sizeBytes;
  private final RequestDecoder decoder = new RequestDecoder();

  /** A part of the file; what comes next begins at {@link #at}. */
  private byte[] window = new byte[WINDOW_BYTES];

  private long windowStart;
  private int at;
  private int end;

  /** Where the last batch with a checksum ends; {@link #NEVER} before the first. */
  private long sealedEnd = NEVER;

  /** Where its seal begins. */
  private long sealedStart;

  /** Where the command begins that was told last. */
  private long commandStart;

  /**
   * @param from where the commands begin
   */
  AofReader(ReadableBytes file, long from) throws IOException {
    this.file = file;
    this.sizeBytes = file.sizeBytes();
    this.windowStart = from;
    this.commandStart = from;
    decoder.maxBulkLength(Integer.MAX_VALUE);
  }

  /** Where in the file what comes next begins. */
  long position() {
    return windowStart + at;
  }

  /** Where the command begins that was told last. */
  long commandStart() {
    return commandStart;
  }

  /**
   * Where a file can be cut so that nothing from an offset on is left: a batch with a checksum goes
   * as a whole.
   */
  long cut(long offset) {
    return offset < sealedEnd ? Math.min(offset, sealedStart) : offset;
  }

  /** Whether there was a batch with a checksum so far. */
  boolean hasSeals() {
    return sealedEnd != NEVER;
  }

  /**
   * Reads the next command.
   *
   * @return false at the end of the file
   * @throws AofDamage when what comes next is no whole command; nothing can be read after that
   */
  boolean next(Request into) throws IOException, AofDamage {
    while (has(1)) {
      byte first = window[at];
      if (first == '*') {
        command(into);
        return true;
      }
      if (first != '#') {
        throw new AofDamage(Kind.FORMAT, position());
      }
      line();
    }
    return false;
  }

  private void command(Request into) throws IOException, AofDamage {
    long start = position();
    decoder.reset();
    int next = decode(start, into);
    while (next == RequestDecoder.INCOMPLETE) {
      long wanted = decoder.wanted();
      if (wanted > sizeBytes - start) {
        throw new AofDamage(Kind.SHORT, start);
      }
      if (wanted > MAX_ARRAY_BYTES) {
        throw new AofDamage(Kind.FORMAT, start);
      }
      has((int) wanted);
      next = decode(start, into);
    }
    at = next;
    if (into.count() == 0 || (start < sealedEnd && position() > sealedEnd)) {
      throw new AofDamage(Kind.FORMAT, start);
    }
    commandStart = start;
  }

  private int decode(long start, Request into) throws AofDamage {
    try {
      return decoder.next(window, at, end, into);
    } catch (ProtocolException e) {
      throw new AofDamage(Kind.FORMAT, start);
    }
  }

  /** Skips a line that is no command, and checks the batch behind it if it has a checksum. */
  private void line() throws IOException, AofDamage {
    long start = position();
    int length = 0;
    while (window[at + length] != '\n') {
      if (length > 0 && window[at + length] < ' ' && window[at + length] != '\r') {
        throw new AofDamage(Kind.FORMAT, start);
      }
      length++;
      if (!has(length + 1)) {
        throw new AofDamage(Kind.SHORT, start);
      }
      if (length == MAX_LINE_BYTES) {
        throw new AofDamage(Kind.FORMAT, start);
      }
    }
    length++;
    if (start >= sealedEnd && AofSeal.isStart(window, at, length)) {
      AofSeal seal = AofSeal.parse(window, at, length);
      if (seal == null) {
        throw new AofDamage(Kind.CHECKSUM, start);
      }
      if (seal.lengthBytes() > sizeBytes - start - length) {
        throw new AofDamage(Kind.SHORT, start);
      }
      if (!isIntact(seal, window, at, start)) {
        throw new AofDamage(Kind.CHECKSUM, start);
      }
      sealedStart = start;
      sealedEnd = start + length + seal.lengthBytes();
    }
    at += length;
  }

  /** Whether a batch is what was written; it is in the file whole. */
  private boolean isIntact(AofSeal seal, byte[] line, int offset, long start) throws IOException {
    long checksum = AofSeal.checksumOfLine(line, offset);
    byte[] piece = new byte[(int) Math.min(WINDOW_BYTES, seal.lengthBytes())];
    long from = start + AofSeal.BYTES;
    long to = from + seal.lengthBytes();
    while (from < to) {
      int count = file.read(from, piece, 0, (int) Math.min(piece.length, to - from));
      if (count <= 0) {
        return false;
      }
      checksum = Crc64.update(checksum, piece, 0, count);
      from += count;
    }
    return checksum == seal.checksum();
  }

  /** Makes sure that so many bytes are in the window from {@link #at} on; false at the end. */
  private boolean has(int count) throws IOException {
    if (end - at >= count) {
      return true;
    }
    if (window.length - at < count) {
      int room = Math.max(count, WINDOW_BYTES);
      byte[] target = room > window.length ? new byte[grown(room)] : window;
      System.arraycopy(window, at, target, 0, end - at);
      window = target;
      windowStart += at;
      end -= at;
      at = 0;
    }
    while (end - at < count) {
      int read = file.read(windowStart + end, window, end, window.length - end);
      if (read <= 0) {
        return false;
      }
      end += read;
    }
    return true;
  }

  /** More than is needed, so that a command that comes bit by bit is not copied each time. */
  private int grown(int room) {
    long most = Math.min(MAX_ARRAY_BYTES, Math.max(room, sizeBytes - position()));
    return (int) Math.min(most, room * 5L / 4);
  }

  /**
   * Whether damage can come from a crash of the machine, which may leave what was written last
   * incomplete; only then may it be cut off. In a file of batches with checksums that is where one
   * of them was to begin, if no later one says that it was on disk; in a file without, it is where
   * the file ends too early.
   */
  boolean isUnfinished(AofDamage damage) throws IOException {
    boolean isBatch =
        sealedEnd == NEVER
            ? damage.kind() == Kind.SHORT
            : damage.kind() != Kind.FORMAT || damage.offset() == sealedEnd;
    return isBatch && !wasForced(damage.offset());
  }

  /**
   * Whether a later batch says that the file was on disk up to here and further. Candidates are
   * many in a file that was made to keep this busy, so the effort has a limit.
   */
  private boolean wasForced(long offset) throws IOException {
    long budget = 2 * sizeBytes + WINDOW_BYTES;
    byte[] piece = new byte[WINDOW_BYTES];
    long from = offset + 1;
    while (from + AofSeal.BYTES <= sizeBytes) {
      int count = readFully(from, piece);
      for (int i = 0; i + AofSeal.BYTES <= count; i++) {
        AofSeal seal = piece[i] == '#' ? AofSeal.parse(piece, i, count - i) : null;
        if (seal == null) {
          continue;
        }
        long start = from + i;
        boolean fits = seal.lengthBytes() <= sizeBytes - start - AofSeal.BYTES;
        if (fits && start - seal.unforcedBytes() > offset) {
          budget -= seal.lengthBytes();
          if (budget < 0) {
            return true; // rather refuse than cut off too much
          }
          if (isIntact(seal, piece, i, start)) {
            return true;
          }
        }
      }
      from += count - AofSeal.BYTES + 1;
    }
    return false;
  }

  private int readFully(long from, byte[] into) throws IOException {
    int count = 0;
    int read = 0;
    while (count < into.length && read >= 0) {
      read = file.read(from + count, into, count, into.length - count);
      count += Math.max(0, read);
    }
    return count;
  }
}
