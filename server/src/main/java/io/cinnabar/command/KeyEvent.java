package io.cinnabar.command;

import io.cinnabar.structure.Slice;

/** What happened to a key, as keyspace notifications name it, with the class that enables it. */
public enum KeyEvent {
  SET("set", '$'),
  SETRANGE("setrange", '$'),
  SETBIT("setbit", '$'),
  APPEND("append", '$'),
  INCRBY("incrby", '$'),
  DECRBY("decrby", '$'),
  INCRBYFLOAT("incrbyfloat", '$'),
  PFADD("pfadd", '$'),
  LPUSH("lpush", 'l'),
  RPUSH("rpush", 'l'),
  LPOP("lpop", 'l', Effect.NEITHER),
  RPOP("rpop", 'l', Effect.NEITHER),
  LINSERT("linsert", 'l', Effect.NEITHER),
  LSET("lset", 'l', Effect.NEITHER),
  LREM("lrem", 'l', Effect.NEITHER),
  LTRIM("ltrim", 'l', Effect.NEITHER),
  SORTSTORE("sortstore", 'l'),
  HSET("hset", 'h'),
  HDEL("hdel", 'h', Effect.NEITHER),
  HINCRBY("hincrby", 'h'),
  HINCRBYFLOAT("hincrbyfloat", 'h'),
  HEXPIRE("hexpire", 'h', Effect.NEITHER),
  HEXPIRED("hexpired", 'h', Effect.NEITHER),
  HPERSIST("hpersist", 'h', Effect.NEITHER),
  SADD("sadd", 's'),
  SREM("srem", 's', Effect.NEITHER),
  SPOP("spop", 's', Effect.NEITHER),
  SINTERSTORE("sinterstore", 's'),
  SUNIONSTORE("sunionstore", 's'),
  SDIFFSTORE("sdiffstore", 's'),
  ZADD("zadd", 'z'),
  ZINCR("zincr", 'z'),
  ZREM("zrem", 'z', Effect.NEITHER),
  ZREMRANGEBYSCORE("zremrangebyscore", 'z', Effect.NEITHER),
  ZREMRANGEBYRANK("zremrangebyrank", 'z', Effect.NEITHER),
  ZREMRANGEBYLEX("zremrangebylex", 'z', Effect.NEITHER),
  ZPOPMIN("zpopmin", 'z', Effect.NEITHER),
  ZPOPMAX("zpopmax", 'z', Effect.NEITHER),
  ZUNIONSTORE("zunionstore", 'z'),
  ZINTERSTORE("zinterstore", 'z'),
  ZDIFFSTORE("zdiffstore", 'z'),
  ZRANGESTORE("zrangestore", 'z'),
  GEORADIUSSTORE("georadiusstore", 'z'),
  GEOSEARCHSTORE("geosearchstore", 'z'),
  XADD("xadd", 't'),
  XDEL("xdel", 't', Effect.NEITHER),
  XTRIM("xtrim", 't', Effect.NEITHER),
  XSETID("xsetid", 't', Effect.NEITHER),
  XGROUP_CREATE("xgroup-create", 't', Effect.NEITHER),
  XGROUP_SETID("xgroup-setid", 't', Effect.NEITHER),
  XGROUP_DESTROY("xgroup-destroy", 't'),
  XGROUP_CREATECONSUMER("xgroup-createconsumer", 't', Effect.NEITHER),
  XGROUP_DELCONSUMER("xgroup-delconsumer", 't', Effect.NEITHER),
  RESTORE("restore", 'g'),
  DEL("del", 'g', Effect.REMOVES),
  EXPIRE("expire", 'g', Effect.NEITHER),
  PERSIST("persist", 'g', Effect.NEITHER),
  RENAME_FROM("rename_from", 'g', Effect.REMOVES),
  RENAME_TO("rename_to", 'g'),
  COPY_TO("copy_to", 'g'),
  MOVE_FROM("move_from", 'g', Effect.REMOVES),
  MOVE_TO("move_to", 'g'),
  EXPIRED("expired", 'x', Effect.REMOVES),
  EVICTED("evicted", 'e', Effect.REMOVES),
  NEW("new", 'n'),
  KEYMISS("keymiss", 'm'),
  /**
   * A change that no notification tells of: PFCOUNT has noted what it counted, a group made its
   * stream.
   */
  COUNTED("", '\0');

  /** What clients that wait for the key have to know of an event. */
  private enum Effect {
    /** The key may hold now what they wait for. */
    MAY_FILL,
    /** The key is gone, unless something was stored there since. */
    REMOVES,
    NEITHER
  }

  private final String eventName;

  @SuppressWarnings("ImmutableEnumChecker") // nobody writes to it
  private final Slice eventNameBytes;

  private final long classBit;
  private final Effect effect;

  KeyEvent(String eventName, char eventClass) {
    this(eventName, eventClass, Effect.MAY_FILL);
  }

  KeyEvent(String eventName, char eventClass, Effect effect) {
    this.eventName = eventName;
    this.eventNameBytes = Slice.of(eventName);
    this.classBit = KeyspaceEvents.bitOf(eventClass);
    this.effect = effect;
  }

  /** The name that subscribers see. */
  public String eventName() {
    return eventName;
  }

  Slice eventNameBytes() {
    return eventNameBytes;
  }

  /** The bit of the letter that turns it on, see {@link KeyspaceEvents#LETTERS}. */
  long classBit() {
    return classBit;
  }

  /** Whether the key may hold now what a client waits for. */
  boolean mayFill() {
    return effect == Effect.MAY_FILL;
  }

  /**
   * Whether the value is another one, as WATCH and those who have cached it see it; Redis leaves
   * the groups of a stream out of that.
   */
  boolean changesValue() {
    return switch (this) {
      case XSETID,
          XGROUP_CREATE,
          XGROUP_SETID,
          XGROUP_DESTROY,
          XGROUP_CREATECONSUMER,
          XGROUP_DELCONSUMER ->
          false;
      default -> true;
    };
  }

  /** Whether the key may have an expiry now that it had not before. */
  boolean maySetExpiry() {
    return switch (this) {
      case EXPIRE, RESTORE, RENAME_TO, MOVE_TO, COPY_TO -> true;
      default -> false;
    };
  }

  /** Whether it happens by itself, and no command has asked for it. */
  boolean isUnasked() {
    return this == EXPIRED || this == EVICTED;
  }

  /** Whether the key has gone. */
  boolean removes() {
    return effect == Effect.REMOVES;
  }
}
