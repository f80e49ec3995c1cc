package io.cinnabar.net;

import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * A socket that sends datagrams to unix sockets, which the JDK has no way to do: to systemd and to
 * the system's log. It never waits: a receiver whose queue is full loses the message.
 *
 * <p>Not thread-safe.
 */
public final class UnixDatagrams implements AutoCloseable {

  private static final int FIRST_BYTES = 1024;

  private final Socket socket = Socket.newSocketDomainDgram();
  private ByteBuffer buffer = ByteBuffer.allocateDirect(FIRST_BYTES);

  private UnixDatagrams() {}

  /** Whether this machine can do it: Netty has a native library for its system and processor. */
  public static boolean isAvailable() {
    return Transports.haveUnixSockets();
  }

  /**
   * A socket of one's own.
   *
   * @throws IOException when there can't be one
   */
  public static UnixDatagrams open() throws IOException {
    if (!isAvailable()) {
      throw new IOException("Unix datagrams are not available on this machine");
    }
    try {
      return new UnixDatagrams();
    } catch (RuntimeException e) { // Netty wraps the reason
      throw new IOException(e.getMessage(), e);
    }
  }

  /**
   * Sends one datagram.
   *
   * @param path of the receiver's socket; with an at sign before it, its name in Linux's abstract
   *     namespace
   * @throws IOException when nobody receives there
   */
  public void send(String path, byte[] message) throws IOException {
    if (buffer.capacity() < message.length) {
      buffer = ByteBuffer.allocateDirect(message.length);
    }
    buffer.clear();
    buffer.put(message);
    byte[] address = path.getBytes(StandardCharsets.UTF_8);
    if (path.startsWith("@")) {
      address[0] = 0;
    }
    socket.sendToDomainSocket(buffer, 0, message.length, address);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
