package io.cinnabar.benchmarks;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Sends one command again and again by many clients in pipelines, and only counts the lines of the
 * replies: a load generator that takes a fraction of redis-benchmark's time for a request, for
 * commands that a server answers faster than that one can read. {@code benchmarks/side-by-side
 * --generator light} runs it.
 *
 * <p>Arguments: port, requests, clients, commands in a pipeline, how many random numbers there are,
 * and the words of the command, in which {@value #MARK} stands for one of these, of 12 digits. All
 * its replies must have as many lines. Prints requests a second, and milliseconds from sending a
 * pipeline to its last reply: of the median, of 99%, of 99.9%, and of the longest.
 */
final class LightLoad {

  static final String MARK = "__rand_int__";

  private static final int BUFFER_BYTES = 256 << 10;
  private static final long NEWLINES = 0x0A0A0A0A0A0A0A0AL;
  private static final long LOW_BITS = 0x7F7F7F7F7F7F7F7FL;

  private final ByteBuffer input = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private final SplittableRandom random = new SplittableRandom(1);
  private final int pipeline;
  private final int randoms;
  private final byte[] commands;

  /** Where random numbers stand in the commands of a pipeline. */
  private final int[] marks;

  private final long linesEach;
  private final int pipelines;
  private final Latencies latencies = new Latencies();

  /** A client, which waits for so many lines of a pipeline that it sent then. */
  private static final class Client {
    private final SocketChannel socket;
    private final ByteBuffer output;
    private long missingLines;
    private long sentNanos;

    Client(SocketChannel socket, int bytes) {
      this.socket = socket;
      output = ByteBuffer.allocateDirect(bytes);
    }
  }

  private LightLoad(int requests, int pipeline, int randoms, byte[] command, int linesOfReply) {
    this.pipeline = pipeline;
    this.randoms = randoms;
    commands = new byte[command.length * pipeline];
    for (int i = 0; i < pipeline; i++) {
      System.arraycopy(command, 0, commands, i * command.length, command.length);
    }
    marks = marksIn(commands);
    linesEach = (long) linesOfReply * pipeline;
    pipelines = Math.max(1, requests / pipeline);
  }

  public static void main(String[] arguments) throws IOException {
    int port = Integer.parseInt(arguments[0]);
    byte[] command = RespConnection.encode(Arrays.copyOfRange(arguments, 5, arguments.length));
    LightLoad load =
        new LightLoad(
            Integer.parseInt(arguments[1]),
            Integer.parseInt(arguments[3]),
            Integer.parseInt(arguments[4]),
            command,
            linesOfReply(port, command));
    double seconds = load.run(port, Integer.parseInt(arguments[2]));
    load.report(seconds);
  }

  /** Sends the command once; of how many lines its reply is. */
  private static int linesOfReply(int port, byte[] command) throws IOException {
    try (RespConnection connection = new RespConnection(port)) {
      connection.write(command);
      connection.flush();
      return linesOfReply(connection);
    }
  }

  private static int linesOfReply(RespConnection connection) throws IOException {
    String head = connection.readLine();
    if (head.startsWith("-")) {
      throw new IOException(head);
    }
    int lines = 1;
    if (head.startsWith("$") && !head.equals("$-1")) {
      connection.readLine();
      lines++;
    } else if (head.startsWith("*")) {
      for (int i = Integer.parseInt(head.substring(1)); i > 0; i--) {
        lines += linesOfReply(connection);
      }
    }
    return lines;
  }

  private static int[] marksIn(byte[] commands) {
    byte[] mark = RespConnection.encode(MARK);
    // Without what stands around a word of its own: a mark may be a part of a word.
    byte[] text = Arrays.copyOfRange(mark, mark.length - 2 - MARK.length(), mark.length - 2);
    int[] found = new int[commands.length / text.length];
    int count = 0;
    for (int at = 0; at + text.length <= commands.length; at++) {
      if (Arrays.equals(commands, at, at + text.length, text, 0, text.length)) {
        found[count++] = at;
      }
    }
    return Arrays.copyOf(found, count);
  }

  /** Sends all; how many seconds it took. */
  private double run(int port, int count) throws IOException {
    InetSocketAddress server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    try (Selector selector = Selector.open()) {
      for (int i = 0; i < count; i++) {
        SocketChannel socket = SocketChannel.open(server);
        socket.configureBlocking(false);
        socket.register(selector, SelectionKey.OP_READ, new Client(socket, commands.length));
      }
      long startNanos = System.nanoTime();
      int sent = 0;
      for (SelectionKey key : selector.keys()) {
        if (sent < pipelines) {
          sent++;
          send((Client) key.attachment());
        }
      }
      while (latencies.count() < pipelines) {
        selector.select();
        for (SelectionKey key : selector.selectedKeys()) {
          Client client = (Client) key.attachment();
          if (receive(client) && sent < pipelines) {
            sent++;
            send(client);
          }
        }
        selector.selectedKeys().clear();
      }
      double seconds = (System.nanoTime() - startNanos) / 1e9;
      for (SelectionKey key : selector.keys()) {
        key.channel().close();
      }
      return seconds;
    }
  }

  private void send(Client client) throws IOException {
    for (int mark : marks) {
      int rest = random.nextInt(randoms);
      for (int at = mark + MARK.length(); --at >= mark; rest /= 10) {
        commands[at] = (byte) ('0' + rest % 10);
      }
    }
    client.output.clear().put(commands).flip();
    client.missingLines = linesEach;
    client.sentNanos = System.nanoTime();
    while (client.output.hasRemaining()) {
      client.socket.write(client.output);
    }
  }

  /** Reads what has come; whether it was the last of a pipeline. */
  private boolean receive(Client client) throws IOException {
    if (client.socket.read(input.clear()) < 0) {
      throw new EOFException("the server has closed a connection");
    }
    client.missingLines -= lines(input.flip());
    if (client.missingLines < 0) {
      throw new IOException("a reply had more lines than the first");
    }
    boolean complete = client.missingLines == 0;
    if (complete) {
      latencies.add(System.nanoTime() - client.sentNanos);
    }
    return complete;
  }

  /** How many line ends there are, eight bytes at a time. */
  private static int lines(ByteBuffer bytes) {
    int count = 0;
    int at = 0;
    for (; at + Long.BYTES <= bytes.limit(); at += Long.BYTES) {
      long differing = bytes.getLong(at) ^ NEWLINES;
      count += Long.bitCount(~((differing & LOW_BITS) + LOW_BITS | differing | LOW_BITS));
    }
    for (; at < bytes.limit(); at++) {
      count += bytes.get(at) == '\n' ? 1 : 0;
    }
    return count;
  }

  private void report(double seconds) {
    System.out.printf(
        Locale.ROOT,
        "%.0f %.3f %.3f %.3f %.3f%n",
        (double) pipelines * pipeline / seconds,
        latencies.percentileMillis(50),
        latencies.percentileMillis(99),
        latencies.percentileMillis(99.9),
        latencies.percentileMillis(100));
  }
}
