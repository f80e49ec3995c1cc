package io.cinnabar.virtual;

import io.cinnabar.host.Host;
import java.util.SplittableRandom;

/** A whole machine in memory; equal seeds and equal tests give equal runs. */
public final class VirtualHost {

  private final VirtualTime time = new VirtualTime();
  private final VirtualDisk disk = new VirtualDisk();
  private final VirtualWorkers workers = new VirtualWorkers();
  private final VirtualNetwork network;
  private final Host host;

  public VirtualHost(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    network = new VirtualNetwork(random.nextLong(), time);
    host = new Host(time, time, random, random, disk, network, workers, new VirtualProcessInfo());
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
