package io.cinnabar.lua;

import java.util.Random;

/** Makes programs of Lua that end, at random; most have errors, which are caught and shown. */
final class Programs {
  private static final String[] NAMES = {"a", "b", "c", "g", "t", "u"};
  private static final String[] OPERATORS = {
    "+", "-", "*", "/", "%", "..", "<", "<=", ">", ">=", "==", "~=", "and", "or"
  };
  private static final String[] KEYS = {"x", "y", "n", "key"};

  private final Random random;
  private final StringBuilder out = new StringBuilder();
  private int depth;

  Programs(long seed) {
    random = new Random(seed);
  }

  String next() {
    out.append("local log = {}\n");
    out.append("local a, b, c = 1, 'two', nil\nlocal t, u = {1, 2, x = 3}, {}\n");
    out.append("g = nil\n");
    int count = 3 + random.nextInt(6);
    for (int i = 0; i < count; i++) {
      out.append("log[#log + 1] = tostring(select(2, pcall(function()\n");
      block();
      out.append("return ").append(value()).append("\nend)))\n");
    }
    out.append("for k, v in pairs(t) do log[#log + 1] = tostring(k) .. '=' .. type(v) end\n");
    out.append("for i, v in ipairs(log) do if v:find('^table: ') then log[i] = 'table' end end\n");
    out.append("return #t, #u, table.concat(log, ';')\n");
    return out.toString();
  }

  private void block() {
    int count = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      statement();
    }
  }

  private void statement() {
    if (++depth > 4) {
      out.append(name()).append(" = ").append(value()).append('\n');
      depth--;
      return;
    }
    switch (random.nextInt(9)) {
      case 0 -> nested("if " + value() + " then\n");
      case 1 -> nested("for i = 1, " + random.nextInt(9) + " do t[i * 2] = i\n");
      case 2 -> nested("for k, v in pairs({1, 2, x = 3}) do u[k] = v\n");
      case 3 -> nested("local " + name() + " = " + value() + " do\n");
      case 4 -> out.append(place()).append(" = ").append(value()).append('\n');
      case 5 ->
          out.append(place() + ", " + place() + " = " + value() + ", " + value()).append('\n');
      case 6 -> {
        out.append("local function f(a, ...)\n");
        block();
        out.append("return a, select('#', ...), ").append(value()).append("\nend\n");
        out.append(name()).append(" = f(").append(value()).append(", 1, 2)\n");
      }
      case 7 -> out.append("table.insert(t, ").append(value()).append(")\n");
      default -> out.append("t[#t] = nil\n");
    }
    depth--;
  }

  private void nested(String opening) {
    out.append(opening);
    block();
    out.append("end\n");
  }

  private String name() {
    return NAMES[random.nextInt(NAMES.length)];
  }

  private String place() {
    return switch (random.nextInt(4)) {
      case 0 -> name() + "." + KEYS[random.nextInt(KEYS.length)];
      case 1 -> "t[" + random.nextInt(12) + "]";
      default -> name();
    };
  }

  private String value() {
    if (++depth > 6) {
      depth--;
      return String.valueOf(random.nextInt(10));
    }
    String value =
        switch (random.nextInt(11)) {
          case 0 -> String.valueOf(random.nextInt(100));
          case 1 -> random.nextInt(1000) / 8.0 + "";
          case 2 -> "'" + KEYS[random.nextInt(KEYS.length)] + random.nextInt(10) + "'";
          case 3, 4 -> place();
          case 5 -> "(not " + value() + ")";
          case 6 -> "tostring(" + random.nextInt() / 7.0 + ")";
          case 7 -> "string.rep(" + value() + ", 2)";
          case 8 -> "tonumber(" + value() + ")";
          default ->
              "("
                  + value()
                  + " "
                  + OPERATORS[random.nextInt(OPERATORS.length)]
                  + " "
                  + value()
                  + ")";
        };
    depth--;
    return value;
  }
}
