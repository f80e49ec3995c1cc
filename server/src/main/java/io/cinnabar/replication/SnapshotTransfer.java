package io.cinnabar.replication;

import io.cinnabar.command.BugReport;
import io.cinnabar.host.Host;
import io.cinnabar.host.Log;
import io.cinnabar.persistence.RdbSink;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One snapshot on its way to replicas. A worker makes a part of it, and another as soon as the
 * replicas have taken enough of that; the slowest of them sets the pace, and no more than some
 * parts are in memory. So a worker is never held up by a socket, but within a value that is larger
 * than all the parts together.
 *
 * <pre>
 *   source -(worker: a part)-> pieces -(post)-> queue -(loop: as far as sockets take it)-> replicas
 * </pre>
 *
 * On the loop's thread, but for what says otherwise.
 */
final class SnapshotTransfer {

  /** What the source is asked for at once. */
  private static final long PART_BYTES = 256 << 10;

  /** While less than this waits to be sent, another part is made. */
  private static final long AHEAD_BYTES = 1 << 20;

  /** Within a value the worker waits when more than this waits to be sent. */
  private static final long MOST_AHEAD_BYTES = 8 << 20;

  private static final int PIECE_BYTES = 64 << 10;
  private static final long PAUSE_NANOS = 2_000_000;

  private final Host host;
  private final Log log;
  private final SnapshotSource source;
  private final Runnable onEnd;
  private final Backlog queue = new Backlog(0, 0);
  private final Pieces pieces = new Pieces();
  private int readers;
  private boolean isGiving;
  private boolean isComplete;
  private boolean hasFailed;
  private boolean isOver;
  private boolean isSourceClosed;

  /** What the replicas have taken, for the worker. */
  private volatile long takenBytes;

  private volatile boolean isCancelled;

  /**
   * @param onEnd hears when it is over, whether all got it or not
   */
  SnapshotTransfer(Host host, Log log, SnapshotSource source, Runnable onEnd) {
    this.host = host;
    this.log = log;
    this.source = source;
    this.onEnd = onEnd;
  }

  /** Another replica is to have it; only before the first part has come. */
  BacklogCursor join() {
    readers++;
    return queue.cursor(0);
  }

  /** A replica has all of it, or needs it no longer. */
  void leave(BacklogCursor cursor) {
    cursor.close();
    readers--;
    if (readers == 0) {
      end();
    }
  }

  /** Makes the next part, if it is time; to be called whenever replicas have taken something. */
  void goOn() {
    takenBytes = queue.firstOffset();
    if (!isGiving && !isSourceClosed && queue.sizeBytes() < AHEAD_BYTES) {
      isGiving = true;
      host.workers().run(this::give);
    }
  }

  /** On a worker. */
  private void give() {
    boolean isLast = false;
    String failure = null;
    try {
      isLast = source.give(pieces, PART_BYTES);
      pieces.hand();
    } catch (IOException e) {
      failure = String.valueOf(e.getMessage());
    } catch (RuntimeException e) {
      log.warning(BugReport.of("sending the data set to replicas", e));
      failure = "internal error";
    } catch (OutOfMemoryError e) {
      failure = "Out of memory";
    }
    boolean wasLast = isLast;
    String reason = failure;
    host.network().post(() -> given(wasLast, reason));
  }

  private void given(boolean isLast, @Nullable String failure) {
    isGiving = false;
    if (isOver) {
      closeSource();
      return;
    }
    if (failure != null) {
      log.warning("Write error while sending DB to replicas: " + failure);
      hasFailed = true;
    }
    isComplete = isLast;
    if (isLast || hasFailed) {
      closeSource();
    }
  }

  private void closeSource() {
    if (!isSourceClosed) {
      isSourceClosed = true;
      source.close();
    }
  }

  /** Nobody needs it any more. */
  private void end() {
    isOver = true;
    isCancelled = true;
    source.cancel();
    if (!isGiving) {
      closeSource();
    }
    onEnd.run();
  }

  /** Whether nothing comes behind what is in the queue. */
  boolean isComplete() {
    return isComplete;
  }

  /** Whether the rest of it can't be had. */
  boolean hasFailed() {
    return hasFailed;
  }

  /** What it takes in memory. */
  long memoryBytes() {
    return queue.memoryBytes();
  }

  /** What a worker gets from the source, gathered and posted to the loop. */
  private final class Pieces implements RdbSink {

    private byte[] piece = new byte[PIECE_BYTES];
    private int used;
    private long givenBytes;

    @Override
    public void append(byte[] bytes, int offset, int length) throws IOException {
      int at = offset;
      while (at < offset + length) {
        int count = Math.min(offset + length - at, PIECE_BYTES - used);
        System.arraycopy(bytes, at, piece, used, count);
        used += count;
        at += count;
        if (used == PIECE_BYTES) {
          hand();
        }
      }
    }

    /** Hands on what there is. */
    void hand() {
      if (used == 0) {
        return;
      }
      byte[] full = used == PIECE_BYTES ? piece : Arrays.copyOf(piece, used);
      piece = used == PIECE_BYTES ? new byte[PIECE_BYTES] : piece;
      givenBytes += used;
      used = 0;
      host.network().post(() -> take(full));
      while (givenBytes - takenBytes > MOST_AHEAD_BYTES && !isCancelled) {
        host.workers().pause(PAUSE_NANOS);
      }
    }

    @Override
    public void force() {}
  }

  private void take(byte[] full) {
    if (!isOver) {
      try {
        queue.add(full, 0, full.length);
      } catch (OutOfMemoryError e) {
        hasFailed = true;
      }
    }
  }
}
