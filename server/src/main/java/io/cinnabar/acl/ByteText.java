package io.cinnabar.acl;

import io.cinnabar.structure.Slice;
import java.nio.charset.StandardCharsets;

/**
 * Rules and names are bytes. They are held as <em>byte text</em>: strings with one char from 0 to
 * 255 for each byte.
 */
final class ByteText {

  private ByteText() {}

  static String of(Slice bytes) {
    return new String(bytes.array, bytes.offset, bytes.length, StandardCharsets.ISO_8859_1);
  }

  static String of(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** In lower case, ASCII letters only. */
  static String lowerCase(String text) {
    StringBuilder lower = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      lower.append(c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c);
    }
    return lower.toString();
  }

  /** The text up to its first NUL, where a word ends for Redis. */
  static String word(String text) {
    int nul = text.indexOf(0);
    return nul < 0 ? text : text.substring(0, nul);
  }

  /** Whether there is white space or a NUL in it, which would not survive a file of users. */
  static boolean hasSpaces(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == ' ' || (c >= '\t' && c <= '\r') || c == 0) {
        return true;
      }
    }
    return false;
  }
}
