package io.cinnabar;

import io.cinnabar.host.ConnectAddress;
import io.cinnabar.host.ListenAddress;
import io.cinnabar.host.Network;
import io.cinnabar.host.TlsSettings;
import io.cinnabar.host.Workers;
import io.cinnabar.net.NettyNetwork;
import io.cinnabar.net.NettySettings;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The program's network, made on a thread of its own while the main thread reads the configuration
 * and makes the table of commands: loading what it is made of takes as long as all of that.
 * Whatever is asked of it waits until it is there.
 *
 * <p>Until {@link #await} has returned, no other thread may touch Netty: two that load its classes
 * at once could wait for each other.
 */
final class EarlyNetwork implements Network {

  private final Thread maker = new Thread(this::make, "network");
  private volatile @Nullable NettyNetwork network;
  private @Nullable Throwable failure;

  private EarlyNetwork() {}

  /** Begins to make it. */
  static EarlyNetwork start() {
    NettySettings.apply();
    EarlyNetwork early = new EarlyNetwork();
    early.maker.setDaemon(true);
    early.maker.start();
    return early;
  }

  private void make() {
    try {
      network = new NettyNetwork();
    } catch (RuntimeException | Error e) {
      failure = e;
    }
  }

  /** Waits until it is made. */
  NettyNetwork await() {
    NettyNetwork made = network;
    return made != null ? made : join();
  }

  private NettyNetwork join() {
    boolean interrupted = false;
    while (maker.isAlive()) {
      try {
        maker.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    NettyNetwork made = network;
    if (made == null) {
      throw new IllegalStateException("the network could not be made", failure);
    }
    return made;
  }

  @Override
  public Listener listen(ListenAddress address, Acceptor acceptor) throws IOException {
    return await().listen(address, acceptor);
  }

  @Override
  public Attempt connect(ConnectAddress address, Workers workers, Acceptor acceptor) {
    return await().connect(address, workers, acceptor);
  }

  @Override
  public void secure(TlsSettings settings) throws IOException {
    await().secure(settings);
  }

  @Override
  public String tlsLibrary() {
    return await().tlsLibrary();
  }

  @Override
  public void poll(long maxWaitNanos) {
    await().poll(maxWaitNanos);
  }

  @Override
  public void post(Runnable task) {
    await().post(task);
  }

  @Override
  public String transportName() {
    return await().transportName();
  }

  @Override
  public void close() {
    await().close();
  }
}
