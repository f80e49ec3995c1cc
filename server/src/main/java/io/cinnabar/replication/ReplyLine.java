package io.cinnabar.replication;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Puts the lines together that a primary answers with. On the loop's thread. */
final class ReplyLine {

  private static final int MAX_CHARS = 1024;

  private final StringBuilder line = new StringBuilder();

  /**
   * Reads up to the end of a line.
   *
   * @return the line, without its end; null when that has not come yet, or {@link #isTooLong}
   */
  @Nullable String read(ByteBuffer bytes) {
    while (bytes.hasRemaining()) {
      char c = (char) (bytes.get() & 0xff);
      if (c == '\n') {
        int length = line.length();
        boolean hasReturn = length > 0 && line.charAt(length - 1) == '\r';
        String read = line.substring(0, hasReturn ? length - 1 : length);
        line.setLength(0);
        return read;
      }
      line.append(c);
      if (line.length() > MAX_CHARS) {
        return null;
      }
    }
    return null;
  }

  /** Whether more has come than any reply is long. */
  boolean isTooLong() {
    return line.length() > MAX_CHARS;
  }

  /** Turns a command into what is sent. */
  static byte[] command(String... words) {
    StringBuilder text = new StringBuilder().append('*').append(words.length).append("\r\n");
    for (String word : words) {
      text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
    }
    return text.toString().getBytes(ISO_8859_1);
  }
}
