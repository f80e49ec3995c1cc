package io.cinnabar.command;

import io.cinnabar.structure.Slice;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Every command of the server: the single source for arity, flags, keys, ACL categories, COMMAND,
 * routing and replication. Immutable; any thread may read it.
 *
 * <pre>{@code
 * FamilyBuilder list = table.family("list");
 * list.command("LMOVE source:key destination:key wherefrom:LEFT|RIGHT whereto:LEFT|RIGHT", ListCommands::lmove)
 *     .flags(WRITE, DENYOOM).key(1, RW, ACCESS, DELETE).key(2, RW, INSERT)
 *     .since("6.2.0").complexity("O(1)").summary("Moves one element between lists.");
 * }</pre>
 */
public final class CommandTable {

  private final List<Command> commands;
  private final CommandIndex index;
  private final int count;

  private CommandTable(List<Command> commands, CommandIndex index, int count) {
    this.commands = List.copyOf(commands);
    this.index = index;
    this.count = count;
  }

  public static Builder builder() {
    return new Builder();
  }

  /** The command of that name, whatever its case; null if there is none. */
  public @Nullable Command find(Slice name) {
    return index.find(name.array, name.offset, name.length);
  }

  /** The subcommand of that name, whatever its case; null if there is none. */
  public @Nullable Command findSubcommand(Command container, Slice name) {
    return container.subcommand(name.array, name.offset, name.length);
  }

  /** The command or, as {@code container|name}, the subcommand; null if there is none. */
  public @Nullable Command findFullName(Slice fullName) {
    int bar = 0;
    while (bar < fullName.length && fullName.at(bar) != '|') {
      bar++;
    }
    Command command = index.find(fullName.array, fullName.offset, bar);
    if (command == null || bar == fullName.length) {
      return command;
    }
    return command.subcommand(fullName.array, fullName.offset + bar + 1, fullName.length - bar - 1);
  }

  /** The command, or where it is a container the subcommand, that {@code arguments} call. */
  public @Nullable Command resolve(CommandArguments arguments) {
    Command command = find(arguments.arg(0));
    return command == null || !command.isContainer() || arguments.argCount() == 1
        ? command
        : findSubcommand(command, arguments.arg(1));
  }

  /** Commands and containers, without subcommands, in the order of their declaration. */
  public List<Command> commands() {
    return commands;
  }

  /** How many commands and subcommands there are: one more than the greatest {@link Command#id}. */
  public int count() {
    return count;
  }

  /** Collects declarations. A family's class adds its own. */
  public static final class Builder {

    private final Map<String, CommandBuilder> declared = new LinkedHashMap<>();

    /**
     * Once a command was renamed: the names under which commands are found, with their own names;
     * an empty one where a command is found no more.
     */
    private final Map<String, String> names = new LinkedHashMap<>();

    private Builder() {}

    /**
     * The builder of a family's commands: {@code group} is what COMMAND DOCS files them under, and
     * gives them its ACL category where it has one.
     */
    public FamilyBuilder family(String group) {
      AclCategory category = AclCategory.ofGroup(group);
      return category == null
          ? new FamilyBuilder(this, group)
          : new FamilyBuilder(this, group, category);
    }

    /** A family whose commands have {@code categories} in place of the group's. */
    public FamilyBuilder family(String group, AclCategory... categories) {
      return new FamilyBuilder(this, group, categories);
    }

    CommandBuilder add(CommandBuilder command) {
      String fullName = command.fullName();
      int bar = fullName.indexOf('|');
      if (bar > 0) {
        CommandBuilder container = declared.get(fullName.substring(0, bar));
        if (container == null) {
          throw new IllegalArgumentException("declare the container before " + fullName);
        }
        container.addSubcommand(command);
      } else if (declared.putIfAbsent(fullName, command) != null) {
        throw new IllegalArgumentException("declared twice: " + fullName);
      }
      return command;
    }

    /**
     * Has a declared command found under another name, and no more under its own; it is still the
     * same command in all that is told of it.
     *
     * @param name its name, or one that it was given here; any case
     * @param other the new name; empty if it is to be found no more
     * @return why it can't be, in Redis's words; null if it was done
     */
    public @Nullable String rename(String name, String other) {
      for (String own : declared.keySet()) {
        names.putIfAbsent(own, own);
      }
      String from = lowerCase(name);
      String own = names.get(from);
      if (own == null || own.isEmpty()) {
        return "No such command in rename-command";
      }
      String to = lowerCase(other);
      if (!to.isEmpty() && !to.equals(from) && !names.getOrDefault(to, "").isEmpty()) {
        return "Target command name already exists";
      }
      names.put(from, "");
      if (!to.isEmpty()) {
        names.put(to, own);
      }
      return null;
    }

    /** ASCII letters only, as names are looked up. */
    private static String lowerCase(String name) {
      StringBuilder lower = new StringBuilder(name.length());
      for (int i = 0; i < name.length(); i++) {
        char c = name.charAt(i);
        lower.append(c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c);
      }
      return lower.toString();
    }

    public CommandTable build() {
      List<Command> commands = new ArrayList<>();
      Map<String, Command> byName = new LinkedHashMap<>();
      int count = 0;
      for (CommandBuilder builder : declared.values()) {
        Command command = new Command(builder, count);
        commands.add(command);
        byName.put(builder.fullName(), command);
        count += 1 + command.subcommands().size();
      }
      return new CommandTable(commands, index(byName), count);
    }

    /** Over the names under which the commands are found. */
    private CommandIndex index(Map<String, Command> byOwnName) {
      if (names.isEmpty()) {
        return new CommandIndex(byOwnName);
      }
      Map<String, Command> byName = new LinkedHashMap<>();
      names.forEach(
          (name, own) -> {
            Command command = byOwnName.get(own);
            if (command != null) {
              byName.put(name, command);
            }
          });
      return new CommandIndex(byName);
    }
  }
}
