package io.cinnabar.acl;

import io.cinnabar.acl.AclException.Kind;
import io.cinnabar.command.AclCategory;
import io.cinnabar.command.Command;
import io.cinnabar.command.CommandArguments;
import io.cinnabar.structure.Slice;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * Which commands are allowed: a bit for each, and for some that are not, first arguments with which
 * they are. The rules that led there are kept, so that they can be told in the order in which they
 * were given.
 */
final class CommandRules {

  private final Vocabulary vocabulary;
  private final long[] bits;

  /** By the command's id, in lower case. */
  private final Map<Integer, List<String>> firstArguments = new HashMap<>();

  /** Whether commands are taken away from all, rather than given to none. */
  private boolean fromAll;

  /** What follows {@code +@all} or {@code -@all}; none speaks of what another has said. */
  private final List<String> rules = new ArrayList<>();

  /** Nothing is allowed. */
  CommandRules(Vocabulary vocabulary) {
    this.vocabulary = vocabulary;
    bits = new long[(vocabulary.commandCount() + Long.SIZE - 1) / Long.SIZE];
  }

  CommandRules(CommandRules other) {
    vocabulary = other.vocabulary;
    bits = other.bits.clone();
    other.firstArguments.forEach((id, words) -> firstArguments.put(id, new ArrayList<>(words)));
    fromAll = other.fromAll;
    rules.addAll(other.rules);
  }

  // ---- what is allowed

  boolean allow(Command command, CommandArguments arguments) {
    return isAllowed(command) || (!firstArguments.isEmpty() && allowsFirst(command, arguments));
  }

  private boolean isAllowed(Command command) {
    int id = command.id();
    return (bits[id >> 6] & (1L << id)) != 0;
  }

  private boolean allowsFirst(Command command, CommandArguments arguments) {
    List<String> words = firstArguments.get(command.id());
    if (words == null || arguments.argCount() < 2) {
      return false;
    }
    String first = ByteText.lowerCase(ByteText.word(ByteText.of(arguments.arg(1))));
    return words.contains(first);
  }

  /** Whether no command is missing. */
  boolean allowAll() {
    for (Command command : vocabulary.commands()) {
      if (!isAllowed(command)) {
        return false;
      }
    }
    return true;
  }

  // ---- rules

  /** {@code +@all} or {@code -@all}. */
  void setAll(boolean allowed) {
    Arrays.fill(bits, allowed ? -1 : 0);
    firstArguments.clear();
    rules.clear();
    fromAll = allowed;
  }

  /**
   * A command, a subcommand, a category with {@code @}, or, if allowed, a command with a first
   * argument.
   */
  void set(String name, boolean allowed) throws AclException {
    if (name.startsWith("@")) {
      setCategory(name.substring(1), allowed);
      remember(name, allowed);
    } else if (allowed && name.indexOf('|') >= 0) {
      allowPart(name);
    } else {
      Command command = find(name);
      setCommand(command, allowed);
      remember(command.fullName(), allowed);
    }
  }

  private void allowPart(String name) throws AclException {
    int bar = name.lastIndexOf('|');
    Command command = find(name.substring(0, bar));
    if (command.fullName().indexOf('|') >= 0) {
      throw new AclException(Kind.FIRST_ARGUMENT_OF_SUBCOMMAND);
    }
    if (bar + 1 == name.length()) {
      throw new AclException(Kind.SYNTAX);
    }
    if (command.isContainer()) {
      Command subcommand = find(name);
      setCommand(subcommand, true);
      remember(subcommand.fullName(), true);
    } else {
      vocabulary.warnOfFirstArgument(name);
      String word = ByteText.lowerCase(name.substring(bar + 1));
      List<String> words = firstArguments.computeIfAbsent(command.id(), id -> new ArrayList<>());
      if (!words.contains(word)) {
        words.add(word);
      }
      remember(name, true);
    }
  }

  private Command find(String name) throws AclException {
    Command command = vocabulary.find(name);
    if (command == null) {
      throw new AclException(Kind.UNKNOWN_COMMAND);
    }
    return command;
  }

  private void setCategory(String name, boolean allowed) throws AclException {
    AclCategory category = AclCategory.named(new Slice(ByteText.bytes(name)));
    if (category == null) {
      throw new AclException(Kind.UNKNOWN_COMMAND);
    }
    for (Command command : vocabulary.commands()) {
      if (command.in(category)) {
        setCommand(command, allowed);
      }
    }
  }

  /** With all its subcommands. */
  private void setCommand(Command command, boolean allowed) {
    setBit(command, allowed);
    firstArguments.remove(command.id());
    for (Command subcommand : command.subcommands()) {
      setBit(subcommand, allowed);
    }
  }

  private void setBit(Command command, boolean allowed) {
    int id = command.id();
    if (allowed) {
      bits[id >> 6] |= 1L << id;
    } else {
      bits[id >> 6] &= ~(1L << id);
    }
  }

  /** A rule takes the place of those on the same words, and of those on parts of its command. */
  private void remember(String name, boolean allowed) {
    String rule = ByteText.lowerCase(name);
    for (Iterator<String> each = rules.iterator(); each.hasNext(); ) {
      String other = each.next().substring(1);
      if (other.equals(rule) || other.startsWith(rule + "|")) {
        each.remove();
      }
    }
    rules.add((allowed ? '+' : '-') + rule);
  }

  /** The rules that lead here from a new user. */
  String text() {
    StringBuilder text = new StringBuilder(fromAll ? "+@all" : "-@all");
    for (String rule : rules) {
      text.append(' ').append(rule);
    }
    return text.toString();
  }
}
