package io.cinnabar.command;

import io.cinnabar.value.ValueType;
import org.jspecify.annotations.Nullable;

/** What a blocked client waits for at its keys. */
public enum Awaited {
  LIST(ValueType.LIST, false),
  SORTED_SET(ValueType.SORTED_SET, false),
  STREAM(ValueType.STREAM, false),
  /** A stream with a group: the command also runs again when the key has gone or is another. */
  STREAM_GROUP(ValueType.STREAM, true);

  private final ValueType type;
  private final boolean alsoWhenGone;

  Awaited(ValueType type, boolean alsoWhenGone) {
    this.type = type;
    this.alsoWhenGone = alsoWhenGone;
  }

  /** Whether that the key is gone, or of another type, ends the wait too. */
  boolean isAlsoWhenGone() {
    return alsoWhenGone;
  }

  /**
   * Whether the command is to run again.
   *
   * @param found the type of the key's value; null when the key isn't there
   */
  boolean isMetBy(@Nullable ValueType found) {
    return found == type || alsoWhenGone;
  }
}
