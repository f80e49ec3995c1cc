package io.cinnabar.command;

import io.cinnabar.keyspace.Database;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.keyspace.Keyspace;
import io.cinnabar.structure.Slice;
import org.jspecify.annotations.Nullable;

/**
 * Reads, ahead of the commands of a batch, the elements that they will look for in large sets and
 * hashes, so that the cache misses overlap: first the leaves' places, then the leaves, then the
 * elements. What it finds is not kept, since the commands may change it.
 */
final class ElementTouch {
  private final Keyspace keyspace;
  private final Entry entry = new Entry();
  private final @Nullable Database[] databases;
  private final int[] candidates;
  private final int[] leaves;
  private final long[] hashes;
  private int count;

  /**
   * @param most elements in a batch
   */
  ElementTouch(Keyspace keyspace, int most) {
    this.keyspace = keyspace;
    databases = new Database[most];
    candidates = new int[most];
    leaves = new int[most];
    hashes = new long[most];
  }

  /** Notes an element, and the candidate for the entry of the collection. */
  void add(Database database, int candidate, Slice element) {
    databases[count] = database;
    candidates[count] = candidate;
    hashes[count] = keyspace.hash(element);
    count++;
  }

  /** Reads what was noted and forgets it; the result means nothing. */
  int touch() {
    int found = 0;
    for (int i = 0; i < count; i++) {
      Database database = databases[i];
      databases[i] = null;
      int leaf = database == null ? 0 : database.leafToTouch(candidates[i], hashes[i], entry);
      if (database != null && leaf != 0) {
        databases[found] = database;
        leaves[found] = leaf;
        hashes[found++] = hashes[i];
      }
    }
    count = 0;
    return touchLeaves(found);
  }

  private int touchLeaves(int found) {
    int sum = 0;
    for (int i = 0; i < found; i++) {
      Database database = databases[i];
      sum += database == null ? 0 : database.touchLeaf(leaves[i]);
    }
    for (int i = 0; i < found; i++) {
      Database database = databases[i];
      sum += database == null ? 0 : database.touchElement(leaves[i], hashes[i]);
    }
    return sum;
  }

  /** Lets go of what was looked at. */
  void release() {
    entry.release();
  }
}
