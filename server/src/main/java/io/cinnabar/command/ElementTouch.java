package io.cinnabar.command;

import io.cinnabar.keyspace.Database;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.keyspace.Keyspace;
import io.cinnabar.structure.Slice;
import io.cinnabar.structure.TreeTouch;
import org.jspecify.annotations.Nullable;

/**
 * Reads, ahead of the commands of a batch, the elements that they will look for in large sets,
 * hashes and sorted sets: see {@link TreeTouch}.
 */
final class ElementTouch {
  private final Keyspace keyspace;
  private final Entry entry = new Entry();
  private final TreeTouch trees;

  // The collection of the elements that are being noted.
  private @Nullable Database database;
  private int candidate;

  /** Whether the last one was in a tree, so that another is in the same. */
  private boolean isNoted;

  /** Whether it has been found to be no large collection. */
  private boolean isSmall;

  /**
   * @param most elements in a batch
   */
  ElementTouch(Keyspace keyspace, int most) {
    this.keyspace = keyspace;
    trees = new TreeTouch(keyspace.arena(), most);
  }

  /** The candidate for the entry of the collection of what is noted next. */
  void at(Database database, int candidate) {
    if (candidate != this.candidate || database != this.database) {
      this.database = database;
      this.candidate = candidate;
      isNoted = false;
      isSmall = false;
      database.moveTo(candidate, entry);
    }
  }

  /** Notes an element that is looked for. */
  void add(Slice element) {
    if (isNoted) {
      trees.addToSame(keyspace.hash(element));
    } else if (!isSmall) {
      isNoted = note(keyspace.hash(element));
      isSmall = !isNoted;
    }
  }

  private boolean note(long hash) {
    return switch (entry.type()) {
      case SET -> entry.set().noteIn(trees, hash);
      case HASH -> entry.hashValue().noteIn(trees, hash);
      case SORTED_SET -> entry.sortedSet().noteIn(trees, hash);
      default -> false;
    };
  }

  /** Reads what was noted and forgets it; the result means nothing. */
  int touch() {
    database = null;
    candidate = 0;
    return trees.touch();
  }

  /** Lets go of what was looked at. */
  void release() {
    entry.release();
  }
}
