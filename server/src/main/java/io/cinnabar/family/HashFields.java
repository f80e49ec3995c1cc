package io.cinnabar.family;

import io.cinnabar.command.Call;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.HashValue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How commands find the fields of a hash, some of which may have expired. */
final class HashFields {

  private HashFields() {}

  /** Whether the time of the field under the cursor has passed. */
  static boolean isExpired(Call call, HashValue hash) {
    long expiryMillis = hash.expiryMillis();
    return expiryMillis != HashValue.NO_EXPIRY && expiryMillis < call.expiryMillis();
  }

  /**
   * Moves over a field to read it; false when it is not there, or was until now. The command calls
   * {@link #end} when it is done with the hash.
   */
  static boolean find(Call call, Entry entry, Slice field) {
    HashValue hash = entry.hashValue();
    if (!hash.find(field)) {
      return false;
    }
    if (!isExpired(call, hash)) {
      return true;
    }
    call.engine().expiry().expireField(entry);
    return false;
  }

  /** As {@link #find}, for a command that gives the field a value then, whatever this says. */
  static boolean findToChange(Call call, Entry entry, Slice field) {
    HashValue hash = entry.hashValue();
    if (!hash.find(field)) {
      return false;
    }
    if (!isExpired(call, hash)) {
      return true;
    }
    call.engine().expiry().replaceExpiredField(entry);
    return false;
  }

  /** Removes the hash if its last field has expired; whether it has. */
  static boolean end(Call call, @Nullable Entry entry) {
    return entry != null && call.engine().expiry().removeEmptied(entry);
  }

  /** Removes all fields that have expired, and the hash with its last; whether it is gone. */
  static boolean expireAll(Call call, Entry entry) {
    HashValue hash = entry.hashValue();
    if (hash.earliestExpiryMillis() >= call.expiryMillis()) {
      return false;
    }
    List<byte[]> expired = new ArrayList<>();
    for (boolean more = hash.first(); more; more = hash.next()) {
      if (isExpired(call, hash)) {
        expired.add(hash.field().toByteArray());
      }
    }
    for (byte[] field : expired) {
      if (hash.find(new Slice(field))) {
        call.engine().expiry().expireField(entry);
      }
    }
    return end(call, entry);
  }
}
