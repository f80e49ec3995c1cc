package io.cinnabar.persistence;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.cinnabar.config.QuotedWords;
import io.cinnabar.persistence.AofFile.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a manifest line by line, as particular as Redis is. */
final class AofManifestParser {

  /** A line may be so long, its end included. */
  private static final int MAX_LINE_BYTES = 1024;

  private static final int MIN_WORDS = 6;
  private static final String INVALID = "Invalid AOF manifest file format";
  private static final String BLANKS = " \t\r\n";

  private final String text;
  private final List<AofFile> history = new ArrayList<>();
  private final List<AofFile> increments = new ArrayList<>();
  private @Nullable AofFile base;
  private int lineNumber;
  private String line = "";

  AofManifestParser(byte[] text) {
    this.text = new String(text, ISO_8859_1);
  }

  AofManifest parse() throws AofManifestException {
    if (text.isEmpty()) {
      throw new AofManifestException(0, "", "Found an empty AOF manifest");
    }
    for (int at = 0; at < text.length(); ) {
      int end = text.indexOf('\n', at) + 1;
      int next = Math.min(end > 0 ? end : text.length(), at + MAX_LINE_BYTES);
      lineNumber++;
      if (text.charAt(at) != '#') {
        if (next != end) {
          throw failure("The AOF manifest file contains too long line");
        }
        line = strip(text.substring(at, next));
        add(file());
      }
      at = next;
    }
    return new AofManifest(base, history, increments);
  }

  private static String strip(String line) {
    int from = 0;
    int to = line.length();
    while (from < to && BLANKS.indexOf(line.charAt(from)) >= 0) {
      from++;
    }
    while (to > from && BLANKS.indexOf(line.charAt(to - 1)) >= 0) {
      to--;
    }
    return line.substring(from, to);
  }

  private AofFile file() throws AofManifestException {
    List<String> words = QuotedWords.split(line);
    if (words == null || words.size() < MIN_WORDS || words.size() % 2 != 0) {
      throw failure(INVALID);
    }
    String name = null;
    long sequence = 0;
    String type = "";
    for (int i = 0; i < words.size(); i += 2) {
      String value = words.get(i + 1);
      if (words.get(i).equalsIgnoreCase("file")) {
        name = value;
        if (name.indexOf('/') >= 0 || name.indexOf('\\') >= 0) {
          throw failure("File can't be a path, just a filename");
        }
      } else if (words.get(i).equalsIgnoreCase("seq")) {
        sequence = number(value);
      } else if (words.get(i).equalsIgnoreCase("type")) {
        type = value;
      }
    }
    if (name == null || sequence == 0 || type.isEmpty()) {
      throw failure(INVALID);
    }
    String decoded = new String(name.getBytes(ISO_8859_1), UTF_8);
    return new AofFile(decoded, sequence, kind(type.charAt(0)));
  }

  private Kind kind(char letter) throws AofManifestException {
    for (Kind kind : Kind.values()) {
      if (kind.letter() == letter) {
        return kind;
      }
    }
    throw failure("Unknown AOF file type");
  }

  private void add(AofFile file) throws AofManifestException {
    switch (file.kind()) {
      case BASE -> {
        if (base != null) {
          throw failure("Found duplicate base file information");
        }
        base = file;
      }
      case HISTORY -> history.add(file);
      case INCREMENT -> {
        long before = increments.isEmpty() ? 0 : increments.get(increments.size() - 1).sequence();
        if (file.sequence() <= before) {
          throw failure("Found a non-monotonic sequence number");
        }
        increments.add(file);
      }
    }
  }

  /** The digits that a word begins with; 0 when there are none, or more than a number has. */
  private static long number(String word) {
    int end = word.startsWith("-") || word.startsWith("+") ? 1 : 0;
    while (end < word.length() && word.charAt(end) >= '0' && word.charAt(end) <= '9') {
      end++;
    }
    try {
      return Long.parseLong(word.substring(0, end));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private AofManifestException failure(String message) {
    return new AofManifestException(lineNumber, line, message);
  }

  /** A file's name as it stands in a line: quoted if it has to be. */
  static String word(String name) {
    String bytes = new String(name.getBytes(UTF_8), ISO_8859_1);
    boolean plain = bytes.chars().allMatch(c -> c > ' ' && c <= '~' && "\\\"'".indexOf(c) < 0);
    return plain ? bytes : QuotedWords.quote(bytes);
  }
}
