package io.cinnabar.structure;

import java.util.random.RandomGenerator;

/** Makes sparse HyperLogLogs, one char for each byte, as they could be but hardly ever are. */
public final class SparseSketches {

  private static final int REGISTERS = 16_384;
  private static final String HEADER = "HYLL\1\0\0\0\0\0\0\0\0\0\0\u0080";

  private SparseSketches() {}

  /** Runs of any kind and length, for all registers. */
  public static String random(RandomGenerator random) {
    StringBuilder sketch = new StringBuilder(HEADER);
    int longest = 1 << random.nextInt(4, 15);
    int left = REGISTERS;
    while (left > 0) {
      left -= appendRun(random, sketch, Math.min(left, random.nextInt(1, longest)));
    }
    return sketch.toString();
  }

  /** Appends a run of at most so many registers; how many it has. */
  private static int appendRun(RandomGenerator random, StringBuilder sketch, int most) {
    int run;
    switch (random.nextInt(4)) {
      case 0 -> {
        run = Math.min(most, 64);
        sketch.append((char) (run - 1));
      }
      case 1 -> {
        run = most;
        sketch.append((char) (0x40 | (run - 1) >> 8)).append((char) ((run - 1) & 0xff));
      }
      default -> {
        run = Math.min(most, random.nextInt(1, 5));
        sketch.append((char) (0x80 | random.nextInt(1, 4) << 2 | (run - 1)));
      }
    }
    return run;
  }

  /**
   * With bytes that are changed, or cut at its end; none that ends within an opcode, and nothing
   * but zeros behind the last register, since Redis knows no answer of its own to these.
   */
  public static String damaged(RandomGenerator random) {
    StringBuilder sketch = new StringBuilder(random(random));
    int at = random.nextInt(HEADER.length(), sketch.length());
    switch (random.nextInt(4)) {
      case 0 -> sketch.setLength(opcode(sketch, at));
      case 1 -> sketch.setCharAt(random.nextInt(HEADER.length()), (char) random.nextInt(256));
      case 2 -> sketch.append((char) random.nextInt(0x40)).append("\u0080".repeat(3));
      default -> {
        int from = opcode(sketch, at);
        sketch.replace(from, opcode(sketch, Math.min(sketch.length() - 1, at + 9)), "\0");
      }
    }
    return sketch.toString();
  }

  /** Where the opcode begins that the byte at {@code at} belongs to. */
  private static int opcode(CharSequence sketch, int at) {
    int opcode = HEADER.length();
    int next = opcode;
    while (next <= at) {
      opcode = next;
      next += (sketch.charAt(next) & 0xc0) == 0x40 ? 2 : 1;
    }
    return opcode;
  }
}
