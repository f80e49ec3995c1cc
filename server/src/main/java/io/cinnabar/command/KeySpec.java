package io.cinnabar.command;

import io.cinnabar.structure.Slice;
import org.jspecify.annotations.Nullable;

/**
 * A rule that finds some keys of a command, as COMMAND INFO publishes it: first where to begin (at
 * an index, behind a keyword), then which arguments from there on (a range, or as many as a number
 * says). Immutable.
 *
 * @param notes what a reader should know besides, or null
 * @param flags what is done with the keys, from {@link KeyFlag#setOf}
 * @param begin how the beginning is searched
 * @param beginIndex the index; for {@link Begin#KEYWORD} where to start looking, negative from the
 *     end (and then backwards)
 * @param keyword the keyword of {@link Begin#KEYWORD}
 * @param find how the keys are found from there
 * @param first {@link Find#RANGE}: the last key, counted from the beginning, or from the end of all
 *     arguments when negative; {@link Find#KEYNUM}: where the number of keys stands, counted from
 *     the beginning
 * @param second {@link Find#RANGE}: if positive and the last key is -1, only the first of that many
 *     equal parts of the arguments holds keys; {@link Find#KEYNUM}: where the first key stands
 * @param step from one key to the next
 */
public record KeySpec(
    @Nullable String notes,
    int flags,
    Begin begin,
    int beginIndex,
    @Nullable String keyword,
    Find find,
    int first,
    int second,
    int step) {

  /** How the beginning is searched. */
  public enum Begin {
    INDEX,
    KEYWORD,
    UNKNOWN
  }

  /** How keys are found from the beginning on. */
  public enum Find {
    RANGE,
    KEYNUM,
    UNKNOWN
  }

  /** {@code lastKey} as COMMAND INFO shows it: from the beginning, or from the end if negative. */
  static KeySpec range(int index, int lastKey, int step, KeyFlag... flags) {
    return new KeySpec(
        null, KeyFlag.setOf(flags), Begin.INDEX, index, null, Find.RANGE, lastKey, 0, step);
  }

  static KeySpec number(int index, KeyFlag... flags) {
    return new KeySpec(null, KeyFlag.setOf(flags), Begin.INDEX, index, null, Find.KEYNUM, 0, 1, 1);
  }

  static KeySpec keyword(
      String keyword, int startFrom, int lastKey, int step, int limit, KeyFlag... flags) {
    return new KeySpec(
        null,
        KeyFlag.setOf(flags),
        Begin.KEYWORD,
        startFrom,
        keyword,
        Find.RANGE,
        lastKey,
        limit,
        step);
  }

  static KeySpec unknown(KeyFlag... flags) {
    return new KeySpec(null, KeyFlag.setOf(flags), Begin.UNKNOWN, 0, null, Find.UNKNOWN, 0, 0, 0);
  }

  KeySpec withNotes(String notes) {
    return new KeySpec(notes, flags, begin, beginIndex, keyword, find, first, second, step);
  }

  public boolean has(KeyFlag flag) {
    return flag.in(flags);
  }

  /** Whether it is an index and a range: what the old triple of first, last and step can say. */
  boolean isPlainRange() {
    return begin == Begin.INDEX && find == Find.RANGE;
  }

  /** Adds the keys to {@code keys}; false when the arguments contradict the rule. */
  boolean find(CommandArguments arguments, KeyPositions keys) {
    int start = start(arguments);
    if (start == 0) {
      return begin != Begin.UNKNOWN;
    }
    return switch (find) {
      case RANGE -> add(start, lastOfRange(start, arguments.argCount()), arguments, keys);
      case KEYNUM -> findNumbered(start, arguments, keys);
      case UNKNOWN -> false;
    };
  }

  private int lastOfRange(int start, int argCount) {
    if (first >= 0) {
      return start + first;
    }
    return second == 0 ? argCount + first : start + (argCount - start) / second + first;
  }

  private boolean findNumbered(int start, CommandArguments arguments, KeyPositions keys) {
    if (start + first >= arguments.argCount()) {
      return false;
    }
    long number = number(arguments.arg(start + first));
    if (number < 0 || number > arguments.argCount()) {
      return false;
    }
    int firstKey = start + second;
    return add(firstKey, firstKey + ((int) number - 1) * step, arguments, keys);
  }

  private boolean add(int firstKey, int lastKey, CommandArguments arguments, KeyPositions keys) {
    if (lastKey < firstKey || lastKey >= arguments.argCount()) {
      return false;
    }
    for (int i = firstKey; i <= lastKey; i += step) {
      keys.add(i, flags);
    }
    return true;
  }

  /** The beginning, or 0 if there is none. */
  private int start(CommandArguments arguments) {
    if (begin == Begin.INDEX) {
      return beginIndex;
    }
    if (begin == Begin.UNKNOWN || keyword == null) {
      return 0;
    }
    int argCount = arguments.argCount();
    boolean forwards = beginIndex > 0;
    int step = forwards ? 1 : -1;
    int end = forwards ? argCount - 1 : 1;
    for (int i = forwards ? beginIndex : argCount + beginIndex; i > 0 && i < argCount; i += step) {
      if (i == end) {
        return 0;
      }
      if (equalsIgnoreCase(arguments.arg(i), keyword)) {
        return i + 1;
      }
    }
    return 0;
  }

  private static boolean equalsIgnoreCase(Slice word, String keyword) {
    if (word.length != keyword.length()) {
      return false;
    }
    for (int i = 0; i < word.length; i++) {
      if (CommandIndex.lowerCase(word.at(i)) != CommandIndex.lowerCase((byte) keyword.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  /** The number written in {@code word}, or -1. */
  private static long number(Slice word) {
    if (word.length == 0 || word.length > 10 || (word.length > 1 && word.at(0) == '0')) {
      return -1;
    }
    long number = 0;
    for (int i = 0; i < word.length; i++) {
      int digit = word.at(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = 10 * number + digit;
    }
    return number;
  }
}
