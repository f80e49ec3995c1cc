package io.cinnabar.keyspace;

/**
 * Other contents for all databases of a keyspace, made beside those that they have, in the same
 * arena. Ends with {@link #complete} or {@link #abandon}; until then nothing is compacted. On the
 * loop's thread.
 */
public final class Replacement {

  private final Keyspace keyspace;
  private final Database[] databases;

  Replacement(Keyspace keyspace) {
    this.keyspace = keyspace;
    databases = new Database[keyspace.databases()];
    for (int i = 0; i < databases.length; i++) {
      databases[i] = new Database(i, keyspace);
    }
  }

  /** What a database will hold: for whoever fills it, and for nobody else. */
  public Database database(int index) {
    return databases[index];
  }

  /** Gives the databases these contents; housekeeping gives back what they had. */
  public void complete() {
    for (Database made : databases) {
      keyspace.database(made.index()).exchange(made);
    }
    abandon();
  }

  /** Has housekeeping give back what these databases hold. */
  public void abandon() {
    for (Database database : databases) {
      database.clear();
    }
    keyspace.replacementEnded();
  }
}
