package io.cinnabar.config;

import io.cinnabar.host.Disk;
import java.io.IOException;
import java.util.List;

/** No files at all. */
final class NoDisk implements Disk {

  static final Disk INSTANCE = new NoDisk();

  private NoDisk() {}

  @Override
  public byte[] read(String path) throws IOException {
    throw missing();
  }

  @Override
  public boolean exists(String path) {
    return false;
  }

  @Override
  public String workingDirectory() {
    return "/";
  }

  @Override
  public String directory(String path) throws IOException {
    throw missing();
  }

  @Override
  public List<String> list(String directory) throws IOException {
    throw missing();
  }

  @Override
  public void replace(String path, byte[] contents) throws IOException {
    throw missing();
  }

  private static IOException missing() {
    return new IOException("No such file or directory");
  }
}
