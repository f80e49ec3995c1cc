package io.cinnabar.command;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.cinnabar.TestServer;
import java.util.ArrayList;
import java.util.List;

/** What a server tells its followers, readable. */
public final class Followed {

  private final List<Change> changes = new ArrayList<>();

  /** Listens from now on. */
  public static Followed by(TestServer server) {
    Followed followed = new Followed();
    server.engine().unit().listen(followed.changes::add);
    return followed;
  }

  /**
   * The changes since the last call: each one's commands as {@code 0 SET key value}, where 0 is the
   * database, with {@code "; "} between them.
   */
  public List<String> take() {
    List<String> texts = new ArrayList<>();
    for (Change change : changes) {
      List<String> commands = new ArrayList<>();
      change.commands().forEach(command -> commands.add(text(command)));
      texts.add(String.join("; ", commands));
    }
    changes.clear();
    return texts;
  }

  /** The keys that were touched since the last call, as {@code 0 key set}. */
  public List<String> takeTouches() {
    List<String> texts = new ArrayList<>();
    for (Change change : changes) {
      for (Change.Touch touch : change.touches()) {
        texts.add(
            touch.database() + " " + new String(touch.key(), ISO_8859_1) + " " + touch.event());
      }
    }
    changes.clear();
    return texts;
  }

  private static String text(Change.Propagated command) {
    StringBuilder text = new StringBuilder(String.valueOf(command.database()));
    for (String word : words(command)) {
      text.append(' ').append(word);
    }
    return text.toString();
  }

  /** A command's name and arguments, one char for each byte. */
  public static List<String> words(Change.Propagated command) {
    return command.arguments().stream().map(word -> new String(word, ISO_8859_1)).toList();
  }
}
