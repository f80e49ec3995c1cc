package io.cinnabar.persistence;

import io.cinnabar.structure.ScratchBytes;
import io.cinnabar.value.HashValue;

/** Writes hashes, as {@link HashReader} draws them. */
final class HashWriter {

  private static final int KEPT_BYTES = 64 << 10;

  private final RdbWriter out;
  private final ScratchBytes listpack = new ScratchBytes(0);

  HashWriter(RdbWriter out) {
    this.out = out;
  }

  /** The earliest time at which a field expires, or {@link HashValue#NEVER}. */
  static long earliestExpiryMillis(HashValue hash) {
    long earliest = HashValue.NEVER;
    if (hash.earliestExpiryMillis() != HashValue.NEVER) {
      for (boolean found = hash.first(); found; found = hash.next()) {
        long expiryMillis = hash.expiryMillis();
        if (expiryMillis != HashValue.NO_EXPIRY && expiryMillis < earliest) {
          earliest = expiryMillis;
        }
      }
    }
    return earliest;
  }

  void writeListpack(HashValue hash) {
    hash.toListpack(listpack);
    out.string(listpack.array(), listpack.offset(), listpack.length());
    listpack.trim(KEPT_BYTES);
  }

  void writeFields(HashValue hash) {
    out.length(hash.count());
    for (boolean found = hash.first(); found; found = hash.next()) {
      out.string(hash.field());
      out.string(hash.value());
    }
  }

  void writeTimedListpack(HashValue hash) {
    out.longValue(earliestExpiryMillis(hash));
    writeListpack(hash);
  }

  void writeTimedFields(HashValue hash) {
    long earliest = earliestExpiryMillis(hash);
    out.longValue(earliest);
    out.length(hash.count());
    for (boolean found = hash.first(); found; found = hash.next()) {
      long expiryMillis = hash.expiryMillis();
      out.length(expiryMillis == HashValue.NO_EXPIRY ? 0 : expiryMillis - earliest + 1);
      out.string(hash.field());
      out.string(hash.value());
    }
  }
}
