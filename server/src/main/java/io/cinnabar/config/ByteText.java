package io.cinnabar.config;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Configuration is bytes: a password may be any. While it is parsed it is held as <em>byte
 * text</em>, a string with one char from 0 to 255 for each byte, so that nothing is lost on the way
 * from a file or a client to the value and back.
 */
final class ByteText {

  private ByteText() {}

  static String of(byte[] bytes) {
    return new String(bytes, ISO_8859_1);
  }

  static String of(String text) {
    return of(text.getBytes(UTF_8));
  }

  static byte[] bytes(String byteText) {
    return byteText.getBytes(ISO_8859_1);
  }

  static String decode(String byteText) {
    return new String(bytes(byteText), UTF_8);
  }

  /** In lower case, ASCII letters only. */
  static String lowerCase(String text) {
    StringBuilder result = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      result.append(c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c);
    }
    return result.toString();
  }
}
