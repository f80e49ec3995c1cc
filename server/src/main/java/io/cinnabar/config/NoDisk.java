package io.cinnabar.config;

import io.cinnabar.host.Disk;
import io.cinnabar.host.DiskFile;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

  @Override
  public DiskFile open(String path) throws IOException {
    throw missing();
  }

  @Override
  public DiskFile create(String path) throws IOException {
    throw missing();
  }

  @Override
  public DiskFile append(String path) throws IOException {
    throw missing();
  }

  @Override
  public void rename(String from, String to) throws IOException {
    throw missing();
  }

  @Override
  public void delete(String path) {}

  @Override
  public void makeDirectory(String path) throws IOException {
    throw missing();
  }

  @Override
  public void forceDirectory(String path) throws IOException {
    throw missing();
  }

  @Override
  public @Nullable AutoCloseable lock(String path) throws IOException {
    throw missing();
  }

  private static IOException missing() {
    return new IOException("No such file or directory");
  }
}
