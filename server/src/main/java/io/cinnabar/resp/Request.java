package io.cinnabar.resp;

import io.cinnabar.structure.Slice;
import java.util.Arrays;

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

  /** The bytes that the command was decoded from: {@code start..end} in {@code array}. */
  public byte[] array = NONE;

  public int start;
  public int end;

  /**
   * Two numbers for each argument: where it begins, relative to {@link #start}, and its length. An
   * argument of an inline command that had to be unescaped lies in {@link #unescaped}, where it
   * begins at the complement of the first number, which is negative.
   */
  int[] spans = new int[2 * FIRST_ARGUMENTS];

  int count;

  /** Takes the arguments that are not in the input as they are meant. */
  byte[] unescaped = NONE;

  private Slice[] slices = newSlices(new Slice[0], FIRST_ARGUMENTS);

  /** How many arguments there are, the command's name included; 0 for an empty line or array. */
  public int count() {
    return count;
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

  /** Forgets the arguments, and the memory too if the command was a giant. */
  void clear() {
    if (spans.length > 2 * RETAINED_ARGUMENTS) {
      spans = new int[2 * FIRST_ARGUMENTS];
      slices = newSlices(new Slice[0], FIRST_ARGUMENTS);
    }
    if (unescaped.length > 0) {
      unescaped = NONE;
    }
    count = 0;
  }

  private static Slice[] newSlices(Slice[] from, int size) {
    Slice[] slices = Arrays.copyOf(from, size);
    for (int i = from.length; i < size; i++) {
      slices[i] = new Slice();
    }
    return slices;
  }
}
