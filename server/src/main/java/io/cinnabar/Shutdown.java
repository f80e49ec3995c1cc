package io.cinnabar;

import static io.cinnabar.config.PersistenceParameters.SAVE;

import io.cinnabar.command.ShutdownMode;
import io.cinnabar.command.ShutdownMode.Save;
import io.cinnabar.config.Config;
import io.cinnabar.host.Log;
import io.cinnabar.keyspace.Keyspace;

/**
 * Decides whether the server may end. This version writes no files: told to save it stays, unless
 * it is forced; where only the configuration has save points, which by default it has, it ends as
 * it was told and says what that costs.
 */
final class Shutdown {

  private final Config config;
  private final Keyspace keyspace;
  private final Log log;

  Shutdown(Config config, Keyspace keyspace, Log log) {
    this.config = config;
    this.keyspace = keyspace;
    this.log = log;
  }

  /** Whether it may end; the log says why not. */
  boolean isAllowed(ShutdownMode mode) {
    log.notice("User requested shutdown...");
    if (mode.save() == Save.ALWAYS) {
      log.warning("The data set can't be saved: this version writes no files.");
      if (mode.force()) {
        log.warning("Error trying to save the DB. Exit anyway.");
        return true;
      }
      log.warning("Error trying to save the DB, can't exit.");
      log.warning("Errors trying to shut down the server. Check the logs for more information.");
      return false;
    }
    long keys = keys();
    if (mode.save() == Save.IF_CONFIGURED && !config.get(SAVE).isEmpty() && keys > 0) {
      log.warning(
          "The data set is not saved, although 'save' is configured: this version writes no files."
              + " Keys that are lost: "
              + keys);
    }
    return true;
  }

  private long keys() {
    long keys = 0;
    for (int i = 0; i < keyspace.databases(); i++) {
      keys += keyspace.database(i).size();
    }
    return keys;
  }
}
