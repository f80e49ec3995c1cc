package io.cinnabar.resp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Splits a line of text into words with Redis's quoting:
 *
 * <ul>
 *   <li>white space separates words;
 *   <li>{@code "..."} takes {@code \xHH}, {@code \n \r \t \b \a}, and any other byte after a
 *       backslash as itself;
 *   <li>{@code '...'} takes {@code \'} and nothing else;
 *   <li>a quote may begin inside a word, but where it ends, the word ends too.
 * </ul>
 *
 * <p>Words without quotes stay where they are in the line; the others are unescaped into {@link
 * Request#unescaped}.
 */
public final class InlineSplitter {

  private static final String UNBALANCED = "unbalanced quotes in request";

  private final byte[] bytes;
  private final int end;
  private final Request into;
  private int at;

  /** How much of {@link Request#unescaped} is used. */
  private int used;

  private InlineSplitter(byte[] bytes, int from, int end, Request into) {
    this.bytes = bytes;
    this.at = from;
    this.end = end;
    this.into = into;
  }

  /**
   * Splits {@code bytes[from..end)} and adds the words to {@code into}, relative to {@code from}.
   */
  static void split(byte[] bytes, int from, int end, Request into) {
    InlineSplitter splitter = new InlineSplitter(bytes, from, end, into);
    while (splitter.skipSpace()) {
      splitter.word(from);
    }
  }

  /**
   * The words of a line that no client has sent, such as one of a configuration file; copies.
   *
   * @throws ProtocolException when a quote is not closed, or is closed within a word
   */
  public static List<byte[]> words(byte[] line) {
    Request words = new Request();
    words.array = line;
    words.end = line.length;
    split(line, 0, line.length, words);
    List<byte[]> copies = new ArrayList<>(words.count());
    for (int i = 0; i < words.count(); i++) {
      copies.add(words.arg(i).toByteArray());
    }
    return copies;
  }

  private boolean skipSpace() {
    while (at < end && isSpace(bytes[at])) {
      at++;
    }
    return at < end;
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || (b >= '\t' && b <= '\r');
  }

  /** Vertical tab and form feed separate words, but do not end one. */
  private static boolean endsWord(byte b) {
    return b == ' ' || b == '\t' || b == '\n' || b == '\r';
  }

  private void word(int from) {
    int first = at;
    while (at < end && !endsWord(bytes[at])) {
      if (bytes[at] == '"' || bytes[at] == '\'') {
        quotedWord(first);
        return;
      }
      at++;
    }
    add(first - from, at - first);
  }

  /** Takes a word from its first quote on; what stood before it begins at {@code first}. */
  private void quotedWord(int first) {
    if (into.unescaped.length == 0) {
      // no word grows by being unescaped, so the rest of the line is room for all
      into.unescaped = new byte[end - first];
    }
    int begin = used;
    System.arraycopy(bytes, first, into.unescaped, used, at - first);
    used += at - first;
    if (bytes[at++] == '"') {
      doubleQuoted();
    } else {
      singleQuoted();
    }
    if (at < end && !isSpace(bytes[at])) {
      throw new ProtocolException(UNBALANCED);
    }
    add(~begin, used - begin);
  }

  private void doubleQuoted() {
    while (at < end) {
      byte b = bytes[at++];
      if (b == '"') {
        return;
      }
      if (b == '\\' && at < end) {
        b = escaped();
      }
      into.unescaped[used++] = b;
    }
    throw new ProtocolException(UNBALANCED);
  }

  private byte escaped() {
    byte b = bytes[at++];
    return switch (b) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'b' -> '\b';
      case 'a' -> 7;
      case 'x' -> hexadecimal();
      default -> b;
    };
  }

  /** The byte that two digits after {@code \x} stand for; the x itself if they are no digits. */
  private byte hexadecimal() {
    if (end - at >= 2) {
      int high = Character.digit(bytes[at], 16);
      int low = Character.digit(bytes[at + 1], 16);
      if (high >= 0 && low >= 0) {
        at += 2;
        return (byte) ((high << 4) | low);
      }
    }
    return 'x';
  }

  private void singleQuoted() {
    while (at < end) {
      byte b = bytes[at++];
      if (b == '\'') {
        return;
      }
      if (b == '\\' && at < end && bytes[at] == '\'') {
        b = bytes[at++];
      }
      into.unescaped[used++] = b;
    }
    throw new ProtocolException(UNBALANCED);
  }

  private void add(int place, int length) {
    int slot = 2 * into.count++;
    if (slot == into.spans.length) {
      into.spans = Arrays.copyOf(into.spans, 2 * slot);
    }
    into.spans[slot] = place;
    into.spans[slot + 1] = length;
  }
}
