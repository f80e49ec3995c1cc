package io.cinnabar.persistence;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.cinnabar.command.Change;
import io.cinnabar.command.Change.Touch;
import io.cinnabar.command.Command;
import io.cinnabar.command.CommandArguments;
import io.cinnabar.command.CommandFlag;
import io.cinnabar.command.CommandTable;
import io.cinnabar.command.KeyPositions;
import io.cinnabar.resp.Request;
import io.cinnabar.structure.Slice;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The keys that a failed disk has not taken as they are now, of whatever database: who reads others
 * need not wait for the disk. They are found out only when it fails, from what waits to be written.
 * On the loop's thread.
 */
final class UnsettledKeys {

  private final CommandTable table;
  private final Set<String> keys = new HashSet<>();
  private final KeyPositions positions = new KeyPositions();

  /** Whether it may be any key. */
  private boolean isAny;

  /** None yet. */
  UnsettledKeys(CommandTable table) {
    this.table = table;
  }

  /** Says that it can't be told which. */
  void addAny() {
    isAny = true;
  }

  /** Adds the keys of commands that wait to be written. */
  void add(JournalBuffer changes) {
    Request request = new Request();
    try {
      AofReader reader = new AofReader(changes, 0);
      while (!isAny && reader.next(request)) {
        add(new Words(request));
      }
    } catch (IOException | AofDamage e) {
      addAny();
    }
  }

  private void add(Words words) {
    Command command = table.resolve(words);
    if (command == null) {
      addAny();
    } else if (!command.hasKeys()) {
      isAny |= command.has(CommandFlag.WRITE); // such as FLUSHALL, but neither MULTI nor SELECT
    } else if (command.findKeys(words, positions)) {
      for (int i = 0; i < positions.count(); i++) {
        keys.add(text(words.arg(positions.index(i))));
      }
    } else {
      addAny();
    }
  }

  /** Adds what has changed since, as keys that had to go. */
  void add(Change change) {
    List<Touch> touches = change.touches();
    isAny |= touches.isEmpty();
    for (Touch touch : touches) {
      keys.add(new String(touch.key(), ISO_8859_1));
    }
  }

  /** Whether what is under this key is on disk. */
  boolean isSettled(Slice key) {
    return !isAny && !keys.contains(text(key));
  }

  private static String text(Slice bytes) {
    return new String(bytes.array, bytes.offset, bytes.length, ISO_8859_1);
  }

  /** The words of a command that was read. */
  private record Words(Request request) implements CommandArguments {
    @Override
    public int argCount() {
      return request.count();
    }

    @Override
    public Slice arg(int index) {
      return request.arg(index);
    }
  }
}
