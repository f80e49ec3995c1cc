package io.cinnabar;

import io.cinnabar.command.CommandTable;
import io.cinnabar.config.Config;
import io.cinnabar.config.ConfigCommands;
import io.cinnabar.family.ClientCommands;
import io.cinnabar.family.CommandCommands;
import io.cinnabar.family.ConnectionCommands;
import io.cinnabar.family.CounterCommands;
import io.cinnabar.family.DatabaseCommands;
import io.cinnabar.family.ExpireCommands;
import io.cinnabar.family.KeyCommands;
import io.cinnabar.family.ScanCommands;
import io.cinnabar.family.ServerCommands;
import io.cinnabar.family.StringCommands;
import io.cinnabar.family.SubstringCommands;
import io.cinnabar.observe.Info;
import io.cinnabar.observe.InfoCommands;

/** Every command there is, family by family. */
final class CommandFamilies {

  private CommandFamilies() {}

  static CommandTable table(Config config, Info info) {
    CommandTable.Builder table = CommandTable.builder();
    ClientCommands.declare(table);
    CommandCommands.declare(table);
    ConnectionCommands.declare(table);
    DatabaseCommands.declare(table);
    ExpireCommands.declare(table);
    KeyCommands.declare(table);
    ScanCommands.declare(table);
    ServerCommands.declare(table);
    StringCommands.declare(table);
    CounterCommands.declare(table);
    SubstringCommands.declare(table);
    ConfigCommands.declare(table, config);
    InfoCommands.declare(table, info);
    return table.build();
  }
}
