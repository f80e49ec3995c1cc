package io.cinnabar;

import io.cinnabar.virtual.VirtualDisk;
import io.cinnabar.virtual.VirtualHost;
import io.cinnabar.virtual.VirtualInternet;
import io.cinnabar.virtual.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Several servers on hosts of their own, which reach each other, in the test's own thread. They do
 * something only while a method of this class runs, in turn, a millisecond at a time; or while a
 * client of one of them waits for a reply.
 */
public final class TestServers {

  private static final int MAX_STEPS = 200_000;

  private final VirtualInternet internet;
  private final Map<String, TestServer> servers = new LinkedHashMap<>();
  private long nextSeed;

  public TestServers(long seed) {
    internet = new VirtualInternet(seed, new VirtualTime());
    nextSeed = seed;
  }

  /** What joins them. */
  public VirtualInternet internet() {
    return internet;
  }

  /** Starts one at an address of its own, with an empty disk. */
  public TestServer start(String address, String... directives) {
    return start(address, new VirtualDisk(), directives);
  }

  /** Starts one at an address of its own, on a machine that has something on its disk. */
  public TestServer start(String address, VirtualDisk disk, String... directives) {
    VirtualHost host = new VirtualHost(nextSeed++, disk, internet, address);
    host.startWorkers();
    // A server that loads what another one sends turns by itself, and waits for it.
    host.network().whileWaiting(this::step);
    List<String> all = new ArrayList<>(List.of("bind *", "protected-mode no"));
    all.addAll(List.of(directives));
    TestServer server = TestServer.startAmong(host, all.toArray(String[]::new));
    servers.put(address, server);
    return server;
  }

  /** One is gone at once, as when its process was killed; what is on its disk stays. */
  public void kill(String address) {
    servers.remove(address);
    internet.remove(address);
  }

  /** Lets all of them run for so long. */
  public void advance(Duration duration) {
    for (long i = duration.toMillis(); i > 0; i--) {
      step();
    }
  }

  /** Lets all of them run until something is so. */
  public void runUntil(BooleanSupplier condition) {
    for (int i = 0; i < MAX_STEPS; i++) {
      if (condition.getAsBoolean()) {
        return;
      }
      step();
    }
    StringBuilder logs = new StringBuilder();
    servers.forEach(
        (address, server) ->
            logs.append(address).append(":\n").append(String.join("\n", server.logLines())));
    throw new AssertionError("it did not happen; the logs are:\n" + logs);
  }

  private void step() {
    for (TestServer server : List.copyOf(servers.values())) {
      server.turnUnlessTurning();
    }
    internet.time().advanceMillis(1);
  }
}
