package io.cinnabar.config;

import io.cinnabar.host.Disk;
import io.cinnabar.structure.Glob;
import io.cinnabar.structure.Slice;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Paths with wildcards, as a shell reads them: {@code *}, {@code ?} and {@code [a-z]} or {@code
 * [!a-z]} stand for characters of one name, and not for a dot at its beginning.
 */
final class FileGlob {

  private final Disk disk;

  FileGlob(Disk disk) {
    this.disk = disk;
  }

  static boolean isPattern(String path) {
    return path.indexOf('*') >= 0 || path.indexOf('?') >= 0 || path.indexOf('[') >= 0;
  }

  /** The paths that {@code pattern} matches, in alphabetical order; none where it can't be read. */
  List<String> expand(String pattern) {
    List<String> found = List.of(pattern.startsWith("/") ? "/" : "");
    for (String name : pattern.split("/+", -1)) {
      if (!name.isEmpty()) {
        found = step(found, name);
      }
    }
    return found;
  }

  /** What bears the name, or matches it, in any of these directories. */
  private List<String> step(List<String> directories, String name) {
    List<String> found = new ArrayList<>();
    for (String directory : directories) {
      if (isPattern(name)) {
        for (String match : matches(directory.isEmpty() ? "." : directory, name)) {
          found.add(join(directory, match));
        }
      } else if (disk.exists(join(directory, name))) {
        found.add(join(directory, name));
      }
    }
    return found;
  }

  private List<String> matches(String directory, String pattern) {
    List<String> names = new ArrayList<>();
    Slice glob = Slice.of(pattern.replace("[!", "[^"));
    try {
      for (String name : disk.list(directory)) {
        boolean hidden = name.startsWith(".") && !pattern.startsWith(".");
        if (!hidden && Glob.matches(glob, Slice.of(name))) {
          names.add(name);
        }
      }
    } catch (IOException notReadable) {
      return List.of();
    }
    Collections.sort(names);
    return names;
  }

  private static String join(String directory, String name) {
    return directory.isEmpty() || directory.endsWith("/")
        ? directory + name
        : directory + "/" + name;
  }
}
