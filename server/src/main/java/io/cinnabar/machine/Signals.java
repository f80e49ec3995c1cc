package io.cinnabar.machine;

import java.util.function.Consumer;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * The signals that an operator or a supervisor sends to the process. The JVM by itself answers them
 * with its shutdown, which can't be refused and doesn't know which signal it was.
 *
 * <p>{@code sun.misc.Signal} is in the module {@code jdk.unsupported} of every JDK from 17 on, and
 * there is nothing else that does this; the compiler warns of it and can't be told not to, which is
 * why the build compiles this class apart.
 */
public final class Signals {

  private Signals() {}

  /**
   * From now on calls {@code handler} with the name of the signal, {@code SIGTERM} or {@code
   * SIGINT}, on a thread of its own, and ignores SIGHUP, so that a terminal that closes ends
   * nothing. Does nothing for signals that the JVM was told to leave alone ({@code -Xrs}).
   */
  public static void handle(Consumer<String> handler) {
    handle("TERM", signal -> handler.accept("SIGTERM"));
    handle("INT", signal -> handler.accept("SIGINT"));
    handle("HUP", SignalHandler.SIG_IGN);
  }

  /** Stops the process until it is told to go on, which is how it tells upstart that it serves. */
  public static void stopProcess() {
    Signal.raise(new Signal("STOP"));
  }

  private static void handle(String name, SignalHandler handler) {
    try {
      Signal.handle(new Signal(name), handler);
    } catch (IllegalArgumentException reserved) {
      // A system without this signal, or a JVM that may not touch it.
    }
  }
}
