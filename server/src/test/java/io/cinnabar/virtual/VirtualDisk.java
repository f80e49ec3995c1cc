package io.cinnabar.virtual;

import io.cinnabar.host.Disk;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** Files in memory, by the path they were put at. */
public final class VirtualDisk implements Disk {

  private final Map<String, byte[]> files = new HashMap<>();

  public void put(String path, byte[] contents) {
    files.put(path, contents.clone());
  }

  @Override
  public byte[] read(String path) throws IOException {
    byte[] contents = files.get(path);
    if (contents == null) {
      throw new IOException("No such file or directory");
    }
    return contents.clone();
  }
}
