package io.cinnabar.config;

import static io.cinnabar.config.ParameterGroup.INT;
import static io.cinnabar.config.ParameterGroup.LONG;
import static io.cinnabar.config.ParameterGroup.MIB;
import static io.cinnabar.config.ParameterGroup.guarded;
import static io.cinnabar.config.ParameterGroup.hidden;
import static io.cinnabar.config.ParameterGroup.immutable;
import static io.cinnabar.config.ParameterGroup.never;

import java.util.List;

/** Snapshots and append-only files. */
public final class PersistenceParameters {

  private static final ParameterGroup TABLE = new ParameterGroup();

  // Snapshots.
  public static final SaveParameter SAVE = TABLE.add(new SaveParameter("save"));
  public static final TextParameter DBFILENAME =
      guarded(
          TABLE.text("dbfilename", "dump.rdb").checkedBy(TextChecks.fileName("dbfilename", true)));
  public static final BooleanParameter RDBCOMPRESSION = TABLE.yesNo("rdbcompression", true);

  /** Not one of Redis's: 10 is what 7.0 reads, 11 what 7.2 does, 12 what 7.4 does. */
  public static final NumberParameter RDB_VERSION = hidden(TABLE.number("rdb-version", 11, 10, 12));

  public static final BooleanParameter RDBCHECKSUM = immutable(TABLE.yesNo("rdbchecksum", true));
  public static final BooleanParameter RDB_SAVE_INCREMENTAL_FSYNC =
      TABLE.yesNo("rdb-save-incremental-fsync", true);
  public static final BooleanParameter RDB_DEL_SYNC_FILES =
      TABLE.yesNo("rdb-del-sync-files", false);
  public static final BooleanParameter STOP_WRITES_ON_BGSAVE_ERROR =
      TABLE.yesNo("stop-writes-on-bgsave-error", true);
  public static final WordParameter SANITIZE_DUMP_PAYLOAD =
      never(TABLE.word("sanitize-dump-payload", "no", "no", "yes", "clients"));
  public static final NumberParameter RDB_KEY_SAVE_DELAY =
      hidden(TABLE.number("rdb-key-save-delay", 0, -INT - 1, INT));
  public static final NumberParameter KEY_LOAD_DELAY =
      hidden(TABLE.number("key-load-delay", 0, -INT - 1, INT));
  public static final NumberParameter LOADING_PROCESS_EVENTS_INTERVAL_BYTES =
      hidden(TABLE.number("loading-process-events-interval-bytes", 2 * MIB, 1024, INT));

  // Append-only files.
  public static final BooleanParameter APPENDONLY = TABLE.yesNo("appendonly", false);
  public static final TextParameter APPENDFILENAME =
      immutable(
          TABLE
              .text("appendfilename", "appendonly.aof")
              .checkedBy(TextChecks.fileName("appendfilename", false)));
  public static final TextParameter APPENDDIRNAME =
      immutable(
          TABLE
              .text("appenddirname", "appendonlydir")
              .checkedBy(TextChecks.folderName("appenddirname")));
  public static final ChoiceParameter<FsyncPolicy> APPENDFSYNC =
      TABLE.choice("appendfsync", FsyncPolicy.EVERYSEC);
  public static final BooleanParameter NO_APPENDFSYNC_ON_REWRITE =
      TABLE.yesNo("no-appendfsync-on-rewrite", false);
  public static final NumberParameter AUTO_AOF_REWRITE_PERCENTAGE =
      TABLE.number("auto-aof-rewrite-percentage", 100, 0, INT);
  public static final NumberParameter AUTO_AOF_REWRITE_MIN_SIZE =
      TABLE.memory("auto-aof-rewrite-min-size", 64 * MIB, 0, LONG);
  public static final BooleanParameter AOF_LOAD_TRUNCATED = TABLE.yesNo("aof-load-truncated", true);
  public static final BooleanParameter AOF_USE_RDB_PREAMBLE =
      TABLE.yesNo("aof-use-rdb-preamble", true);
  public static final BooleanParameter AOF_TIMESTAMP_ENABLED =
      TABLE.yesNo("aof-timestamp-enabled", false);
  public static final BooleanParameter AOF_REWRITE_INCREMENTAL_FSYNC =
      TABLE.yesNo("aof-rewrite-incremental-fsync", true);
  public static final BooleanParameter AOF_DISABLE_AUTO_GC =
      hidden(TABLE.yesNo("aof-disable-auto-gc", false));

  private PersistenceParameters() {}

  /** In the order of their declaration. */
  static List<Parameter> all() {
    return TABLE.parameters();
  }
}
