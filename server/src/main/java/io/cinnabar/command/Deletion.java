package io.cinnabar.command;

import io.cinnabar.keyspace.Database;
import io.cinnabar.keyspace.Entry;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Keys that go by themselves, and how followers hear of a key that goes. */
public final class Deletion {

  private static final byte[] DEL = "DEL".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] UNLINK = "UNLINK".getBytes(StandardCharsets.US_ASCII);

  private Deletion() {}

  /**
   * Removes a key that no command has deleted; it counts as no change by the one under way.
   *
   * @throws io.cinnabar.arena.ArenaFullException when an open view sees the key, and there is no
   *     memory for what has to be copied; nothing has happened then
   */
  static void remove(Entry entry, Unit unit, KeyEvent event, boolean lazy) {
    Database database = entry.database();
    database.makeRemovable(entry);
    unit.alsoTouched(database.index(), entry.key(), event);
    if (unit.isFollowed()) {
      unit.propagate(database.index(), List.of(command(lazy), entry.key().toByteArray()));
    }
    database.remove(entry);
  }

  /** The command's name, not to be written to: UNLINK where {@code lazy}, else DEL. */
  public static byte[] command(boolean lazy) {
    return lazy ? UNLINK : DEL;
  }
}
