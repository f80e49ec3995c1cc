package io.cinnabar.keyspace;

/** What {@link Database#scan} hands entries to. It must not change the keyspace. */
public interface EntryVisitor {
  /** Visits an entry, which is the same object each time. */
  void visit(Entry entry);
}
