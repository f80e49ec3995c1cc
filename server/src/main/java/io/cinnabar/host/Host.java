package io.cinnabar.host;

import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * What the server takes from the machine, in one bundle. Production binds the machine; tests bind
 * virtual time, a seeded generator, a disk in memory and a network without sockets, so that a whole
 * server runs in one thread and can be replayed from a seed.
 *
 * @param wallClock civil time, for expiry and for what clients are told
 * @param monotonicClock time that never jumps, for durations and deadlines
 * @param random chance: random keys, samples, identifiers, the seed of the hash function
 * @param secrets chance that nobody can foretell, whatever was drawn before: for passwords
 * @param disk files
 * @param network listening sockets and connections
 * @param workers threads for what must not hold up the loop
 * @param process what INFO tells of process and computer
 */
public record Host(
    InstantSource wallClock,
    MonotonicClock monotonicClock,
    RandomGenerator random,
    RandomGenerator secrets,
    Disk disk,
    Network network,
    Workers workers,
    ProcessInfo process) {

  /** The same host with another civil time. */
  public Host withWallClock(InstantSource other) {
    return new Host(other, monotonicClock, random, secrets, disk, network, workers, process);
  }
}
