package io.cinnabar;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/**
 * A server in a process of its own, which prints what it counts as used memory, the holes in its
 * slabs, and what its heap holds, a line for each load that it has had. See {@link
 * HeapAccountTest}.
 */
final class HeapAccountProbe {

  private static final int KEYS = 250_000;
  private static final int LOOKS = 4;

  private HeapAccountProbe() {}

  public static void main(String[] arguments) throws IOException {
    try (CinnabarServer server =
            CinnabarServer.builder()
                .option("maxmemory", "100mb")
                .option("maxmemory-policy", "allkeys-random")
                .start();
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      OutputStream out = new BufferedOutputStream(socket.getOutputStream());
      Random random = new Random(1);
      for (int mostBytes : new int[] {100, 400, 50, 2_000, 20_000}) {
        load(in, out, random, mostBytes);
        long used;
        long holes;
        long heap;
        do {
          settle(in, out);
          used = field(in, out, "memory", "used_memory");
          holes = holes(in, out);
          heap = liveHeap();
        } while (field(in, out, "memory", "used_memory") != used || holes(in, out) != holes);
        System.out.println("probe " + used + " " + holes + " " + heap);
      }
    }
  }

  /** What the slabs take of the heap beyond the blocks in use. */
  private static long holes(BufferedReader in, OutputStream out) throws IOException {
    return field(in, out, "memory", "allocator_resident")
        - field(in, out, "memory", "allocator_allocated");
  }

  /** Has the slabs compacted, and empty ones given back. */
  private static void settle(BufferedReader in, OutputStream out) throws IOException {
    out.write("MEMORY PURGE\r\n".getBytes(StandardCharsets.US_ASCII));
    out.flush();
    in.readLine();
    while (field(in, out, "memory", "active_defrag_running") != 0) {
      Thread.onSpinWait();
    }
  }

  /**
   * What a collection leaves alive; the least of several, as what the server's own thread allocates
   * between the end of a collection and the look at the heap is garbage that can only add.
   */
  private static long liveHeap() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < LOOKS; i++) {
      ManagementFactory.getMemoryMXBean().gc();
      least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return least;
  }

  private static void load(BufferedReader in, OutputStream out, Random random, int mostBytes)
      throws IOException {
    int keys = Math.min(KEYS, 100_000_000 / mostBytes);
    for (int done = 0; done < keys; done += 100) {
      StringBuilder commands = new StringBuilder();
      for (int i = 0; i < 100; i++) {
        String key = "key:" + random.nextInt(2 * KEYS);
        String value = "x".repeat(1 + random.nextInt(mostBytes));
        commands.append("SET ").append(key).append(' ').append(value).append("\r\n");
      }
      out.write(commands.toString().getBytes(StandardCharsets.US_ASCII));
      out.flush();
      for (int i = 0; i < 100; i++) {
        in.readLine();
      }
    }
  }

  private static long field(BufferedReader in, OutputStream out, String section, String name)
      throws IOException {
    out.write(("INFO " + section + "\r\n").getBytes(StandardCharsets.US_ASCII));
    out.flush();
    int left = Integer.parseInt(in.readLine().substring(1));
    long value = -1;
    while (left > 0) {
      String line = in.readLine();
      left -= line.length() + 2;
      if (line.startsWith(name + ":")) {
        value = Long.parseLong(line.substring(name.length() + 1));
      }
    }
    in.readLine();
    return value;
  }
}
