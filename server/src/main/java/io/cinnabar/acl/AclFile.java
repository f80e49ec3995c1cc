package io.cinnabar.acl;

import io.cinnabar.acl.AclException.Kind;
import io.cinnabar.config.Config;
import io.cinnabar.config.Parameters;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * A file of users, one in each line as {@code user name rule...}: all that is in it, or all that is
 * wrong with it. Nothing is quoted, and there are no comments, since ACL SAVE would lose them.
 */
final class AclFile {

  private static final String NOTHING_CHANGED =
      "WARNING: ACL errors detected, no change to the previously active ACL rules was performed";

  private final String path;
  private final Function<String, AclUser> newUser;
  private final Map<String, AclUser> users = new TreeMap<>();
  private final StringBuilder errors = new StringBuilder();

  /**
   * @param path as messages show it
   */
  AclFile(String path, Function<String, AclUser> newUser) {
    this.path = path;
    this.newUser = newUser;
  }

  /** Reads the file that the configuration names. */
  AclFile read(Config config) {
    String text;
    try {
      text = ByteText.of(config.readFile(Parameters.ACLFILE));
    } catch (IOException e) {
      errors.append("Error loading ACLs, opening file '").append(path).append("': ");
      errors.append(e.getMessage());
      return this;
    }
    String[] lines = text.split("\n", -1);
    for (int i = 0; i < lines.length; i++) {
      String line = trim(lines[i]);
      if (!line.isEmpty()) {
        read(line, i + 1);
      }
    }
    if (errors.length() > 0) {
      errors.append(NOTHING_CHANGED);
    }
    return this;
  }

  /** Without white space at its ends. */
  private static String trim(String line) {
    int start = 0;
    int end = line.length();
    while (start < end && " \t\r\n".indexOf(line.charAt(start)) >= 0) {
      start++;
    }
    while (end > start && " \t\r\n".indexOf(line.charAt(end - 1)) >= 0) {
      end--;
    }
    return line.substring(start, end);
  }

  private void read(String line, int number) {
    List<String> words = Arrays.asList(line.split(" ", -1));
    if (!words.get(0).equals("user") || words.size() < 2) {
      errors.append(path).append(':').append(number);
      errors.append(" should start with user keyword followed by the username. ");
      return;
    }
    String name = words.get(1);
    if (ByteText.hasSpaces(name)) {
      errors.append('\'').append(path).append(':').append(number);
      errors.append(": username '").append(name).append("' contains invalid characters. ");
      return;
    }
    AclUser user = newUser.apply(name);
    if (users.putIfAbsent(name, user) != null) {
      errors.append("WARNING: Duplicate user '").append(name);
      errors.append("' found on line ").append(number).append(". ");
      return;
    }
    RuleList list = new RuleList(words.subList(2, words.size()));
    if (list.unmatched() >= 0) {
      errors.append(path).append(':').append(number);
      errors.append(": Unmatched parenthesis in selector definition.");
      return;
    }
    apply(list.rules(), user, number);
  }

  /** Unknown commands are all told, of other errors the first: it may have caused the rest. */
  private void apply(List<String> rules, AclUser user, int number) {
    boolean told = false;
    for (String each : rules) {
      String rule = trim(each);
      try {
        user.apply(rule);
      } catch (AclException e) {
        boolean unknown = e.kind() == Kind.UNKNOWN_COMMAND;
        if (unknown || !told) {
          errors.append(path).append(':').append(number).append(": ");
          if (unknown) {
            errors.append("Error in applying operation '").append(rule).append("': ");
          }
          errors.append(e.reason()).append(". ");
        }
        told |= !unknown;
      }
    }
  }

  /** What is wrong; empty if the file is as it should be. */
  String errors() {
    return errors.toString();
  }

  /** By name. */
  Map<String, AclUser> users() {
    return users;
  }
}
