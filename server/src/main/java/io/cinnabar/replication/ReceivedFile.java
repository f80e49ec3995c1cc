package io.cinnabar.replication;

import io.cinnabar.host.DiskFile;
import io.cinnabar.host.Host;
import io.cinnabar.host.Log;
import io.cinnabar.structure.Crc64;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The primary's data set on its way into a file, until all of it is on the disk, and its checksum
 * is right: then it can take the name of the old one. The loop's thread takes in what comes; a
 * worker at a time writes, and while it is behind the connection is not read from.
 *
 * <pre>
 *   a body of known length:  data set                       | what follows is the stream
 *   a streamed one:          data set | mark, 40 bytes      | nothing follows
 *   the data set's end:      ... 255, checksum of all before, 8 bytes, little-endian, or 0
 * </pre>
 */
final class ReceivedFile extends Transfer {

  /** Hears how it goes, on the loop's thread, within a poll. */
  interface Listener extends Gate {
    /** All of it is on the disk. */
    void stored(ReceivedFile file);

    /** It can't be written, or is not what the primary has sent. */
    void failed(String reason);
  }

  private static final int FIRST_BYTES = 64 << 10;

  /** So much may wait for the worker before nothing more is read. */
  private static final int MAX_WAITING_BYTES = 4 << 20;

  private static final int CHECKSUM_BYTES = 8;

  /** The magic word and four digits; older versions have no checksum. */
  private static final int HEADER_BYTES = 9;

  private static final int CHECKSUMMED_VERSION = 5;

  private final Host host;
  private final Log log;
  private final String directory;
  private final String name;
  private final String temporary;
  private final boolean checksChecksum;
  private final Listener listener;

  // The loop's.

  private byte[] waiting = new byte[FIRST_BYTES];
  private byte[] spare = new byte[FIRST_BYTES];
  private int waitingBytes;
  private boolean writing;
  private boolean handedOver;
  private boolean cancelled;

  // The worker's.

  private @Nullable DiskFile file;
  private long writtenBytes;
  private long checksum;

  /** The newest bytes, which may be no part of what the checksum is of. */
  private final byte[] tail;

  private int tailBytes;
  private final byte[] header = new byte[HEADER_BYTES];

  /**
   * @param name of the file in the directory
   * @param temporary what it is called meanwhile
   */
  ReceivedFile(
      Host host,
      Log log,
      String directory,
      String name,
      String temporary,
      Body body,
      boolean checksChecksum,
      Listener listener) {
    super(body, MAX_WAITING_BYTES, listener);
    this.host = host;
    this.log = log;
    this.directory = directory;
    this.name = name;
    this.temporary = temporary;
    this.checksChecksum = checksChecksum;
    this.listener = listener;
    tail = new byte[CHECKSUM_BYTES + body.markBytes()];
  }

  // ---- on the loop's thread

  @Override
  void received(ByteBuffer bytes) {
    int count = body().take(bytes);
    if (waiting.length - waitingBytes < count) {
      waiting = Arrays.copyOf(waiting, Math.max(2 * waiting.length, waitingBytes + count));
    }
    bytes.get(waiting, waitingBytes, count);
    body().took(waiting, waitingBytes, count);
    waitingBytes += count;
    handOver();
    waits(waitingBytes);
  }

  private void handOver() {
    if (writing || handedOver || (waitingBytes == 0 && !isWhole())) {
      return;
    }
    writing = true;
    byte[] piece = waiting;
    int length = waitingBytes;
    boolean isLast = isWhole();
    handedOver = isLast;
    waiting = spare;
    waitingBytes = 0;
    host.workers()
        .run(
            () -> {
              String failure = write(piece, length, isLast);
              host.network().post(() -> written(piece, isLast, failure));
            });
  }

  private void written(byte[] piece, boolean isLast, @Nullable String failure) {
    spare = piece;
    writing = false;
    if (cancelled) {
      host.workers().run(this::discard);
    } else if (failure != null) {
      cancelled = true;
      host.workers().run(this::discard);
      listener.failed(failure);
    } else if (isLast) {
      listener.stored(this);
    } else {
      handOver();
      waits(waitingBytes);
    }
  }

  /**
   * Puts it in the place of the old file; whoever could do the same must have been told not to.
   *
   * @throws IOException when that can't be; the message is for the log
   */
  void rename() throws IOException {
    try {
      host.disk().rename(path(temporary), path(name));
    } catch (IOException e) {
      throw new IOException(
          "Failed trying to rename the temp DB into "
              + name
              + " in MASTER <-> REPLICA synchronization: "
              + e.getMessage(),
          e);
    }
    host.workers().run(this::forceDirectory);
  }

  /**
   * On a worker. After a crash before that the old file is there, and the primary is asked again.
   */
  private void forceDirectory() {
    try {
      host.disk().forceDirectory(directory);
    } catch (IOException e) {
      log.warning(
          "Failed trying to sync DB directory "
              + directory
              + " in MASTER <-> REPLICA synchronization: "
              + e.getMessage());
    }
  }

  @Override
  void cancel(String reason) {
    if (!cancelled) {
      cancelled = true;
      if (!writing) {
        host.workers().run(this::discard);
      }
    }
  }

  // ---- on a worker

  /** Writes a piece; null, or why that can't be. */
  private @Nullable String write(byte[] piece, int length, boolean isLast) {
    String step = "Opening the temp file needed for MASTER <-> REPLICA synchronization: ";
    try {
      DiskFile to = file;
      if (to == null) {
        to = host.disk().create(path(temporary));
        file = to;
      }
      step =
          "Write error or short write writing to the DB dump file needed for MASTER <-> REPLICA"
              + " synchronization: ";
      to.append(piece, 0, length);
      sum(piece, length);
      writtenBytes += length;
      if (!isLast) {
        return null;
      }
      if (!isChecksumRight()) {
        return "The data set that has come from the MASTER is damaged: its checksum is wrong";
      }
      step = "Error truncating the RDB file received from the master for SYNC: ";
      to.truncate(writtenBytes - body().markBytes());
      step = "Failed trying to sync the temp DB to disk in MASTER <-> REPLICA synchronization: ";
      to.force();
      to.close();
      return null;
    } catch (IOException e) {
      return step + e.getMessage();
    }
  }

  /** Takes bytes in, of which the newest may be the checksum and the mark. */
  private void sum(byte[] piece, int length) {
    for (int i = 0; writtenBytes + i < HEADER_BYTES && i < length; i++) {
      header[(int) writtenBytes + i] = piece[i];
    }
    int old = Math.min(tailBytes, Math.max(0, tailBytes + length - tail.length));
    checksum = Crc64.update(checksum, tail, 0, old);
    System.arraycopy(tail, old, tail, 0, tailBytes - old);
    tailBytes -= old;
    int summed = Math.max(0, length - tail.length);
    checksum = Crc64.update(checksum, piece, 0, summed);
    System.arraycopy(piece, summed, tail, tailBytes, length - summed);
    tailBytes += length - summed;
  }

  /** Whether it is, or there is none. */
  private boolean isChecksumRight() {
    if (!checksChecksum || tailBytes < tail.length || version() < CHECKSUMMED_VERSION) {
      return true;
    }
    long told = 0;
    for (int i = CHECKSUM_BYTES - 1; i >= 0; i--) {
      told = told << Byte.SIZE | (tail[i] & 0xff);
    }
    return told == 0 || told == checksum;
  }

  private int version() {
    int version = 0;
    for (int i = HEADER_BYTES - 4; i < HEADER_BYTES; i++) {
      version = version * 10 + (header[i] - '0');
    }
    return version;
  }

  private void discard() {
    try {
      if (file != null) {
        file.close();
        host.disk().delete(path(temporary));
      }
    } catch (IOException e) {
      // What is left of it is overwritten by the next one.
    }
  }

  private String path(String ofFile) {
    return directory + "/" + ofFile;
  }
}
