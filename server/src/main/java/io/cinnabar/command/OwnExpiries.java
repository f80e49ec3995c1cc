package io.cinnabar.command;

import io.cinnabar.keyspace.Entry;
import io.cinnabar.keyspace.Keyspace;
import io.cinnabar.structure.BytesKey;
import io.cinnabar.structure.Slice;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The keys to which clients of a writable replica have given an expiry. The primary knows nothing
 * of them, and would never say that one has expired, so this server removes them itself. Each is
 * kept with the time at which it was to expire when it was looked at last; if that is not so any
 * more when the time has come, it waits for the new one, or is forgotten. On the loop's thread.
 */
public final class OwnExpiries {

  /** The objects of one of them. */
  private static final long FIXED_BYTES = 240;

  private final Keyspace keyspace;
  private final Availability availability;
  private final Settings settings;
  private final TreeSet<Own> byTime = new TreeSet<>();

  /** Made anew when the last one goes: a map never becomes smaller, and it may have been large. */
  private Map<BytesKey, Own> keys = new HashMap<>();

  private final BytesKey soughtKey = new BytesKey();
  private final Entry entry = new Entry();
  private long sequence;
  private long memoryBytes;

  public OwnExpiries(Keyspace keyspace, Availability availability, Settings settings) {
    this.keyspace = keyspace;
    this.availability = availability;
    this.settings = settings;
  }

  /** Whether keys that clients write are this server's own affair. */
  boolean areKept() {
    return availability.isFollowing() && !settings.replicaReadOnly;
  }

  /** How many there are. */
  int count() {
    return keys.size();
  }

  /** What it costs to know them. */
  long memoryBytes() {
    return memoryBytes;
  }

  /** A client has written a key, which may have an expiry now. */
  void written(int database, Slice key) {
    if (keyspace.database(database).find(key, keyspace.hash(key), entry) && entry.expires()) {
      add(entry);
    }
    entry.release();
  }

  /** Keeps a key with the expiry that it has. */
  void add(Entry expiring) {
    Slice key = expiring.key();
    soughtKey.set(expiring.database().index(), key, keyspace.hash(key));
    Own known = keys.get(soughtKey);
    if (known != null && known.expiryMillis == expiring.expiryMillis()) {
      return;
    }
    if (known != null) {
      forget(known);
    }
    Own own = new Own(BytesKey.copyOf(soughtKey), expiring.expiryMillis(), sequence++);
    keys.put(own.key, own);
    byTime.add(own);
    memoryBytes += own.memoryBytes();
  }

  private void forget(Own own) {
    keys.remove(own.key);
    byTime.remove(own);
    memoryBytes -= own.memoryBytes();
    if (keys.isEmpty()) {
      keys = new HashMap<>();
    }
  }

  /** Forgets all of them. */
  void clear() {
    if (!keys.isEmpty()) {
      keys = new HashMap<>();
      byTime.clear();
      memoryBytes = 0;
    }
  }

  /** One that has expired, and is forgotten; null when there is none. */
  @Nullable Entry next(long nowMillis) {
    while (!byTime.isEmpty() && byTime.first().expiryMillis < nowMillis) {
      BytesKey key = byTime.first().key;
      forget(byTime.first());
      boolean isThere = keyspace.database(key.space()).find(key.bytes(), key.hash(), entry);
      if (isThere && entry.isExpired(nowMillis)) {
        return entry;
      }
      if (isThere && entry.expires()) {
        add(entry);
      }
    }
    entry.release();
    return null;
  }

  /** A key and when it is to expire. */
  private record Own(BytesKey key, long expiryMillis, long sequence) implements Comparable<Own> {

    long memoryBytes() {
      return FIXED_BYTES + key.bytes().length;
    }

    @Override
    public int compareTo(Own other) {
      int byTime = Long.compare(expiryMillis, other.expiryMillis);
      return byTime == 0 ? Long.compare(sequence, other.sequence) : byTime;
    }
  }
}
