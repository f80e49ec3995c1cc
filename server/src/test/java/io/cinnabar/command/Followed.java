package io.cinnabar.command;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.cinnabar.TestServer;
import java.util.ArrayList;
import java.util.List;

/** What a server tells its followers, readable. */
public final class Followed {

  private final List<Told> changes = new ArrayList<>();

  /** Listens from now on. */
  public static Followed by(TestServer server) {
    Followed followed = new Followed();
    server.engine().unit().listen(Told.to(followed.changes::add));
    return followed;
  }

  /**
   * The changes since the last call: each one's commands as {@code 0 SET key value}, where 0 is the
   * database, with {@code "; "} between them.
   */
  public List<String> take() {
    List<String> texts = new ArrayList<>();
    for (Told change : changes) {
      texts.add(String.join("; ", change.commands().stream().map(Told.Command::toString).toList()));
    }
    changes.clear();
    return texts;
  }

  /** The keys that were touched since the last call, as {@code 0 key set}. */
  public List<String> takeTouches() {
    List<String> texts = new ArrayList<>();
    for (Told change : changes) {
      for (Change.Touch touch : change.touches()) {
        texts.add(
            touch.database() + " " + new String(touch.key(), ISO_8859_1) + " " + touch.event());
      }
    }
    changes.clear();
    return texts;
  }
}
