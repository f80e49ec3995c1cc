package io.cinnabar.command;

/**
 * What a client calls itself: its own name, and the name and version of the library that it uses.
 * All are empty until it says otherwise. On the loop's thread.
 */
public final class ClientNames {

  private static final byte[] NONE = {};

  private byte[] own = NONE;
  private byte[] library = NONE;
  private byte[] libraryVersion = NONE;

  ClientNames() {}

  public byte[] own() {
    return own;
  }

  /** Names the client; the bytes are kept. */
  public void own(byte[] name) {
    own = name;
  }

  public byte[] library() {
    return library;
  }

  /** Names its library; the bytes are kept. */
  public void library(byte[] name) {
    library = name;
  }

  public byte[] libraryVersion() {
    return libraryVersion;
  }

  /** Says which version of its library it uses; the bytes are kept. */
  public void libraryVersion(byte[] version) {
    libraryVersion = version;
  }

  /** Forgets its name, but not that of its library, as RESET does. */
  void reset() {
    own = NONE;
  }

  /** What they cost. */
  int bytes() {
    return own.length + library.length + libraryVersion.length;
  }
}
