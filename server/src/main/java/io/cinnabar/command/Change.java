package io.cinnabar.command;

import java.util.List;

/**
 * What one unit did to the data set: the immutable record that feeds whatever follows the data
 * (journal, replicas, notifications, watchers), in one written order.
 *
 * @param commands what a follower has to run to end up with the same data, in order; several are
 *     one transaction
 * @param touches the keys that were touched and how, in order
 */
public record Change(List<Propagated> commands, List<Touch> touches) {

  /**
   * A command for the followers.
   *
   * @param database where it runs
   * @param arguments its name and arguments
   * @param isMessage whether it changes no data, but is for whoever listens to a follower: no file
   *     keeps it
   */
  public record Propagated(int database, List<byte[]> arguments, boolean isMessage) {}

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
