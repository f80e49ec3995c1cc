package io.cinnabar.value;

/** The data types of Redis. */
public enum ValueType {
  STRING(0, "string", "raw"),
  LIST(1, "list", "quicklist"),
  SET(2, "set", "hashtable"),
  SORTED_SET(3, "zset", "skiplist"),
  HASH(4, "hash", "hashtable"),
  STREAM(5, "stream", "stream");

  private static final ValueType[] OF_CODE = new ValueType[6];

  static {
    for (ValueType each : values()) {
      OF_CODE[each.code] = each;
    }
  }

  private final int code;
  private final String redisName;
  private final String largeName;

  ValueType(int code, String redisName, String largeName) {
    this.code = code;
    this.redisName = redisName;
    this.largeName = largeName;
  }

  /** The name that TYPE replies. */
  public String redisName() {
    return redisName;
  }

  /** The name that OBJECT ENCODING replies for a large value. */
  String largeName() {
    return largeName;
  }

  /** The three bits in an entry's header. */
  public int code() {
    return code;
  }

  public static ValueType ofCode(int code) {
    return OF_CODE[code];
  }
}
