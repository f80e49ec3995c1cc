package io.cinnabar.persistence;

/** The versions of RDB that matter here. Each adds types of values and changes none. */
final class RdbVersion {

  /** The first whose files end with a checksum. */
  static final int CHECKSUMMED = 5;

  /** That of Redis 7.2: sets as listpacks, and when consumers were active. */
  static final int REDIS_7_2 = 11;

  /** That of Redis 7.4, with fields that expire. */
  static final int REDIS_7_4 = 12;

  /** The newest that is read. */
  static final int NEWEST = REDIS_7_4;

  private RdbVersion() {}
}
