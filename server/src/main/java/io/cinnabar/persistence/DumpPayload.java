package io.cinnabar.persistence;

import io.cinnabar.arena.Bytes;
import io.cinnabar.structure.Crc64;
import io.cinnabar.structure.Slice;

/**
 * What stands around a value in the reply of DUMP.
 *
 * <pre>
 * 0   1  type, see {@link RdbType}
 * 1      the value as in a file
 *     2  version of RDB, little-endian
 *     8  CRC-64 of all bytes before it, little-endian
 * </pre>
 */
final class DumpPayload {

  private static final int VERSION_BYTES = 2;
  private static final int CHECKSUM_BYTES = 8;
  private static final int FOOTER_BYTES = VERSION_BYTES + CHECKSUM_BYTES;

  private DumpPayload() {}

  /** Adds the footer to a type and a value. */
  static void close(RdbWriter payload, int version) {
    payload.unsignedShort(version);
    payload.longValue(Crc64.update(0, payload.array(), 0, payload.size()));
  }

  /**
   * Whether these bytes are whole and of a version that can be read.
   *
   * @param skipChecksum whether they count as whole whatever their checksum
   */
  static boolean isIntact(Slice payload, boolean skipChecksum) {
    if (payload.length < FOOTER_BYTES) {
      return false;
    }
    int checksumAt = payload.end() - CHECKSUM_BYTES;
    int version = Bytes.getUnsignedShort(payload.array, checksumAt - VERSION_BYTES);
    return version <= RdbVersion.NEWEST
        && (skipChecksum
            || Bytes.getLong(payload.array, checksumAt)
                == Crc64.update(0, payload.array, payload.offset, payload.length - CHECKSUM_BYTES));
  }

  /** Makes {@code into} the payload without its footer. */
  static void body(Slice payload, Slice into) {
    into.set(payload.array, payload.offset, payload.length - FOOTER_BYTES);
  }
}
