package io.cinnabar.virtual;

import io.cinnabar.host.Disk;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Files in memory. Paths start at the root or at {@value #HOME}; a directory is there once
 * something is in it.
 */
public final class VirtualDisk implements Disk {

  /** The working directory. */
  public static final String HOME = "/home";

  private final Map<String, byte[]> files = new HashMap<>();
  private final Set<String> readOnly = new HashSet<>();

  public void put(String path, byte[] contents) {
    files.put(absolute(path), contents.clone());
  }

  public void delete(String path) {
    files.remove(absolute(path));
  }

  /** Nothing in this directory can be made or replaced from now on. */
  public void makeReadOnly(String directory) {
    readOnly.add(absolute(directory));
  }

  @Override
  public byte[] read(String path) throws IOException {
    byte[] contents = files.get(absolute(path));
    if (contents == null) {
      throw new IOException(isDirectory(path) ? "Is a directory" : "No such file or directory");
    }
    return contents.clone();
  }

  @Override
  public boolean exists(String path) {
    return files.containsKey(absolute(path)) || isDirectory(path);
  }

  @Override
  public String workingDirectory() {
    return HOME;
  }

  @Override
  public String directory(String path) throws IOException {
    if (path.isEmpty() || !isDirectory(path)) {
      throw new IOException(
          files.containsKey(absolute(path)) ? "Not a directory" : "No such file or directory");
    }
    return absolute(path);
  }

  @Override
  public List<String> list(String directory) throws IOException {
    String start = start(directory(directory));
    Set<String> names = new HashSet<>();
    for (String path : files.keySet()) {
      if (path.startsWith(start)) {
        names.add(path.substring(start.length()).split("/", -1)[0]);
      }
    }
    return List.copyOf(names);
  }

  @Override
  public void replace(String path, byte[] contents) throws IOException {
    String file = absolute(path);
    if (readOnly.contains(file.substring(0, file.lastIndexOf('/')))) {
      throw new IOException("Permission denied");
    }
    if (isDirectory(path)) {
      throw new IOException("Is a directory");
    }
    files.put(file, contents.clone());
  }

  private boolean isDirectory(String path) {
    String start = start(absolute(path));
    return start.equals(HOME + "/") || files.keySet().stream().anyMatch(f -> f.startsWith(start));
  }

  private static String start(String directory) {
    return directory.endsWith("/") ? directory : directory + "/";
  }

  private static String absolute(String path) {
    if (path.equals(".")) {
      return HOME;
    }
    return path.startsWith("/") ? path : HOME + "/" + path;
  }
}
