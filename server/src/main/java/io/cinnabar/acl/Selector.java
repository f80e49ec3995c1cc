package io.cinnabar.acl;

import io.cinnabar.acl.AclException.Kind;
import io.cinnabar.acl.Vocabulary.Channels;
import io.cinnabar.command.Command;
import io.cinnabar.command.CommandArguments;
import io.cinnabar.command.CommandFlag;
import io.cinnabar.command.Denial.Reason;
import io.cinnabar.command.KeyPositions;
import io.cinnabar.structure.Glob;
import io.cinnabar.structure.Slice;
import java.util.ArrayList;
import java.util.List;

/**
 * Commands, and the keys and channels that they may be run on. A user has at least one, and may do
 * what any of them allows as a whole.
 */
final class Selector {

  private static final int ALL_PURPOSES = KeyPattern.READ | KeyPattern.WRITE;

  private final Vocabulary vocabulary;
  private final CommandRules commands;
  private final List<KeyPattern> keys = new ArrayList<>();
  private final List<Slice> channels = new ArrayList<>();
  private boolean allCommands;
  private boolean allKeys;
  private boolean allChannels;

  /** Allows nothing, unless the configuration gives channels to everybody. */
  Selector(Vocabulary vocabulary) {
    this.vocabulary = vocabulary;
    commands = new CommandRules(vocabulary);
    allChannels = vocabulary.allowsChannels();
  }

  Selector(Selector other) {
    vocabulary = other.vocabulary;
    commands = new CommandRules(other.commands);
    other.keys.forEach(key -> keys.add(new KeyPattern(key)));
    channels.addAll(other.channels);
    allCommands = other.allCommands;
    allKeys = other.allKeys;
    allChannels = other.allChannels;
  }

  // ---- what is allowed

  /** Whether it allows everything. */
  boolean isUnrestricted() {
    return allCommands && allKeys && allChannels;
  }

  /** Whether the command may run; if not, {@code check} knows why. */
  boolean permits(Command command, CommandArguments arguments, PermissionCheck check) {
    if (!allCommands && !command.has(CommandFlag.NO_AUTH) && !commands.allow(command, arguments)) {
      return check.deny(Reason.COMMAND, 0);
    }
    return (allKeys || permitsKeys(command, arguments, check))
        && (allChannels || permitsChannels(command, arguments, check));
  }

  private boolean permitsKeys(Command command, CommandArguments arguments, PermissionCheck check) {
    KeyPositions found = check.keys(command, arguments);
    for (int i = 0; i < found.count(); i++) {
      int index = found.index(i);
      if (!allowsKey(arguments.arg(index), PermissionCheck.purposes(found.flags(i)))) {
        return check.deny(Reason.KEY, index);
      }
    }
    return true;
  }

  private boolean allowsKey(Slice key, int purposes) {
    for (int i = 0; i < keys.size(); i++) {
      if (keys.get(i).allows(key, purposes)) {
        return true;
      }
    }
    return false;
  }

  private boolean permitsChannels(
      Command command, CommandArguments arguments, PermissionCheck check) {
    Channels kind = vocabulary.channels(command);
    if (kind == Channels.NONE) {
      return true;
    }
    int end = kind == Channels.FIRST ? 2 : arguments.argCount();
    for (int i = 1; i < end; i++) {
      if (!allowsChannel(arguments.arg(i), kind == Channels.PATTERNS)) {
        return check.deny(Reason.CHANNEL, i);
      }
    }
    return true;
  }

  /** Whether a channel may be used; a pattern has to be among those that are allowed. */
  boolean allowsChannel(Slice channel, boolean isPattern) {
    if (allChannels) {
      return true;
    }
    for (int i = 0; i < channels.size(); i++) {
      Slice allowed = channels.get(i);
      if (isPattern ? allowed.contentEquals(channel) : Glob.matches(allowed, channel)) {
        return true;
      }
    }
    return false;
  }

  /** Whether every key may be read. */
  boolean allowsReadingAllKeys() {
    return allKeys || keys.stream().anyMatch(KeyPattern::allowsReadingAll);
  }

  // ---- rules

  /** Changes what is allowed, as one rule says. */
  void apply(String rule) throws AclException {
    String word = ByteText.word(rule);
    switch (ByteText.lowerCase(word)) {
      case "allkeys", "~*" -> keysAre(true);
      case "resetkeys" -> keysAre(false);
      case "allchannels", "&*" -> channelsAre(true);
      case "resetchannels" -> channelsAre(false);
      case "allcommands", "+@all" -> commands.setAll(true);
      case "nocommands", "-@all" -> commands.setAll(false);
      default -> applyNamed(rule, word);
    }
    allCommands = commands.allowAll();
  }

  private void keysAre(boolean all) {
    allKeys = all;
    keys.clear();
  }

  private void channelsAre(boolean all) {
    allChannels = all;
    channels.clear();
  }

  private void applyNamed(String rule, String word) throws AclException {
    switch (word.isEmpty() ? 0 : word.charAt(0)) {
      case '~' -> addKeys(rule.substring(1), ALL_PURPOSES);
      case '%' -> addKeysFor(rule);
      case '&' -> addChannels(rule.substring(1));
      case '+' -> commands.set(word.substring(1), true);
      case '-' -> commands.set(word.substring(1), false);
      default -> throw new AclException(Kind.SYNTAX);
    }
  }

  /** Takes {@code %R~pattern}, {@code %W~pattern} or {@code %RW~pattern}. */
  private void addKeysFor(String rule) throws AclException {
    if (allKeys) {
      throw new AclException(Kind.KEYS_ARE_ALL);
    }
    int purposes = 0;
    int at = 1;
    while (at < rule.length() && rule.charAt(at) != '~') {
      int purpose =
          switch (rule.charAt(at)) {
            case 'R', 'r' -> KeyPattern.READ;
            case 'W', 'w' -> KeyPattern.WRITE;
            default -> 0;
          };
      if (purpose == 0 || (purposes & purpose) != 0) {
        throw new AclException(Kind.SYNTAX);
      }
      purposes |= purpose;
      at++;
    }
    if (purposes == 0) {
      throw new AclException(Kind.SYNTAX);
    }
    addKeys(rule.substring(Math.min(at + 1, rule.length())), purposes);
  }

  private void addKeys(String pattern, int purposes) throws AclException {
    if (allKeys) {
      throw new AclException(Kind.KEYS_ARE_ALL);
    }
    if (ByteText.hasSpaces(pattern)) {
      throw new AclException(Kind.SYNTAX);
    }
    for (KeyPattern key : keys) {
      if (key.text().equals(pattern)) {
        key.add(purposes);
        return;
      }
    }
    keys.add(new KeyPattern(pattern, purposes));
  }

  private void addChannels(String pattern) throws AclException {
    if (allChannels) {
      throw new AclException(Kind.CHANNELS_ARE_ALL);
    }
    if (ByteText.hasSpaces(pattern)) {
      throw new AclException(Kind.SYNTAX);
    }
    Slice bytes = new Slice(ByteText.bytes(pattern));
    for (Slice channel : channels) {
      if (channel.contentEquals(bytes)) {
        return;
      }
    }
    channels.add(bytes);
  }

  // ---- as text

  /** The rules on commands, as byte text like the rest. */
  String commandText() {
    return commands.text();
  }

  /** The patterns of keys, as rules. */
  String keyText() {
    if (allKeys) {
      return "~*";
    }
    List<String> rules = new ArrayList<>();
    keys.forEach(key -> rules.add(key.toString()));
    return String.join(" ", rules);
  }

  /** The patterns of channels, as rules. */
  String channelText() {
    if (allChannels) {
      return "&*";
    }
    List<String> rules = new ArrayList<>();
    channels.forEach(channel -> rules.add("&" + ByteText.of(channel)));
    return String.join(" ", rules);
  }

  /** All rules, which make a new selector equal to this one. */
  String text() {
    List<String> parts = new ArrayList<>();
    parts.add(keyText());
    parts.add(allChannels ? "" : "resetchannels");
    parts.add(channelText());
    parts.add(commandText());
    parts.removeIf(String::isEmpty);
    return String.join(" ", parts);
  }
}
