package io.cinnabar.persistence;

/**
 * A file that an append-only file is made of.
 *
 * @param name within the folder
 * @param sequence its number among those of its kind, from 1 on
 */
public record AofFile(String name, long sequence, Kind kind) {

  /** What a file is to the others. */
  public enum Kind {
    /** The whole data set at some time. */
    BASE('b'),

    /** What was there before the last rewrite, and is to be deleted. */
    HISTORY('h'),

    /** What has changed since. */
    INCREMENT('i');

    private final char letter;

    Kind(char letter) {
      this.letter = letter;
    }

    /** What stands for it in a manifest. */
    char letter() {
      return letter;
    }
  }

  AofFile as(Kind other) {
    return new AofFile(name, sequence, other);
  }
}
