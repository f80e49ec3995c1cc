package io.cinnabar.lua;

import java.util.Arrays;

/**
 * A match of one of Lua's patterns, by backtracking. Each trial is a step of the state, so that a
 * pattern made to be slow ends when the script has to; its depth is bounded likewise.
 */
@SuppressWarnings("StatementSwitchToExpressionSwitch")
final class Pattern {
  private static final int MAX_CAPTURES = 32;
  private static final int MAX_DEPTH = 200;
  private static final int POSITION = -2;
  private static final int OPEN = -1;

  final byte[] subject;
  private final Lua lua;
  private final byte[] pattern;
  private final int[] starts = new int[MAX_CAPTURES];
  private final int[] lengths = new int[MAX_CAPTURES];
  private int captures;
  private int depth;

  Pattern(Lua lua, byte[] subject, byte[] pattern) {
    this.lua = lua;
    this.subject = subject;
    this.pattern = pattern;
  }

  int captures() {
    return captures;
  }

  /** The end of the match that begins at a place, or -1. */
  int match(int from, int patternFrom) {
    captures = 0;
    depth = 0;
    return doMatch(from, patternFrom);
  }

  /** A capture, or the whole match where the pattern has none. */
  Object capture(int index, int from, int to) {
    if (index >= captures) {
      if (index == 0) {
        lua.account(to - from + 33);
        return LuaString.of(Arrays.copyOfRange(subject, from, to));
      }
      throw lua.error("invalid capture index");
    }
    if (lengths[index] == OPEN) {
      throw lua.error("unfinished capture");
    }
    if (lengths[index] == POSITION) {
      return Numbers.box(starts[index] + 1);
    }
    lua.account(lengths[index] + 33);
    return LuaString.of(Arrays.copyOfRange(subject, starts[index], starts[index] + lengths[index]));
  }

  /** All captures, or the whole match where the pattern has none. */
  Object captures(int from, int to) {
    Object[] all = new Object[Math.max(1, captures)];
    for (int i = 0; i < all.length; i++) {
      all[i] = capture(i, from, to);
    }
    return Results.of(all);
  }

  private int doMatch(int from, int patternFrom) {
    if (++depth > MAX_DEPTH * 100) {
      throw lua.error("pattern too complex");
    }
    try {
      return matchHere(from, patternFrom);
    } finally {
      depth--;
    }
  }

  private int matchHere(int from, int patternFrom) {
    int s = from;
    int p = patternFrom;
    while (true) {
      lua.step();
      if (p == pattern.length) {
        return s;
      }
      switch (pattern[p]) {
        case '(':
          return p + 1 < pattern.length && pattern[p + 1] == ')'
              ? startCapture(s, p + 2, POSITION)
              : startCapture(s, p + 1, OPEN);
        case ')':
          return endCapture(s, p + 1);
        case '$':
          if (p + 1 == pattern.length) {
            return s == subject.length ? s : -1;
          }
          break;
        case '%':
          int next = p + 1 < pattern.length ? pattern[p + 1] : 0;
          if (next == 'b') {
            s = matchBalance(s, p + 2);
            if (s < 0) {
              return -1;
            }
            p += 4;
            continue;
          }
          if (next == 'f') {
            p = frontier(s, p + 2);
            if (p < 0) {
              return -1;
            }
            continue;
          }
          if (next >= '0' && next <= '9') {
            s = matchCapture(s, next);
            if (s < 0) {
              return -1;
            }
            p += 2;
            continue;
          }
          break;
        default:
          break;
      }
      int end = classEnd(p);
      int suffix = end < pattern.length ? pattern[end] : 0;
      if (suffix == '?') {
        if (isMatch(s, p, end)) {
          int result = doMatch(s + 1, end + 1);
          if (result >= 0) {
            return result;
          }
        }
        p = end + 1;
      } else if (suffix == '*') {
        return matchMost(s, p, end);
      } else if (suffix == '+') {
        return isMatch(s, p, end) ? matchMost(s + 1, p, end) : -1;
      } else if (suffix == '-') {
        return matchLeast(s, p, end);
      } else if (isMatch(s, p, end)) {
        s++;
        p = end;
      } else {
        return -1;
      }
    }
  }

  private int startCapture(int s, int p, int what) {
    if (captures >= MAX_CAPTURES) {
      throw lua.error("too many captures");
    }
    starts[captures] = s;
    lengths[captures] = what;
    captures++;
    int result = doMatch(s, p);
    if (result < 0) {
      captures--;
    }
    return result;
  }

  private int endCapture(int s, int p) {
    int open = captures - 1;
    while (open >= 0 && lengths[open] != OPEN) {
      open--;
    }
    if (open < 0) {
      throw lua.error("invalid pattern capture");
    }
    lengths[open] = s - starts[open];
    int result = doMatch(s, p);
    if (result < 0) {
      lengths[open] = OPEN;
    }
    return result;
  }

  private int matchBalance(int s, int p) {
    if (p + 1 >= pattern.length) {
      throw lua.error("unbalanced pattern");
    }
    if (s >= subject.length || subject[s] != pattern[p]) {
      return -1;
    }
    int depthHere = 1;
    for (int at = s + 1; at < subject.length; at++) {
      if (subject[at] == pattern[p + 1]) {
        if (--depthHere == 0) {
          return at + 1;
        }
      } else if (subject[at] == pattern[p]) {
        depthHere++;
      }
    }
    return -1;
  }

  /** Where the pattern goes on behind the set of a frontier, or -1 if there is none here. */
  private int frontier(int s, int p) {
    if (p >= pattern.length || pattern[p] != '[') {
      throw lua.error("missing '[' after '%f' in pattern");
    }
    int end = classEnd(p);
    int before = s == 0 ? 0 : subject[s - 1] & 0xff;
    int here = s < subject.length ? subject[s] & 0xff : 0;
    return !isInSet(before, p, end - 1) && isInSet(here, p, end - 1) ? end : -1;
  }

  private int matchCapture(int s, int digit) {
    int index = digit - '1';
    if (index < 0 || index >= captures || lengths[index] == OPEN) {
      throw lua.error("invalid capture index");
    }
    int length = lengths[index];
    if (length == POSITION || subject.length - s < length) {
      return -1;
    }
    return Arrays.equals(subject, starts[index], starts[index] + length, subject, s, s + length)
        ? s + length
        : -1;
  }

  private int matchMost(int s, int p, int end) {
    int count = 0;
    while (isMatch(s + count, p, end)) {
      count++;
    }
    for (; count >= 0; count--) {
      int result = doMatch(s + count, end + 1);
      if (result >= 0) {
        return result;
      }
    }
    return -1;
  }

  private int matchLeast(int from, int p, int end) {
    int s = from;
    while (true) {
      int result = doMatch(s, end + 1);
      if (result >= 0) {
        return result;
      }
      if (!isMatch(s, p, end)) {
        return -1;
      }
      s++;
    }
  }

  private int classEnd(int from) {
    int p = from;
    int c = pattern[p++];
    if (c == '%') {
      if (p == pattern.length) {
        throw lua.error("malformed pattern (ends with '%')");
      }
      return p + 1;
    }
    if (c == '[') {
      if (p < pattern.length && pattern[p] == '^') {
        p++;
      }
      do {
        if (p >= pattern.length) {
          throw lua.error("malformed pattern (missing ']')");
        }
        if (pattern[p++] == '%' && p < pattern.length) {
          p++;
        }
      } while (p >= pattern.length || pattern[p] != ']');
      return p + 1;
    }
    return p;
  }

  private boolean isMatch(int s, int p, int end) {
    if (s >= subject.length) {
      return false;
    }
    int c = subject[s] & 0xff;
    return switch (pattern[p]) {
      case '.' -> true;
      case '%' -> isInClass(c, pattern[p + 1] & 0xff);
      case '[' -> isInSet(c, p, end - 1);
      default -> pattern[p] == subject[s];
    };
  }

  private boolean isInSet(int c, int from, int last) {
    int p = from;
    boolean isWanted = true;
    if (pattern[p + 1] == '^') {
      isWanted = false;
      p++;
    }
    while (++p < last) {
      if (pattern[p] == '%') {
        p++;
        if (isInClass(c, pattern[p] & 0xff)) {
          return isWanted;
        }
      } else if (pattern[p + 1] == '-' && p + 2 < last) {
        p += 2;
        if ((pattern[p - 2] & 0xff) <= c && c <= (pattern[p] & 0xff)) {
          return isWanted;
        }
      } else if ((pattern[p] & 0xff) == c) {
        return isWanted;
      }
    }
    return !isWanted;
  }

  private static boolean isInClass(int c, int letter) {
    boolean isLower = c >= 'a' && c <= 'z';
    boolean isUpper = c >= 'A' && c <= 'Z';
    boolean isDigit = c >= '0' && c <= '9';
    boolean isPrintable = c > ' ' && c < 127;
    boolean isIn;
    switch (letter | 0x20) {
      case 'a' -> isIn = isLower || isUpper;
      case 'c' -> isIn = c < ' ' || c == 127;
      case 'd' -> isIn = isDigit;
      case 'l' -> isIn = isLower;
      case 'p' -> isIn = isPrintable && !isLower && !isUpper && !isDigit;
      case 's' -> isIn = c == ' ' || (c >= '\t' && c <= '\r');
      case 'u' -> isIn = isUpper;
      case 'w' -> isIn = isLower || isUpper || isDigit;
      case 'x' -> isIn = isDigit || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
      case 'z' -> isIn = c == 0;
      default -> {
        return letter == c;
      }
    }
    boolean isLetter = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
    if (!isLetter) {
      return letter == c;
    }
    return letter >= 'a' ? isIn : !isIn;
  }
}
