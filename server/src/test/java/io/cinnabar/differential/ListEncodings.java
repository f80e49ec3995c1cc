package io.cinnabar.differential;

import io.cinnabar.structure.ListpackEntry;
import io.cinnabar.structure.Slice;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whether a list has the encoding that Redis 7.2 would give it, where the server that it is
 * compared with is older and knows but one: with the limit that lists have by default, a list of
 * more than 8 KB is a quicklist, and one that has shrunk into a single node of at most half of that
 * is a listpack again. In between it is what it was before.
 */
final class ListEncodings {

  private static final int LIMIT_BYTES = 8 * 1024;
  private static final int LISTPACK_FRAME_BYTES = 7;

  /**
   * Elements that are added are counted by their own lengths, so that a listpack can exceed the
   * limit by what else the last of them take.
   */
  private static final int MAX_EXCESS_BYTES = 512;

  private static final Pattern ONE_NODE = Pattern.compile(".* ql_nodes:1 .*");

  private ListEncodings() {}

  /** Holds the encoding of a list against its elements; null if it is right. */
  static @Nullable Difference check(ConnectionPair pair, String key) {
    Command question = Command.of("OBJECT", "ENCODING", key);
    String encoding = pair.askSubject(question).text();
    long bytes = listpackBytes(pair.ask(Command.of("LRANGE", key, "0", "-1")).elements());
    boolean isOneNode =
        ONE_NODE.matcher(pair.ask(Command.of("DEBUG", "OBJECT", key)).text()).matches();
    String right = encoding;
    if (bytes > LIMIT_BYTES + MAX_EXCESS_BYTES) {
      right = "quicklist";
    } else if (isOneNode && bytes <= LIMIT_BYTES / 2) {
      right = "listpack";
    }
    return encoding.equals(right)
        ? null
        : pair.difference(question, right + ", as it has " + bytes + " bytes", encoding);
  }

  private static long listpackBytes(List<Reply> elements) {
    long bytes = LISTPACK_FRAME_BYTES;
    for (Reply element : elements) {
      byte[] text = element.text().getBytes(StandardCharsets.ISO_8859_1);
      bytes += ListpackEntry.encodedBytes(new Slice(text));
    }
    return bytes;
  }
}
