package io.cinnabar.command;

/** What happened to a key, as keyspace notifications name it, with the class that enables it. */
public enum KeyEvent {
  SET("set", '$'),
  SETRANGE("setrange", '$'),
  APPEND("append", '$'),
  INCRBY("incrby", '$'),
  DECRBY("decrby", '$'),
  INCRBYFLOAT("incrbyfloat", '$'),
  DEL("del", 'g'),
  EXPIRE("expire", 'g'),
  PERSIST("persist", 'g'),
  RENAME_FROM("rename_from", 'g'),
  RENAME_TO("rename_to", 'g'),
  COPY_TO("copy_to", 'g'),
  MOVE_FROM("move_from", 'g'),
  MOVE_TO("move_to", 'g'),
  EXPIRED("expired", 'x'),
  EVICTED("evicted", 'e'),
  NEW("new", 'n'),
  KEYMISS("keymiss", 'm');

  private final String eventName;
  private final char eventClass;

  KeyEvent(String eventName, char eventClass) {
    this.eventName = eventName;
    this.eventClass = eventClass;
  }

  /** The name that subscribers see. */
  public String eventName() {
    return eventName;
  }

  /** The letter of {@code notify-keyspace-events} that turns it on. */
  public char eventClass() {
    return eventClass;
  }
}
