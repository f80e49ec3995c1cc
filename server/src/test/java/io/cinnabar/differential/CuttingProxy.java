package io.cinnabar.differential;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.SplittableRandom;

/** Stands before a server and breaks each connection after some bytes, wherever that is. */
final class CuttingProxy implements AutoCloseable {

  /** What is said before the stream begins has to get through, or nothing ever would. */
  private static final int LEAST_BYTES = 4096;

  private final Subject behind;
  private final int mostBytes;
  private final ServerSocket listener;
  private final SplittableRandom random = new SplittableRandom(1);
  private volatile boolean sparing;

  private CuttingProxy(Subject behind, int mostBytes) throws IOException {
    this.behind = behind;
    this.mostBytes = mostBytes;
    listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  /** Connections last for so many bytes from the server at most. */
  static CuttingProxy before(Subject behind, int mostBytes) {
    try {
      CuttingProxy proxy = new CuttingProxy(behind, mostBytes);
      inBackground(proxy::acceptAll);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return listener.getLocalPort();
  }

  /** From now on breaks no connection. */
  void spare() {
    sparing = true;
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }

  private void acceptAll() throws IOException {
    while (true) {
      Socket client = listener.accept();
      Socket server = new Socket(behind.host(), behind.port());
      int bytes = random.nextInt(LEAST_BYTES, mostBytes);
      inBackground(() -> pump(client, server, Integer.MAX_VALUE));
      inBackground(() -> pump(server, client, bytes));
    }
  }

  private void pump(Socket from, Socket to, int bytes) throws IOException {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[1000];
      int left = bytes;
      while (left > 0) {
        int count = in.read(buffer, 0, Math.min(buffer.length, left));
        if (count < 0) {
          return;
        }
        out.write(buffer, 0, count);
        left = sparing ? Integer.MAX_VALUE : left - count;
      }
    }
  }

  @FunctionalInterface
  private interface Task {
    void run() throws IOException;
  }

  private static void inBackground(Task task) {
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (IOException e) {
                // The other end is gone.
              }
            });
    thread.setDaemon(true);
    thread.start();
  }
}
