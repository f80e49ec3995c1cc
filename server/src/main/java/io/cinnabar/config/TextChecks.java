package io.cinnabar.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the values of text parameters must not be, with Redis's reasons. */
final class TextChecks {

  private static final int MAX_HOST_NAME_BYTES = 255;
  private static final String SEPARATORS = "!#$%&()*+:;<>?@[]^{|}~";
  private static final List<String> TITLE_VARIABLES =
      List.of(
          "title", "listen-addr", "server-mode", "port", "tls-port", "unixsocket", "config-file");

  /** Those that may have no value. */
  private static final List<String> EMPTY_VARIABLES = List.of("title", "server-mode");

  private static final String INVALID_TITLE =
      "template format is invalid or contains unknown variables";

  private TextChecks() {}

  /** The name of a file in the data folder. */
  static TextParameter.Check fileName(String parameter, boolean mayBeEmpty) {
    return name(parameter, "filename", mayBeEmpty);
  }

  /** The name of a folder in the data folder. */
  static TextParameter.Check folderName(String parameter) {
    return name(parameter, "dirname", false);
  }

  private static TextParameter.Check name(String parameter, String kind, boolean mayBeEmpty) {
    return text -> {
      if (text.isEmpty()) {
        return mayBeEmpty ? null : parameter + " can't be empty";
      }
      return text.indexOf('/') >= 0 ? parameter + " can't be a path, just a " + kind : null;
    };
  }

  static @Nullable String hostName(String text) {
    if (text.length() > MAX_HOST_NAME_BYTES) {
      return "Hostnames must be less than 256 characters";
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!isLetterOrDigit(c) && c != '-' && c != '.') {
        return "Hostnames may only contain alphanumeric characters, hyphens or dots";
      }
    }
    return null;
  }

  /** A name for people, in lists that have separators of their own. */
  static @Nullable String nodeName(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (SEPARATORS.indexOf(text.charAt(i)) >= 0) {
        return "Announced human node name contained invalid character";
      }
    }
    return null;
  }

  /**
   * A text with variables in braces, which is not to come out empty; two opening braces stand for
   * one.
   */
  static @Nullable String processTitle(String text) {
    StringBuilder title = new StringBuilder();
    int at = 0;
    for (int open; (open = text.indexOf('{', at)) >= 0; ) {
      title.append(text, at, open);
      int close = text.indexOf('}', open);
      String variable = close < 0 ? "" : text.substring(open + 1, close);
      if (text.startsWith("{{", open)) {
        title.append('{');
        at = open + 2;
      } else if (TITLE_VARIABLES.contains(variable)) {
        title.append(EMPTY_VARIABLES.contains(variable) ? "" : variable);
        at = close + 1;
      } else {
        return INVALID_TITLE;
      }
    }
    return title.append(text.substring(at)).toString().isBlank() ? INVALID_TITLE : null;
  }

  private static boolean isLetterOrDigit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }
}
