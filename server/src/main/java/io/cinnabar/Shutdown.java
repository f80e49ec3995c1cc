package io.cinnabar;

import static io.cinnabar.config.PersistenceParameters.SAVE;

import io.cinnabar.command.Availability;
import io.cinnabar.command.ShutdownMode;
import io.cinnabar.command.ShutdownMode.Save;
import io.cinnabar.config.Config;
import io.cinnabar.host.Log;
import io.cinnabar.persistence.Snapshots;

/**
 * Decides whether the server may end, and saves the data set before: told to, or where the
 * configuration has save points. If that fails the server stays, unless it is forced.
 */
final class Shutdown {

  private final Config config;
  private final Snapshots snapshots;
  private final Availability availability;
  private final Log log;

  Shutdown(Config config, Snapshots snapshots, Availability availability, Log log) {
    this.config = config;
    this.snapshots = snapshots;
    this.availability = availability;
    this.log = log;
  }

  /** Whether it may end; the log says why not. */
  boolean isAllowed(ShutdownMode mode) {
    log.notice("User requested shutdown...");
    snapshots.abandon();
    if (!saves(mode)) {
      return true;
    }
    log.notice("Saving the final RDB snapshot before exiting.");
    if (snapshots.save()) {
      return true;
    }
    if (mode.force()) {
      log.warning("Error trying to save the DB. Exit anyway.");
      return true;
    }
    log.warning("Error trying to save the DB, can't exit.");
    log.warning("Errors trying to shut down the server. Check the logs for more information.");
    return false;
  }

  /** While it is loaded, the data set is not what the file should have. */
  private boolean saves(ShutdownMode mode) {
    if (availability.isLoading() || mode.save() == Save.NEVER) {
      return false;
    }
    return mode.save() == Save.ALWAYS || !config.get(SAVE).isEmpty();
  }
}
