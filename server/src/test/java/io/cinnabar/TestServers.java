package io.cinnabar;

import io.cinnabar.virtual.PowerFailure;
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
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

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
  private int stepMillis = 1;
  private @Nullable RandomGenerator pace;
  private Runnable eachStep = () -> {};

  public TestServers(long seed) {
    internet = new VirtualInternet(seed, new VirtualTime());
    nextSeed = seed;
  }

  /** What joins them. */
  public VirtualInternet internet() {
    return internet;
  }

  /** Says how much time there is between two turns of a server, instead of a millisecond. */
  public void stepMillis(int millis) {
    stepMillis = millis;
  }

  /** Has chance decide how much the workers of those do in each turn that are started after it. */
  public void slowWorkers(RandomGenerator random) {
    pace = random;
  }

  /** Says what comes before each step, even one in the middle of some server's turn. */
  public void eachStep(Runnable task) {
    eachStep = task;
  }

  /** Starts one at an address of its own, with an empty disk. */
  public TestServer start(String address, String... directives) {
    return start(address, new VirtualDisk(), directives);
  }

  /** Starts one at an address of its own, on a machine that has something on its disk. */
  public TestServer start(String address, VirtualDisk disk, String... directives) {
    VirtualHost host = new VirtualHost(nextSeed++, disk, internet, address);
    if (pace == null) {
      host.startWorkers();
    } else {
      host.startWorkers(pace);
    }
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

  /** The power of one's machine fails, if it runs, even in the middle of its turn. */
  public void losePower(String address) {
    TestServer server = servers.get(address);
    if (server != null) {
      server.host().losePower();
      kill(address);
    }
  }

  /** Whether this one was started and still runs. */
  public boolean isRunning(TestServer server) {
    return servers.containsValue(server);
  }

  /** Lets all of them run for so long. */
  public void advance(Duration duration) {
    long endNanos = internet.time().nanos() + duration.toNanos();
    while (internet.time().nanos() < endNanos) {
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
    eachStep.run();
    for (Map.Entry<String, TestServer> each : List.copyOf(servers.entrySet())) {
      try {
        each.getValue().turnUnlessTurning();
      } catch (PowerFailure failure) {
        gone(each.getKey(), each.getValue());
      }
    }
    internet.time().advanceMillis(stepMillis);
  }

  /** The power of this one has failed; another may run at its address already. */
  private void gone(String address, TestServer server) {
    if (isRunning(server)) {
      losePower(address);
    }
  }
}
