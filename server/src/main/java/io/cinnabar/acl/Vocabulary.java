package io.cinnabar.acl;

import io.cinnabar.command.Command;
import io.cinnabar.command.CommandTable;
import io.cinnabar.config.Config;
import io.cinnabar.config.Parameters;
import io.cinnabar.host.Log;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What rules are about: the commands, by the names that they were declared with, whatever they were
 * renamed to; and what a user may do with channels before anything is said of them.
 */
final class Vocabulary {

  /** What the arguments of a command are who speaks of channels. */
  enum Channels {
    NONE,
    /** The first argument is a channel. */
    FIRST,
    /** All arguments are channels. */
    ALL,
    /** All arguments are patterns of channels. */
    PATTERNS
  }

  private final Map<String, Command> byName = new LinkedHashMap<>();
  private final Channels[] channels;
  private final Config config;
  private final Log log;

  Vocabulary(CommandTable table, Config config, Log log) {
    this.config = config;
    this.log = log;
    channels = new Channels[table.count()];
    addAll(table.commands());
  }

  private void addAll(List<Command> commands) {
    for (Command command : commands) {
      byName.put(command.fullName(), command);
      channels[command.id()] = channelsOf(command.fullName());
      addAll(command.subcommands());
    }
  }

  private static Channels channelsOf(String name) {
    return switch (name) {
      case "publish", "spublish" -> Channels.FIRST;
      case "subscribe", "ssubscribe" -> Channels.ALL;
      case "psubscribe" -> Channels.PATTERNS;
      default -> Channels.NONE;
    };
  }

  /** The command, or as {@code container|name} the subcommand; null if there is none. */
  @Nullable Command find(String name) {
    return byName.get(ByteText.lowerCase(name));
  }

  /** All commands and subcommands. */
  Iterable<Command> commands() {
    return byName.values();
  }

  /** The greatest id of a command, and one. */
  int commandCount() {
    return channels.length;
  }

  Channels channels(Command command) {
    return channels[command.id()];
  }

  /** Whether new users may use all channels. */
  boolean allowsChannels() {
    return config.word(Parameters.ACL_PUBSUB_DEFAULT).equals("allchannels");
  }

  /** Says that a rule allows a command with a certain first argument. */
  void warnOfFirstArgument(String rule) {
    log.warning(
        "Deprecation warning: Allowing a first arg of an otherwise blocked command is a misuse of"
            + " ACL and may get disabled in the future (offender: +"
            + rule
            + ")");
  }
}
