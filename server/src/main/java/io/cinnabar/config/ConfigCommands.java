package io.cinnabar.config;

import static io.cinnabar.command.CommandFlag.ADMIN;
import static io.cinnabar.command.CommandFlag.LOADING;
import static io.cinnabar.command.CommandFlag.NOSCRIPT;
import static io.cinnabar.command.CommandFlag.STALE;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.CommandTable;
import io.cinnabar.command.CommandTips;
import io.cinnabar.command.FamilyBuilder;
import io.cinnabar.command.HelpReply;
import io.cinnabar.config.Config.ChangeRefused;
import io.cinnabar.structure.Glob;
import io.cinnabar.structure.Slice;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** CONFIG: reads and changes the configuration of the running server. */
public final class ConfigCommands {

  private final Config config;

  private ConfigCommands(Config config) {
    this.config = config;
  }

  /** Declares the commands that read and change {@code config}. */
  public static void declare(CommandTable.Builder table, Config config) {
    ConfigCommands commands = new ConfigCommands(config);
    FamilyBuilder server = table.family("server");
    server
        .container("CONFIG")
        .since("2.0.0")
        .complexity("That of the subcommand.")
        .summary("Holds the commands about the configuration.");
    server
        .command("CONFIG|GET parameter...", commands::get)
        .flags(ADMIN, NOSCRIPT, LOADING, STALE)
        .since("2.0.0")
        .complexity("O(N) for N parameters")
        .summary("Reads the parameters whose names match.")
        .history("7.0.0", "Takes several patterns.");
    server
        .command("CONFIG|SET data:<parameter value>...", commands::set)
        .flags(ADMIN, NOSCRIPT, LOADING, STALE)
        .tips(CommandTips.REQUEST_ALL_NODES, CommandTips.RESPONSE_ALL_SUCCEEDED)
        .since("2.0.0")
        .complexity("O(N) for N parameters")
        .summary("Changes parameters, all of them or none.")
        .history("7.0.0", "Takes several parameters.");
    server
        .command("CONFIG|RESETSTAT", ConfigCommands::resetStat)
        .flags(ADMIN, NOSCRIPT, LOADING, STALE)
        .tips(CommandTips.REQUEST_ALL_NODES, CommandTips.RESPONSE_ALL_SUCCEEDED)
        .since("2.0.0")
        .complexity("O(1)")
        .summary("Sets the counters that INFO shows back to zero.");
    server
        .command("CONFIG|REWRITE", commands::rewrite)
        .flags(ADMIN, NOSCRIPT, LOADING, STALE)
        .tips(CommandTips.REQUEST_ALL_NODES, CommandTips.RESPONSE_ALL_SUCCEEDED)
        .since("2.8.0")
        .complexity("O(1)")
        .summary("Writes the configuration to the file that the server was started with.");
    server
        .command("CONFIG|HELP", ConfigCommands::help)
        .flags(LOADING, STALE)
        .since("5.0.0")
        .complexity("O(1)")
        .summary("Lists the subcommands.");
  }

  /** Names and values, in the order of declaration; a name without wildcards as it was spelled. */
  private void get(Call call) {
    List<byte[]> reply = new ArrayList<>();
    for (Parameter parameter : Parameters.all()) {
      get(call, parameter, parameter.name(), reply);
      String formerName = parameter.formerName();
      if (formerName != null) {
        get(call, parameter, formerName, reply);
      }
    }
    call.reply().map(reply.size() / 2);
    for (byte[] bulk : reply) {
      call.reply().bulk(bulk, 0, bulk.length);
    }
  }

  /** Adds the parameter under one of its names if any of the patterns asks for it. */
  private void get(Call call, Parameter parameter, String shownName, List<byte[]> reply) {
    Slice name = Slice.of(shownName);
    for (int i = 2; i < call.argCount(); i++) {
      boolean spelled = call.arg(i).equalsIgnoreCase(shownName);
      if (spelled || (!parameter.isHidden() && Glob.matchesIgnoreCase(call.arg(i), name))) {
        reply.add((spelled ? call.arg(i) : name).toByteArray());
        reply.add(ByteText.bytes(config.format(parameter)));
        return;
      }
    }
  }

  private void set(Call call) {
    if (call.argCount() % 2 != 0) {
      throw CommandError.SYNTAX;
    }
    redactSecrets(call);
    List<Parameter> parameters = new ArrayList<>();
    List<String> names = new ArrayList<>();
    List<String> values = new ArrayList<>();
    for (int i = 2; i < call.argCount(); i += 2) {
      parameters.add(changeable(call, i, names));
      names.add(ByteText.lowerCase(text(call, i)));
      values.add(text(call, i + 1));
    }
    try {
      config.change(parameters, values);
    } catch (ChangeRefused refused) {
      String name = names.get(refused.position);
      if (refused.byListener) {
        call.engine()
            .log()
            .warning(
                "Failed applying new configuration. Possibly related to new "
                    + name
                    + " setting. Restoring previous settings.");
      }
      throw failed(name, refused.refusal.reason());
    }
    for (Parameter parameter : parameters) {
      if (config.isWithoutEffect(parameter)) {
        call.engine().log().notice(parameter + " has no effect in this version");
      }
    }
    call.reply().ok();
  }

  private static void redactSecrets(Call call) {
    for (int i = 2; i < call.argCount(); i += 2) {
      Parameter parameter = Parameters.find(text(call, i));
      if (parameter != null && parameter.isSecret()) {
        call.redact(i + 1);
      }
    }
  }

  /** The parameter that is named, if CONFIG SET may change it beside those named {@code before}. */
  private Parameter changeable(Call call, int index, List<String> before) {
    String name = ByteText.lowerCase(text(call, index));
    Parameter parameter = Parameters.find(name);
    if (parameter == null) {
      throw new CommandError(
          "ERR Unknown option or number of arguments for CONFIG SET - '"
              + call.argText(index)
              + "'");
    }
    if (parameter.isImmutable()) {
      throw failed(name, "can't set immutable config");
    }
    if (parameter.isGuarded() && !mayChangeGuarded(call)) {
      throw failed(name, "can't set protected config");
    }
    if (before.contains(name)) {
      throw failed(name, "duplicate parameter");
    }
    return parameter;
  }

  private boolean mayChangeGuarded(Call call) {
    return config
        .get(Parameters.ENABLE_PROTECTED_CONFIGS)
        .allows(call.session().connection().isLocal());
  }

  private static CommandError failed(String name, String reason) {
    return new CommandError(
        "ERR CONFIG SET failed (possibly related to argument '" + name + "') - " + reason);
  }

  private static void resetStat(Call call) {
    call.engine().statistics().reset();
    call.reply().ok();
  }

  private void rewrite(Call call) {
    String path = config.file();
    if (path == null) {
      throw new CommandError("ERR The server is running without a config file");
    }
    try {
      config.rewriteFile(path);
    } catch (IOException failure) {
      call.engine().log().warning("CONFIG REWRITE failed: " + failure.getMessage());
      throw new CommandError("ERR Rewriting config file: " + failure.getMessage());
    }
    call.engine().log().notice("CONFIG REWRITE executed with success.");
    call.reply().ok();
  }

  private static void help(Call call) {
    HelpReply.write(
        call,
        "GET <pattern>",
        "Shows the parameters whose names match <pattern>, and their values.",
        "SET <directive> <value>",
        "Gives the parameter <directive> the value <value>.",
        "RESETSTAT",
        "Sets the counters of INFO back to zero.",
        "REWRITE",
        "Writes the configuration to its file.");
  }

  private static String text(Call call, int index) {
    return ByteText.of(call.arg(index).toByteArray());
  }
}
