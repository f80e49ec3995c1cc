package io.cinnabar.keyspace;

/** What {@link Keyspace#expireSlice} hands expired entries to, one by one. */
public interface ExpiredListener {
  /**
   * An entry that has expired. The listener removes it ({@link Database#remove}), as a unit with
   * its own DEL, or leaves it: then it comes again in a later slice. It changes no other entry. The
   * key's bytes are gone once it is removed.
   */
  void expired(Entry entry);

  /**
   * A field of a hash that has expired, the one under the cursor of the hash. The listener removes
   * it, and the hash with its last field, or leaves it, as it does unless it says otherwise.
   *
   * @return whether the hash is gone
   */
  default boolean fieldExpired(Entry entry) {
    return false;
  }
}
