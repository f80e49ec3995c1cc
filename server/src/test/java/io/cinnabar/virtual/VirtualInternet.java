package io.cinnabar.virtual;

import io.cinnabar.host.ConnectAddress;
import io.cinnabar.host.Network;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What joins virtual hosts: they connect to each other by address, bytes take their time, and
 * connections break, from a seed. It does something whenever one of its networks polls. All hosts
 * share one time.
 */
public final class VirtualInternet {

  private static final int WINDOW_BYTES = 256 << 10;

  private final VirtualTime time;
  private final RandomGenerator random;
  private final Map<String, VirtualNetwork> networks = new HashMap<>();
  private final Map<String, String> names = new HashMap<>();
  private final List<Attempt> attempts = new ArrayList<>();
  private final List<Cable> cables = new ArrayList<>();
  private final Set<String> farSide = new HashSet<>();
  private long minLatencyNanos;
  private long maxLatencyNanos;

  public VirtualInternet(long seed, VirtualTime time) {
    this.time = time;
    random = new SplittableRandom(seed);
  }

  public VirtualTime time() {
    return time;
  }

  // What a test arranges.

  /** Says how long bytes are on their way from now on: by chance between these. */
  public void latency(Duration least, Duration most) {
    minLatencyNanos = least.toNanos();
    maxLatencyNanos = most.toNanos();
  }

  /** Gives an address a name. */
  public void name(String name, String address) {
    names.put(name, address);
  }

  /**
   * From now on nothing gets through between these hosts and all others; nobody is told. What is on
   * its way arrives when it {@link #heal}s.
   */
  public void split(String... addresses) {
    farSide.clear();
    farSide.addAll(List.of(addresses));
  }

  /** Ends {@link #split}. */
  public void heal() {
    farSide.clear();
  }

  /** Breaks all connections between two hosts; both are told. */
  public void cut(String address, String otherAddress) {
    for (Cable cable : cables) {
      if (cable.joins(address, otherAddress)) {
        cable.cut();
      }
    }
  }

  /**
   * Nothing gets through any more on the connections that there are between two hosts, as when
   * something between them has forgotten these; nobody is told. Others can be made beside them.
   */
  public void lose(String address, String otherAddress) {
    for (Cable cable : cables) {
      if (cable.joins(address, otherAddress)) {
        cable.lose();
      }
    }
  }

  /** A host is gone, as when its process was killed; its address is free for another. */
  public void remove(String address) {
    VirtualNetwork removed = networks.remove(address);
    attempts.removeIf(attempt -> attempt.from == removed);
    for (Cable cable : cables) {
      if (cable.touches(address)) {
        cable.cutFrom(address);
      }
    }
  }

  // For the networks.

  void add(String address, VirtualNetwork network) {
    if (networks.putIfAbsent(address, network) != null) {
      throw new IllegalArgumentException("there is a host at " + address);
    }
  }

  /** A network makes no more connections. */
  void closed(VirtualNetwork network) {
    attempts.removeIf(attempt -> attempt.from == network);
  }

  /** The address that a name stands for, as far as that is known. */
  @Nullable String resolve(String host) {
    return names.getOrDefault(host, isNumeric(host) ? host : null);
  }

  static boolean isNumeric(String host) {
    return host.indexOf(':') >= 0 || host.matches("[0-9.]+");
  }

  Network.Attempt connect(
      VirtualNetwork from, ConnectAddress address, String host, Network.Acceptor acceptor) {
    Attempt attempt = new Attempt(from, address, host, acceptor);
    attempts.add(attempt);
    return attempt;
  }

  /** Has everything arrive that is due. */
  boolean deliver() {
    boolean arrived = false;
    for (Attempt attempt : List.copyOf(attempts)) {
      arrived |= attempt.arrive();
    }
    for (Cable cable : List.copyOf(cables)) {
      arrived |= cable.deliver();
    }
    cables.removeIf(Cable::isOver);
    return arrived;
  }

  /** When something arrives next; {@link Long#MAX_VALUE} if nothing is on its way. */
  public long nextNanos() {
    long next = Long.MAX_VALUE;
    for (Attempt attempt : attempts) {
      next = Math.min(next, attempt.isBlocked() ? Long.MAX_VALUE : attempt.dueNanos);
    }
    for (Cable cable : cables) {
      next = Math.min(next, cable.nextNanos());
    }
    return next;
  }

  boolean isSplit(String address, String otherAddress) {
    return farSide.contains(address) != farSide.contains(otherAddress);
  }

  int windowBytes() {
    return WINDOW_BYTES;
  }

  long nextLatencyNanos() {
    return maxLatencyNanos == 0 ? 0 : random.nextLong(minLatencyNanos, maxLatencyNanos + 1);
  }

  /** A connection that is being made. */
  private final class Attempt implements Network.Attempt {

    private final VirtualNetwork from;
    private final ConnectAddress address;
    private final String host;
    private final Network.Acceptor acceptor;
    private final long dueNanos = time.nanos() + nextLatencyNanos();

    Attempt(VirtualNetwork from, ConnectAddress address, String host, Network.Acceptor acceptor) {
      this.from = from;
      this.address = address;
      this.host = host;
      this.acceptor = acceptor;
    }

    private boolean isLocal() {
      return host.startsWith("127.") || host.equals("::1");
    }

    boolean isBlocked() {
      return !isLocal() && isSplit(from.address(), host);
    }

    boolean arrive() {
      if (isBlocked() || dueNanos > time.nanos()) {
        return false;
      }
      attempts.remove(this);
      VirtualNetwork target = isLocal() ? from : networks.get(host);
      VirtualConnection far =
          target == null
              ? null
              : target.accept(host, address.port(), isLocal() ? host : from.address());
      if (target == null || far == null) {
        from.post(() -> acceptor.failed("Connection refused"));
      } else {
        VirtualConnection near = from.made(acceptor, far.localAddress(), far.remoteAddress());
        cables.add(new Cable(VirtualInternet.this, from.address(), near, target.address(), far));
      }
      return true;
    }

    @Override
    public void cancel() {
      attempts.remove(this);
    }
  }
}
