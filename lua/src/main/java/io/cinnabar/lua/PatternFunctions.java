package io.cinnabar.lua;

/** The functions of {@code string} that take patterns. */
final class PatternFunctions {
  private PatternFunctions() {}

  static Object find(Arguments args, boolean isFind) {
    byte[] subject = args.string(1).bytes;
    byte[] pattern = args.string(2).bytes;
    long init = StringLibrary.place(args.integer(3, 1), subject.length) - 1;
    int from = (int) Math.max(0, Math.min(init, subject.length));
    if (isFind && (Types.isTrue(args.get(4)) || isPlain(pattern))) {
      int at = indexOf(subject, pattern, from);
      return at < 0 ? null : new Object[] {Numbers.box(at + 1), Numbers.box(at + pattern.length)};
    }
    boolean isAnchored = pattern.length > 0 && pattern[0] == '^';
    Pattern match = new Pattern(args.lua(), subject, pattern);
    int s = from;
    do {
      int end = match.match(s, isAnchored ? 1 : 0);
      if (end >= 0) {
        if (!isFind) {
          return match.captures(s, end);
        }
        Object[] places = {Numbers.box(s + 1), Numbers.box(end)};
        return match.captures() == 0 ? places : Results.append(places, 2, match.captures(s, end));
      }
      s++;
    } while (s <= subject.length && !isAnchored);
    return null;
  }

  private static boolean isPlain(byte[] pattern) {
    for (byte b : pattern) {
      if ("^$*+?.([%-".indexOf(b) >= 0) {
        return false;
      }
    }
    return true;
  }

  private static int indexOf(byte[] subject, byte[] wanted, int from) {
    for (int i = from; i <= subject.length - wanted.length; i++) {
      int j = 0;
      while (j < wanted.length && subject[i + j] == wanted[j]) {
        j++;
      }
      if (j == wanted.length) {
        return i;
      }
    }
    return -1;
  }

  static Object iterate(Arguments args) {
    byte[] subject = args.string(1).bytes;
    byte[] pattern = args.string(2).bytes;
    Pattern match = new Pattern(args.lua(), subject, pattern);
    int[] next = {0};
    return args.lua()
        .newFunction(
            more -> {
              for (int s = next[0]; s <= subject.length; s++) {
                int end = match.match(s, 0);
                if (end >= 0) {
                  next[0] = end == s ? end + 1 : end;
                  return match.captures(s, end);
                }
              }
              next[0] = subject.length + 1;
              return null;
            });
  }

  static Object replace(Arguments args) {
    Lua lua = args.lua();
    byte[] subject = args.string(1).bytes;
    byte[] pattern = args.string(2).bytes;
    Object by = args.get(3);
    if (!Operators.isText(by) && !(by instanceof LuaFunction) && !(by instanceof LuaTable)) {
      throw args.error(3, "string/function/table expected");
    }
    long max = args.get(4) == null ? subject.length + 1 : (int) args.integer(4);
    boolean isAnchored = pattern.length > 0 && pattern[0] == '^';
    Pattern match = new Pattern(lua, subject, pattern);
    Bytes result = new Bytes(lua);
    int s = 0;
    long count = 0;
    while (count < max) {
      int end = match.match(s, isAnchored ? 1 : 0);
      if (end >= 0) {
        count++;
        addReplacement(lua, result, match, by, s, end);
      }
      if (end > s) {
        s = end;
      } else if (s < subject.length) {
        result.add(subject[s++]);
      } else {
        break;
      }
      if (isAnchored) {
        break;
      }
    }
    result.add(subject, s, subject.length);
    return new Object[] {result.toLuaString(), Numbers.box((double) count)};
  }

  private static void addReplacement(
      Lua lua, Bytes result, Pattern match, Object by, int from, int to) {
    Object value;
    if (by instanceof LuaFunction function) {
      Object[] captures = Results.all(match.captures(from, to));
      Frame frame = lua.enterNative();
      value = Results.first(function.call(captures));
      lua.leaveNative(frame);
    } else if (by instanceof LuaTable) {
      value = Operators.index(lua, by, match.capture(0, from, to), null);
    } else {
      addTemplate(result, match, Numbers.text(by).bytes, from, to);
      return;
    }
    if (!Types.isTrue(value)) {
      result.add(match.subject, from, to);
    } else if (Operators.isText(value)) {
      result.add(Numbers.text(value).bytes);
    } else {
      throw lua.error("invalid replacement value (a " + Types.name(value) + ")");
    }
  }

  private static void addTemplate(Bytes result, Pattern match, byte[] template, int from, int to) {
    for (int i = 0; i < template.length; i++) {
      if (template[i] != '%') {
        result.add(template[i]);
        continue;
      }
      int next = ++i < template.length ? template[i] : 0;
      if (next < '0' || next > '9') {
        result.add(next);
      } else if (next == '0') {
        result.add(match.subject, from, to);
      } else {
        result.add(Numbers.text(match.capture(next - '1', from, to)).bytes);
      }
    }
  }
}
