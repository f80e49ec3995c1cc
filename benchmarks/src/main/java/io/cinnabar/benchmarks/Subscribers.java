package io.cinnabar.benchmarks;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * Connections that have subscribed to one channel, and read what comes without looking at it: bytes
 * are counted, so that the reading costs as little as it can. For one thread.
 */
final class Subscribers implements Closeable {

  private final Selector selector = Selector.open();
  private final ByteBuffer input = ByteBuffer.allocateDirect(256 << 10);
  private final int count;

  /** How much more has to come, of all together. */
  private long missingBytes;

  Subscribers(int port, int count, String channel) throws IOException {
    this.count = count;
    byte[] command = RespConnection.encode("SUBSCRIBE", channel);
    byte[] reply =
        ("*3\r\n$9\r\nsubscribe\r\n$" + channel.length() + "\r\n" + channel + "\r\n:1\r\n")
            .getBytes(StandardCharsets.ISO_8859_1);
    for (int i = 0; i < count; i++) {
      SocketChannel socket =
          SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      socket.write(ByteBuffer.wrap(command));
      socket.configureBlocking(false);
      socket.register(selector, SelectionKey.OP_READ);
    }
    await(reply.length);
  }

  int count() {
    return count;
  }

  /** Reads until so much more has come to each. */
  void await(long bytesEach) throws IOException {
    missingBytes += bytesEach * count;
    while (missingBytes > 0) {
      selector.select();
      for (SelectionKey key : selector.selectedKeys()) {
        int length = ((SocketChannel) key.channel()).read(input.clear());
        if (length < 0) {
          throw new EOFException("the server has cut a subscriber off");
        }
        missingBytes -= length;
      }
      selector.selectedKeys().clear();
    }
    if (missingBytes < 0) {
      throw new IOException("more has come than was published");
    }
  }

  @Override
  public void close() throws IOException {
    for (SelectionKey key : selector.keys()) {
      key.channel().close();
    }
    selector.close();
  }
}
