package io.cinnabar.structure;

/**
 * Matches bytes against a pattern as KEYS, SCAN, PSUBSCRIBE, CONFIG GET and ACL rules do:
 *
 * <pre>
 * *       any bytes, or none
 * ?       any byte
 * [abc]   one of them; [a-z] one in the range, whichever end comes first; [^...] none of these
 * \x      x, whatever it means otherwise, inside brackets too
 * </pre>
 *
 * A bracket that isn't closed ends with the pattern. Ranges compare bytes as signed numbers. Of an
 * empty text only the empty pattern is a match, not even {@code *}: callers that mean everything by
 * a lone star say so themselves.
 *
 * <p>Time is at most the product of both lengths, whatever the pattern: when a later part fails,
 * only the last star passed need take one byte more, since whatever an earlier star took, the last
 * one could take as well.
 */
public final class Glob {

  private static final int NO_MATCH = -1;

  private Glob() {}

  /** Whether {@code text} as a whole matches. */
  public static boolean matches(Slice pattern, Slice text) {
    return matches(pattern, text, false);
  }

  /** Whether {@code text} as a whole matches, ASCII letters being equal whatever their case. */
  public static boolean matchesIgnoreCase(Slice pattern, Slice text) {
    return matches(pattern, text, true);
  }

  private static boolean matches(Slice pattern, Slice text, boolean ignoreCase) {
    if (text.length == 0) {
      return pattern.length == 0;
    }
    int p = 0;
    int t = 0;
    int behindStar = NO_MATCH;
    int starText = 0;
    while (t < text.length) {
      if (p < pattern.length && pattern.at(p) == '*') {
        p = behindStars(pattern, p);
        if (p == pattern.length) {
          return true;
        }
        behindStar = p;
        starText = t;
        continue;
      }
      int next = p == pattern.length ? NO_MATCH : matchOne(pattern, p, text.at(t), ignoreCase);
      if (next != NO_MATCH) {
        p = next;
        t++;
      } else if (behindStar != NO_MATCH) {
        p = behindStar;
        t = ++starText;
      } else {
        return false;
      }
    }
    return behindStars(pattern, p) == pattern.length;
  }

  private static int behindStars(Slice pattern, int p) {
    int behind = p;
    while (behind < pattern.length && pattern.at(behind) == '*') {
      behind++;
    }
    return behind;
  }

  /** Matches one byte; returns where the pattern goes on, or {@link #NO_MATCH}. */
  private static int matchOne(Slice pattern, int p, byte b, boolean ignoreCase) {
    byte first = pattern.at(p);
    if (first == '?') {
      return p + 1;
    }
    if (first == '[') {
      return matchBracket(pattern, p + 1, b, ignoreCase);
    }
    int literal = first == '\\' && p + 1 < pattern.length ? p + 1 : p;
    return equal(pattern.at(literal), b, ignoreCase) ? literal + 1 : NO_MATCH;
  }

  /** Matches one byte against what is inside the bracket before {@code p}. */
  private static int matchBracket(Slice pattern, int p, byte b, boolean ignoreCase) {
    int at = p;
    boolean negated = at < pattern.length && pattern.at(at) == '^';
    if (negated) {
      at++;
    }
    boolean found = false;
    while (at < pattern.length && pattern.at(at) != ']') {
      if (pattern.at(at) == '\\' && at + 1 < pattern.length) {
        // Case matters here even when it doesn't elsewhere, as it does in Redis.
        found |= pattern.at(at + 1) == b;
        at += 2;
      } else if (at + 2 < pattern.length && pattern.at(at + 1) == '-') {
        found |= inRange(pattern.at(at), pattern.at(at + 2), b, ignoreCase);
        at += 3;
      } else {
        found |= equal(pattern.at(at), b, ignoreCase);
        at++;
      }
    }
    if (found == negated) {
      return NO_MATCH;
    }
    return Math.min(at + 1, pattern.length);
  }

  private static boolean inRange(byte one, byte other, byte b, boolean ignoreCase) {
    byte low = one < other ? one : other;
    byte high = one < other ? other : one;
    return ignoreCase
        ? lowerCase(low) <= lowerCase(b) && lowerCase(b) <= lowerCase(high)
        : low <= b && b <= high;
  }

  private static boolean equal(byte one, byte other, boolean ignoreCase) {
    return one == other || (ignoreCase && lowerCase(one) == lowerCase(other));
  }

  private static byte lowerCase(byte b) {
    return b >= 'A' && b <= 'Z' ? (byte) (b + ('a' - 'A')) : b;
  }
}
