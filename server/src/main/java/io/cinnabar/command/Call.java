package io.cinnabar.command;

import io.cinnabar.arena.Arena;
import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.keyspace.AccessClock;
import io.cinnabar.keyspace.Database;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.resp.ReplyWriter;
import io.cinnabar.resp.Request;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.StringValue;
import io.cinnabar.value.ValueType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One command being executed, as its handler sees it: arguments, values, reply. One object serves
 * all calls, one after the other; nothing that it hands out outlives the call. Every look-up
 * deletes the key when its time has passed and answers as if it had not been there.
 */
public final class Call implements CommandArguments {

  private static final Request NO_REQUEST = new Request();

  private static final Slice EMPTY = new Slice();

  private static final int SHOWN_SUBCOMMAND_BYTES = 128;

  /** Expired keys that are passed over in a row while they are kept; there may be no others. */
  private static final int MAX_RANDOM_TRIES = 100;

  private final Engine engine;
  private final Unit unit;
  private final Arena arena;
  private final AccessClock accessClock;
  private final ReplyWriter reply;
  private final @Nullable Dispatcher dispatcher;
  private final Entry entry = new Entry();
  private final Entry otherEntry = new Entry();
  private final List<Entry> furtherEntries = new ArrayList<>();
  private Request request = NO_REQUEST;
  private @Nullable Session session;
  private @Nullable Command command;
  private @Nullable Database database;
  private @Nullable Slice hashedKey;
  private long hash;
  private long changesBefore;
  private boolean propagationChosen;
  private boolean parked;
  private boolean unsilenced;

  /**
   * The call of commands that clients send, or of those inside another one.
   *
   * @param dispatcher runs what a client has queued; null inside another command
   */
  Call(Engine engine, ReplyWriter reply, @Nullable Dispatcher dispatcher) {
    this.dispatcher = dispatcher;
    this.engine = engine;
    this.unit = engine.unit();
    this.arena = engine.keyspace().arena();
    this.accessClock = engine.keyspace().accessClock();
    this.reply = reply;
  }

  /**
   * Points this at the next command.
   *
   * @param hashedKey the argument whose hash is known already, or null
   */
  void begin(
      Session session, Command command, Request request, @Nullable Slice hashedKey, long hash) {
    this.session = session;
    this.command = command;
    this.request = request;
    this.database = engine.keyspace().database(session.database());
    this.hashedKey = hashedKey;
    this.hash = hash;
    this.changesBefore = unit.changeCount();
    this.propagationChosen = false;
    this.parked = false;
    this.unsilenced = false;
    engine.expiry().writing(command.has(CommandFlag.WRITE));
  }

  /**
   * Ends the command: what it changed goes to the followers as it was called, unless it said how.
   */
  void end() {
    arena.relent();
    discard(entry);
    discard(otherEntry);
    if (!propagationChosen && hasChanged()) {
      propagateAsCalled();
    }
    if (!isNested() && unit.close()) {
      engine.sessions().positionWaits().wrote(session());
    }
  }

  /** Whether it has changed the data set, as far as it has run. */
  boolean hasChanged() {
    return unit.changeCount() != changesBefore;
  }

  /** Whether this is a command inside another one, whose unit it joins. */
  private boolean isNested() {
    return dispatcher == null;
  }

  /** A value that was made and not kept belongs to a command that failed. */
  private static void discard(Entry made) {
    if (made.isDetached()) {
      made.database().discard(made);
    }
  }

  /** Lets go of the values that were looked up: they may be deleted, and large. */
  void release() {
    entry.release();
    otherEntry.release();
    for (int i = 0; i < furtherEntries.size(); i++) {
      furtherEntries.get(i).release();
    }
    request = NO_REQUEST;
    hashedKey = null;
  }

  // ---- arguments

  /** Number of arguments, the command's own name included. */
  @Override
  public int argCount() {
    return request.count();
  }

  /** An argument; 0 is the command's name. Valid until the command ends. */
  @Override
  public Slice arg(int index) {
    return request.arg(index);
  }

  /** Says that an argument is a secret: the slow log and monitors hide it. */
  public void redact(int index) {
    request.redact(index);
  }

  /** Whether an argument is a secret. */
  public boolean isRedacted(int index) {
    return request.isRedacted(index);
  }

  /** What a command answers that takes its arguments in groups, when one is not complete. */
  public CommandError wrongArgumentCount() {
    return CommandError.wrongArgumentCount(command());
  }

  /** What a subcommand answers that takes no such combination of arguments. */
  public CommandError unknownForm() {
    String name = command().fullName();
    return new CommandError(
        "ERR unknown subcommand or wrong number of arguments for '"
            + CommandError.shown(arg(1), SHOWN_SUBCOMMAND_BYTES)
            + "'. Try "
            + name.substring(0, name.indexOf('|')).toUpperCase(Locale.ROOT)
            + " HELP.");
  }

  // ---- surroundings

  public Engine engine() {
    return engine;
  }

  public ReplyWriter reply() {
    return reply;
  }

  public Session session() {
    return present(session);
  }

  /** The command that runs. */
  public Command command() {
    return present(command);
  }

  /** The client's database. */
  public Database database() {
    return present(database);
  }

  /** A database by number. */
  public Database database(long index) {
    if (index < 0 || index >= engine.keyspace().databases()) {
      throw CommandError.DATABASE_OUT_OF_RANGE;
    }
    return engine.keyspace().database((int) index);
  }

  /** Civil time, fixed while the unit lasts. */
  public long nowMillis() {
    return unit.nowMillis();
  }

  /** What expires at a time up to this one has expired: see {@link Unit#expiryMillis}. */
  public long expiryMillis() {
    return unit.expiryMillis();
  }

  // ---- values

  /** The hash of a key. */
  public long hash(Slice key) {
    return key == hashedKey ? hash : engine.keyspace().hash(key);
  }

  /** Looks a key up to read its value; null when it is not there. Counts as a use of the key. */
  public @Nullable Entry read(Slice key) {
    Entry found = look(key, entry);
    countLookup(key, found);
    if (found != null) {
      use(found);
    }
    return found;
  }

  /** Looks a key up to ask about it; counted as a look-up, but not as a use of the key. */
  public @Nullable Entry peek(Slice key) {
    Entry found = look(key, entry);
    countLookup(key, found);
    return found;
  }

  /**
   * As {@link #peek}, for questions about how a key is kept: nobody is told that it isn't there.
   */
  public @Nullable Entry inspect(Slice key) {
    Entry found = look(key, entry);
    count(found);
    return found;
  }

  /** Looks a key up to change it; null when it is not there. Counts as a use of the key. */
  public @Nullable Entry edit(Slice key) {
    Entry found = look(key, entry);
    if (found != null) {
      use(found);
    }
    return found;
  }

  /** As {@link #edit}, in any database and in an entry of its own, for commands with two keys. */
  public @Nullable Entry editOther(Database in, Slice key) {
    return look(in, key, otherEntry);
  }

  /** As {@link #read(Slice)}; another type than this is an error. */
  public @Nullable Entry read(ValueType type, Slice key) {
    return ofType(type, read(key));
  }

  /** As {@link #edit(Slice)}; another type than this is an error. */
  public @Nullable Entry edit(ValueType type, Slice key) {
    return ofType(type, edit(key));
  }

  /**
   * Looks a value up to change it, or makes an empty one of a key that is not there; the key has it
   * from {@link #keep} on. Another type than this is an error.
   */
  public Entry editOrCreate(ValueType type, Slice key) {
    Entry found = edit(type, key);
    if (found == null) {
      database().createDetached(key, hash(key), type, entry);
      return entry;
    }
    return found;
  }

  /** Ends {@link #editOrCreate}: a value that was made becomes the key's. */
  public void keep(Entry edited) {
    if (edited.isDetached()) {
      edited.database().attach(edited);
    }
  }

  /** As {@link #edit(ValueType, Slice)}, in an entry of its own, for commands with two keys. */
  public @Nullable Entry editOther(ValueType type, Slice key) {
    Entry found = look(database(), key, otherEntry);
    if (found != null) {
      use(found);
    }
    return ofType(type, found);
  }

  /** As {@link #editOrCreate}, in an entry of its own, for commands with two keys. */
  public Entry editOrCreateOther(ValueType type, Slice key) {
    Entry found = editOther(type, key);
    return found == null ? prepare(type, key) : found;
  }

  /**
   * Makes an empty value for a key of the client's database, in the entry of {@link #editOther}.
   * The key keeps what it has until {@link #putPrepared}.
   */
  public Entry prepare(ValueType type, Slice key) {
    database().createDetached(key, hash(key), type, otherEntry);
    return otherEntry;
  }

  /** As {@link #prepare(ValueType, Slice)}, with this string for a value. */
  public Entry prepare(Slice key, Slice string) {
    database().createDetached(key, hash(key), string, otherEntry);
    return otherEntry;
  }

  /**
   * As {@link #read(ValueType, Slice)}, in an entry of its own, for commands with many keys.
   *
   * @param index from 0 on; each has its entry
   */
  public @Nullable Entry readAlso(int index, ValueType type, Slice key) {
    return ofType(type, readAlso(index, key));
  }

  /** As {@link #readAlso(int, ValueType, Slice)}, of any type. */
  public @Nullable Entry readAlso(int index, Slice key) {
    Entry found = look(key, furtherEntry(index));
    countLookup(key, found);
    if (found != null) {
      use(found);
    }
    return found;
  }

  /** Looks up again what {@link #readAlso} has found under this key, in one of its entries. */
  public Entry lookAgain(int index, Slice key) {
    return present(look(key, furtherEntry(index)));
  }

  private Entry furtherEntry(int index) {
    while (furtherEntries.size() <= index) {
      furtherEntries.add(new Entry());
    }
    return furtherEntries.get(index);
  }

  private static @Nullable Entry ofType(ValueType type, @Nullable Entry found) {
    if (found != null && found.type() != type) {
      throw CommandError.WRONG_TYPE;
    }
    return found;
  }

  /**
   * Says that this command has changed something, so that it has to make the rest of its changes
   * too: a step behind the first fails for want of memory only if the command is huge.
   */
  public void insist() {
    arena.insist();
  }

  /** Removes a key whose collection has become empty, as part of the change that took the last. */
  public void removeEmptied(Entry emptied) {
    insist();
    Database in = emptied.database();
    unit.alsoTouched(in.index(), emptied.key(), KeyEvent.DEL);
    in.remove(emptied);
  }

  /** Looks a string up to read it; null when the key is not there. */
  public @Nullable StringValue readString(Slice key) {
    return string(read(key));
  }

  /** Looks a string up to change it; null when the key is not there. */
  public @Nullable StringValue editString(Slice key) {
    return string(edit(key));
  }

  /** Stores a string under {@code key}, whatever was there. */
  public Entry setString(Slice key, Slice value, boolean keepExpiry) {
    database().setString(key, hash(key), value, keepExpiry, entry);
    return entry;
  }

  /** Creates an empty string under a key that is not there. */
  public StringValue createString(Slice key) {
    database().setString(key, hash(key), EMPTY, false, entry);
    return entry.string();
  }

  /**
   * Creates a raw string of {@code length} zeros under a key that is not there.
   *
   * @return the bytes, to be written
   */
  public Slice createString(Slice key, int length) {
    Slice text = prepareString(key, length);
    Arrays.fill(text.array, text.offset, text.end(), (byte) 0);
    putPrepared();
    return text;
  }

  /**
   * Makes a raw string of {@code length} undefined bytes for a key of the client's database, which
   * keeps what it has until {@link #putPrepared}. Moves the entry of {@link #editOther}.
   *
   * @return the bytes, to be written
   */
  public Slice prepareString(Slice key, int length) {
    database().prepareString(key, hash(key), length, otherEntry);
    return otherEntry.string().bytes();
  }

  /** Gives the key of {@link #prepareString} or {@link #prepare} its value. */
  public void putPrepared() {
    database().putPrepared(otherEntry);
  }

  /** The entry of {@link #editOther}, over nothing unless that found something. */
  public Entry otherEntry() {
    return otherEntry;
  }

  /** Removes what {@link #editOther} found; other entries have to be looked up again. */
  public void removeOther(Database from) {
    from.remove(otherEntry);
  }

  /**
   * A random key of the client's database; null when it is empty. While what has expired is kept,
   * it may be such a key.
   */
  public @Nullable Entry randomEntry() {
    int tries = 0;
    while (database().randomEntry(engine.host().random(), entry)) {
      if (!entry.isExpired(expiryMillis())) {
        return entry;
      }
      if (!expire(entry) && ++tries == MAX_RANDOM_TRIES) {
        return entry;
      }
    }
    return null;
  }

  /** What the last look-up found. */
  public Entry found() {
    return entry;
  }

  /**
   * Makes sure that a key can be removed.
   *
   * @throws io.cinnabar.arena.ArenaFullException when there is no memory for it
   */
  public void makeRemovable(Entry found) {
    found.database().makeRemovable(found);
  }

  /** Removes what the last look-up found. */
  public void removeFound() {
    database().remove(entry);
  }

  /** The string that a look-up found, if it found something. */
  public static @Nullable StringValue string(@Nullable Entry found) {
    if (found == null) {
      return null;
    }
    if (found.type() != ValueType.STRING) {
      throw CommandError.WRONG_TYPE;
    }
    return found.string();
  }

  private @Nullable Entry look(Slice key, Entry into) {
    return look(database(), key, into);
  }

  private @Nullable Entry look(Database in, Slice key, Entry into) {
    if (!in.find(key, hash(key), into)) {
      return null;
    }
    if (into.expires() && into.isExpired(expiryMillis())) {
      expire(into);
      return null;
    }
    return into;
  }

  /**
   * Removes a key whose time has passed; false if it stays, as it does on a replica, or since there
   * is no memory for the change, which matters only to those who would put something in its place.
   */
  private boolean expire(Entry expired) {
    try {
      engine.expiry().expire(expired);
    } catch (ArenaFullException full) {
      if (command().has(CommandFlag.WRITE)) {
        throw full;
      }
      return false;
    }
    return !engine.expiry().isKept();
  }

  private void use(Entry found) {
    if (!session().isTouching()) {
      return;
    }
    int before = found.clock();
    int after = accessClock.touched(before);
    if (after != before) {
      found.clock(after);
    }
  }

  private void countLookup(Slice key, @Nullable Entry found) {
    count(found);
    if (found == null) {
      unit.missed(database().index(), key);
    }
  }

  private void count(@Nullable Entry found) {
    if (found == null) {
      engine.statistics().keyspaceMisses++;
    } else {
      engine.statistics().keyspaceHits++;
    }
  }

  // ---- what changed

  /** Says that a key of the client's database was changed. */
  public void changed(Slice key, KeyEvent event) {
    unit.touched(database().index(), key, event);
  }

  /**
   * Says that a key of the client's database was touched by a change that {@link #changed} tells:
   * the old name of a key that was renamed, the expiry of one that was set.
   */
  public void alsoTouched(Slice key, KeyEvent event) {
    unit.alsoTouched(database().index(), key, event);
  }

  /** Says that a key of another database was changed. */
  public void changed(Database in, Slice key, KeyEvent event) {
    unit.touched(in.index(), key, event);
  }

  /**
   * Says that a database is about to be emptied, or to get the contents of another, before {@link
   * #changedAll} tells that it was.
   *
   * @param replacement what comes in its place; null for nothing
   */
  public void willReplace(Database emptied, @Nullable Database replacement) {
    unit.willReplace(emptied, replacement);
  }

  /**
   * Says that any keys of a database may have been changed, as FLUSHDB does.
   *
   * @param count as how many changes this counts
   */
  public void changedAll(Database in, long count) {
    unit.touchedAll(in.index(), count);
  }

  /** Says that a database was emptied, or all of them were, whatever was there before. */
  public void flushed() {
    unit.flushed();
  }

  /** Says that more was changed than single keys tell. */
  public void changed(long count) {
    unit.changed(count);
  }

  /** Whether anybody follows the data set; without, there is no need to say how. */
  public boolean isFollowed() {
    return unit.isFollowed();
  }

  /** See {@link Unit#isRepeating}. */
  public boolean isRepeating() {
    return unit.isRepeating();
  }

  /** Followers run this instead of the command as it was called; may be said several times. */
  public void propagateAs(byte[]... arguments) {
    propagationChosen = true;
    unit.propagate(database().index(), Arrays.asList(arguments));
  }

  /** Followers run what {@link #propagateAs} says, or nothing. */
  public void propagateNothingElse() {
    propagationChosen = true;
  }

  /** Followers run the command as it was called, even though it changed nothing here. */
  public void propagateAsCalled() {
    propagateUpTo(argCount());
  }

  /** Followers run the command with its arguments before {@code end} alone. */
  public void propagateUpTo(int end) {
    propagate(end, false);
  }

  /** Followers run the command, which changes no data, for whoever listens to them. */
  public void propagateMessage() {
    propagate(argCount(), true);
  }

  private void propagate(int end, boolean isMessage) {
    propagationChosen = true;
    unit.propagate(database().index(), isMessage, request, end, !isNested());
  }

  // ---- transactions

  /** Runs what the client has queued, each in its turn, as one unit; every command replies. */
  public void runQueued() {
    // What the commands say of themselves is all that there is to follow.
    propagateNothingElse();
    present(dispatcher).runQueued(session());
  }

  // ---- messages

  /** Has the reply leave even if the client has turned replies off: it is a message. */
  public void replyIsMessage() {
    unsilenced = true;
  }

  /** Whether the reply is a message. */
  boolean isReplyMessage() {
    return unsilenced;
  }

  // ---- waiting

  /**
   * Whether the client can be made to wait. Inside a transaction nobody waits, since that runs as a
   * whole.
   */
  public boolean mayPark() {
    return !isNested();
  }

  /**
   * Has the client wait for one of its keys to be what it wants; there is no reply then. The last
   * thing that a handler does. When a key is ready, the handler runs again with the same arguments,
   * in a unit of its own: it replies, or parks again, which keeps the client's place in line and
   * the time that it began with. When the time is over the reply is null; it is at once where the
   * client can't be made to wait.
   *
   * @param firstKey the arguments from this to {@code lastKey} are the keys
   * @param timeoutMillis how long at most; 0 is for ever
   */
  public void park(Awaited awaited, int firstKey, int lastKey, long timeoutMillis) {
    if (!mayPark()) {
      reply.nullArray();
      return;
    }
    if (session().waiter() == null) {
      long keys = lastKey - firstKey + 1L;
      keep(KeyWaiter.memoryBytes(keys, (long) request.end - request.start));
    }
    parked = true;
    engine
        .blockedClients()
        .park(session(), command(), request, awaited, firstKey, lastKey, timeoutMillis);
  }

  /**
   * Has the client wait for a task, which runs when the commands of this turn have, and then
   * replies OK; at once where the client can't be made to wait. The last thing that a handler does.
   */
  public void park(LongTask task) {
    if (mayPark()) {
      parked = true;
      engine.blockedClients().park(session(), command(), request, task, engine);
    } else {
      task.run(false);
      reply.ok();
    }
  }

  /**
   * Has the client wait for the end of the server; it is told only if that does not come. Nobody
   * asks for that inside a transaction.
   */
  public void parkUntilEnd() {
    parked = true;
    engine.blockedClients().parkUntilEnd(session(), command(), request);
  }

  /**
   * Has the client wait until there are so many copies of what it has written last, and replies how
   * many there are; at once where they are enough already, or where the client can't be made to
   * wait. The last thing that a handler does, which does not run again.
   *
   * @param timeoutMillis after how long it is answered whatever there is; 0 is never
   */
  public void park(Copies wanted, long timeoutMillis) {
    if (mayPark()) {
      keep(PositionWaiter.memoryBytes((long) request.end - request.start));
    }
    parked =
        engine
            .sessions()
            .positionWaits()
            .park(session(), command(), request, wanted, mayPark(), timeoutMillis, reply);
  }

  /**
   * Makes room for what the server is about to keep for the client until that takes it back or
   * goes. As in Redis {@code maxmemory} is no limit to it, but the heap is.
   *
   * @throws CommandError when the heap has no room for so much
   */
  public void keep(long bytes) {
    if (!engine.eviction().admitsKept(bytes)) {
      throw CommandError.OUT_OF_MEMORY;
    }
  }

  /** How long the arguments from this one on are together. */
  public long argumentBytes(int first) {
    return request.argumentBytes(first);
  }

  /** Has the handler find another argument when it runs again; only behind {@link #park}. */
  public void parkedArgument(int index, byte[] value) {
    present(session().waiter()).request().replace(index, value);
  }

  /** Whether the client waits, so that there is no reply yet. */
  boolean isParked() {
    return parked;
  }

  private static <T> T present(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("no command is running");
    }
    return part;
  }
}
