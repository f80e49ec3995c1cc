package io.cinnabar.family;

import io.cinnabar.command.AclCategory;
import io.cinnabar.command.Command;
import io.cinnabar.command.CommandFlag;
import io.cinnabar.command.KeyFlag;
import io.cinnabar.command.KeySpec;
import io.cinnabar.resp.ReplyWriter;
import java.util.Locale;

/** Writes a command as COMMAND and COMMAND INFO show it: an array of ten. */
public final class CommandInfoReply {

  private static final CommandFlag[] FLAGS = CommandFlag.values();
  private static final AclCategory[] CATEGORIES = AclCategory.values();
  private static final KeyFlag[] KEY_FLAGS = KeyFlag.values();

  private CommandInfoReply() {}

  public static void write(ReplyWriter reply, Command command) {
    reply.array(10);
    reply.bulk(command.fullName());
    reply.integer(command.arity());
    writeFlags(reply, command);
    reply.integer(command.firstKey());
    reply.integer(command.lastKey());
    reply.integer(command.keyStep());
    writeCategories(reply, command);
    reply.set(command.tips().size());
    for (String tip : command.tips()) {
      reply.bulk(tip);
    }
    reply.set(command.keySpecs().size());
    for (KeySpec spec : command.keySpecs()) {
      writeKeySpec(reply, spec);
    }
    writeSubcommands(reply, command);
  }

  private static void writeFlags(ReplyWriter reply, Command command) {
    int mark = reply.beginDeferred();
    int count = 0;
    for (CommandFlag flag : FLAGS) {
      if (command.has(flag)) {
        reply.simple(flag.word());
        count++;
      }
    }
    reply.endSet(mark, count);
  }

  private static void writeCategories(ReplyWriter reply, Command command) {
    int mark = reply.beginDeferred();
    int count = 0;
    for (AclCategory category : CATEGORIES) {
      if (command.in(category)) {
        reply.simple(category.atWord());
        count++;
      }
    }
    reply.endSet(mark, count);
  }

  private static void writeSubcommands(ReplyWriter reply, Command command) {
    // Redis writes no subcommands as an empty set, and some as an array.
    if (command.isContainer()) {
      reply.array(command.subcommands().size());
    } else {
      reply.set(0);
    }
    for (Command subcommand : command.subcommands()) {
      write(reply, subcommand);
    }
  }

  private static void writeKeySpec(ReplyWriter reply, KeySpec spec) {
    String notes = spec.notes();
    reply.map(notes == null ? 3 : 4);
    if (notes != null) {
      reply.bulk("notes");
      reply.bulk(notes);
    }
    reply.bulk("flags");
    writeKeyFlags(reply, spec.flags());
    reply.bulk("begin_search");
    writeType(reply, spec.begin().name());
    switch (spec.begin()) {
      case INDEX -> writeSpec(reply, "index", spec.beginIndex());
      case KEYWORD -> {
        reply.map(2);
        reply.bulk("keyword");
        reply.bulk(String.valueOf(spec.keyword()));
        writeNumber(reply, "startfrom", spec.beginIndex());
      }
      case UNKNOWN -> reply.map(0);
    }
    reply.bulk("find_keys");
    writeType(reply, spec.find().name());
    switch (spec.find()) {
      case RANGE -> {
        reply.map(3);
        writeNumber(reply, "lastkey", spec.first());
        writeNumber(reply, "keystep", spec.step());
        writeNumber(reply, "limit", spec.second());
      }
      case KEYNUM -> {
        reply.map(3);
        writeNumber(reply, "keynumidx", spec.first());
        writeNumber(reply, "firstkey", spec.second());
        writeNumber(reply, "keystep", spec.step());
      }
      case UNKNOWN -> reply.map(0);
    }
  }

  /** Writes a set of key flags, made by {@link KeyFlag#setOf}. */
  static void writeKeyFlags(ReplyWriter reply, int flags) {
    reply.set(Integer.bitCount(flags));
    for (KeyFlag flag : KEY_FLAGS) {
      if (flag.in(flags)) {
        reply.simple(flag.word());
      }
    }
  }

  /** Begins a map of a type and, to be written next, its specification. */
  private static void writeType(ReplyWriter reply, String type) {
    reply.map(2);
    reply.bulk("type");
    reply.bulk(type.toLowerCase(Locale.ROOT));
    reply.bulk("spec");
  }

  private static void writeSpec(ReplyWriter reply, String name, int number) {
    reply.map(1);
    writeNumber(reply, name, number);
  }

  private static void writeNumber(ReplyWriter reply, String name, int number) {
    reply.bulk(name);
    reply.integer(number);
  }
}
