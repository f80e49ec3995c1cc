package io.cinnabar;

import io.cinnabar.command.CommandTable;
import io.cinnabar.config.Config;
import io.cinnabar.observe.Info;
import io.cinnabar.virtual.VirtualHost;

/** The commands of all families, for tests of the table as a whole. */
public final class DeclaredCommands {

  private DeclaredCommands() {}

  public static CommandTable table() {
    Config config = new Config();
    return CommandFamilies.table(config, new Info(new VirtualHost(1).host(), config, () -> 0));
  }
}
