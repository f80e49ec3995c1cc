package io.cinnabar.command;

import java.util.List;

/** Declares the commands of one family. */
public final class FamilyBuilder {

  private final CommandTable.Builder table;
  private final String group;
  private final List<AclCategory> categories;

  FamilyBuilder(CommandTable.Builder table, String group, AclCategory... categories) {
    this.table = table;
    this.group = group;
    this.categories = List.of(categories);
  }

  /**
   * Declares a command, or, named {@code CONTAINER|NAME}, a subcommand of a container that is
   * declared already.
   *
   * @param syntax name and arguments, in the language of {@link Syntax}
   */
  public CommandBuilder command(String syntax, Handler handler) {
    return table.add(new CommandBuilder(group, syntax, handler).acl(categories));
  }

  /** Declares a command that only holds subcommands. */
  public CommandBuilder container(String name) {
    return table.add(new CommandBuilder(group, name, FamilyBuilder::onlyContains).arity(-2));
  }

  private static void onlyContains(Call call) {
    throw new IllegalStateException("a container without a handler was run");
  }
}
