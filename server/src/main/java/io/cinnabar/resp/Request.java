package io.cinnabar.resp;

import io.cinnabar.structure.IntegerText;
import io.cinnabar.structure.Slice;
import java.util.Arrays;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * One decoded command: its arguments, as slices of the client's input. It is filled by {@link
 * RequestDecoder#next} and used again and again.
 *
 * <p>The places of the arguments are kept relative to {@link #start}: whoever moves the client's
 * bytes while the request waits sets {@link #array}, {@link #start} and {@link #end} anew, and the
 * arguments follow.
 *
 * <p>Not thread-safe; the slices belong to the request.
 */
public final class Request {

  /** Arguments up to which the memory is kept for the next command. */
  private static final int RETAINED_ARGUMENTS = 1024;

  private static final int FIRST_ARGUMENTS = 8;
  private static final byte[] NONE = {};
  private static final int NOWHERE = -1;
  private static final Slice[] NO_SLICES = {};

  /** The bytes that the command was decoded from: {@code start..end} in {@code array}. */
  public byte[] array = NONE;

  public int start;
  public int end;

  /**
   * Two numbers for each argument: where it begins, relative to {@link #start}, and its length. An
   * argument of an inline command that had to be unescaped lies in {@link #unescaped}, where it
   * begins at the complement of the first number, which is negative.
   */
  int[] spans;

  int count;

  /** Takes the arguments that are not in the input as they are meant. */
  byte[] unescaped = NONE;

  private Slice[] slices;
  private @Nullable BitSet secrets;

  /** Without arguments yet. */
  public Request() {
    this(FIRST_ARGUMENTS, newSlices(NO_SLICES, FIRST_ARGUMENTS));
  }

  private Request(int arguments, Slice[] slices) {
    spans = new int[2 * arguments];
    this.slices = slices;
  }

  /** How many arguments there are, the command's name included; 0 for an empty line or array. */
  public int count() {
    return count;
  }

  /** How long the arguments from this one on are together. */
  public long argumentBytes(int first) {
    long bytes = 0;
    for (int i = first; i < count; i++) {
      bytes += spans[2 * i + 1];
    }
    return bytes;
  }

  /**
   * The argument at {@code index}; 0 is the command's name. The slice is the same object each time
   * and lies over the argument until the next command is decoded into this request.
   *
   * @throws IndexOutOfBoundsException if there is no such argument
   */
  public Slice arg(int index) {
    if (index >= count) {
      throw new IndexOutOfBoundsException(index);
    }
    if (index >= slices.length) {
      slices = newSlices(slices, spans.length >> 1);
    }
    int place = spans[2 * index];
    int length = spans[2 * index + 1];
    return place >= 0
        ? slices[index].set(array, start + place, length)
        : slices[index].set(unescaped, ~place, length);
  }

  /**
   * Whether {@code start..end} in the array is just what a {@link CommandWriter} makes of the
   * arguments, as what programs send mostly is. It is not when this was a line of text, was copied,
   * or had other numbers and line ends than it takes.
   */
  public boolean isPlain() {
    int at = headEnd(start, '*', count);
    for (int i = 0; i < count && at != NOWHERE; i++) {
      int length = spans[2 * i + 1];
      at = headEnd(at, '$', length);
      if (at == NOWHERE || at != start + spans[2 * i] || !endsLine(at + length)) {
        return false;
      }
      at += length + 2;
    }
    return at == end;
  }

  /**
   * Where the head ends that begins at {@code at}. If the arguments lie where they would lie behind
   * their heads the decoder has read the numbers there, so these need not be looked at again.
   *
   * @return {@link #NOWHERE} if that is no head of this letter and a number as long as this
   */
  private int headEnd(int at, char letter, int number) {
    int lineEnd = at + 1 + IntegerText.length(number);
    if (lineEnd > end || array[at] != letter || !endsLine(lineEnd)) {
      return NOWHERE;
    }
    return lineEnd + 2;
  }

  private boolean endsLine(int at) {
    return at + 2 <= end && array[at] == '\r' && array[at + 1] == '\n';
  }

  /** Says that the argument at {@code index} is a secret, which nobody but its command may see. */
  public void redact(int index) {
    if (secrets == null) {
      secrets = new BitSet();
    }
    secrets.set(index);
  }

  /** Whether the argument at {@code index} is a secret: logs and monitors hide it. */
  public boolean isRedacted(int index) {
    return secrets != null && secrets.get(index);
  }

  /** A copy that keeps its arguments, one behind the other in an array of its own. */
  public Request copy() {
    Request copy = new Request(count, NO_SLICES);
    copy.count = count;
    copy.end = copy.lengths(spans);
    copy.array = new byte[copy.end];
    for (int i = 0; i < count; i++) {
      Slice arg = arg(i);
      System.arraycopy(arg.array, arg.offset, copy.array, copy.spans[2 * i], arg.length);
    }
    copy.secrets = secrets == null ? null : (BitSet) secrets.clone();
    return copy;
  }

  /** Lays arguments of these lengths out one behind the other; the end of the last. */
  private int lengths(int[] from) {
    int at = 0;
    for (int i = 0; i < count; i++) {
      spans[2 * i] = at;
      spans[2 * i + 1] = from[2 * i + 1];
      at += from[2 * i + 1];
    }
    return at;
  }

  /** Puts a copy of {@code value} in the place of the argument at {@code index}. */
  public void replace(int index, byte[] value) {
    int at = unescaped.length;
    unescaped = Arrays.copyOf(unescaped, at + value.length);
    System.arraycopy(value, 0, unescaped, at, value.length);
    spans[2 * index] = ~at;
    spans[2 * index + 1] = value.length;
  }

  /** Forgets the arguments, and the memory too if the command was a giant. */
  void clear() {
    if (spans.length > 2 * RETAINED_ARGUMENTS) {
      spans = new int[2 * FIRST_ARGUMENTS];
      slices = newSlices(NO_SLICES, FIRST_ARGUMENTS);
    }
    if (unescaped.length > 0) {
      unescaped = NONE;
    }
    secrets = null;
    count = 0;
  }

  /** Lets go of the arrays that the arguments lie in; there are none until the next command. */
  public void release() {
    clear();
    array = NONE;
    for (Slice slice : slices) {
      slice.set(NONE, 0, 0);
    }
  }

  private static Slice[] newSlices(Slice[] from, int size) {
    Slice[] slices = Arrays.copyOf(from, size);
    for (int i = from.length; i < size; i++) {
      slices[i] = new Slice();
    }
    return slices;
  }
}
