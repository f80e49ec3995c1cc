package io.cinnabar.benchmarks;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Connections that send GET or SET, read the reply, and rest a while. One thread serves them all.
 */
final class WellBehaved implements Closeable {

  private static final int CONNECTIONS = 20;

  /** Leaves the server idle for most of the time, so that it is not the queue that is measured. */
  private static final long REST_NANOS = 4_000_000;

  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final byte[] SET = RespConnection.encode("SET", "well-behaved", "x".repeat(64));
  private static final byte[] GET = RespConnection.encode("GET", "well-behaved");
  private static final int SET_REPLY_BYTES = "+OK\r\n".length();
  private static final int GET_REPLY_BYTES = "$64\r\n".length() + 64 + 2;

  private final Selector selector = Selector.open();
  private final List<Client> clients = new ArrayList<>();

  /** Those that rest, longest first. */
  private final ArrayDeque<Client> resting = new ArrayDeque<>();

  private Latencies latencies = new Latencies();

  WellBehaved(int port) throws IOException {
    for (int i = 0; i < CONNECTIONS; i++) {
      Client client = new Client(port);
      client.nextNanos = System.nanoTime() + i * REST_NANOS / CONNECTIONS;
      clients.add(client);
      resting.add(client);
    }
  }

  /** Lets them work for so long; how long each command took, from sending to the reply's end. */
  Latencies measure(long millis) throws IOException {
    latencies = new Latencies();
    long endNanos = System.nanoTime() + millis * NANOS_PER_MILLI;
    for (long now = System.nanoTime(); now - endNanos < 0; now = System.nanoTime()) {
      while (!resting.isEmpty() && resting.element().nextNanos - now <= 0) {
        resting.remove().send();
      }
      if (resting.size() == CONNECTIONS) {
        LockSupport.parkNanos(resting.element().nextNanos - System.nanoTime());
      } else {
        receive();
      }
    }
    while (resting.size() < CONNECTIONS) {
      receive();
    }
    return latencies;
  }

  private void receive() throws IOException {
    selector.select(key -> ((Client) key.attachment()).receive(), 1);
    for (Client client : clients) {
      if (client.closed) {
        throw new IOException("a well-behaved client was cut off");
      }
    }
  }

  @Override
  public void close() throws IOException {
    for (Client client : clients) {
      client.channel.close();
    }
    selector.close();
  }

  private final class Client {
    private final SocketChannel channel;
    private final ByteBuffer input = ByteBuffer.allocateDirect(1024);
    private final ByteBuffer output = ByteBuffer.allocateDirect(1024);
    private boolean sets = true;
    private boolean closed;
    private int missingBytes;
    private long startNanos;
    private long nextNanos;

    Client(int port) throws IOException {
      channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ, this);
    }

    void send() throws IOException {
      output.clear().put(sets ? SET : GET).flip();
      missingBytes = sets ? SET_REPLY_BYTES : GET_REPLY_BYTES;
      sets = !sets;
      startNanos = System.nanoTime();
      while (output.hasRemaining()) {
        channel.write(output);
      }
    }

    void receive() {
      try {
        int length = channel.read(input.clear());
        closed = length < 0;
        missingBytes -= length;
      } catch (IOException e) {
        closed = true;
      }
      if (missingBytes == 0) {
        long now = System.nanoTime();
        latencies.add(now - startNanos);
        nextNanos = now + REST_NANOS;
        resting.add(this);
      }
    }
  }
}
