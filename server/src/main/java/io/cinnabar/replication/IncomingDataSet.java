package io.cinnabar.replication;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.cinnabar.command.Engine;
import io.cinnabar.command.Statistics;
import io.cinnabar.host.Connection;
import io.cinnabar.host.Log;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The primary's data set as it comes over one connection: the line that tells how long it is, or
 * how it ends, then all of it, into a file or into memory; and what comes behind it of the stream
 * before its time. On the loop's thread.
 */
final class IncomingDataSet implements ReceivedFile.Listener {

  private static final String MARKED = "$EOF:";

  private final Following owner;
  private final UpstreamLink link;
  private final Connection connection;
  private final Statistics statistics;
  private final Log log;
  private final ReplyLine line = new ReplyLine();

  /** What has come of the stream. */
  private final ByteArrayOutputStream early = new ByteArrayOutputStream();

  private @Nullable Transfer transfer;
  private boolean isMarked;
  private boolean cancelled;

  IncomingDataSet(Following owner, UpstreamLink link, Engine engine, Connection connection) {
    this.owner = owner;
    this.link = link;
    this.connection = connection;
    statistics = engine.statistics();
    log = engine.log();
  }

  /** Takes in some of these bytes. */
  void received(ByteBuffer bytes) {
    Transfer into = transfer;
    if (into == null) {
      readHeader(bytes);
    } else if (into.isWhole()) {
      byte[] stream = new byte[bytes.remaining()];
      bytes.get(stream);
      early.writeBytes(stream);
    } else {
      int before = bytes.remaining();
      into.received(bytes);
      statistics.inputBytes += before - bytes.remaining();
      statistics.streamInputBytes += before - bytes.remaining();
      if (into.isWhole()) {
        // What follows is the stream, whose time comes when the data set is loaded.
        connection.reading(false);
      }
    }
  }

  // ---- the line in front

  private void readHeader(ByteBuffer bytes) {
    String header = line.read(bytes);
    if (line.isTooLong()) {
      log.warning("I/O error reading bulk count from MASTER: the line is too long");
      link.drop("bad protocol");
    } else if (header != null && !header.isEmpty()) {
      Body body = body(header);
      if (body == null) {
        link.drop("bad protocol");
      } else {
        receive(body);
      }
    }
  }

  /** What the line announces; null for nothing that can be taken in, and the log says why. */
  private @Nullable Body body(String header) {
    if (header.startsWith("-")) {
      log.warning("MASTER aborted replication with an error: " + header.substring(1));
      return null;
    }
    isMarked = header.startsWith(MARKED) && header.length() == MARKED.length() + Body.MARK_BYTES;
    if (isMarked) {
      return Body.upTo(header.substring(MARKED.length()).getBytes(ISO_8859_1));
    }
    long length = header.startsWith("$") ? length(header) : PrimaryLink.NONE;
    if (length > 0) {
      return Body.ofLength(length);
    }
    log.warning(
        "Bad protocol from MASTER, the first byte is not '$' (we received '"
            + header
            + "'), are you sure the host and port are right?");
    return null;
  }

  private static long length(String header) {
    try {
      return Long.parseLong(header.substring(1));
    } catch (NumberFormatException e) {
      return PrimaryLink.NONE;
    }
  }

  // ---- all of it

  private void receive(Body body) {
    boolean toFile = owner.receivesToFile();
    String target = toFile ? "to disk" : "to parser";
    log.notice(
        isMarked
            ? "MASTER <-> REPLICA sync: receiving streamed RDB from master with EOF " + target
            : "MASTER <-> REPLICA sync: receiving "
                + body.totalBytes()
                + " bytes from master "
                + target);
    if (toFile) {
      transfer = owner.newFile(body, this);
      link.receives();
    } else {
      ReceivedStream stream = new ReceivedStream(body, this);
      transfer = stream;
      link.load(() -> owner.load(link, stream));
    }
  }

  @Override
  public void reading(boolean yes) {
    if (!cancelled && !isWhole()) {
      connection.reading(yes);
    }
  }

  @Override
  public void stored(ReceivedFile file) {
    if (!cancelled) {
      link.load(() -> owner.load(link, file));
    }
  }

  @Override
  public void failed(String reason) {
    if (!cancelled) {
      log.warning(reason);
      link.drop(reason);
    }
  }

  /** No more will come, and nobody wants what has. */
  void cancel(String reason) {
    cancelled = true;
    if (transfer != null) {
      transfer.cancel(reason);
    }
  }

  // ---- how far it is

  boolean isWhole() {
    return transfer != null && transfer.isWhole();
  }

  /** Whether the primary waits for an acknowledgement behind it. */
  boolean isMarked() {
    return isMarked;
  }

  long receivedBytes() {
    return transfer == null ? 0 : transfer.receivedBytes();
  }

  /** How many there are; {@link PrimaryLink#NONE} where the primary has not said. */
  long totalBytes() {
    return transfer == null ? PrimaryLink.NONE : transfer.totalBytes();
  }

  /** What has come of the stream behind it. */
  ByteBuffer early() {
    return ByteBuffer.wrap(early.toByteArray());
  }
}
