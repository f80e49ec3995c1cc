package io.cinnabar.family;

import io.cinnabar.command.Argument;
import io.cinnabar.command.ArgumentType;
import io.cinnabar.command.Command;
import io.cinnabar.command.CommandDocs;
import io.cinnabar.resp.ReplyWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes commands as COMMAND DOCS shows them: a name, then a map. */
public final class CommandDocsReply {

  private final ReplyWriter reply;

  private CommandDocsReply(ReplyWriter reply) {
    this.reply = reply;
  }

  public static void write(ReplyWriter reply, Command command) {
    new CommandDocsReply(reply).write(command);
  }

  private void write(Command command) {
    CommandDocs docs = command.docs();
    reply.bulk(command.fullName());
    int mark = reply.beginDeferred();
    int pairs = text("summary", docs.summary());
    pairs += text("since", docs.since());
    pairs += text("group", docs.group());
    pairs += text("complexity", docs.complexity());
    pairs += flags("doc_flags", docs.flags());
    pairs += text("deprecated_since", docs.deprecatedSince());
    pairs += text("replaced_by", docs.replacedBy());
    pairs += history(docs.history());
    pairs += arguments(command.arguments());
    if (command.isContainer()) {
      reply.bulk("subcommands");
      reply.map(command.subcommands().size());
      command.subcommands().forEach(this::write);
      pairs++;
    }
    reply.endMap(mark, pairs);
  }

  /** Writes a pair unless there is no text; returns the number of pairs, as all do here. */
  private int text(String name, @Nullable String text) {
    if (text == null) {
      return 0;
    }
    reply.bulk(name);
    reply.bulk(text);
    return 1;
  }

  private int flags(String name, List<String> flags) {
    if (flags.isEmpty()) {
      return 0;
    }
    reply.bulk(name);
    reply.set(flags.size());
    flags.forEach(reply::simple);
    return 1;
  }

  private int history(List<CommandDocs.Change> history) {
    if (history.isEmpty()) {
      return 0;
    }
    reply.bulk("history");
    reply.set(history.size());
    for (CommandDocs.Change change : history) {
      reply.array(2);
      reply.bulk(change.version());
      reply.bulk(change.text());
    }
    return 1;
  }

  private int arguments(List<Argument> arguments) {
    if (arguments.isEmpty()) {
      return 0;
    }
    reply.bulk("arguments");
    reply.array(arguments.size());
    arguments.forEach(this::argument);
    return 1;
  }

  private void argument(Argument argument) {
    int mark = reply.beginDeferred();
    int pairs = text("name", argument.name());
    pairs += text("type", argument.type().word());
    if (argument.type() != ArgumentType.ONEOF && argument.type() != ArgumentType.BLOCK) {
      pairs += text("display_text", argument.displayText());
    }
    if (argument.keySpecIndex() >= 0) {
      reply.bulk("key_spec_index");
      reply.integer(argument.keySpecIndex());
      pairs++;
    }
    pairs += text("token", argument.token());
    pairs += text("since", argument.since());
    pairs += text("deprecated_since", argument.deprecatedSince());
    pairs += flags("flags", argument.flags());
    pairs += arguments(argument.children());
    reply.endMap(mark, pairs);
  }
}
