package io.cinnabar.command;

import io.cinnabar.resp.CommandWriter;
import io.cinnabar.resp.ReplyBuffer;
import io.cinnabar.resp.Request;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one unit did to the data set: what feeds whatever follows the data (journal, replicas), in
 * one written order. First come the commands that a follower has to run to end up with the same
 * data; several are one transaction. Then the keys that were touched and how.
 *
 * <p>The commands are encoded already, as a client would send them, once for all who follow. What a
 * client has sent in that form is not even copied:
 *
 * <pre>
 *   client's input   ... | *3 $3 SET $1 k $1 v | ...
 *                          ^ arrays[0] from starts[0] to ends[0]
 *   encoded          | *2 $3 DEL $1 a | *2 $4 INCR $1 n |
 *                      ^ arrays[1] is null: from starts[1] to ends[1]
 * </pre>
 *
 * One object serves all units, one after the other: nothing in it outlives the call of {@link
 * Listener#changed}. On the loop's thread.
 */
public final class Change {

  private static final int FIRST_COMMANDS = 8;

  /** For so many commands the memory is kept. */
  private static final int RETAINED_COMMANDS = 1024;

  private final ReplyBuffer encoded = new ReplyBuffer();
  private final CommandWriter encoder = new Encoder();
  private final List<Touch> touches = new ArrayList<>();
  private final List<Touch> shownTouches = Collections.unmodifiableList(touches);

  private byte[] @Nullable [] arrays = new byte[FIRST_COMMANDS][];
  private int[] starts = new int[FIRST_COMMANDS];
  private int[] ends = new int[FIRST_COMMANDS];
  private int[] databases = new int[FIRST_COMMANDS];
  private boolean[] messages = new boolean[FIRST_COMMANDS];
  private int count;
  private boolean isTorn;

  /** Nothing yet. */
  Change() {}

  // ---- what followers read

  /** How many commands there are. */
  public int count() {
    return count;
  }

  /** Where a command runs. */
  public int database(int index) {
    return databases[index];
  }

  /**
   * Whether a command changes no data, but is for whoever listens to a follower: no file keeps it.
   */
  public boolean isMessage(int index) {
    return messages[index];
  }

  /** In which array a command lies; not to be written to. */
  public byte[] array(int index) {
    byte[] array = arrays[index];
    return array == null ? encoded.array() : array;
  }

  /** Where it begins there. */
  public int start(int index) {
    return starts[index];
  }

  /** How long it is. */
  public int length(int index) {
    return ends[index] - starts[index];
  }

  /** Whether there was no memory for some of the commands: they are missing. */
  public boolean isTorn() {
    return isTorn;
  }

  /** The keys that were touched, in order. */
  public List<Touch> touches() {
    return shownTouches;
  }

  // ---- what a unit adds

  boolean isEmpty() {
    return count == 0 && touches.isEmpty() && !isTorn;
  }

  void touch(int database, byte[] key, KeyEvent event) {
    touches.add(new Touch(database, key, event));
  }

  /** Adds a command, given by its name and arguments. */
  void add(int database, List<byte[]> arguments) {
    int before = encoded.size();
    try {
      encoder.command(arguments);
      note(database, false, null, before, encoded.size());
    } catch (OutOfMemoryError e) {
      tear(before);
    }
  }

  /**
   * Adds a command as it was called, with its arguments before {@code end} alone.
   *
   * @param staysThere whether the request is what it is until all followers have heard of it
   */
  void add(int database, boolean isMessage, Request request, int end, boolean staysThere) {
    int before = encoded.size();
    try {
      if (staysThere && end == request.count() && request.isPlain()) {
        note(database, isMessage, request.array, request.start, request.end);
      } else {
        encoder.begin(end);
        for (int i = 0; i < end; i++) {
          encoder.argument(request.arg(i));
        }
        note(database, isMessage, null, before, encoded.size());
      }
    } catch (OutOfMemoryError e) {
      tear(before);
    }
  }

  /** What it has done is done: whoever follows has to hear that something is missing. */
  private void tear(int before) {
    encoded.truncate(before);
    isTorn = true;
  }

  private void note(int database, boolean isMessage, byte @Nullable [] array, int start, int end) {
    if (count == databases.length) {
      grow();
    }
    databases[count] = database;
    messages[count] = isMessage;
    arrays[count] = array;
    starts[count] = start;
    ends[count] = end;
    count++;
  }

  private void grow() {
    resize(2 * count);
  }

  private void resize(int commands) {
    byte[] @Nullable [] newArrays = Arrays.copyOf(arrays, commands);
    int[] newStarts = Arrays.copyOf(starts, commands);
    int[] newEnds = Arrays.copyOf(ends, commands);
    boolean[] newMessages = Arrays.copyOf(messages, commands);
    databases = Arrays.copyOf(databases, commands);
    arrays = newArrays;
    starts = newStarts;
    ends = newEnds;
    messages = newMessages;
  }

  /** Empties it, and gives memory back if it has become large. */
  void clear() {
    for (int i = 0; i < count; i++) {
      arrays[i] = null;
    }
    if (count > RETAINED_COMMANDS) {
      resize(FIRST_COMMANDS);
    }
    count = 0;
    encoded.reset();
    if (!touches.isEmpty()) {
      touches.clear();
    }
    isTorn = false;
  }

  /** Writes behind what was encoded before. */
  private final class Encoder extends CommandWriter {
    @Override
    public void add(byte[] bytes, int offset, int length) {
      encoded.append(bytes, offset, length);
    }
  }

  /** A key and what happened to it. */
  public static final class Touch {

    private final int database;
    private final byte[] key;
    private final KeyEvent event;

    Touch(int database, byte[] key, KeyEvent event) {
      this.database = database;
      this.key = key;
      this.event = event;
    }

    /** Where the key lives. */
    public int database() {
      return database;
    }

    /** The key; not a copy, so not to be written to. */
    public byte[] key() {
      return key;
    }

    public KeyEvent event() {
      return event;
    }
  }

  /** Hears of every change, on the loop's thread, after the unit that made it. */
  @FunctionalInterface
  public interface Listener {
    void changed(Change change);

    /** Whether it looks at what was touched; else changes may come without that. */
    default boolean wantsTouches() {
      return true;
    }
  }
}
