package io.cinnabar.persistence;

/**
 * What a file of RDB consists of: each part begins with one of these bytes, or with the {@link
 * RdbType} of a key's value.
 *
 * <pre>
 * file     "REDIS", four digits: the version
 *          parts
 *          EOF, since version 5 eight bytes: CRC-64 of all before them, little-endian, or 0
 *
 * AUX              string: name; string: value
 * SELECT_DB        length: the database of the keys that follow
 * RESIZE_DB        length: how many keys it has; length: how many of them expire
 * SLOT_INFO        length: number of a slot; length: how many keys it has; length: as before
 * FUNCTION         string: source of a library
 * FUNCTION_OLD     the same in release candidates of Redis 7.0
 * MODULE_AUX       length: the module; its data
 *
 * EXPIRY_SECONDS   four bytes, little-endian: when the next key expires, in seconds since 1970
 * EXPIRY_MILLIS    eight bytes, little-endian: the same in milliseconds
 * IDLE             length: for how many seconds the next key was not used
 * FREQUENCY        one byte: how often the next key was used, logarithmic
 * type             string: key; the value
 * </pre>
 */
final class RdbOpcode {

  static final int SLOT_INFO = 244;
  static final int FUNCTION = 245;
  static final int FUNCTION_OLD = 246;
  static final int MODULE_AUX = 247;
  static final int IDLE = 248;
  static final int FREQUENCY = 249;
  static final int AUX = 250;
  static final int RESIZE_DB = 251;
  static final int EXPIRY_MILLIS = 252;
  static final int EXPIRY_SECONDS = 253;
  static final int SELECT_DB = 254;
  static final int EOF = 255;

  /** Greater than every type of a value. */
  static final int FIRST = SLOT_INFO;

  /** What a file begins with. */
  static final String SIGNATURE = "REDIS";

  /** How many digits the version has. */
  static final int VERSION_DIGITS = 4;

  private RdbOpcode() {}
}
