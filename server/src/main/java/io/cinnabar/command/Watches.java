package io.cinnabar.command;

import io.cinnabar.keyspace.Database;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.keyspace.Keyspace;
import io.cinnabar.structure.BytesKey;
import io.cinnabar.structure.Line;
import io.cinnabar.structure.Line.Place;
import io.cinnabar.structure.Slice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which clients watch which keys, so that EXEC runs nothing when one of them was touched since.
 *
 * <p>A key that had expired when WATCH came, and was only not deleted yet, counts as one that isn't
 * there: that it goes is no change then. One that expires afterwards is a change, deleted or not.
 *
 * <p>Where nobody watches, a change costs one comparison.
 */
public final class Watches {

  /** The objects of one, as if nobody else watched its key. */
  private static final long WATCH_BYTES = 230;

  private final Keyspace keyspace;

  /** Made anew when the last one goes: a map never becomes smaller, and it may have been large. */
  private Map<BytesKey, Line<Watch>> lines = new HashMap<>();

  private final BytesKey soughtKey = new BytesKey();
  private final Entry entry = new Entry();

  /** With nobody watching. */
  public Watches(Keyspace keyspace) {
    this.keyspace = keyspace;
  }

  /** One client's interest in one key. */
  static final class Watch {

    private final Session session;
    private final BytesKey key;
    private boolean expired;

    Watch(Session session, BytesKey key, boolean expired) {
      this.session = session;
      this.key = key;
      this.expired = expired;
    }
  }

  // ---- coming and going

  /** Has a client watch a key of its database; nothing happens if it does already. */
  public void watch(Session session, Slice key, long nowMillis) {
    int database = session.database();
    soughtKey.set(database, key, keyspace.hash(key));
    Line<Watch> line = lines.get(soughtKey);
    if (line != null && watches(session, line)) {
      return;
    }
    BytesKey kept = line == null ? BytesKey.copyOf(soughtKey) : keyOf(line);
    if (line == null) {
      line = new Line<>();
      lines.put(kept, line);
    }
    boolean expired = isExpired(keyspace.database(database), kept, nowMillis);
    session.watched().places().add(line.add(new Watch(session, kept, expired)));
    session.watched().bytes(session.watched().bytes() + memoryBytes(1, key.length));
  }

  private static BytesKey keyOf(Line<Watch> line) {
    Place<Watch> first = line.first();
    if (first == null) {
      throw new IllegalStateException("a line without anybody");
    }
    return first.member().key;
  }

  /** Whether a client has a place in a line; whoever watches much is found there sooner. */
  private static boolean watches(Session session, Line<Watch> line) {
    if (line.size() < session.watched().places().size()) {
      return stands(session, line);
    }
    BytesKey key = keyOf(line);
    for (Place<Watch> place : session.watched().places()) {
      if (place.member().key.equals(key)) {
        return true;
      }
    }
    return false;
  }

  private static boolean stands(Session session, Line<Watch> line) {
    for (Place<Watch> place = line.first(); place != null; place = place.next()) {
      if (place.member().session.equals(session)) {
        return true;
      }
    }
    return false;
  }

  /** What watching so many keys costs, whose names are so long together. */
  public static long memoryBytes(long count, long keyBytes) {
    return count * WATCH_BYTES + keyBytes;
  }

  /** Ends all that a client watches. */
  public void unwatch(Session session) {
    session.watched().changed(false);
    leaveAll(session);
  }

  private void leaveAll(Session session) {
    if (session.watched().places().isEmpty()) {
      return;
    }
    for (Place<Watch> place : session.watched().places()) {
      place.leave();
      BytesKey key = place.member().key;
      Line<Watch> line = lines.get(key);
      if (line != null && line.isEmpty()) {
        lines.remove(key);
      }
    }
    session.watched().places().clear();
    session.watched().bytes(0);
    if (lines.isEmpty()) {
      lines = new HashMap<>();
    }
  }

  /** What a client watches was changed; it need not be told again. */
  private void changed(Session session) {
    session.watched().changed(true);
    leaveAll(session);
  }

  // ---- what changes

  /** Whether nobody watches anything. */
  public boolean isEmpty() {
    return lines.isEmpty();
  }

  /** Something has happened to a key. */
  void touched(int database, Slice key, long nowMillis) {
    Line<Watch> line = lines.get(soughtKey.set(database, key, keyspace.hash(key)));
    if (line == null) {
      return;
    }
    Database in = keyspace.database(database);
    for (Place<Watch> place = line.first(); place != null; place = place.next()) {
      Watch watch = place.member();
      if (watch.expired && !isThere(in, watch.key)) {
        watch.expired = false;
      } else if (!watch.expired || !isExpired(in, watch.key, nowMillis)) {
        changed(watch.session);
      }
    }
  }

  /**
   * A database is about to be emptied, or to get the contents of another.
   *
   * @param replacement what comes in its place; null for nothing
   */
  void willReplace(Database emptied, @Nullable Database replacement, long nowMillis) {
    List<Place<Watch>> places = new ArrayList<>();
    for (Line<Watch> line : lines.values()) {
      for (Place<Watch> place = line.first(); place != null; place = place.next()) {
        if (place.member().key.space() == emptied.index()) {
          places.add(place);
        }
      }
    }
    for (Place<Watch> place : places) {
      if (!place.isLeft()) {
        willReplace(place.member(), emptied, replacement, nowMillis);
      }
    }
  }

  private void willReplace(
      Watch watch, Database emptied, @Nullable Database replacement, long nowMillis) {
    boolean wasThere = isThere(emptied, watch.key);
    boolean willBeThere = replacement != null && isThere(replacement, watch.key);
    if (!wasThere && !willBeThere) {
      return;
    }
    boolean willBeExpired =
        replacement != null && willBeThere && isExpired(replacement, watch.key, nowMillis);
    if (watch.expired && !willBeThere) {
      watch.expired = false;
    } else if (!watch.expired && !wasThere && willBeExpired) {
      watch.expired = true;
    } else if (!watch.expired || !willBeExpired) {
      changed(watch.session);
    }
  }

  // ---- what EXEC asks

  /** Whether something that a client watches was changed, or has expired since. */
  public boolean isBroken(Session session, long nowMillis) {
    if (session.watched().isChanged()) {
      return true;
    }
    for (Place<Watch> place : session.watched().places()) {
      Watch watch = place.member();
      Database in = keyspace.database(watch.key.space());
      if (!watch.expired && isExpired(in, watch.key, nowMillis)) {
        return true;
      }
    }
    return false;
  }

  private boolean isThere(Database in, BytesKey key) {
    boolean found = in.find(key.bytes(), key.hash(), entry);
    entry.release();
    return found;
  }

  private boolean isExpired(Database in, BytesKey key, long nowMillis) {
    boolean expired = in.find(key.bytes(), key.hash(), entry) && entry.isExpired(nowMillis);
    entry.release();
    return expired;
  }
}
