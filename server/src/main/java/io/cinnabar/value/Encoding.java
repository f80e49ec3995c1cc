package io.cinnabar.value;

/** How a value lies in its entry. */
public enum Encoding {
  /** A string that is an integer: eight bytes. */
  INT(0, "int"),
  /** A string of at most 44 bytes: its length as a varint, and the bytes. */
  EMBSTR(1, "embstr"),
  /** A longer string, or one that was edited, in the entry: laid out like {@link #EMBSTR}. */
  RAW(2, "raw"),
  /** A string in a block of its own: the reference, and the length in four bytes. */
  RAW_BLOCK(3, "raw");

  private static final Encoding[] OF_CODE = new Encoding[4];

  static {
    for (Encoding each : values()) {
      OF_CODE[each.code] = each;
    }
  }

  private final int code;
  private final String redisName;

  Encoding(int code, String redisName) {
    this.code = code;
    this.redisName = redisName;
  }

  /** The name that OBJECT ENCODING replies. */
  public String redisName() {
    return redisName;
  }

  /** The four bits in an entry's header. */
  public int code() {
    return code;
  }

  public static Encoding ofCode(int code) {
    return OF_CODE[code];
  }

  /** Whether the value has blocks beside the entry's. */
  public boolean ownsBlocks() {
    return this == RAW_BLOCK;
  }
}
