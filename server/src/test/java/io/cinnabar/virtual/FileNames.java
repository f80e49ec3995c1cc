package io.cinnabar.virtual;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The names of files and directories: those that everybody sees, and those that a crash leaves. The
 * changes of a directory that were not forced reach the disk in order, up to any point.
 */
final class FileNames {

  /** What happens to names; a rename is one change. */
  @FunctionalInterface
  private interface Change {
    void apply(Map<String, FileContents> names);
  }

  private final Map<String, FileContents> seen = new TreeMap<>();
  private final Map<String, FileContents> forced = new TreeMap<>();

  /** What has changed since it was forced, of each directory. */
  private final Map<String, List<Change>> unforced = new TreeMap<>();

  FileNames(String home) {
    put("/", FileContents.DIRECTORY);
    put(home, FileContents.DIRECTORY);
  }

  @Nullable FileContents get(String path) {
    return seen.get(path);
  }

  boolean isDirectory(String path) {
    return seen.get(path) == FileContents.DIRECTORY;
  }

  Collection<FileContents> all() {
    return seen.values();
  }

  List<String> in(String directory) {
    List<String> names = new ArrayList<>();
    for (String path : seen.keySet()) {
      if (!path.equals("/") && parent(path).equals(directory)) {
        names.add(path.substring(path.lastIndexOf('/') + 1));
      }
    }
    return names;
  }

  /** Adds a name that outlives a crash, and the directories above. */
  void put(String path, FileContents contents) {
    for (String at = parent(path); !seen.containsKey(at); at = parent(at)) {
      seen.put(at, FileContents.DIRECTORY);
      forced.put(at, FileContents.DIRECTORY);
    }
    seen.put(path, contents);
    forced.put(path, contents);
  }

  void add(String path, FileContents contents) {
    change(parent(path), names -> names.put(path, contents));
  }

  void remove(String path) {
    change(parent(path), names -> names.remove(path));
  }

  void rename(String from, String to, FileContents contents) {
    if (!parent(from).equals(parent(to))) {
      remove(from);
    }
    change(
        parent(to),
        names -> {
          names.remove(from);
          names.put(to, contents);
        });
  }

  private void change(String directory, Change change) {
    change.apply(seen);
    unforced.computeIfAbsent(directory, d -> new ArrayList<>()).add(change);
  }

  void force(String directory) {
    List<Change> changes = unforced.remove(directory);
    if (changes != null) {
      changes.forEach(change -> change.apply(forced));
    }
  }

  /** Turns into what is there after a crash; what nobody finds any more is gone. */
  void crash(RandomGenerator random) {
    for (List<Change> changes : unforced.values()) {
      int count = random.nextInt(changes.size() + 1);
      changes.subList(0, count).forEach(change -> change.apply(forced));
    }
    unforced.clear();
    forced.keySet().removeIf(path -> !path.equals("/") && !forced.containsKey(parent(path)));
    seen.clear();
    seen.putAll(forced);
    for (String path : new TreeSet<>(seen.keySet())) {
      FileContents contents = seen.get(path);
      if (contents != null && contents != FileContents.DIRECTORY) {
        contents.crash(random);
      }
    }
  }

  static String parent(String path) {
    return path.substring(0, Math.max(1, path.lastIndexOf('/')));
  }
}
