package io.cinnabar.acl;

import io.cinnabar.config.Config;
import io.cinnabar.config.Parameters;
import java.util.ArrayDeque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * What was denied lately, the newest first; at most {@code acllog-max-len} entries. What happens
 * again within a minute is counted in the entry that it has. On the loop's thread.
 */
final class AclLog {

  private static final int COMPARED_ENTRIES = 10;
  private static final long GROUPED_MILLIS = 60_000;

  /** Why somebody was denied something. */
  enum Reason {
    COMMAND("command"),
    KEY("key"),
    CHANNEL("channel"),
    AUTH("auth");

    final String word;

    Reason(String word) {
      this.word = word;
    }
  }

  private final Config config;
  private final ArrayDeque<Entry> entries = new ArrayDeque<>();
  private long nextId;

  AclLog(Config config) {
    this.config = config;
  }

  /**
   * Takes in a denial; texts are byte text.
   *
   * @param context where the command came from
   * @param object the command, key or channel that was denied
   * @param client its line in CLIENT LIST
   */
  void add(
      Reason reason, String context, String object, String user, String client, long nowMillis) {
    Entry entry = find(reason, context, object, user, nowMillis);
    boolean isNew = entry == null;
    if (entry == null) {
      entry = new Entry(nextId++, nowMillis, reason, context, object, user);
    } else {
      entries.remove(entry);
    }
    entry.count++;
    entry.client = client;
    entry.updatedMillis = nowMillis;
    entries.addFirst(entry);
    // As in Redis, what is in a log that has become too long goes with the next new entry.
    while (isNew && entries.size() > config.get(Parameters.ACLLOG_MAX_LEN)) {
      entries.removeLast();
    }
  }

  private @Nullable Entry find(
      Reason reason, String context, String object, String user, long nowMillis) {
    int compared = 0;
    for (Entry entry : entries) {
      if (compared++ == COMPARED_ENTRIES) {
        break;
      }
      if (entry.reason == reason
          && entry.context.equals(context)
          && Math.abs(nowMillis - entry.updatedMillis) <= GROUPED_MILLIS
          && entry.object.equals(object)
          && entry.user.equals(user)) {
        return entry;
      }
    }
    return null;
  }

  int size() {
    return entries.size();
  }

  /** The newest first. */
  Iterator<Entry> iterator() {
    return entries.iterator();
  }

  void clear() {
    entries.clear();
  }

  /** Something that was denied, once or more often. */
  static final class Entry {
    final long id;
    final long createdMillis;
    final Reason reason;
    final String context;
    final String object;
    final String user;
    String client = "";
    long count;
    long updatedMillis;

    private Entry(
        long id, long createdMillis, Reason reason, String context, String object, String user) {
      this.id = id;
      this.createdMillis = createdMillis;
      this.reason = reason;
      this.context = context;
      this.object = object;
      this.user = user;
    }
  }
}
