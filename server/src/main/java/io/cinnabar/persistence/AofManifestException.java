package io.cinnabar.persistence;

import java.util.ArrayList;
import java.util.List;

/** A manifest that can't be understood. */
public final class AofManifestException extends Exception {

  private static final long serialVersionUID = 1L;

  private final int lineNumber;
  private final String line;

  AofManifestException(int lineNumber, String line, String message) {
    super(message, null, false, false);
    this.lineNumber = lineNumber;
    this.line = line;
  }

  /** What the log tells. */
  public List<String> logLines() {
    List<String> lines = new ArrayList<>();
    lines.add("\n*** FATAL AOF MANIFEST FILE ERROR ***\n");
    if (lineNumber > 0) {
      lines.add("Reading the manifest file, at line " + lineNumber + "\n");
      lines.add(">>> '" + line + "'\n");
    }
    lines.add(getMessage() + "\n");
    return lines;
  }
}
