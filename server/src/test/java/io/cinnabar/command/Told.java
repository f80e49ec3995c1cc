package io.cinnabar.command;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.cinnabar.resp.Request;
import io.cinnabar.resp.RequestDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A change as a follower has heard of it, kept.
 *
 * @param commands what a follower has to run
 * @param touches the keys that were touched
 */
public record Told(List<Told.Command> commands, List<Change.Touch> touches) {

  /**
   * A command for followers.
   *
   * @param database where it runs
   * @param words its name and arguments, one char for each byte
   */
  public record Command(int database, List<String> words) {
    @Override
    public String toString() {
      return database + " " + String.join(" ", words);
    }
  }

  /** Tells what a unit tells. */
  public static Change.Listener to(Consumer<Told> listener) {
    return change -> listener.accept(of(change));
  }

  private static Told of(Change change) {
    List<Command> commands = new ArrayList<>();
    for (int i = 0; i < change.count(); i++) {
      int end = change.start(i) + change.length(i);
      Request request = new Request();
      int after = new RequestDecoder().next(change.array(i), change.start(i), end, request);
      if (after != end || !request.isPlain()) {
        throw new AssertionError("not one plain command");
      }
      commands.add(new Command(change.database(i), words(request)));
    }
    return new Told(commands, List.copyOf(change.touches()));
  }

  private static List<String> words(Request request) {
    List<String> words = new ArrayList<>();
    for (int i = 0; i < request.count(); i++) {
      words.add(new String(request.arg(i).toByteArray(), ISO_8859_1));
    }
    return words;
  }
}
