package io.cinnabar.command;

import io.cinnabar.pubsub.ChannelKind;
import io.cinnabar.tracking.Tracker;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** One client as CLIENT LIST, CLIENT INFO and the log describe it: {@code name=value} pairs. */
public final class ClientLine {

  private ClientLine() {}

  /** The line, without a line feed. */
  public static String of(Session session, long nowMillis) {
    StringBuilder line = new StringBuilder(320);
    line.append("id=").append(session.id());
    line.append(" addr=").append(session.connection().remoteAddress());
    line.append(" laddr=").append(session.connection().localAddress());
    line.append(" fd=").append(session.connection().fileDescriptor());
    line.append(" name=").append(text(session.names().own()));
    line.append(" age=").append((nowMillis - session.createdMillis()) / 1000);
    line.append(" idle=").append((nowMillis - session.lastActiveMillis()) / 1000);
    line.append(" flags=").append(flags(session));
    line.append(" db=").append(session.database());
    line.append(" sub=").append(session.subscriptionCount(ChannelKind.CHANNEL));
    line.append(" psub=").append(session.subscriptionCount(ChannelKind.PATTERN));
    line.append(" ssub=").append(session.subscriptionCount(ChannelKind.SHARD_CHANNEL));
    line.append(" multi=").append(session.queuedCommands());
    int waiting = session.queryBufferBytes();
    line.append(" qbuf=").append(waiting);
    line.append(" qbuf-free=").append(Math.max(0, session.queryBufferCapacity() - waiting));
    line.append(" argv-mem=").append(session.argumentBytes());
    line.append(" multi-mem=").append(session.transactionBytes());
    line.append(" rbs=0 rbp=0 obl=0");
    long output = session.pendingBytes();
    line.append(" oll=").append(output > 0 ? 1 : 0);
    line.append(" omem=").append(output);
    line.append(" tot-mem=").append(session.memoryBytes());
    line.append(" events=").append(output > 0 ? "rw" : "r");
    line.append(" cmd=").append(session.lastCommand());
    line.append(" user=").append(session.user().nameText());
    Tracker tracker = session.tracker();
    line.append(" redir=").append(tracker != null && tracker.isOn() ? tracker.redirectId() : -1);
    line.append(" resp=").append(session.isResp3() ? 3 : 2);
    line.append(" lib-name=").append(text(session.names().library()));
    line.append(" lib-ver=").append(text(session.names().libraryVersion()));
    return line.toString();
  }

  private static String flags(Session session) {
    String flags =
        (session instanceof PrimarySession ? "M" : "")
            + (session.isMonitoring() ? "O" : session.isFollowing() ? "S" : "")
            + (session.isSubscribed() ? "P" : "")
            + (session.isInTransaction() ? "x" : "")
            + (session.isBlocked() ? "b" : "")
            + trackingFlags(session.tracker())
            + (session.watched().isChanged() ? "d" : "")
            + (session.isClosing() ? "c" : "")
            + (session.connection().isUnix() ? "U" : "")
            + (session.isEvictable() || session instanceof PrimarySession ? "" : "e")
            + (session.isTouching() ? "" : "T");
    return flags.isEmpty() ? "N" : flags;
  }

  private static String trackingFlags(@Nullable Tracker tracker) {
    if (tracker == null || !tracker.isOn()) {
      return "";
    }
    return "t" + (tracker.isBroken() ? "R" : "") + (tracker.options().broadcast() ? "B" : "");
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
