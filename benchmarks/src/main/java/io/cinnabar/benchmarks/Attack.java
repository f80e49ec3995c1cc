package io.cinnabar.benchmarks;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/** A client that does what it should not, again and again on its own thread until it is ended. */
abstract class Attack implements Runnable {

  private static final long SECOND_NANOS = 1_000_000_000L;

  private final String name;
  private final int port;
  private final CountDownLatch started = new CountDownLatch(1);
  private volatile boolean ended;
  private volatile Closeable current = () -> {};

  private Attack(String name, int port) {
    this.name = name;
    this.port = port;
  }

  /** One of each kind. */
  static List<Attack> all(int port, int idleConnections) {
    return List.of(
        new Idle(port, idleConnections), new Garbage(port), new NeverReads(port), new Churn(port));
  }

  String name() {
    return name;
  }

  @Override
  public final void run() {
    while (!ended) {
      try {
        once();
      } catch (IOException e) {
        // The server has had enough of it, or it was ended.
      }
      started.countDown();
    }
  }

  /** One attempt, until the server or {@link #end} closes the connection. */
  abstract void once() throws IOException;

  /** Says that the harm is done and lasts. */
  final void ready() {
    started.countDown();
  }

  final void awaitStarted() throws InterruptedException {
    started.await();
  }

  final void end() throws IOException {
    ended = true;
    current.close();
  }

  final boolean isEnded() {
    return ended;
  }

  final Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    current = socket;
    if (ended) {
      socket.close();
    }
    return socket;
  }

  /** Holds connections open and says nothing. */
  private static final class Idle extends Attack {
    private final int connections;

    Idle(int port, int connections) {
      super(connections + " idle", port);
      this.connections = connections;
    }

    @Override
    void once() throws IOException {
      List<Socket> sockets = new ArrayList<>();
      try {
        for (int i = 0; i < connections; i++) {
          sockets.add(connect());
        }
        System.gc(); // ours, not during the measurement
        ready();
        while (!isEnded()) {
          LockSupport.parkNanos(SECOND_NANOS / 100);
        }
      } catch (IOException e) {
        System.err.println("only " + sockets.size() + " connections: " + e.getMessage());
        throw e;
      } finally {
        for (Socket socket : sockets) {
          socket.close();
        }
      }
    }
  }

  /** Sends bytes that are no commands as fast as they are taken. */
  private static final class Garbage extends Attack {
    private final byte[] bytes = new byte[16 << 10];

    Garbage(int port) {
      super("garbage", port);
      new Random(1).nextBytes(bytes);
    }

    @Override
    void once() throws IOException {
      try (Socket socket = connect()) {
        OutputStream out = socket.getOutputStream();
        ready();
        while (true) {
          out.write(bytes);
        }
      }
    }
  }

  /** Asks for 200 MB in replies of 10 KB each, reads nothing, and comes again after a second. */
  private static final class NeverReads extends Attack {
    private static final int REQUESTS = 20_000;

    NeverReads(int port) {
      super("never reads", port);
    }

    @Override
    void once() throws IOException {
      byte[] get = RespConnection.encode("GET", "long");
      try (Socket socket = connect()) {
        OutputStream out = socket.getOutputStream();
        out.write(RespConnection.encode("SET", "long", "x".repeat(10_000)));
        ready();
        for (int i = 0; i < REQUESTS; i++) {
          out.write(get);
        }
        LockSupport.parkNanos(SECOND_NANOS);
      }
    }
  }

  /** Opens and closes a thousand connections a second. */
  private static final class Churn extends Attack {
    private static final long INTERVAL_NANOS = SECOND_NANOS / 1000;

    Churn(int port) {
      super("1000 opened/s", port);
    }

    @Override
    void once() throws IOException {
      long next = System.nanoTime();
      ready();
      while (!isEnded()) {
        connect().close();
        next += INTERVAL_NANOS;
        LockSupport.parkNanos(next - System.nanoTime());
      }
    }
  }
}
