package io.cinnabar.command;

import io.cinnabar.resp.ReplyWriter;
import io.cinnabar.resp.Request;
import io.cinnabar.structure.Line;
import io.cinnabar.structure.Line.Place;

/**
 * The clients that wait for copies of what they have written, as those of WAIT and WAITAOF do. Each
 * waits for positions, in the journal and in the stream that the replicas follow: where its own
 * last write ends. Whenever one of the two has got on, all who wait are looked at, between the
 * turns. Beside that they are {@link BlockedClients} like others. On the loop's thread.
 */
public final class PositionWaits {

  /** What WAITAOF answers when it is to wait for a file that is not kept. */
  public static final CommandError NO_JOURNAL =
      new CommandError(
          "ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.");

  private final Durability durability;
  private final BlockedClients blockedClients;
  private final Line<PositionWaiter> line = new Line<>();
  private ReplicaAcks replicas = ReplicaAcks.NONE;

  /** How far the journal was when they were looked at last, and whether there was one. */
  private long seenPosition;

  private boolean hadJournal;
  private boolean isAcknowledged;

  PositionWaits(Durability durability, BlockedClients blockedClients) {
    this.durability = durability;
    this.blockedClients = blockedClients;
  }

  /** Says who knows of the replicas. */
  public void replicas(ReplicaAcks acks) {
    replicas = acks;
  }

  /** Whether this server is a replica itself. */
  public boolean isReplica() {
    return replicas.isReplica();
  }

  /** Whether an append-only file is kept here. */
  public boolean isJournalKept() {
    return durability.isKept();
  }

  /** A command of a client has told the followers something. */
  void wrote(Session session) {
    session.wrote(durability.position(), replicas.position());
  }

  // ---- waiting

  /**
   * Answers a client how many copies there are, as soon as these are enough or its time is over.
   *
   * @param request is copied
   * @param mayWait whether it can be made to wait; else it is answered at once
   * @param timeoutMillis how long at most; 0 is for ever
   * @return whether it waits
   */
  boolean park(
      Session session,
      Command command,
      Request request,
      Copies wanted,
      boolean mayWait,
      long timeoutMillis,
      ReplyWriter reply) {
    PositionWaiter waiter = new PositionWaiter(session, command, request.copy(), wanted, this);
    if (!mayWait || waiter.isMet()) {
      waiter.answer(reply);
      return false;
    }
    waiter.place(line.add(waiter));
    blockedClients.begin(waiter, timeoutMillis);
    replicas.ask();
    return true;
  }

  /** Whether everything up to a position of the journal outlives a crash. */
  boolean isSynced(long position) {
    return durability.durablePosition() >= position;
  }

  /** How many replicas have everything up to a position. */
  int replicas(long position, boolean onDisk) {
    return onDisk ? replicas.synced(position) : replicas.acknowledged(position);
  }

  // ---- getting on

  /** A replica has told how far it is. */
  public void acknowledged() {
    isAcknowledged = true;
  }

  /** Ends the waits of those who have what they wait for. */
  void look() {
    if (line.isEmpty()) {
      return;
    }
    long position = durability.durablePosition();
    boolean hasJournal = durability.isKept();
    if (position != seenPosition || hasJournal != hadJournal || isAcknowledged) {
      seenPosition = position;
      hadJournal = hasJournal;
      isAcknowledged = false;
      endMet(hasJournal);
    }
  }

  private void endMet(boolean hasJournal) {
    for (Place<PositionWaiter> at = line.first(); at != null; at = at.next()) {
      PositionWaiter waiter = at.member();
      if (waiter.wanted().local() > 0 && !hasJournal) {
        blockedClients.end(waiter, NO_JOURNAL);
      } else if (waiter.isMet()) {
        blockedClients.end(waiter, null);
      }
    }
  }
}
