package io.cinnabar.net;

import org.jspecify.annotations.Nullable;

/** Chooses the machine's best transport. */
final class Transports {

  /** By measurement, see docs/decisions/0004: io_uring costs more where commands come singly. */
  private static final String[] BEST_FIRST = {
    EpollTransport.NAME, IoUringTransport.NAME, KQueueTransport.NAME, NioTransport.NAME
  };

  private Transports() {}

  /** The best transport that works here. */
  static Transport best() {
    for (String name : BEST_FIRST) {
      if (unavailability(name) == null) {
        return create(name);
      }
    }
    throw new AssertionError("NIO always works");
  }

  /**
   * The transport of this name.
   *
   * @throws IllegalArgumentException when there is none, or it doesn't work here
   */
  static Transport named(String name) {
    Throwable cause = unavailability(name);
    if (cause != null) {
      throw new IllegalArgumentException("Transport " + name + " is not available here", cause);
    }
    return create(name);
  }

  /** Whether Netty's native library is there, on which unix sockets other than the JDK's depend. */
  static boolean haveUnixSockets() {
    return unavailability(EpollTransport.NAME) == null
        || unavailability(KQueueTransport.NAME) == null;
  }

  /** Why the transport of this name can't be used here, or null if it can. */
  private static @Nullable Throwable unavailability(String name) {
    boolean linux = System.getProperty("os.name", "").equals("Linux");
    Throwable elsewhere = new UnsupportedOperationException("not on this system");
    try {
      return switch (name) {
        case IoUringTransport.NAME -> linux ? IoUringTransport.unavailability() : elsewhere;
        case EpollTransport.NAME -> linux ? EpollTransport.unavailability() : elsewhere;
        case KQueueTransport.NAME -> linux ? elsewhere : KQueueTransport.unavailability();
        default -> null;
      };
    } catch (LinkageError e) {
      // An embedding application may leave the native jars out.
      return e;
    }
  }

  private static Transport create(String name) {
    return switch (name) {
      case IoUringTransport.NAME -> new IoUringTransport();
      case EpollTransport.NAME -> new EpollTransport();
      case KQueueTransport.NAME -> new KQueueTransport();
      case NioTransport.NAME -> new NioTransport();
      default -> throw new IllegalArgumentException("No such transport: " + name);
    };
  }
}
