package io.cinnabar.replication;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.cinnabar.command.Follower;
import io.cinnabar.command.OutputLimits.Limit;
import io.cinnabar.command.Session;
import io.cinnabar.host.Connection;
import org.jspecify.annotations.Nullable;

/**
 * A client that follows the stream of changes: first it waits for a snapshot and gets it, unless it
 * could go on where it was, then it gets what has changed since. All that it is sent lies in the
 * backlog once for all; its connection has never more than a window of it, and goes on when that
 * has left. On the loop's thread.
 */
final class Replica implements Follower {

  /** How far it is. */
  enum Phase {
    /** It has said what it can, but asked for nothing. */
    NONE("none"),
    /** A snapshot is to be taken for it. */
    WAITING("wait_bgsave"),
    /** The snapshot is being saved to a file. */
    SAVING("wait_bgsave"),
    /** The snapshot is sent while it is written. */
    STREAMED("wait_bgsave"),
    /** The snapshot is sent from a file. */
    SENT("send_bulk"),
    /** It has the snapshot, and has yet to say that it is done with it. */
    LOADING("online"),
    /** It is sent what changes. */
    ONLINE("online"),
    /** It has the snapshot, and wants nothing more. */
    TRANSMITTED("rdb_transmitted");

    private final String word;

    Phase(String word) {
      this.word = word;
    }

    /** As INFO calls it. */
    String word() {
      return word;
    }
  }

  /** What the connection may have that has not left. */
  private static final int WINDOW_BYTES = 256 << 10;

  /** What it is sent at most between two looks at the network. */
  private static final long TURN_BYTES = 4 << 20;

  private final Session session;
  private final Replicas replicas;
  private int listeningPort;
  private String announcedAddress = "";
  private boolean knowsMark;
  private boolean knowsRenaming;
  private boolean wantsSnapshotOnly;
  private boolean wantsKeys = true;
  private boolean wantsFunctions = true;
  private boolean isSilent;

  private Phase phase = Phase.NONE;
  private byte[] greeting = {};
  private @Nullable BacklogCursor stream;
  private @Nullable SnapshotTransfer transfer;
  private @Nullable BacklogCursor snapshot;
  private byte[] mark = {};
  private long acknowledgedOffset;
  private long syncedOffset;
  private long acknowledgedSeconds;
  private long waitingSinceSeconds;
  private long movedSeconds;

  Replica(Session session, Replicas replicas) {
    this.session = session;
    this.replicas = replicas;
  }

  // ---- what it has said of itself

  void listeningPort(int port) {
    listeningPort = port;
  }

  void announcedAddress(String address) {
    announcedAddress = address;
  }

  /** It knows a snapshot's end by a mark. */
  void knowsMark() {
    knowsMark = true;
  }

  /** It can go on with a history that has got another name. */
  void knowsRenaming() {
    knowsRenaming = true;
  }

  void wantsSnapshotOnly(boolean only) {
    wantsSnapshotOnly = only;
  }

  /** What the snapshot is to have. */
  void wants(boolean keys, boolean functions) {
    wantsKeys = keys;
    wantsFunctions = functions;
  }

  /** It speaks the protocol of before PSYNC: it hears nothing of offsets, and tells none. */
  void isSilent(boolean silent) {
    isSilent = silent;
  }

  boolean isSnapshotOnly() {
    return wantsSnapshotOnly;
  }

  boolean canKnowMark() {
    return knowsMark;
  }

  boolean canBeRenamed() {
    return knowsRenaming;
  }

  boolean wantsKeys() {
    return wantsKeys;
  }

  boolean wantsFunctions() {
    return wantsFunctions;
  }

  boolean wantsAll() {
    return wantsKeys && wantsFunctions;
  }

  Session session() {
    return session;
  }

  Phase phase() {
    return phase;
  }

  /** Where it can be reached: what it has announced, or where it comes from. */
  String address() {
    if (!announcedAddress.isEmpty()) {
      return announcedAddress;
    }
    String remote = session.connection().remoteAddress();
    String host = remote.substring(0, Math.max(0, remote.lastIndexOf(':')));
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  /** The port that it has announced; 0 for none. */
  int port() {
    return listeningPort;
  }

  /** How the log calls it. */
  String name() {
    return address() + ":" + (listeningPort > 0 ? listeningPort : "<unknown-replica-port>");
  }

  // ---- how far it is

  long acknowledgedOffset() {
    return acknowledgedOffset;
  }

  long syncedOffset() {
    return syncedOffset;
  }

  /** Whether it tells what is on its disk. */
  boolean syncs() {
    return syncedOffset > 0;
  }

  /** When it has said last how far it is; 0 if it never has. */
  long acknowledgedSeconds() {
    return acknowledgedSeconds;
  }

  long waitingSinceSeconds() {
    return waitingSinceSeconds;
  }

  /** When its connection has taken something last, while it is sent a snapshot. */
  long movedSeconds() {
    return movedSeconds;
  }

  /** Whether it has told nothing of offsets, and never will. */
  boolean isSilent() {
    return isSilent;
  }

  /** Whether it is online, in the words of INFO. */
  boolean isOnline() {
    return phase == Phase.ONLINE || phase == Phase.LOADING;
  }

  /** It has told how far it is. */
  void acknowledged(long offset, long synced, long nowSeconds) {
    acknowledgedOffset = Math.max(acknowledgedOffset, offset);
    syncedOffset = Math.max(syncedOffset, synced);
    acknowledgedSeconds = nowSeconds;
    if (phase == Phase.LOADING) {
      phase = Phase.ONLINE;
      replicas.streams(this);
    }
  }

  // ---- what happens to it

  /** It goes on where it was: from here on it gets the stream. */
  void goOn(byte[] reply, BacklogCursor from, long nowSeconds) {
    greeting = reply;
    stream = from;
    phase = Phase.ONLINE;
    acknowledgedSeconds = nowSeconds;
  }

  /** It is to get a snapshot. */
  void await(long nowSeconds) {
    phase = Phase.WAITING;
    waitingSinceSeconds = nowSeconds;
  }

  /**
   * A snapshot is being taken for it, from which on it gets the stream.
   *
   * @param reply what it hears of that
   * @param from null if it wants the snapshot only
   */
  void begin(Phase next, byte[] reply, @Nullable BacklogCursor from) {
    phase = next;
    stream = from;
    if (!isSilent) {
      send(reply);
    }
  }

  /**
   * It is sent a snapshot from now on.
   *
   * @param header in front of it
   * @param endMark behind it
   */
  void receive(Phase next, SnapshotTransfer from, byte[] header, byte[] endMark, long nowSeconds) {
    phase = next;
    transfer = from;
    snapshot = from.join();
    mark = endMark;
    movedSeconds = nowSeconds;
    send(header);
  }

  private void send(byte[] bytes) {
    session.send(bytes, 0, bytes.length);
  }

  /** Lets it know that it has to wait. */
  void keepAlive() {
    if (phase == Phase.WAITING || phase == Phase.SAVING) {
      send(new byte[] {'\n'});
    }
  }

  /** Sends what can be sent; at the end of each turn. */
  void flush(long nowSeconds) {
    if (session.isClosing() || session.isHoldingReplies()) {
      return;
    }
    if (greeting.length > 0) {
      send(greeting);
      greeting = new byte[0];
    }
    if (snapshot != null) {
      flushSnapshot(snapshot, nowSeconds);
    }
    if (phase == Phase.ONLINE && stream != null) {
      pump(stream);
    }
    session.checkOutputLimit();
  }

  private void flushSnapshot(BacklogCursor from, long nowSeconds) {
    SnapshotTransfer source = transfer;
    if (source == null) {
      return;
    }
    if (pump(from)) {
      movedSeconds = nowSeconds;
    }
    if (source.hasFailed()) {
      session.close();
    } else if (source.isComplete() && from.pieceBytes() == 0) {
      send(mark);
      boolean isMarked = mark.length > 0;
      endSnapshot();
      if (wantsSnapshotOnly) {
        phase = Phase.TRANSMITTED;
        replicas.transmitted(this);
      } else {
        phase = isMarked ? Phase.LOADING : Phase.ONLINE;
        acknowledgedSeconds = nowSeconds;
        replicas.hasSnapshot(this);
      }
    } else {
      source.goOn();
    }
  }

  /** Hands bytes to the connection, as far as it takes them; whether it has taken some. */
  private boolean pump(BacklogCursor from) {
    Connection connection = session.connection();
    long end = from.offset() + TURN_BYTES;
    long before = from.offset();
    while (from.pieceBytes() > 0 && from.offset() < end) {
      if (connection.pendingBytes() >= WINDOW_BYTES) {
        // Mostly the machine takes all of it, and the connection has room again.
        connection.flush();
        if (connection.pendingBytes() >= WINDOW_BYTES / 2) {
          break;
        }
      }
      int count = from.pieceBytes();
      session.send(from.array(), from.arrayOffset(), count);
      from.advance(count);
    }
    return from.offset() > before;
  }

  private void endSnapshot() {
    SnapshotTransfer source = transfer;
    BacklogCursor cursor = snapshot;
    transfer = null;
    snapshot = null;
    if (source != null && cursor != null) {
      source.leave(cursor);
    }
  }

  // ---- what its client asks

  @Override
  public boolean isFollowing() {
    return phase != Phase.NONE;
  }

  @Override
  public long unsentBytes() {
    return stream == null ? 0 : stream.unreadBytes();
  }

  @Override
  public Limit outputLimit() {
    return replicas.outputLimit();
  }

  @Override
  public void answered() {
    replicas.answered(this);
  }

  @Override
  public void left() {
    boolean wasFollowing = isFollowing();
    phase = Phase.NONE;
    endSnapshot();
    BacklogCursor cursor = stream;
    stream = null;
    if (cursor != null) {
      cursor.close();
    }
    if (wasFollowing) {
      replicas.left(this);
    }
  }

  /** A line to a replica, as bytes. */
  static byte[] line(String text) {
    return (text + "\r\n").getBytes(US_ASCII);
  }
}
