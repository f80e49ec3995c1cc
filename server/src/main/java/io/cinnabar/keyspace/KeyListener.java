package io.cinnabar.keyspace;

import io.cinnabar.structure.Slice;

/** Hears of keys that were not there before. On the loop's thread. */
@FunctionalInterface
public interface KeyListener {

  /**
   * A key has got an entry.
   *
   * @param key valid until this returns
   */
  void added(int database, Slice key);
}
