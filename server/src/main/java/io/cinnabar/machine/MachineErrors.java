package io.cinnabar.machine;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** What went wrong, in the words of the operating system. */
final class MachineErrors {

  private static final String NO_SUCH_FILE = "No such file or directory";

  private MachineErrors() {}

  static IOException noSuchFile() {
    return new IOException(NO_SUCH_FILE);
  }

  /**
   * The same failure with a message that is the reason alone, without the path. The JDK has classes
   * of their own for the most common reasons, and then no words.
   */
  static IOException reason(IOException failure) {
    String reason = failure.getMessage();
    if (failure instanceof NoSuchFileException) {
      reason = NO_SUCH_FILE;
    } else if (failure instanceof NotDirectoryException) {
      reason = "Not a directory";
    } else if (failure instanceof AccessDeniedException) {
      reason = "Permission denied";
    } else if (failure instanceof FileAlreadyExistsException) {
      reason = "File exists";
    } else if (failure instanceof FileSystemException named && named.getReason() != null) {
      reason = named.getReason();
    }
    return new IOException(reason, failure);
  }
}
