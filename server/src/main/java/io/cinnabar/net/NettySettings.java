package io.cinnabar.net;

import io.netty.util.internal.logging.InternalLoggerFactory;

/**
 * What a process of ours wants of Netty. The settings are the process's, so a server embedded in
 * somebody else's leaves them alone. What the command line has set stays.
 */
public final class NettySettings {

  private NettySettings() {}

  /** Must be called before any other class that uses Netty. */
  public static void apply() {
    // Its flight-recorder events cost a third of the start.
    set("io.netty.jfr.enabled", "false");
    // Else Netty lists the network interfaces to name channels uniquely in the world, and asks for
    // the process's id: nobody looks at those names here.
    set("io.netty.machineId", "00:00:00:00:00:01");
    set("io.netty.processId", "1");
    // An accept that repeats itself in the kernel would do so without a rest where file descriptors
    // are short, whatever the channel is told.
    set("io.netty.iouring.acceptMultiShotEnabled", "false");
    if (System.getProperty("os.name", "").equals("Linux")) {
      // Netty's epoll opens one of the JDK's selectors, too. Unless it is told, the JDK looks
      // through every jar for whoever makes them, and then takes this one.
      set("java.nio.channels.spi.SelectorProvider", "sun.nio.ch.EPollSelectorProvider");
    }
    InternalLoggerFactory.setDefaultFactory(new SilentLoggerFactory());
  }

  private static void set(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }
}
