package io.cinnabar.lua;

import java.math.BigInteger;

/** {@code string.format}, as C's printf writes. */
final class Format {
  private final Arguments args;
  private final byte[] template;
  private final Bytes result;
  private int at;
  private int place = 1;

  /** One directive: its flags, width, and precision or -1. */
  private record Directive(String flags, int width, int precision) {
    boolean has(char flag) {
      return flags.indexOf(flag) >= 0;
    }
  }

  private Format(Arguments args) {
    this.args = args;
    this.template = args.string(1).bytes;
    this.result = new Bytes(args.lua());
  }

  static Object format(Arguments args) {
    return new Format(args).run();
  }

  private Object run() {
    while (at < template.length) {
      int c = template[at++];
      if (c != '%') {
        result.add(c);
      } else if (at < template.length && template[at] == '%') {
        result.add('%');
        at++;
      } else {
        if (args.isMissing(++place)) {
          throw args.error(place, "no value");
        }
        convert(directive());
      }
    }
    return result.toLuaString();
  }

  private Directive directive() {
    int start = at;
    while (at < template.length && "-+ #0".indexOf(template[at]) >= 0) {
      at++;
    }
    if (at - start >= 6) {
      throw args.lua().error("invalid format (repeated flags)");
    }
    String flags =
        new String(template, start, at - start, java.nio.charset.StandardCharsets.ISO_8859_1);
    int width = digits();
    int precision = -1;
    if (at < template.length && template[at] == '.') {
      at++;
      precision = digits();
    }
    if (at < template.length && isDigit()) {
      throw args.lua().error("invalid format (width or precision too long)");
    }
    return new Directive(flags, width, precision);
  }

  private boolean isDigit() {
    return template[at] >= '0' && template[at] <= '9';
  }

  private int digits() {
    int value = 0;
    for (int i = 0; i < 2 && at < template.length && isDigit(); i++) {
      value = value * 10 + template[at++] - '0';
    }
    return value;
  }

  private void convert(Directive directive) {
    int conversion = at < template.length ? template[at++] : 0;
    switch (conversion) {
      case 'c' -> pad(new byte[] {(byte) args.integer(place)}, directive);
      case 'd', 'i' -> signed(directive, args.integer(place));
      case 'o' -> unsigned(directive, args.number(place), 8, "0");
      case 'u' -> unsigned(directive, args.number(place), 10, "");
      case 'x' -> unsigned(directive, args.number(place), 16, "0x");
      case 'X' -> unsigned(directive, args.number(place), -16, "0X");
      case 'e', 'E', 'f', 'g', 'G' -> floating(directive, (char) conversion, args.number(place));
      case 'q' -> quoted(args.string(place).bytes);
      case 's' -> string(directive, args.string(place));
      default ->
          throw args.lua()
              .error(
                  "invalid option '%"
                      + (conversion == 0 ? "" : String.valueOf((char) (conversion & 0xff)))
                      + "' to 'format'");
    }
  }

  private void string(Directive directive, LuaString value) {
    if (directive.precision < 0 && value.length() >= 100) {
      result.add(value.bytes);
      return;
    }
    int zero = 0;
    while (zero < value.length() && value.bytes[zero] != 0) {
      zero++;
    }
    int end = directive.precision < 0 ? zero : Math.min(zero, directive.precision);
    pad(value.slice(0, end).bytes, directive);
  }

  private void pad(byte[] text, Directive directive) {
    int missing = directive.width - text.length;
    if (!directive.has('-')) {
      spaces(missing);
    }
    result.add(text);
    if (directive.has('-')) {
      spaces(missing);
    }
  }

  private void spaces(int count) {
    for (int i = 0; i < count; i++) {
      result.add(' ');
    }
  }

  private void signed(Directive directive, long value) {
    String digits = BigInteger.valueOf(value).abs().toString();
    String sign = value < 0 ? "-" : directive.has('+') ? "+" : directive.has(' ') ? " " : "";
    integer(directive, sign, digits, value == 0);
  }

  private void unsigned(Directive directive, double number, int base, String prefix) {
    long value = number >= 0x1p63 ? (long) (number - 0x1p63) ^ Long.MIN_VALUE : (long) number;
    String digits = Long.toUnsignedString(value, Math.abs(base));
    if (base < 0) {
      digits = digits.toUpperCase(java.util.Locale.ROOT);
    }
    boolean isShown = directive.has('#') && value != 0;
    if (isShown && base == 8) {
      digits = "0" + digits;
      isShown = false;
    }
    integer(directive, isShown ? prefix : "", digits, value == 0);
  }

  private void integer(Directive directive, String sign, String digits, boolean isZero) {
    String text = isZero && directive.precision == 0 ? "" : digits;
    text = "0".repeat(Math.max(0, directive.precision - text.length())) + text;
    if (directive.has('0') && !directive.has('-') && directive.precision < 0) {
      text = "0".repeat(Math.max(0, directive.width - sign.length() - text.length())) + text;
    }
    pad(ascii(sign + text), directive);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  private void floating(Directive directive, char conversion, double value) {
    int precision = directive.precision < 0 ? 6 : directive.precision;
    String text =
        switch (conversion) {
          case 'f' -> Decimals.fixed(value, precision);
          case 'e', 'E' -> Decimals.exponential(value, precision);
          default -> Decimals.general(value, precision, directive.has('#'));
        };
    if (conversion == 'E' || conversion == 'G') {
      text = text.toUpperCase(java.util.Locale.ROOT);
    }
    String sign =
        text.startsWith("-") ? "-" : directive.has('+') ? "+" : directive.has(' ') ? " " : "";
    String digits = text.startsWith("-") ? text.substring(1) : text;
    boolean isFinite = !Double.isNaN(value) && !Double.isInfinite(value);
    if (isFinite && directive.has('0') && !directive.has('-')) {
      digits = "0".repeat(Math.max(0, directive.width - sign.length() - digits.length())) + digits;
    }
    pad(ascii(sign + digits), directive);
  }

  private void quoted(byte[] text) {
    result.add('"');
    for (byte b : text) {
      switch (b) {
        case '"', '\\', '\n' -> {
          result.add('\\');
          result.add(b);
        }
        case '\r' -> result.add("\\r");
        case 0 -> result.add("\\000");
        default -> result.add(b);
      }
    }
    result.add('"');
  }
}
