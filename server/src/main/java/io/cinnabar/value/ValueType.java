package io.cinnabar.value;

/** The data types of Redis. */
public enum ValueType {
  STRING(0, "string"),
  LIST(1, "list"),
  SET(2, "set"),
  SORTED_SET(3, "zset"),
  HASH(4, "hash"),
  STREAM(5, "stream");

  private static final ValueType[] OF_CODE = new ValueType[6];

  static {
    for (ValueType each : values()) {
      OF_CODE[each.code] = each;
    }
  }

  private final int code;
  private final String redisName;

  ValueType(int code, String redisName) {
    this.code = code;
    this.redisName = redisName;
  }

  /** The name that TYPE replies. */
  public String redisName() {
    return redisName;
  }

  /** The three bits in an entry's header. */
  public int code() {
    return code;
  }

  public static ValueType ofCode(int code) {
    return OF_CODE[code];
  }
}
