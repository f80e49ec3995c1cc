package io.cinnabar.command;

import java.nio.charset.StandardCharsets;

/** How followers hear of a key that goes. */
public final class Deletion {

  private static final byte[] DEL = "DEL".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] UNLINK = "UNLINK".getBytes(StandardCharsets.US_ASCII);

  private Deletion() {}

  /** The command's name, not to be written to: UNLINK where {@code lazy}, else DEL. */
  public static byte[] command(boolean lazy) {
    return lazy ? UNLINK : DEL;
  }
}
