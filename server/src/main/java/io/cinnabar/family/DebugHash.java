package io.cinnabar.family;

import io.cinnabar.keyspace.Entry;
import io.cinnabar.structure.EditableBytes;
import io.cinnabar.structure.IntegerText;
import io.cinnabar.structure.ScratchBytes;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.Encoding;
import io.cinnabar.value.HashValue;

/** What DEBUG tells of hashes. */
final class DebugHash {

  /** A time in an RDB file. */
  private static final int TIME_BYTES = 8;

  /** The longest string that an RDB file may hold as an integer. */
  private static final int MAX_INTEGER_BYTES = 11;

  private DebugHash() {}

  /** Bytes of a hash in an RDB file, which is written without compression. */
  static long serializedLength(Entry entry) {
    Encoding encoding = entry.encoding();
    if (encoding == Encoding.LISTPACK || encoding == Encoding.LISTPACK_BLOCK) {
      int length = listpack(entry).length();
      return DebugObject.lengthBytes(length) + (long) length;
    }
    HashValue hash = entry.hashValue();
    long bytes = DebugObject.lengthBytes(hash.count());
    for (boolean more = hash.first(); more; more = hash.next()) {
      bytes += stringBytes(hash.field()) + stringBytes(hash.value());
      if (hash.expiryMillis() != HashValue.NO_EXPIRY) {
        bytes += TIME_BYTES;
      }
    }
    return bytes;
  }

  /** What Redis has for a hash whose encoding is that of a listpack. */
  static EditableBytes listpack(Entry entry) {
    ScratchBytes listpack = new ScratchBytes(0);
    entry.hashValue().toListpack(listpack);
    return listpack;
  }

  private static long stringBytes(Slice text) {
    if (text.length <= MAX_INTEGER_BYTES && IntegerText.isLong(text)) {
      long number = IntegerText.toLong(text);
      if (number == (int) number) {
        return number == (byte) number ? 2 : number == (short) number ? 3 : 5;
      }
    }
    return DebugObject.lengthBytes(text.length) + (long) text.length;
  }
}
