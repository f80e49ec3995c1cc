package io.cinnabar.config;

import io.cinnabar.resp.InlineSplitter;
import io.cinnabar.resp.ProtocolException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lines of words, quoted as in commands that are typed, as byte text. */
public final class QuotedWords {

  private QuotedWords() {}

  /** The words of {@code line}; null when a quote is not closed properly. */
  public static @Nullable List<String> split(String line) {
    List<String> words = new ArrayList<>();
    try {
      for (byte[] word : InlineSplitter.words(ByteText.bytes(line))) {
        words.add(ByteText.of(word));
      }
    } catch (ProtocolException unbalanced) {
      return null;
    }
    return words;
  }

  /** The word in double quotes, so that {@link #split} reads it back. */
  public static String quote(String word) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      int escape = "\\\"\n\r\t\u0007\b".indexOf(c);
      if (escape >= 0) {
        quoted.append('\\').append("\\\"nrtab".charAt(escape));
      } else if (c < ' ' || c > '~') {
        quoted.append("\\x").append(hexDigit(c >> 4)).append(hexDigit(c & 15));
      } else {
        quoted.append(c);
      }
    }
    return quoted.append('"').toString();
  }

  private static char hexDigit(int value) {
    return Character.forDigit(value, 16);
  }
}
