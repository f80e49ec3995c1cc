package io.cinnabar.command;

/** Which version this is, and which of Redis it behaves like. */
public final class Version {

  /** The version of Redis whose commands, replies and files are the measure. */
  public static final String REDIS = "7.2.4";

  public static final String CINNABAR = "0.1.0";

  private Version() {}

  /** How the log's second line begins; tools look for {@code version=}. */
  public static String startLine() {
    return "Cinnabar version="
        + REDIS
        + ", cinnabar="
        + CINNABAR
        + ", java="
        + Runtime.version()
        + ", bits=64";
  }

  /** What {@code --version} prints; tools look for {@code v=}. */
  public static String line() {
    return "Cinnabar server v="
        + REDIS
        + " cinnabar="
        + CINNABAR
        + " java="
        + Runtime.version()
        + " bits=64";
  }
}
