package io.cinnabar.persistence;

import io.cinnabar.host.Disk;
import io.cinnabar.host.Log;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The temporary files of saves: how they are named, whose they are, and what becomes of those whose
 * server was killed. A save has its file locked, so that one that nobody has locked is nobody's.
 */
final class Leftovers {

  private static final String START = "temp-";
  private static final String END = ".rdb";

  private Leftovers() {}

  /**
   * The name of a temporary file. Redis's have one number, so that they are not taken for ours.
   *
   * @param number of the save
   */
  static String name(long processId, long number) {
    return START + processId + "-" + number + END;
  }

  private static boolean isOurs(String name) {
    int middle = name.indexOf('-', START.length());
    return name.startsWith(START)
        && name.endsWith(END)
        && middle > 0
        && isNumber(name, START.length(), middle)
        && isNumber(name, middle + 1, name.length() - END.length());
  }

  private static boolean isNumber(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return from < to;
  }

  /** Removes those in a directory that are nobody's. */
  static void remove(Disk disk, Log log, String directory) {
    try {
      for (String name : disk.list(directory)) {
        if (isOurs(name)) {
          remove(disk, log, directory, name);
        }
      }
    } catch (IOException e) {
      log.warning("Looking for temp RDB files in " + directory + ": " + e.getMessage());
    }
  }

  private static void remove(Disk disk, Log log, String directory, String name) {
    String path = directory + "/" + name;
    AutoCloseable lock = lock(disk, path);
    if (lock == null) {
      return;
    }
    try (lock) {
      disk.delete(path);
      log.notice("Removed " + path + ", which a server has left that was killed while it saved");
    } catch (Exception e) {
      log.warning("The temp RDB file " + path + " can't be deleted: " + e.getMessage());
    }
  }

  /** Null if another has it, or where nothing can be locked. */
  static @Nullable AutoCloseable lock(Disk disk, String path) {
    try {
      return disk.lock(path);
    } catch (IOException e) {
      return null;
    }
  }
}
