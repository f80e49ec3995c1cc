package io.cinnabar.structure;

/**
 * The registers of a {@link HyperLogLog} that has met few elements, as runs of equal ones:
 *
 * <pre>
 * ZERO   00llllll            l + 1 registers (1 to 64) hold 0
 * XZERO  01llllll llllllll   l + 1 registers (1 to 16,384) hold 0; the high bits come first
 * VAL    1vvvvvll            l + 1 registers (1 to 4) hold v + 1 (1 to 32)
 * </pre>
 *
 * <p>The runs of one that is not damaged are 16,384 registers long in all. Here they are read, from
 * the whole string; {@link HyperLogLogEditor} changes them. Whatever the bytes are, nothing outside
 * the string is read, and nothing beyond the run with the last register. A string that ends within
 * an XZERO is read as if a zero followed.
 */
public final class SparseRegisters {

  /** The highest rank that there is an opcode for. */
  static final int MAX_RANK = 32;

  static final int MAX_ZEROS = 64;
  static final int MAX_VALUES = 4;

  /** The length of one with the most runs, XZEROs of one register, with its header. */
  static final int MAX_BYTES = HyperLogLog.HEADER_BYTES + 2 * HyperLogLog.REGISTERS;

  private static final int XZERO = 0x40;
  private static final int VAL = 0x80;

  // A one in each byte or pair of bytes: times a number it is that number in each of them, and a
  // number times it has the sum of its bytes or pairs at the top.
  private static final long EACH_BYTE = 0x0101010101010101L;
  private static final long EACH_PAIR = 0x0001000100010001L;
  private static final long EACH_PAIR_LOW = 0xff * EACH_PAIR;

  private SparseRegisters() {}

  // Opcodes.

  static boolean isZero(byte opcode) {
    return (opcode & 0xc0) == 0;
  }

  static boolean isXzero(byte opcode) {
    return (opcode & 0xc0) == XZERO;
  }

  static boolean isValue(byte opcode) {
    return opcode < 0;
  }

  /** The length of an opcode in bytes. */
  static int width(byte opcode) {
    return isXzero(opcode) ? 2 : 1;
  }

  /** The rank of a run. */
  static int rank(byte opcode) {
    return isValue(opcode) ? ((opcode >>> 2) & 0x1f) + 1 : 0;
  }

  /** How many registers the run at {@code at} is long. */
  static int run(byte[] array, int at, int end) {
    byte opcode = array[at];
    if (isXzero(opcode)) {
      int low = at + 1 < end ? array[at + 1] & 0xff : 0;
      return ((opcode & 0x3f) << 8 | low) + 1;
    }
    return isValue(opcode) ? valueRun(opcode) : opcode + 1;
  }

  static int valueRun(byte opcode) {
    return (opcode & 3) + 1;
  }

  /** The opcode of a run of one to four registers. */
  static byte value(int rank, int run) {
    return (byte) (VAL | (rank - 1) << 2 | (run - 1));
  }

  /** Writes a run of zeros in the shorter form; where it ends. */
  static int putZeros(byte[] array, int at, int run) {
    if (run <= MAX_ZEROS) {
      array[at] = (byte) (run - 1);
      return at + 1;
    }
    array[at] = (byte) (XZERO | (run - 1) >>> 8);
    array[at + 1] = (byte) (run - 1);
    return at + 2;
  }

  // Eight opcodes in a word, the first in the lowest byte.

  /** How many of eight opcodes come before the first XZERO; 8 if there is none. */
  static int countBeforeXzero(long eight) {
    long xzeros = eight & ~(eight >>> 1) & (XZERO * EACH_BYTE);
    return Long.numberOfTrailingZeros(xzeros) >>> 3;
  }

  /** How many registers the runs of the first {@code count} of eight are long, none an XZERO. */
  static int runs(long eight, int count) {
    long some = count < Long.BYTES ? eight & ((1L << (8 * count)) - 1) : eight;
    long values = (some >>> 7) & EACH_BYTE;
    long lengths = some & ~(values * 0x3c) & (0x3f * EACH_BYTE);
    long pairs = (lengths & EACH_PAIR_LOW) + ((lengths >>> 8) & EACH_PAIR_LOW);
    return count + (int) ((pairs * EACH_PAIR) >>> 48);
  }

  // Reading.

  /** Counts the ranks; false if the registers are damaged, whatever was counted then. */
  static boolean count(Slice sketch, RegisterHistogram histogram) {
    byte[] array = sketch.array;
    int end = sketch.end();
    int registers = 0;
    for (int at = sketch.offset + HyperLogLog.HEADER_BYTES; at < end; at += width(array[at])) {
      int run = run(array, at, end);
      registers += run;
      if (registers > HyperLogLog.REGISTERS) {
        return false;
      }
      histogram.add(rank(array[at]), run);
    }
    return registers == HyperLogLog.REGISTERS;
  }

  /**
   * Raises each of {@code ranks}, a byte for a register, to what the register holds.
   *
   * @return false if the registers are damaged; some ranks may be raised then
   */
  static boolean raise(Slice sketch, byte[] ranks) {
    byte[] array = sketch.array;
    int end = sketch.end();
    int index = 0;
    for (int at = sketch.offset + HyperLogLog.HEADER_BYTES; at < end; at += width(array[at])) {
      int next = index + run(array, at, end);
      if (next > HyperLogLog.REGISTERS) {
        return false;
      }
      int rank = rank(array[at]);
      for (; rank > 0 && index < next; index++) {
        ranks[index] = (byte) Math.max(ranks[index], rank);
      }
      index = next;
    }
    return index == HyperLogLog.REGISTERS;
  }

  /**
   * The runs as text, in the notation of PFDEBUG DECODE: {@code z:} or {@code Z:} and the length of
   * a ZERO or XZERO, {@code v:} and rank and length of a VAL.
   */
  public static String describe(Slice sketch) {
    byte[] array = sketch.array;
    int end = sketch.end();
    StringBuilder text = new StringBuilder();
    for (int at = sketch.offset + HyperLogLog.HEADER_BYTES; at < end; at += width(array[at])) {
      byte opcode = array[at];
      text.append(text.isEmpty() ? "" : " ");
      text.append(isValue(opcode) ? "v:" : isZero(opcode) ? "z:" : "Z:");
      if (isValue(opcode)) {
        text.append(rank(opcode)).append(',');
      }
      text.append(run(array, at, end));
    }
    return text.toString();
  }
}
