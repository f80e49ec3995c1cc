package io.cinnabar.command;

import io.cinnabar.command.WaitingLine.WaitingPlace;
import io.cinnabar.host.MonotonicClock;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.keyspace.Keyspace;
import io.cinnabar.resp.Request;
import io.cinnabar.structure.BytesKey;
import io.cinnabar.structure.Line.Place;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.ValueType;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The clients whose commands wait, and among them those that wait for keys, such as those of BLPOP;
 * {@link PositionWaits} has the others.
 *
 * <p>Who waits for keys stands in a line for each of them. A change that touches such a key marks
 * its line; when the unit has closed, the {@link BatchRunner} runs the commands of that line again,
 * the first come first, as long as the key is what they wait for. A command that finds nothing for
 * it parks again and keeps its places.
 *
 * <p>Who waits costs nothing until its key is touched or its time is over, and where nobody waits a
 * change costs one comparison more.
 *
 * <p>Lines that are marked are looked at in the order in which they were marked; what they make
 * ready comes behind them. During a pause they wait for its end, since the data stands still.
 */
public final class BlockedClients {

  private static final CommandError UNBLOCKED =
      new CommandError("UNBLOCKED client unblocked via CLIENT UNBLOCK");

  /** Whoever is answered this is closed then. */
  static final CommandError EXPELLED =
      new CommandError(
          "UNBLOCKED force unblock from blocking operation, instance state changed (master ->"
              + " replica?)");

  private static final long NANOS_PER_MILLI = 1_000_000;

  /** What does not fit into the monotonic clock is as good as for ever: 146 years. */
  private static final long MAX_MILLIS = Long.MAX_VALUE / 2 / NANOS_PER_MILLI;

  private final Keyspace keyspace;
  private final Timers timers;
  private final MonotonicClock clock;
  private final Pause pause;

  /** Made anew when the last one goes: a map never becomes smaller, and it may have been large. */
  private Map<BytesKey, WaitingLine> lines = new LinkedHashMap<>();

  private final BytesKey soughtKey = new BytesKey();
  private final Entry entry = new Entry();

  /** Lines whose keys have changed. */
  private final ArrayDeque<WaitingLine> readyLines = new ArrayDeque<>();

  /** Clients whose wait is over. */
  private final ArrayDeque<Waiter> over = new ArrayDeque<>();

  /** The line that is being served, as far as this place, up to the last that stood there then. */
  private @Nullable WaitingLine served;

  private @Nullable Place<KeyWaiter> servedPlace;
  private long lastTicket;
  private int count;
  private int timedCount;
  private int alsoWhenGoneKeys;

  /** Whether there is something for {@link #next} to look at. */
  private boolean pending;

  /** With nobody waiting. */
  public BlockedClients(Keyspace keyspace, Timers timers, MonotonicClock clock, Pause pause) {
    this.keyspace = keyspace;
    this.timers = timers;
    this.clock = clock;
    this.pause = pause;
  }

  // ---- coming and going

  /**
   * Has a client wait for keys, unless it waits already: then its command has just run again in
   * vain.
   *
   * @param request what will run again; it is copied
   * @param firstKey the arguments from this to {@code lastKey} are the keys
   * @param timeoutMillis how long at most; 0 is for ever
   */
  void park(
      Session session,
      Command command,
      Request request,
      Awaited awaited,
      int firstKey,
      int lastKey,
      long timeoutMillis) {
    if (session.waiter() != null) {
      return;
    }
    KeyWaiter waiter = new KeyWaiter(session, command, request.copy(), awaited, this);
    for (int i = firstKey; i <= lastKey; i++) {
      join(waiter, waiter.request().arg(i));
    }
    begin(waiter, timeoutMillis);
  }

  /** Has a client wait that stands already where it is found: for so long, or for ever if 0. */
  void begin(Waiter waiter, long timeoutMillis) {
    waiter.session().park(waiter);
    count++;
    if (timeoutMillis > 0) {
      long nanos = Math.min(timeoutMillis, MAX_MILLIS) * NANOS_PER_MILLI;
      waiter.timer(timers.schedule(clock.nanos() + nanos, () -> end(waiter, null)));
      timedCount++;
    }
    waiter.session().keptChanged();
  }

  /**
   * Has a client wait for a task, which runs when this turn's commands have.
   *
   * @param request is copied
   */
  void park(Session session, Command command, Request request, LongTask task, Engine engine) {
    TaskWaiter waiter = new TaskWaiter(session, command, request.copy(), task);
    begin(waiter, 0);
    timers.schedule(clock.nanos(), () -> end(waiter, waiter.run(engine)));
  }

  /**
   * Has a client wait for the end of the server.
   *
   * @param request is copied
   */
  void parkUntilEnd(Session session, Command command, Request request) {
    begin(new EndWaiter(session, command, request.copy()), 0);
  }

  private void join(KeyWaiter waiter, Slice key) {
    soughtKey.set(waiter.session().database(), key, keyspace.hash(key));
    WaitingLine line = lines.get(soughtKey);
    if (line == null) {
      line = new WaitingLine(BytesKey.copyOf(soughtKey));
      lines.put(line.key(), line);
    }
    boolean before = line.hasAlsoWhenGone();
    line.add(waiter);
    if (line.hasAlsoWhenGone() != before) {
      alsoWhenGoneKeys++;
    }
  }

  /** Gives up the places of one that waits for keys. */
  void leave(KeyWaiter waiter) {
    for (WaitingPlace place : waiter.places()) {
      WaitingLine line = place.line();
      boolean before = line.hasAlsoWhenGone();
      place.leave();
      if (line.hasAlsoWhenGone() != before) {
        alsoWhenGoneKeys--;
      }
      if (line.isEmpty()) {
        lines.remove(line.key());
      }
    }
    waiter.places().clear();
    if (lines.isEmpty()) {
      lines = new LinkedHashMap<>();
    }
  }

  private void forget(Waiter waiter) {
    waiter.leave();
    if (waiter.timer() != null) {
      timers.cancel(waiter.timer());
      waiter.timer(null);
      timedCount--;
    }
  }

  /** Ends a wait, with an error or as {@link Waiter#answer} says. */
  void end(Waiter waiter, @Nullable CommandError error) {
    forget(waiter);
    waiter.end(error);
    over.add(waiter);
    pending = true;
  }

  /**
   * Ends a client's wait. It is answered when the command under way has ended.
   *
   * @param withError whether it is told so, rather than answered as if its time were over
   * @return false if it doesn't wait
   */
  public boolean unblock(Session session, boolean withError) {
    Waiter waiter = session.waiter();
    if (waiter == null || waiter.isOver() || !waiter.isUnblockable() || session.isClosing()) {
      return false;
    }
    end(waiter, withError ? UNBLOCKED : null);
    return true;
  }

  /** Ends all waits: what the clients wait for becomes another server's business. */
  public void expel(Collection<Session> clients) {
    end(clients, Waiter.class, EXPELLED);
  }

  /** The server does not end: those who wait for that are told so. */
  public void stay(Collection<Session> clients, CommandError error) {
    end(clients, EndWaiter.class, error);
  }

  private void end(Collection<Session> clients, Class<? extends Waiter> kind, CommandError error) {
    for (Session session : clients) {
      Waiter waiter = session.waiter();
      if (waiter != null && kind.isInstance(waiter) && !waiter.isOver() && !session.isClosing()) {
        end(waiter, error);
      }
    }
  }

  /** A client has been answered, and goes on with what it has sent since; or it is gone. */
  void release(Waiter waiter) {
    if (waiter.session().waiter() != null) {
      forget(waiter);
      count--;
      waiter.session().unpark();
    }
  }

  // ---- what changes

  /** Whether nobody waits. */
  boolean isEmpty() {
    return count == 0;
  }

  /** Something has happened to a key. */
  void touched(int database, Slice key, KeyEvent event) {
    WaitingLine line = lines.get(soughtKey.set(database, key, keyspace.hash(key)));
    if (line != null && (event.mayFill() || (event.removes() && line.hasAlsoWhenGone()))) {
      ready(line);
    }
  }

  /** All keys of a database may have changed. */
  void touchedAll(int database) {
    for (WaitingLine line : lines.values()) {
      if (line.key().space() == database) {
        ready(line);
      }
    }
  }

  private void ready(WaitingLine line) {
    if (!line.isReady()) {
      line.ready(true);
      readyLines.add(line);
      pending = true;
    }
  }

  // ---- who is next

  /** Whether {@link #next} may have somebody. */
  boolean isPending() {
    return pending;
  }

  /**
   * The next client that is to be served: its wait is over, or its command is to run again.
   *
   * @return null when there is none, for now
   */
  @Nullable Waiter next(long nowMillis) {
    Waiter waiter = nextOver();
    if (waiter == null && !pause.isOn()) {
      do {
        waiter = nextOfLine(nowMillis);
      } while (waiter == null && nextLine());
      pending = waiter != null;
    }
    return waiter;
  }

  private @Nullable Waiter nextOver() {
    Waiter waiter = over.poll();
    while (waiter != null && waiter.session().isClosing()) {
      waiter = over.poll();
    }
    return waiter;
  }

  private boolean nextLine() {
    served = readyLines.poll();
    if (served == null) {
      return false;
    }
    served.ready(false);
    servedPlace = served.first();
    lastTicket = served.lastTicket();
    return true;
  }

  /** Walks on along the line; null at its end, which is where the key is nothing for the rest. */
  private @Nullable Waiter nextOfLine(long nowMillis) {
    if (served == null || servedPlace == null) {
      return null;
    }
    ValueType type = typeOf(served.key(), nowMillis);
    boolean useful = type != null || served.hasAlsoWhenGone();
    Place<KeyWaiter> place = servedPlace;
    while (useful && place != null && place.ticket() <= lastTicket) {
      KeyWaiter waiter = place.member();
      if (!place.isLeft() && !waiter.session().isClosing() && waiter.awaited().isMetBy(type)) {
        servedPlace = place.next();
        return waiter;
      }
      place = place.next();
    }
    servedPlace = null;
    return null;
  }

  /** What the key holds; null when it isn't there, or expired. */
  private @Nullable ValueType typeOf(BytesKey key, long nowMillis) {
    boolean found = keyspace.database(key.space()).find(key.bytes(), key.hash(), entry);
    ValueType type = found && !entry.isExpired(nowMillis) ? entry.type() : null;
    entry.release();
    return type;
  }

  // ---- figures

  /** How many clients wait. */
  public int count() {
    return count;
  }

  /** How many of them do so for a limited time. */
  public int timedCount() {
    return timedCount;
  }

  /** For how many keys somebody waits. */
  public int keyCount() {
    return lines.size();
  }

  /** For how many keys somebody also waits to see them go. */
  public int alsoWhenGoneKeyCount() {
    return alsoWhenGoneKeys;
  }
}
