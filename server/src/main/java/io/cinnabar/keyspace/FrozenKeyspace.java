package io.cinnabar.keyspace;

import io.cinnabar.arena.Frozen;
import io.cinnabar.structure.FrozenTable;

/**
 * All databases as they were at one moment. One thread at a time reads it, which need not be the
 * loop's; whoever hands it over does so safely. It is closed on the loop's thread, after the last
 * read.
 */
public final class FrozenKeyspace implements AutoCloseable {
  private final Frozen view;
  private final FrozenTable[] tables;
  private final boolean mayHaveFieldExpiry;

  FrozenKeyspace(Frozen view, FrozenTable[] tables, boolean mayHaveFieldExpiry) {
    this.view = view;
    this.tables = tables;
    this.mayHaveFieldExpiry = mayHaveFieldExpiry;
  }

  /** Whether there may be hashes with fields that expire; false where there never were any. */
  public boolean mayHaveFieldExpiry() {
    return mayHaveFieldExpiry;
  }

  /** How many databases there are. */
  public int databases() {
    return tables.length;
  }

  /** The number of keys of a database. */
  public long size(int database) {
    return tables[database].size();
  }

  /** The number of keys with an expiry. */
  public long expiringCount(int database) {
    return tables[database].expiring();
  }

  /**
   * Moves {@code into} over the next entry of a database, in no particular order; it can be read,
   * not changed. The access clock may be newer than the view.
   *
   * @return false at the end
   */
  public boolean next(int database, Entry into) {
    return at(tables[database].next(), into);
  }

  /**
   * As {@link #next}, for the last time: the entries before this one may change from now on, and
   * need not be copied for that.
   */
  public boolean take(int database, Entry into) {
    return at(tables[database].take(), into);
  }

  private boolean at(int reference, Entry into) {
    if (reference == 0) {
      return false;
    }
    into.at(view, reference);
    return true;
  }

  /** Begins a database again from its first entry. */
  public void rewind(int database) {
    tables[database].rewind();
  }

  /** Lets go of what the view held back. */
  @Override
  public void close() {
    view.close();
  }
}
