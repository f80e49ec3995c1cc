package io.cinnabar.differential;

import io.cinnabar.CinnabarServer;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The server that is held against the real one. */
final class SubjectUnderTest {
  private SubjectUnderTest() {}

  /** The one that all tests of this JVM share. They empty it before they use it. */
  static Subject shared() {
    try {
      return Subject.at("cinnabar", Shared.SERVER.port());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class Shared {
    static final CinnabarServer SERVER =
        CinnabarServer.builder()
            .option("enable-debug-command", "yes")
            .option("rdb-version", RealRedis.shared().isAtLeast(7, 2) ? "11" : "10")
            .start();
  }
}
