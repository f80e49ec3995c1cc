package io.cinnabar.machine;

import io.cinnabar.host.Disk;
import io.cinnabar.host.Host;
import io.cinnabar.host.MonotonicClock;
import io.cinnabar.host.Network;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** The machine's clocks, chance, files and threads. */
public final class Machine {

  /** The kernel's generator, where there is one. */
  private static final Path KERNEL_RANDOM = Path.of("/dev/urandom");

  private Machine() {}

  /** The machine as a host, around the given network; nobody supervises the process. */
  public static Host host(Network network) {
    return host(network, "no");
  }

  /**
   * The machine as a host, around the given network.
   *
   * @param supervisor see {@link io.cinnabar.host.ProcessInfo#supervisor}
   */
  public static Host host(Network network, String supervisor) {
    MonotonicClock clock = System::nanoTime;
    return new Host(
        InstantSource.system(),
        clock,
        random(),
        Secrets.KERNEL,
        disk(),
        network,
        new MachineWorkers(),
        new MachineProcessInfo(supervisor));
  }

  /** The machine's files alone, for what is read before there is a host. */
  public static Disk disk() {
    return new MachineDisk();
  }

  /**
   * A fast generator; only its seed has to be unpredictable. The JDK's other generators come
   * through its service loader, which takes tens of milliseconds of the start on JDK 17.
   */
  private static RandomGenerator random() {
    return new SplittableRandom(seed());
  }

  /** Draws from the kernel each time. */
  private enum Secrets implements RandomGenerator {
    KERNEL;

    @Override
    public long nextLong() {
      return seed();
    }
  }

  /** From the kernel: the JDK's own way to it loads its whole security framework first. */
  private static long seed() {
    byte[] seed = new byte[Long.BYTES];
    try (InputStream kernel = Files.newInputStream(KERNEL_RANDOM)) {
      if (kernel.readNBytes(seed, 0, seed.length) == seed.length) {
        return ByteBuffer.wrap(seed).getLong();
      }
    } catch (IOException e) {
      // A system without it.
    }
    return new SecureRandom().nextLong();
  }
}
