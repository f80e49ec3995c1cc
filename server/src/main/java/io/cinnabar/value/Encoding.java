package io.cinnabar.value;

/** How a value lies in its entry. */
public enum Encoding {
  /** A string that is an integer: eight bytes. */
  INT(0, Layout.INTEGER, "int"),
  /** A string of at most 44 bytes. */
  EMBSTR(1, Layout.IN_ENTRY, "embstr"),
  /** A longer string, or one that was edited. */
  RAW(2, Layout.IN_ENTRY, "raw"),
  RAW_BLOCK(3, Layout.IN_BLOCK, "raw"),
  /** A small collection: a listpack, or a hash that is one in files, see {@link PackedHash}. */
  LISTPACK(4, Layout.IN_ENTRY, "listpack"),
  LISTPACK_BLOCK(5, Layout.IN_BLOCK, "listpack"),
  /** A small set of integers. */
  INTSET(6, Layout.IN_ENTRY, "intset"),
  INTSET_BLOCK(7, Layout.IN_BLOCK, "intset"),
  /** The same where Redis's thresholds call it large: a few elements, one of which is long. */
  LOOSE(8, Layout.IN_ENTRY, ""),
  LOOSE_BLOCK(9, Layout.IN_BLOCK, ""),
  /** Fields, values and times: a small hash whose fields expire. */
  LISTPACK_EX(10, Layout.IN_ENTRY, "listpackex"),
  LISTPACK_EX_BLOCK(11, Layout.IN_BLOCK, "listpackex"),
  /** A large list, set or hash: one tree. */
  TREE(12, Layout.TREE, ""),
  /** A large sorted set: a tree by score, and one by member. */
  TWO_TREES(13, Layout.TWO_TREES, "skiplist"),
  STREAM(14, Layout.STREAM, "stream");

  /** What the value is in its entry, and what it owns beside it. */
  enum Layout {
    /** Eight bytes. */
    INTEGER,
    /** Its length as a varint, and the bytes. */
    IN_ENTRY,
    /** A block of its own, see {@link BytesBlock}. */
    IN_BLOCK,
    /** See {@link TreeRoots}. */
    TREE,
    /** See {@link TreeRoots}. */
    TWO_TREES,
    /** See {@link TreeRoots}. */
    STREAM
  }

  private static final Encoding[] OF_CODE = new Encoding[16];

  static {
    for (Encoding each : values()) {
      OF_CODE[each.code] = each;
    }
  }

  private final int code;
  private final Layout layout;
  private final String redisName;

  Encoding(int code, Layout layout, String redisName) {
    this.code = code;
    this.layout = layout;
    this.redisName = redisName;
  }

  /** The name that OBJECT ENCODING replies for a value of this type. */
  public String redisName(ValueType type) {
    return redisName.isEmpty() ? type.largeName() : redisName;
  }

  /** The four bits in an entry's header. */
  public int code() {
    return code;
  }

  public static Encoding ofCode(int code) {
    return OF_CODE[code];
  }

  Layout layout() {
    return layout;
  }

  /** Whether the value has blocks beside the entry's. */
  public boolean ownsBlocks() {
    return layout != Layout.IN_ENTRY && layout != Layout.INTEGER;
  }

  /** The same for bytes that lie in their entry. */
  Encoding inEntry() {
    return layout == Layout.IN_BLOCK ? OF_CODE[code - 1] : this;
  }

  /** The same for bytes that lie in a block of their own. */
  Encoding inBlock() {
    if (this == EMBSTR) {
      return RAW_BLOCK;
    }
    return layout == Layout.IN_ENTRY ? OF_CODE[code + 1] : this;
  }
}
