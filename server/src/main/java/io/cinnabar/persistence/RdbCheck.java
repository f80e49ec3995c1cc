package io.cinnabar.persistence;

import io.cinnabar.arena.Arena;
import io.cinnabar.arena.ArenaFullException;
import io.cinnabar.host.Disk;
import io.cinnabar.host.DiskFile;
import io.cinnabar.keyspace.Database;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.keyspace.Keyspace;
import io.cinnabar.value.Thresholds;
import java.io.IOException;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Examines a file of RDB and tells what it finds, in lines like those of redis-check-rdb. Every
 * value is read as if it were loaded, and dropped. The file is only read.
 */
public final class RdbCheck implements RdbFileReader.Listener {

  private final Consumer<String> out;
  private final Keyspace keyspace;
  private final Thresholds thresholds = new Thresholds();
  private final Entry entry = new Entry();
  private final long nowMillis;
  private long keys;
  private long expiring;
  private long expired;

  /**
   * @param out takes the lines
   * @param heapBytes how much memory a value may take
   * @param nowMillis civil time, by which keys have expired or not
   */
  public RdbCheck(Consumer<String> out, long heapBytes, RandomGenerator random, long nowMillis) {
    this.out = out;
    this.nowMillis = nowMillis;
    keyspace = new Keyspace(Arena.ofBytes(heapBytes), random, 1);
  }

  /** Examines a file; whether nothing is wrong with it. */
  public boolean run(Disk disk, String path) {
    try (DiskFile file = disk.open(path)) {
      long end = examine(file, path);
      if (end >= 0 && end < file.sizeBytes()) {
        out.accept("[offset " + end + "] the file goes on behind its end");
      }
      return end == file.sizeBytes();
    } catch (IOException e) {
      out.accept("Cannot open or read file " + path + ": " + e.getMessage());
      return false;
    }
  }

  /**
   * Examines what a file begins with.
   *
   * @param name of the file, for the lines
   * @return where it ends; -1 when something is wrong with it
   */
  public long examine(DiskFile file, String name) throws IOException {
    out.accept("[offset 0] Checking RDB file " + name);
    RdbFileReader reader =
        new RdbFileReader(new RdbFileSource(file, read -> {}), this, Integer.MAX_VALUE);
    try {
      readAll(reader);
      info();
      return reader.position();
    } catch (RdbFileException e) {
      out.accept("--- RDB ERROR DETECTED ---");
      out.accept("[offset " + e.offset() + "] " + e.what());
      info();
      return -1;
    }
  }

  private void readAll(RdbFileReader reader) throws RdbFileException, IOException {
    Database database = keyspace.database(0);
    reader.open();
    while (reader.next()) {
      read(reader, database);
      keys++;
      expiring += reader.expires() ? 1 : 0;
      expired += reader.expires() && reader.expiryMillis() < nowMillis ? 1 : 0;
    }
    if (!reader.isChecksumRight()) {
      throw new RdbFileException("the file has a wrong checksum", reader.position(), false);
    }
    out.accept(
        "[offset "
            + reader.position()
            + (reader.hasChecksum()
                ? "] Checksum OK"
                : "] RDB file was saved with checksum disabled: no check performed."));
    out.accept("[offset " + reader.position() + "] \\o/ RDB looks OK! \\o/");
  }

  private void read(RdbFileReader reader, Database database) throws RdbFileException, IOException {
    try {
      reader.read(database, database.hash(reader.key()), entry, thresholds);
    } catch (ArenaFullException e) {
      throw new RdbFileException(
          "the value of the key '" + reader.keyText() + "' does not fit into the heap",
          reader.position(),
          false);
    }
    database.discard(entry);
    keyspace.reclaimSlice(Integer.MAX_VALUE);
  }

  private void info() {
    out.accept("[info] " + keys + " keys read");
    out.accept("[info] " + expiring + " expires");
    out.accept("[info] " + expired + " already expired");
  }

  @Override
  public void auxiliary(String name, String value, long offset) {
    out.accept("[offset " + offset + "] AUX FIELD " + name + " = '" + value + "'");
  }

  @Override
  public void selected(int database, long offset) {
    out.accept("[offset " + offset + "] Selecting DB ID " + database);
  }

  @Override
  public void function(byte[] source, long offset) {
    out.accept("[offset " + offset + "] A library of functions, " + source.length + " bytes");
  }
}
