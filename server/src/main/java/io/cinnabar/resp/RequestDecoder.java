package io.cinnabar.resp;

import io.cinnabar.structure.IntegerText;
import java.util.Arrays;

/**
 * Decodes a client's commands out of its bytes, one decoder per connection. A command is an array
 * of bulk strings or a line of text (an inline command):
 *
 * <pre>
 *   *2\r\n $3\r\nGET\r\n $3\r\nkey\r\n         GET "key"\r\n
 *   |      |    |                              words as a shell would split them,
 *   |      |    3 bytes and \r\n               see {@link InlineSplitter}
 *   |      length of the argument
 *   number of arguments
 * </pre>
 *
 * <p>A command that has not come whole yet is remembered as far as it was understood, so that no
 * byte is looked at twice however small the pieces are. Memory grows with the arguments that have
 * come, never with those that are announced.
 *
 * <p>What Redis takes, this takes: the byte after a carriage return is not looked at, nor are the
 * two after an argument; a NUL in a line of text or in the line of a length ends the search for the
 * line's end, so that such a line waits until it is too big.
 *
 * <p>Not thread-safe. After a {@link ProtocolException} the connection is to be closed.
 */
public final class RequestDecoder {

  /** Answer of {@link #next} when the command has not come whole. */
  public static final int INCOMPLETE = -1;

  /** Why a client is refused that begins with a handshake of TLS, which no command looks like. */
  public static final String TLS_HANDSHAKE = "TLS handshake on a port without TLS";

  /** First bytes of a handshake of TLS: the type of record, and the version, which is 3.x. */
  private static final int TLS_RECORD = 0x16;

  private static final int TLS_MAJOR = 3;

  /** A line without an end may hold as many bytes. */
  private static final int MAX_LINE_BYTES = 64 * 1024;

  private static final int MAX_UNAUTHENTICATED_ARGUMENTS = 10;
  private static final int MAX_UNAUTHENTICATED_BULK_BYTES = 16 * 1024;
  private static final long DEFAULT_MAX_BULK_BYTES = 512L * 1024 * 1024;

  /** Arguments of an incomplete command up to which the memory is kept for the next one. */
  private static final int RETAINED_ARGUMENTS = 32;

  private static final int[] NONE = {};

  /** What comes next in the current command. */
  private static final int AT_START = 0;

  private static final int IN_LINE = 1;
  private static final int IN_COUNT = 2;
  private static final int IN_LENGTH = 3;
  private static final int IN_BULK = 4;

  private boolean authenticated = true;
  private long maxBulkBytes = DEFAULT_MAX_BULK_BYTES;

  /** What {@link #maxBulkBytes} and {@link #authenticated} come to. */
  private long bulkLimit = maxBulkBytes;

  /*
   * The command that has not come whole: all places are relative to its first byte.
   */
  private int state;

  /** The part that comes next begins here: a line, or the bytes of an argument. */
  private int position;

  /** How many bytes there were when it was found incomplete. */
  private int come;

  /** The line at {@link #position} was searched for its end up to here. */
  private int searched;

  /** Length of the argument at {@link #position}, when in its bytes. */
  private long bulkLength;

  private int remaining;
  private int count;

  /** The arguments that have come, as in {@link Request#spans}. */
  private int[] spans = NONE;

  /** Whether the client may send large commands already; until then the limits are tight. */
  public void authenticated(boolean authenticated) {
    this.authenticated = authenticated;
    limitBulks();
  }

  /** The most bytes that one argument may have ({@code proto-max-bulk-len}); 512 MiB at first. */
  public void maxBulkLength(long maxBulkBytes) {
    this.maxBulkBytes = maxBulkBytes;
    limitBulks();
  }

  /** Forgets what it has of a command that has not come whole; the next call may be for another. */
  public void reset() {
    state = AT_START;
    come = 0;
  }

  /** As a line of text it would be waited for until the client gives up, without a word. */
  private static void refuseTls(byte[] bytes, int from, int to) {
    if (to - from > 1 && bytes[from] == TLS_RECORD && bytes[from + 1] == TLS_MAJOR) {
      throw new ProtocolException(TLS_HANDSHAKE);
    }
  }

  private void limitBulks() {
    bulkLimit =
        authenticated ? maxBulkBytes : Math.min(maxBulkBytes, MAX_UNAUTHENTICATED_BULK_BYTES);
  }

  /**
   * How many bytes of the current command are known to be needed, counted from its first one: up to
   * the end of the argument that is coming in. At least one more than have come, once {@link #next}
   * has answered {@link #INCOMPLETE}. May exceed what an array can hold.
   */
  public long wanted() {
    return state == IN_BULK ? position + bulkLength + 2 : come + 1L;
  }

  /**
   * Decodes the command that begins at {@code from}.
   *
   * <p>If it has not come whole, the next call is for the same command again, with more bytes: its
   * first one may lie elsewhere by then, in another array too.
   *
   * @param into takes the command; its {@link Request#count} is 0 for an empty line, for an array
   *     of no elements and for one of a negative number of them
   * @return the index after the command, or {@link #INCOMPLETE}
   * @throws ProtocolException if this is no command
   */
  public int next(byte[] bytes, int from, int to, Request into) {
    if (state == AT_START) {
      if (from == to) {
        come = 0;
        return INCOMPLETE;
      }
      into.clear();
      if (bytes[from] == '*') {
        int after = nextWhole(bytes, from, to, into);
        if (after != INCOMPLETE) {
          return after;
        }
      } else {
        refuseTls(bytes, from, to);
        begin(IN_LINE, 0);
      }
    }
    int after = state == IN_LINE ? line(bytes, from, to, into) : array(bytes, from, to, into);
    if (after == INCOMPLETE) {
      come = to - from;
      return INCOMPLETE;
    }
    state = AT_START;
    into.array = bytes;
    into.start = from;
    into.end = after;
    return after;
  }

  /**
   * The usual case, an array that has come whole, in one pass without any state. Whatever is not
   * usual (bytes that are missing, limits, errors) is left, from the first argument on that it
   * happens in, to the careful way: the state is set to there.
   */
  private int nextWhole(byte[] bytes, int from, int to, Request into) {
    long header = usualNumber(bytes, from + 1, to);
    int number = (int) (header >> 32);
    if (header < 0 || (number > MAX_UNAUTHENTICATED_ARGUMENTS && !authenticated)) {
      begin(IN_COUNT, 1);
      return INCOMPLETE;
    }
    int at = (int) header;
    int[] places = into.spans;
    int found = 0;
    for (; found < number; found++) {
      if (at >= to || bytes[at] != '$') {
        break;
      }
      header = usualNumber(bytes, at + 1, to);
      int data = (int) header;
      int length = (int) (header >> 32);
      // the two bytes after the argument count too; added to the place, they might overflow
      if (header < 0 || to - data < length + 2 || length > bulkLimit) {
        break;
      }
      if (2 * found == places.length) {
        places = into.spans = Arrays.copyOf(places, 2 * places.length);
      }
      places[2 * found] = data - from;
      places[2 * found + 1] = length;
      at = data + length + 2;
    }
    if (found < number) {
      leave(at - from, places, found, number - found);
      return INCOMPLETE;
    }
    into.count = found;
    into.array = bytes;
    into.start = from;
    into.end = at;
    return at;
  }

  /**
   * Reads a number of at most eight digits, without leading zeros, and the end of its line.
   *
   * @return the number in the upper half and the index after the line in the lower one; negative if
   *     it is anything else, or has not come whole
   */
  private static long usualNumber(byte[] bytes, int first, int to) {
    int at = first;
    if (to - at < 3) {
      return -1;
    }
    int number = bytes[at] - '0';
    if (number < 0 || number > 9) {
      return -1;
    }
    int b;
    while ((b = bytes[++at]) != '\r') {
      int digit = b - '0';
      if (digit < 0 || digit > 9 || number == 0 || number >= 10_000_000 || to - at < 3) {
        return -1;
      }
      number = number * 10 + digit;
    }
    return ((long) number << 32) | (at + 2);
  }

  /** Keeps what was found of an array, of which the rest begins at {@code rest}. */
  private void leave(int rest, int[] places, int found, int missing) {
    begin(IN_LENGTH, rest);
    remaining = missing;
    count = found;
    if (2 * found > spans.length) {
      spans = new int[places.length];
    }
    System.arraycopy(places, 0, spans, 0, 2 * found);
  }

  private void begin(int newState, int newPosition) {
    state = newState;
    position = newPosition;
    searched = newPosition;
    count = 0;
  }

  /** Goes on with an array where it was left. */
  private int array(byte[] bytes, int from, int to, Request into) {
    if (state == IN_COUNT && !count(bytes, from, to)) {
      return INCOMPLETE;
    }
    while (remaining > 0) {
      if (state == IN_LENGTH && !length(bytes, from, to)) {
        return INCOMPLETE;
      }
      if (to - from - position < bulkLength + 2) {
        return INCOMPLETE;
      }
      if (2 * count == spans.length) {
        spans = Arrays.copyOf(spans, Math.max(16, 2 * spans.length));
      }
      spans[2 * count] = position;
      spans[2 * count + 1] = (int) bulkLength;
      count++;
      remaining--;
      position += (int) bulkLength + 2;
      searched = position;
      state = IN_LENGTH;
    }
    handOver(into);
    return from + position;
  }

  private void handOver(Request into) {
    into.clear();
    if (2 * count > into.spans.length) {
      into.spans = new int[spans.length];
    }
    System.arraycopy(spans, 0, into.spans, 0, 2 * count);
    into.count = count;
    if (spans.length > 2 * RETAINED_ARGUMENTS) {
      spans = NONE;
    }
  }

  /** Reads the number of arguments; false if its line has not come whole. */
  private boolean count(byte[] bytes, int from, int to) {
    int end = endOfLine(bytes, from, to, (byte) '\r');
    if (end == INCOMPLETE) {
      limitLine(to - from, "too big mbulk count string");
      return false;
    }
    if (to - end < 2) {
      return false;
    }
    int first = from + position;
    if (!IntegerText.isLong(bytes, first, end - first)) {
      throw new ProtocolException("invalid multibulk length");
    }
    long number = IntegerText.toLong(bytes, first, end - first);
    if (number > Integer.MAX_VALUE) {
      throw new ProtocolException("invalid multibulk length");
    }
    if (number > MAX_UNAUTHENTICATED_ARGUMENTS && !authenticated) {
      throw new ProtocolException("unauthenticated multibulk length");
    }
    remaining = (int) Math.max(0, number);
    begin(IN_LENGTH, end + 2 - from);
    return true;
  }

  /** Reads the length of an argument; false if its line has not come whole. */
  private boolean length(byte[] bytes, int from, int to) {
    int end = endOfLine(bytes, from, to, (byte) '\r');
    if (end == INCOMPLETE) {
      limitLine(to - from - position, "too big bulk count string");
      return false;
    }
    if (to - end < 2) {
      return false;
    }
    int first = from + position;
    if (bytes[first] != '$') {
      throw new ProtocolException("expected '$', got '" + (char) (bytes[first] & 0xff) + "'");
    }
    first++;
    if (!IntegerText.isLong(bytes, first, end - first)) {
      throw new ProtocolException("invalid bulk length");
    }
    long length = IntegerText.toLong(bytes, first, end - first);
    if (length < 0 || length > maxBulkBytes) {
      throw new ProtocolException("invalid bulk length");
    }
    if (length > bulkLimit) {
      throw new ProtocolException("unauthenticated bulk length");
    }
    bulkLength = length;
    position = end + 2 - from;
    state = IN_BULK;
    return true;
  }

  private static void limitLine(int length, String message) {
    if (length > MAX_LINE_BYTES) {
      throw new ProtocolException(message);
    }
  }

  /** Decodes a line of text. */
  private int line(byte[] bytes, int from, int to, Request into) {
    int newline = endOfLine(bytes, from, to, (byte) '\n');
    if (newline == INCOMPLETE) {
      limitLine(to - from, "too big inline request");
      return INCOMPLETE;
    }
    into.clear();
    boolean pair = newline > from && bytes[newline - 1] == '\r';
    InlineSplitter.split(bytes, from, pair ? newline - 1 : newline, into);
    return newline + 1;
  }

  /**
   * Searches on for the end of the line at {@link #position}; its index, or {@link #INCOMPLETE}.
   */
  private int endOfLine(byte[] bytes, int from, int to, byte end) {
    for (int i = from + searched; i < to; i++) {
      if (bytes[i] == end) {
        searched = i - from;
        return i;
      }
      if (bytes[i] == 0) {
        searched = i - from;
        return INCOMPLETE;
      }
    }
    searched = to - from;
    return INCOMPLETE;
  }
}
