package io.cinnabar.machine;

import io.cinnabar.host.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** The machine's file system. */
final class MachineDisk implements Disk {

  @Override
  public byte[] read(String path) throws IOException {
    try {
      return Files.readAllBytes(Path.of(path));
    } catch (InvalidPathException e) {
      throw new IOException("No such file or directory", e);
    } catch (IOException e) {
      throw MachineErrors.reason(e);
    }
  }
}
