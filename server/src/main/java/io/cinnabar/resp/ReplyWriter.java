package io.cinnabar.resp;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cinnabar.structure.DoubleText;
import io.cinnabar.structure.FixedDecimal;
import io.cinnabar.structure.IntegerText;
import io.cinnabar.structure.ListpackEntry;
import io.cinnabar.structure.PackedElement;
import io.cinnabar.structure.Slice;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Writes replies into the buffer of a client, in the client's protocol. What RESP2 lacks is written
 * as Redis does there: a map as an array of twice the length, a set as an array, a double as text.
 * Handlers never ask which one it is.
 *
 * <p>One per loop, pointed at one client after the other by {@link #target}. Not thread-safe.
 */
public final class ReplyWriter {

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);

  private static final short CR_LF = '\n' << 8 | '\r';

  /** What a bulk string whose length is one of {@link #HEADERS} takes beside its bytes, at most. */
  private static final int SMALL_BULK_BYTES = 16;

  private static final int MAX_HEADER_BYTES = 1 + IntegerText.MAX_LONG_BYTES + 2;

  /**
   * Headers of small numbers, each as a long to store at once: a zero for the type's byte, the
   * digits, CR and LF, from the lowest byte to the highest.
   */
  private static final long[] HEADERS = new long[1024];

  private static final long OK = packed("+OK\r\n");
  private static final long RESP2_NULL_BULK = packed("$-1\r\n");
  private static final long RESP2_NULL_ARRAY = packed("*-1\r\n");
  private static final long RESP3_NULL = packed("_\r\n");
  private static final long TRUE = packed("#t\r\n");
  private static final long FALSE = packed("#f\r\n");

  static {
    for (int i = 0; i < HEADERS.length; i++) {
      HEADERS[i] = packed("\0" + i + "\r\n");
    }
  }

  private final byte[] scratch = new byte[FixedDecimal.MAX_BYTES];
  private ReplyBuffer buffer = new ReplyBuffer();
  private boolean resp3;

  private static long packed(String text) {
    long packed = 0;
    for (int i = text.length() - 1; i >= 0; i--) {
      packed = (packed << 8) | text.charAt(i);
    }
    return packed;
  }

  /** Writes to {@code buffer} from now on, in RESP3 or RESP2. */
  public void target(ReplyBuffer buffer, boolean resp3) {
    this.buffer = buffer;
    this.resp3 = resp3;
  }

  public ReplyBuffer buffer() {
    return buffer;
  }

  public boolean resp3() {
    return resp3;
  }

  /** {@code +OK}. */
  public void ok() {
    store(OK, 5);
  }

  /**
   * A status.
   *
   * @param text one byte a char (ISO-8859-1); CR and LF inside become spaces
   */
  public void simple(String text) {
    line('+', text);
  }

  /**
   * An error.
   *
   * @param line the code and the message, without the minus; one byte a char (ISO-8859-1), so that
   *     what a client sent goes back as it came; CR and LF become spaces, and go away at its end
   */
  public void error(String line) {
    int end = line.length();
    while (end > 0 && (line.charAt(end - 1) == '\r' || line.charAt(end - 1) == '\n')) {
      end--;
    }
    line('-', line.substring(0, end));
  }

  /** An integer. */
  public void integer(long value) {
    header(':', value);
  }

  /** A bulk string. */
  public void bulk(Slice bytes) {
    bulk(bytes.array, bytes.offset, bytes.length);
  }

  /** A bulk string. */
  public void bulk(byte[] bytes, int offset, int length) {
    if (length < HEADERS.length) {
      byte[] array = buffer.ensure(length + SMALL_BULK_BYTES);
      buffer.size(put(array, buffer.size(), bytes, offset, length));
      return;
    }
    header('$', length);
    byte[] array = buffer.ensure(length + 2);
    int at = buffer.size();
    System.arraycopy(bytes, offset, array, at, length);
    endLine(array, at + length);
  }

  /**
   * Bulk strings of elements that lie side by side.
   *
   * @param entries where they are, see {@link ListpackEntry}
   * @param from where the first begins
   * @param to where the last ends
   * @param most how many at most
   * @return how many there were
   */
  public int bulks(byte[] entries, int from, int to, int most) {
    int at = from;
    int written = 0;
    while (at < to && written < most) {
      if (!PackedElement.isShortString(entries, at)) {
        bulkOf(entries, at);
        at += ListpackEntry.entryBytes(entries, at);
        written++;
        continue;
      }
      byte[] array = buffer.ensure(PackedElement.MAX_SHORT_STRING + SMALL_BULK_BYTES);
      int last = array.length - PackedElement.MAX_SHORT_STRING - SMALL_BULK_BYTES;
      int size = buffer.size();
      do {
        int length = PackedElement.shortLength(entries, at);
        size = put(array, size, entries, at + 1, length);
        at += ListpackEntry.shortStringBytes(length);
        written++;
      } while (at < to
          && written < most
          && size <= last
          && PackedElement.isShortString(entries, at));
      buffer.size(size);
    }
    return written;
  }

  private void bulkOf(byte[] entries, int at) {
    if (PackedElement.isInteger(entries, at)) {
      bulkInteger(PackedElement.integer(entries, at));
    } else {
      int length = PackedElement.stringLength(entries, at);
      bulk(entries, PackedElement.stringOffset(entries, at), length);
    }
  }

  /** Writes a bulk string whose length has a header, where there is room; where it ends. */
  private static int put(byte[] array, int begin, byte[] bytes, int offset, int length) {
    LONG.set(array, begin, HEADERS[length] | '$');
    int at = begin + headerBytes(length);
    if (length <= Long.BYTES && offset <= bytes.length - Long.BYTES) {
      // What is too much is overwritten by what follows.
      LONG.set(array, at, (long) LONG.get(bytes, offset));
    } else {
      System.arraycopy(bytes, offset, array, at, length);
    }
    SHORT.set(array, at + length, CR_LF);
    return at + length + 2;
  }

  /** A bulk string of the UTF-8 bytes of {@code text}. */
  public void bulk(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    bulk(bytes, 0, bytes.length);
  }

  /** The digits of {@code value} as a bulk string. */
  public void bulkInteger(long value) {
    if (value >= 0 && value < HEADERS.length) {
      int headerBytes = headerBytes((int) value);
      store(HEADERS[headerBytes - 3] | '$', 4);
      store(HEADERS[(int) value] >>> Byte.SIZE, headerBytes - 1);
      return;
    }
    header('$', IntegerText.length(value));
    byte[] array = buffer.ensure(MAX_HEADER_BYTES);
    endLine(array, IntegerText.write(value, array, buffer.size()));
  }

  /** No bulk string: {@code $-1} or {@code _}. */
  public void nullBulk() {
    if (resp3) {
      store(RESP3_NULL, 3);
    } else {
      store(RESP2_NULL_BULK, 5);
    }
  }

  /** No array: {@code *-1} or {@code _}. */
  public void nullArray() {
    if (resp3) {
      store(RESP3_NULL, 3);
    } else {
      store(RESP2_NULL_ARRAY, 5);
    }
  }

  /** The header of an array; {@code count} elements follow. */
  public void array(int count) {
    header('*', count);
  }

  /** The header of a map; {@code pairs} keys, each with its value, follow. */
  public void map(int pairs) {
    if (resp3) {
      header('%', pairs);
    } else {
      header('*', 2L * pairs);
    }
  }

  /** The header of a set; {@code count} elements follow. */
  public void set(int count) {
    header(resp3 ? '~' : '*', count);
  }

  /**
   * The header of what is said about the reply that follows it; {@code pairs} keys, each with its
   * value, come first. RESP2 has no such thing.
   */
  public void attribute(int pairs) {
    assert resp3;
    header('|', pairs);
  }

  /** The header of an out-of-band message; {@code count} elements follow. */
  public void push(int count) {
    header(resp3 ? '>' : '*', count);
  }

  /** A double as text, laid out by {@link DoubleText}; RESP2 gets it as a bulk string. */
  public void doubleValue(double value) {
    int length = DoubleText.write(value, scratch, 0);
    if (resp3) {
      line(',', scratch, length);
    } else {
      bulk(scratch, 0, length);
    }
  }

  /** A coordinate with up to 17 decimals; RESP2 gets it as a bulk string. */
  public void coordinate(double degrees) {
    int length = FixedDecimal.writeCoordinate(degrees, scratch, 0);
    if (resp3) {
      line(',', scratch, length);
    } else {
      bulk(scratch, 0, length);
    }
  }

  /** A distance with four decimals as a bulk string, in either protocol. */
  public void bulkDistance(double distance) {
    bulk(scratch, 0, FixedDecimal.writeDistance(distance, scratch, 0));
  }

  /** The text of a double as a bulk string, in either protocol. */
  public void bulkDouble(double value) {
    bulk(scratch, 0, DoubleText.write(value, scratch, 0));
  }

  /** A truth value; RESP2 gets 1 or 0. */
  public void bool(boolean value) {
    if (!resp3) {
      integer(value ? 1 : 0);
    } else {
      store(value ? TRUE : FALSE, 4);
    }
  }

  /** An integer of any size, as its digits; RESP2 gets a bulk string. */
  public void bigNumber(String digits) {
    if (resp3) {
      line('(', digits);
    } else {
      bulk(digits);
    }
  }

  /**
   * Text for people.
   *
   * @param format three letters, {@code txt} or {@code mkd}; RESP2 gets the text alone
   */
  public void verbatim(String format, Slice text) {
    verbatim(format, text.array, text.offset, text.length);
  }

  /** As {@link #verbatim(String, Slice)}, of the UTF-8 bytes of {@code text}. */
  public void verbatim(String format, String text) {
    byte[] bytes = text.getBytes(UTF_8);
    verbatim(format, bytes, 0, bytes.length);
  }

  private void verbatim(String format, byte[] bytes, int offset, int length) {
    if (!resp3) {
      bulk(bytes, offset, length);
      return;
    }
    header('=', length + 4L);
    byte[] array = buffer.ensure(length + 6);
    int at = buffer.size();
    for (int i = 0; i < 3; i++) {
      array[at++] = (byte) format.charAt(i);
    }
    array[at++] = ':';
    System.arraycopy(bytes, offset, array, at, length);
    endLine(array, at + length);
  }

  /**
   * Begins an array, map or set whose length is only known when its elements have been written.
   * Such may be nested; they end in the opposite order.
   *
   * @return a mark for {@link #endArray}, {@link #endMap} or {@link #endSet}
   */
  public int beginDeferred() {
    return buffer.size();
  }

  /** Makes what was written since the mark the elements of an array. */
  public void endArray(int mark, int count) {
    insertHeader(mark, '*', count);
  }

  /** Makes what was written since the mark the keys and values of a map. */
  public void endMap(int mark, int pairs) {
    if (resp3) {
      insertHeader(mark, '%', pairs);
    } else {
      insertHeader(mark, '*', 2L * pairs);
    }
  }

  /** Makes what was written since the mark the elements of a set. */
  public void endSet(int mark, int count) {
    insertHeader(mark, resp3 ? '~' : '*', count);
  }

  /** Puts a string of ASCII before what was written since the mark. */
  public void insertBulk(int mark, String text) {
    byte[] bytes = ("$" + text.length() + "\r\n" + text + "\r\n").getBytes(UTF_8);
    buffer.insert(mark, bytes, 0, bytes.length);
  }

  private void insertHeader(int mark, char type, long count) {
    scratch[0] = (byte) type;
    int at = IntegerText.write(count, scratch, 1);
    scratch[at] = '\r';
    scratch[at + 1] = '\n';
    buffer.insert(mark, scratch, 0, at + 2);
  }

  /** A type's byte, a number and the end of the line. */
  private void header(char type, long number) {
    if (number >= 0 && number < HEADERS.length) {
      store(HEADERS[(int) number] | type, headerBytes((int) number));
      return;
    }
    byte[] array = buffer.ensure(MAX_HEADER_BYTES);
    int at = buffer.size();
    array[at] = (byte) type;
    endLine(array, IntegerText.write(number, array, at + 1));
  }

  /** What one of {@link #HEADERS} takes with the type's byte. */
  private static int headerBytes(int number) {
    return number < 10 ? 4 : number < 100 ? 5 : number < 1000 ? 6 : 7;
  }

  /** Stores the lowest {@code length} bytes of {@code packed}. */
  private void store(long packed, int length) {
    byte[] array = buffer.ensure(Long.BYTES);
    int at = buffer.size();
    LONG.set(array, at, packed);
    buffer.size(at + length);
  }

  private void line(char type, String text) {
    int length = text.length();
    byte[] array = buffer.ensure(length + 3);
    int at = buffer.size();
    array[at++] = (byte) type;
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      array[at++] = (byte) (c == '\r' || c == '\n' ? ' ' : c);
    }
    endLine(array, at);
  }

  private void line(char type, byte[] bytes, int length) {
    byte[] array = buffer.ensure(length + 3);
    int at = buffer.size();
    array[at++] = (byte) type;
    System.arraycopy(bytes, 0, array, at, length);
    endLine(array, at + length);
  }

  private void endLine(byte[] array, int at) {
    array[at] = '\r';
    array[at + 1] = '\n';
    buffer.size(at + 2);
  }
}
