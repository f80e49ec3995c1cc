package io.cinnabar.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** The file that tells tools the id of the process: its digits and a line feed. */
public final class PidFile {

  private final Path path;

  private PidFile(Path path) {
    this.path = path;
  }

  /**
   * Writes the file, over one that is there.
   *
   * @throws IOException when it can't be written; the message is the machine's reason alone
   */
  public static PidFile write(String path, long processId) throws IOException {
    try {
      // As of now, however the file is called later: the path may be relative.
      Path file = Path.of(path).toAbsolutePath();
      Files.writeString(file, processId + "\n");
      return new PidFile(file);
    } catch (InvalidPathException e) {
      throw MachineErrors.noSuchFile();
    } catch (IOException e) {
      throw MachineErrors.reason(e);
    }
  }

  /** Removes it, if it is still there. */
  public void remove() {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      // Whoever can't remove it can't do more about it either.
    }
  }
}
