package io.cinnabar.command;

import java.util.Locale;

/**
 * The answer of a container's HELP: an array of lines for people, the syntax of each subcommand
 * with what it does indented below.
 */
public final class HelpReply {

  private static final String INDENT = "    ";

  private HelpReply() {}

  /**
   * Writes the reply; HELP itself is added.
   *
   * @param lines syntax and explanation of each subcommand in turn
   */
  public static void write(Call call, String... lines) {
    String name = call.command().fullName();
    int bar = name.indexOf('|');
    String container = (bar < 0 ? name : name.substring(0, bar)).toUpperCase(Locale.ROOT);
    call.reply().array(lines.length + 3);
    call.reply().simple(container + " <subcommand> [<arg> [value] [opt] ...]. Subcommands are:");
    for (int i = 0; i < lines.length; i += 2) {
      entry(call, lines[i], lines[i + 1]);
    }
    entry(call, "HELP", "Shows these lines.");
  }

  private static void entry(Call call, String syntax, String explanation) {
    call.reply().simple(syntax);
    call.reply().simple(INDENT + explanation);
  }
}
