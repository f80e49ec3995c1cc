package io.cinnabar.virtual;

import io.cinnabar.host.Host;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** A whole machine in memory; equal seeds and equal tests give equal runs. */
public final class VirtualHost {

  private final VirtualTime time;
  private final VirtualDisk disk;
  private final VirtualWorkers workers = new VirtualWorkers();
  private final VirtualNetwork network;
  private final Host host;
  private boolean working;
  private boolean chancy;

  public VirtualHost(long seed) {
    this(seed, new VirtualDisk());
  }

  /** A machine with a disk that has been in another one before. */
  public VirtualHost(long seed, VirtualDisk disk) {
    this.disk = disk;
    time = new VirtualTime();
    SplittableRandom random = new SplittableRandom(seed);
    network = new VirtualNetwork(random.nextLong(), time);
    host = host(random);
  }

  /** A machine among others, at an address of its own. */
  public VirtualHost(long seed, VirtualDisk disk, VirtualInternet internet, String address) {
    this.disk = disk;
    time = internet.time();
    SplittableRandom random = new SplittableRandom(seed);
    network = new VirtualNetwork(random.nextLong(), internet, address);
    host = host(random);
  }

  private Host host(SplittableRandom random) {
    return new Host(time, time, random, random, disk, network, workers, new VirtualProcessInfo());
  }

  /** Whether a poll that comes would have workers do something for certain. */
  public boolean isWorking() {
    return working && !chancy && !disk.isStalled() && !workers.isIdle();
  }

  /** Whether workers run by themselves. */
  public boolean hasWorkers() {
    return working;
  }

  /** From now on workers run by themselves while the loop polls, unless the disk is stalled. */
  public void startWorkers() {
    working = true;
    network.meanwhile(() -> !disk.isStalled() && workers.runNext());
  }

  /**
   * As {@link #startWorkers}, but chance decides how much they do in each poll. While they have
   * something to do no time passes, as if the disk took none.
   */
  public void startWorkers(RandomGenerator random) {
    working = true;
    chancy = true;
    network.stopTimeWhile(() -> !disk.isStalled() && !workers.isIdle());
    network.meanwhile(() -> !disk.isStalled() && random.nextInt(3) > 0 && workers.runNext());
  }

  /**
   * The power fails, in the middle of whatever the server does. It does nothing more; what its disk
   * still holds is for {@link VirtualDisk#crash} to say.
   */
  public void losePower() {
    disk.losePower(disk.operations() + 1, false);
    network.losePower();
  }

  /** What the server is made from. */
  public Host host() {
    return host;
  }

  public VirtualTime time() {
    return time;
  }

  public VirtualDisk disk() {
    return disk;
  }

  public VirtualWorkers workers() {
    return workers;
  }

  public VirtualNetwork network() {
    return network;
  }
}
