package io.cinnabar.persistence;

/**
 * The byte before a value in RDB: its data type and how it is laid out. New values are written in
 * few of these; the others are what older and newer versions of Redis write.
 */
final class RdbType {

  static final int STRING = 0;
  static final int LIST = 1;
  static final int SET = 2;
  static final int SORTED_SET_TEXT = 3;
  static final int HASH = 4;
  static final int SORTED_SET = 5;

  /** Values of modules, which nobody but the module can read. */
  static final int MODULE = 6;

  static final int MODULE_2 = 7;

  static final int HASH_ZIPMAP = 9;
  static final int LIST_ZIPLIST = 10;
  static final int SET_INTSET = 11;
  static final int SORTED_SET_ZIPLIST = 12;
  static final int HASH_ZIPLIST = 13;
  static final int LIST_ZIPLISTS = 14;
  static final int STREAM = 15;
  static final int HASH_LISTPACK = 16;
  static final int SORTED_SET_LISTPACK = 17;
  static final int LIST_LISTPACKS = 18;
  static final int STREAM_2 = 19;
  static final int SET_LISTPACK = 20;
  static final int STREAM_3 = 21;

  /** Hashes with fields that expire; the first two are of release candidates of Redis 7.4. */
  static final int HASH_TIMES_0 = 22;

  static final int HASH_LISTPACK_TIMES_0 = 23;
  static final int HASH_TIMES = 24;
  static final int HASH_LISTPACK_TIMES = 25;

  private RdbType() {}
}
