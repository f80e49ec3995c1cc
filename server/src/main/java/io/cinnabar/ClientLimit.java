package io.cinnabar;

import static io.cinnabar.config.Parameters.MAXCLIENTS;

import io.cinnabar.config.Config;
import io.cinnabar.config.ConfigException;
import io.cinnabar.host.Log;
import io.cinnabar.host.ProcessInfo;

/**
 * Keeps {@code maxclients} within the number of files that the system lets the process open: a
 * client too many shall read why it is turned away, which takes a file for its connection.
 */
final class ClientLimit {

  /** What the JVM and the server open for themselves. */
  private static final int OWN_FILES = 64;

  private ClientLimit() {}

  /** Lowers it where it has to be, now, and refuses more from now on. */
  static void bind(Config config, ProcessInfo process, Log log) {
    long files = process.maxOpenFiles();
    if (files == ProcessInfo.UNKNOWN) {
      return;
    }
    long most = Math.max(1, files - OWN_FILES);
    long wanted = config.get(MAXCLIENTS);
    try {
      if (wanted > most) {
        config.set(MAXCLIENTS.name(), Long.toString(most));
        log.warning(
            "Current maximum open files is "
                + files
                + ", too few for maxclients of "
                + wanted
                + ". maxclients has been reduced to "
                + most
                + "; raise 'ulimit -n' for more.");
      }
    } catch (ConfigException e) {
      throw new IllegalStateException(e);
    }
    config.onChange(MAXCLIENTS, () -> check(config.get(MAXCLIENTS), most));
  }

  private static void check(long wanted, long most) throws ConfigException {
    if (wanted > most) {
      throw new ConfigException(
          "The operating system is not able to handle the specified number of clients, try with "
              + most);
    }
  }
}
