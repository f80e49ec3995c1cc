package io.cinnabar.command;

import io.cinnabar.keyspace.AccessClock;
import io.cinnabar.keyspace.Database;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.resp.ReplyWriter;
import io.cinnabar.resp.Request;
import io.cinnabar.structure.IntegerText;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.StringValue;
import io.cinnabar.value.ValueType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One command being executed, as its handler sees it: arguments, values, reply. One object serves
 * all calls, one after the other; nothing that it hands out outlives the call. Every look-up
 * deletes the key when its time has passed and answers as if it had not been there.
 */
public final class Call implements CommandArguments {

  private static final Request NO_REQUEST = new Request();

  private static final Slice EMPTY = new Slice();

  private final Engine engine;
  private final Unit unit;
  private final AccessClock accessClock;
  private final ReplyWriter reply;
  private final Entry entry = new Entry();
  private final Entry otherEntry = new Entry();
  private Request request = NO_REQUEST;
  private @Nullable Session session;
  private @Nullable Command command;
  private @Nullable Database database;
  private @Nullable Slice hashedKey;
  private long hash;
  private long changesBefore;
  private boolean propagationChosen;

  Call(Engine engine, ReplyWriter reply) {
    this.engine = engine;
    this.unit = engine.unit();
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
  }

  /**
   * Ends the command: what it changed goes to the followers as it was called, unless it said how.
   */
  void end() {
    if (unit.isFollowed()) {
      if (!propagationChosen && unit.changeCount() != changesBefore) {
        propagateAsCalled();
      }
      unit.close();
    }
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

  /**
   * Whether an argument is {@code word} (ASCII, lower case) in whatever case; see {@link
   * Slice#isWord}.
   */
  public boolean isWord(int index, String word) {
    return arg(index).isWord(word);
  }

  /** An argument as a 64-bit integer. */
  public long integer(int index) {
    return integer(index, CommandError.NOT_AN_INTEGER);
  }

  /** An argument as a 64-bit integer, or the given error. */
  public long integer(int index, CommandError error) {
    Slice text = arg(index);
    if (!IntegerText.isLong(text)) {
      throw error;
    }
    return IntegerText.toLong(text);
  }

  /** An argument as a 32-bit integer. */
  public int intArgument(int index) {
    long value = integer(index);
    if (value != (int) value) {
      throw CommandError.NOT_A_SHORT_INTEGER;
    }
    return (int) value;
  }

  /** An argument as a 32-bit integer. */
  public int int32(int index) {
    long value = integer(index);
    if (value != (int) value) {
      throw CommandError.NOT_AN_INT32;
    }
    return (int) value;
  }

  /** An argument as a 32-bit integer, or the given error. */
  public int int32(int index, CommandError error) {
    long value = integer(index, error);
    if (value != (int) value) {
      throw error;
    }
    return (int) value;
  }

  /** An argument as the text of an error shows it. */
  public String argText(int index) {
    return CommandError.shown(arg(index), Integer.MAX_VALUE);
  }

  /** What a command answers that takes its arguments in groups, when one is not complete. */
  public CommandError wrongArgumentCount() {
    return CommandError.wrongArgumentCount(command());
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

  // ---- values

  /** The hash of a key. */
  public long hash(Slice key) {
    return key == hashedKey ? hash : engine.keyspace().hash(key);
  }

  /** Looks a key up to read its value; null when it is not there. Counts as a use of the key. */
  public @Nullable Entry read(Slice key) {
    Entry found = look(key, entry);
    countLookup(found);
    if (found != null) {
      use(found);
    }
    return found;
  }

  /** Looks a key up to ask about it; counted as a look-up, but not as a use of the key. */
  public @Nullable Entry peek(Slice key) {
    Entry found = look(key, entry);
    countLookup(found);
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

  /** The entry of {@link #editOther}, over nothing unless that found something. */
  public Entry otherEntry() {
    return otherEntry;
  }

  /** Removes what {@link #editOther} found; other entries have to be looked up again. */
  public void removeOther(Database from) {
    from.remove(otherEntry);
  }

  /** A random key of the client's database; null when it is empty. */
  public @Nullable Entry randomEntry() {
    while (database().randomEntry(engine.host().random(), entry)) {
      if (!entry.isExpired(nowMillis())) {
        return entry;
      }
      engine.expiry().expire(entry);
    }
    return null;
  }

  /** What the last look-up found. */
  public Entry found() {
    return entry;
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
    if (into.expires() && into.isExpired(nowMillis())) {
      engine.expiry().expire(into);
      return null;
    }
    return into;
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

  private void countLookup(@Nullable Entry found) {
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

  /** Says that more was changed than single keys tell, as FLUSHDB does. */
  public void changed(long count) {
    unit.changed(count);
  }

  /** Whether anybody follows the data set; without, there is no need to say how. */
  public boolean isFollowed() {
    return unit.isFollowed();
  }

  /** Followers run this instead of the command as it was called; may be said several times. */
  public void propagateAs(byte[]... arguments) {
    propagationChosen = true;
    unit.propagate(database().index(), Arrays.asList(arguments));
  }

  /** Followers run the command as it was called, even though it changed nothing here. */
  public void propagateAsCalled() {
    propagationChosen = true;
    if (unit.isFollowed()) {
      List<byte[]> arguments = new ArrayList<>(argCount());
      for (int i = 0; i < argCount(); i++) {
        arguments.add(arg(i).toByteArray());
      }
      unit.propagate(database().index(), arguments);
    }
  }

  private static <T> T present(@Nullable T part) {
    if (part == null) {
      throw new IllegalStateException("no command is running");
    }
    return part;
  }
}
