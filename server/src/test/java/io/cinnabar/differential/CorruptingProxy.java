package io.cinnabar.differential;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * Stands before a server and falsifies some bytes of its replies, to prove that this is noticed.
 */
final class CorruptingProxy implements AutoCloseable {
  private final Subject behind;
  private final String original;
  private final String corrupted;
  private final ServerSocket listener;

  private CorruptingProxy(Subject behind, String original, String corrupted) throws IOException {
    this.behind = behind;
    this.original = original;
    this.corrupted = corrupted;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  /** Whoever connects talks to {@code behind}, with {@code original} replaced in what it says. */
  static CorruptingProxy before(Subject behind, String original, String corrupted) {
    try {
      CorruptingProxy proxy = new CorruptingProxy(behind, original, corrupted);
      inBackground(proxy::acceptAll);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Subject subject() {
    return subject(behind.version());
  }

  /** The same, said to speak {@code version}. */
  Subject subject(String version) {
    String host = listener.getInetAddress().getHostAddress();
    return new Subject("corrupted", host, listener.getLocalPort(), version);
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void acceptAll() throws IOException {
    while (true) {
      Socket client = listener.accept();
      Socket server = new Socket(behind.host(), behind.port());
      inBackground(() -> copy(client, server, "\r\n", "\r\n"));
      inBackground(() -> copy(server, client, original, corrupted));
    }
  }

  private static void copy(Socket from, Socket to, String original, String corrupted)
      throws IOException {
    byte[] buffer = new byte[1 << 16];
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      int count;
      while ((count = in.read(buffer)) >= 0) {
        String bytes = new String(buffer, 0, count, StandardCharsets.ISO_8859_1);
        bytes = bytes.replace(original, corrupted);
        out.write(bytes.getBytes(StandardCharsets.ISO_8859_1));
      }
    }
  }

  private interface Transfer {
    void run() throws IOException;
  }

  private static void inBackground(Transfer transfer) {
    Thread thread =
        new Thread(
            () -> {
              try {
                transfer.run();
              } catch (IOException closed) {
                // One of the ends has gone; the other thread of the pair sees it too.
              }
            });
    thread.setDaemon(true);
    thread.start();
  }
}
