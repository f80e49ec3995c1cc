package io.cinnabar.family;

import static io.cinnabar.command.AclCategory.CONNECTION;
import static io.cinnabar.command.CommandFlag.LOADING;
import static io.cinnabar.command.CommandFlag.STALE;

import io.cinnabar.command.AclCategory;
import io.cinnabar.command.Call;
import io.cinnabar.command.Command;
import io.cinnabar.command.CommandArguments;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.CommandFlag;
import io.cinnabar.command.CommandTable;
import io.cinnabar.command.CommandTips;
import io.cinnabar.command.FamilyBuilder;
import io.cinnabar.command.HelpReply;
import io.cinnabar.command.KeyPositions;
import io.cinnabar.resp.ReplyWriter;
import io.cinnabar.structure.Glob;
import io.cinnabar.structure.Slice;
import java.util.List;
import java.util.function.Predicate;

/** COMMAND: what the server knows of its commands. */
public final class CommandCommands {

  private static final String EACH_COMMAND = "O(N) for N names";
  private static final String EACH_ARGUMENT = "O(N) for N arguments";
  private static final String ALL_COMMANDS = "O(N) for N commands in the table";

  private CommandCommands() {}

  public static void declare(CommandTable.Builder table) {
    FamilyBuilder server = table.family("server", CONNECTION);
    server
        .command("COMMAND", CommandCommands::command)
        .arity(-1)
        .flags(LOADING, STALE)
        .tips(CommandTips.NONDETERMINISTIC_OUTPUT_ORDER)
        .since("2.8.13")
        .complexity(ALL_COMMANDS)
        .summary("Describes all commands.");
    declareDescriptions(server);
    declareKeys(server);
    server
        .command("COMMAND|HELP", CommandCommands::help)
        .flags(LOADING, STALE)
        .since("5.0.0")
        .complexity("O(1)")
        .summary("Lists the subcommands.");
  }

  private static void declareDescriptions(FamilyBuilder server) {
    server
        .command("COMMAND|COUNT", CommandCommands::count)
        .flags(LOADING, STALE)
        .since("2.8.13")
        .complexity("O(1)")
        .summary("Counts the commands.");
    server
        .command(
            "COMMAND|LIST [FILTERBY filterby:(MODULE module-name | ACLCAT category"
                + " | PATTERN pattern)]",
            CommandCommands::list)
        .flags(LOADING, STALE)
        .tips(CommandTips.NONDETERMINISTIC_OUTPUT_ORDER)
        .since("7.0.0")
        .complexity(ALL_COMMANDS)
        .summary("Names the commands, or some.");
    server
        .command("COMMAND|INFO [command-name...]", CommandCommands::info)
        .flags(LOADING, STALE)
        .tips(CommandTips.NONDETERMINISTIC_OUTPUT_ORDER)
        .since("2.8.13")
        .complexity(EACH_COMMAND)
        .summary("Describes commands for clients and proxies.")
        .history("7.0.0", "Without names it tells of all commands.");
    server
        .command("COMMAND|DOCS [command-name...]", CommandCommands::docs)
        .flags(LOADING, STALE)
        .tips(CommandTips.NONDETERMINISTIC_OUTPUT_ORDER)
        .since("7.0.0")
        .complexity(EACH_COMMAND)
        .summary("Describes commands for people.");
  }

  private static void declareKeys(FamilyBuilder server) {
    server
        .command("COMMAND|GETKEYS command [arg...]", CommandCommands::getkeys)
        .flags(LOADING, STALE)
        .since("2.8.13")
        .complexity(EACH_ARGUMENT)
        .summary("Finds the keys in a command.");
    server
        .command("COMMAND|GETKEYSANDFLAGS command [arg...]", CommandCommands::getkeysandflags)
        .flags(LOADING, STALE)
        .since("7.0.0")
        .complexity(EACH_ARGUMENT)
        .summary("Finds the keys in a command and what it does with them.");
  }

  private static void command(Call call) {
    writeAll(call);
  }

  private static void count(Call call) {
    call.reply().integer(call.engine().table().commands().size());
  }

  private static void list(Call call) {
    if (call.argCount() == 2) {
      writeNames(call, command -> true);
      return;
    }
    if (call.argCount() != 5 || !call.arg(2).equalsIgnoreCase("filterby")) {
      throw CommandError.SYNTAX;
    }
    Slice kind = call.arg(3);
    Slice value = call.arg(4);
    if (kind.equalsIgnoreCase("module")) {
      // No command comes from a module.
      call.reply().array(0);
    } else if (kind.equalsIgnoreCase("aclcat")) {
      AclCategory category = AclCategory.named(value);
      writeNames(call, command -> category != null && command.in(category));
    } else if (kind.equalsIgnoreCase("pattern")) {
      writeNames(call, command -> Glob.matchesIgnoreCase(value, Slice.of(command.fullName())));
    } else {
      throw CommandError.SYNTAX;
    }
  }

  private static void writeNames(Call call, Predicate<Command> filter) {
    int mark = call.reply().beginDeferred();
    call.reply().endArray(mark, writeNames(call.reply(), call.engine().table().commands(), filter));
  }

  private static int writeNames(
      ReplyWriter reply, List<Command> commands, Predicate<Command> filter) {
    int count = 0;
    for (Command command : commands) {
      if (filter.test(command)) {
        reply.bulk(command.fullName());
        count++;
      }
      count += writeNames(reply, command.subcommands(), filter);
    }
    return count;
  }

  private static void info(Call call) {
    if (call.argCount() == 2) {
      writeAll(call);
      return;
    }
    call.reply().array(call.argCount() - 2);
    for (int i = 2; i < call.argCount(); i++) {
      Command command = call.engine().table().findFullName(call.arg(i));
      if (command == null) {
        call.reply().nullBulk();
      } else {
        CommandInfoReply.write(call.reply(), command);
      }
    }
  }

  private static void writeAll(Call call) {
    List<Command> commands = call.engine().table().commands();
    call.reply().array(commands.size());
    for (Command command : commands) {
      CommandInfoReply.write(call.reply(), command);
    }
  }

  private static void docs(Call call) {
    if (call.argCount() == 2) {
      List<Command> commands = call.engine().table().commands();
      call.reply().map(commands.size());
      commands.forEach(command -> CommandDocsReply.write(call.reply(), command));
      return;
    }
    int mark = call.reply().beginDeferred();
    int found = 0;
    for (int i = 2; i < call.argCount(); i++) {
      Command command = call.engine().table().findFullName(call.arg(i));
      if (command != null) {
        CommandDocsReply.write(call.reply(), command);
        found++;
      }
    }
    call.reply().endMap(mark, found);
  }

  private static void getkeys(Call call) {
    KeyPositions keys = findKeys(call);
    call.reply().array(keys.count());
    for (int i = 0; i < keys.count(); i++) {
      call.reply().bulk(call.arg(2 + keys.index(i)));
    }
  }

  private static void getkeysandflags(Call call) {
    KeyPositions keys = findKeys(call);
    call.reply().array(keys.count());
    for (int i = 0; i < keys.count(); i++) {
      call.reply().array(2);
      call.reply().bulk(call.arg(2 + keys.index(i)));
      CommandInfoReply.writeKeyFlags(call.reply(), keys.flags(i));
    }
  }

  private static KeyPositions findKeys(Call call) {
    CommandArguments inner = new InnerCommand(call);
    Command command = call.engine().table().resolve(inner);
    if (command == null) {
      throw new CommandError("ERR Invalid command specified");
    }
    if (!command.hasKeys()) {
      throw new CommandError("ERR The command has no key arguments");
    }
    if (!command.acceptsArgumentCount(inner.argCount())) {
      throw new CommandError("ERR Invalid number of arguments specified for command");
    }
    KeyPositions keys = new KeyPositions();
    if (!command.findKeys(inner, keys)) {
      keys.clear();
    }
    if (keys.count() == 0 && !command.has(CommandFlag.NO_MANDATORY_KEYS)) {
      throw new CommandError("ERR Invalid arguments specified for command");
    }
    return keys;
  }

  private static void help(Call call) {
    HelpReply.write(
        call,
        "(no subcommand)",
        "Describe all commands for clients and proxies.",
        "COUNT",
        "Count the commands.",
        "LIST [FILTERBY (MODULE <module>|ACLCAT <category>|PATTERN <pattern>)]",
        "Name all commands, or those that the filter lets through.",
        "INFO [<command-name> ...]",
        "Describe the named commands, or all, for clients and proxies.",
        "DOCS [<command-name> ...]",
        "Describe the named commands, or all, for people.",
        "GETKEYS <full-command>",
        "Find the keys in a command.",
        "GETKEYSANDFLAGS <full-command>",
        "Find the keys in a command and what it does with them.");
  }

  /** The command that stands behind COMMAND GETKEYS. */
  private record InnerCommand(Call call) implements CommandArguments {

    @Override
    public int argCount() {
      return call.argCount() - 2;
    }

    @Override
    public Slice arg(int index) {
      return call.arg(index + 2);
    }
  }
}
