package io.cinnabar.differential;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a redis-server has written to its append-only file, as it tells its replicas too. */
final class AppendOnlyFile {

  /** Makes a redis-server write one into {@code folder}, before it answers. */
  static String[] options(Path folder) {
    return new String[] {
      "--dir", folder.toString(),
      "--appendonly", "yes",
      "--aof-use-rdb-preamble", "no",
      "--appendfsync", "always"
    };
  }

  private final String text;
  private int position;

  private AppendOnlyFile(String text) {
    this.text = text;
  }

  /**
   * The transactions so far, each with its commands, each command with its database in front. A
   * command outside of a transaction is one of its own.
   */
  static List<List<List<String>>> read(Path folder) throws IOException {
    Path file = folder.resolve("appendonlydir").resolve("appendonly.aof.1.incr.aof");
    return new AppendOnlyFile(Files.readString(file, ISO_8859_1)).transactions();
  }

  private List<List<List<String>>> transactions() {
    List<List<List<String>>> transactions = new ArrayList<>();
    List<List<String>> open = null;
    String database = "0";
    while (position < text.length()) {
      List<String> command = command();
      switch (command.get(0)) {
        case "SELECT" -> database = command.get(1);
        case "MULTI" -> open = new ArrayList<>();
        case "EXEC" -> {
          transactions.add(List.copyOf(open));
          open = null;
        }
        default -> {
          command.add(0, database);
          if (open == null) {
            transactions.add(List.of(command));
          } else {
            open.add(command);
          }
        }
      }
    }
    return transactions;
  }

  private List<String> command() {
    int count = header('*');
    List<String> words = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int length = header('$');
      words.add(text.substring(position, position + length));
      position += length + 2;
    }
    return words;
  }

  private int header(char mark) {
    if (text.charAt(position) != mark) {
      throw new IllegalStateException("no " + mark + " at " + position);
    }
    int end = text.indexOf("\r\n", position);
    int number = Integer.parseInt(text.substring(position + 1, end));
    position = end + 2;
    return number;
  }
}
