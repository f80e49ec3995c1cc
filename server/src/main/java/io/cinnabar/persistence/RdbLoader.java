package io.cinnabar.persistence;

import io.cinnabar.command.Engine;
import io.cinnabar.host.DiskFile;
import io.cinnabar.host.Log;
import io.cinnabar.keyspace.Database;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.keyspace.Keyspace;
import io.cinnabar.keyspace.Replacement;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Loads one file of RDB into the keyspace, and serves the clients meanwhile. */
final class RdbLoader implements RdbFileReader.Listener {

  /** What is done about keys that can't simply be added. */
  enum Mode {
    /** The file is the data set: a key that is there already is refused, an expired one skipped. */
    WHOLE,
    /** As {@link #WHOLE}, but a key that is there already is replaced. */
    MERGED,
    /** Commands follow that find what they found then: as {@link #WHOLE} with all keys. */
    BASE
  }

  private static final int MIB = 1 << 20;
  private static final int NANOS_PER_MICRO = 1000;
  private static final int MAX_SKIPPED_LINES = 10;
  private static final long NO_OFFSET = -1;
  private static final int ID_CHARS = 40;

  private final Engine engine;
  private final Keyspace keyspace;
  private final Log log;
  private final Loading loading;
  private final Mode mode;
  private final @Nullable Replacement replacement;
  private final long nowMillis;
  private final Entry entry = new Entry();
  private final List<byte[]> functions = new ArrayList<>();
  private String historyId = "";
  private long historyOffset = NO_OFFSET;
  private int streamDatabase;
  private long loaded;
  private long expired;
  private long skipped;

  /** Fills the keyspace. */
  RdbLoader(Engine engine, Loading loading, Mode mode) {
    this(engine, loading, mode, null);
  }

  /**
   * @param replacement is filled instead of the keyspace, unless it is null
   */
  RdbLoader(Engine engine, Loading loading, Mode mode, @Nullable Replacement replacement) {
    this.replacement = replacement;
    this.engine = engine;
    this.keyspace = engine.keyspace();
    this.log = engine.log();
    this.loading = loading;
    this.mode = mode;
    this.nowMillis = engine.unit().nowMillis();
  }

  /**
   * Loads the file.
   *
   * @return where in the file it ends
   * @throws RdbFileException when it is damaged; the keys before that are there
   * @throws Loading.Stopped when the server is to end; likewise
   */
  long load(DiskFile file) throws RdbFileException, IOException {
    return load(new RdbFileSource(file, loading::advanced));
  }

  /** As {@link #load(DiskFile)}, from wherever it comes. */
  long load(RdbSource source) throws RdbFileException, IOException {
    RdbFileReader reader = new RdbFileReader(source, this, keyspace.databases());
    long end;
    try {
      reader.open();
      while (reader.next()) {
        load(reader);
        long delayMicros = engine.settings().keyLoadDelayMicros;
        if (delayMicros != 0) {
          delay(delayMicros);
        }
      }
      checkChecksum(reader);
      end = reader.position();
    } finally {
      entry.release();
      reader.release();
    }
    String line = "Done loading RDB, keys loaded: " + loaded + ", keys expired: " + expired;
    if (skipped > 0) {
      log.warning(line + ", empty keys skipped: " + skipped + ".");
    } else {
      log.notice(line + ".");
    }
    return end;
  }

  private void load(RdbFileReader reader) throws RdbFileException, IOException {
    int index = reader.database();
    Database database =
        replacement == null ? keyspace.database(index) : replacement.database(index);
    long hash = database.hash(reader.key());
    try {
      reader.read(database, hash, entry, engine.settings().thresholds);
    } catch (RdbFileException e) {
      if (!e.isEmptyValue()) {
        throw e;
      }
      skip(reader);
      return;
    }
    if (reader.expires() && reader.expiryMillis() < nowMillis && mode != Mode.BASE) {
      database.discard(entry);
      keyspace.reclaimSlice(Integer.MAX_VALUE);
      expired++;
      return;
    }
    put(reader, database);
    loaded++;
    loading.loadedKey();
  }

  private void put(RdbFileReader reader, Database database) throws RdbFileException {
    if (reader.expires()) {
      database.setExpiry(entry, reader.expiryMillis());
    }
    if (database.putPrepared(entry) && mode != Mode.MERGED) {
      throw new RdbFileException(
          "the file has the key '" + reader.keyText() + "' twice", reader.position(), false);
    }
    entry.clock(
        RestoreOptions.clock(keyspace.accessClock(), reader.idleSeconds(), reader.frequency()));
  }

  private void skip(RdbFileReader reader) {
    if (++skipped <= MAX_SKIPPED_LINES) {
      log.warning("rdbLoadObject skipping empty key: " + reader.keyText());
    }
  }

  private void delay(long micros) {
    long waited = micros > 0 ? micros : loaded % -micros == 0 ? 1 : 0;
    loading.delay(waited * NANOS_PER_MICRO);
  }

  private void checkChecksum(RdbFileReader reader) throws RdbFileException {
    if (!engine.settings().rdbChecksum || engine.settings().skipChecksums) {
      return;
    }
    if (!reader.hasChecksum() && reader.version() >= RdbVersion.CHECKSUMMED) {
      log.notice("RDB file was saved with checksum disabled: no check performed.");
    }
    if (!reader.isChecksumRight()) {
      throw new RdbFileException("the file has a wrong checksum", reader.position(), false);
    }
  }

  @Override
  public void auxiliary(String name, String value, long offset) {
    switch (name) {
      case "redis-ver" -> log.notice("Loading RDB produced by version " + value);
      case "ctime" -> log.notice("RDB age " + (nowMillis / 1000 - number(value)) + " seconds");
      case "used-mem" -> {
        loading.usedBytesThen(number(value));
        log.notice(
            String.format(
                Locale.ROOT,
                "RDB memory usage when created %.2f Mb",
                (double) number(value) / MIB));
      }
      case "aof-base" -> {
        if (number(value) != 0) {
          log.notice("RDB is base AOF");
        }
      }
      case "repl-id" -> historyId = value;
      case "repl-offset" -> historyOffset = offset(value);
      case "repl-stream-db" -> streamDatabase = (int) number(value);
      default -> log.debug("RDB says " + name + ": " + value);
    }
  }

  private static long offset(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      return NO_OFFSET;
    }
  }

  private static long number(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  @Override
  public void selected(int database, long offset) {}

  @Override
  public void function(byte[] source, long offset) {
    functions.add(source);
  }

  /** The sources of libraries of functions, in the order of the file. */
  List<byte[]> functions() {
    return functions;
  }

  /** Where in the stream of changes the file was written; null where it does not tell. */
  @Nullable StreamPosition position() {
    boolean isTold = historyId.length() == ID_CHARS && historyOffset != NO_OFFSET;
    return isTold ? new StreamPosition(historyId, historyOffset, streamDatabase) : null;
  }

  /** How many keys there are now that were in the file. */
  long loaded() {
    return loaded;
  }

  /** How many were not loaded since they had expired. */
  long expired() {
    return expired;
  }
}
