package io.cinnabar.observe;

import static io.cinnabar.command.AclCategory.DANGEROUS;
import static io.cinnabar.command.CommandFlag.LOADING;
import static io.cinnabar.command.CommandFlag.STALE;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandTable;
import io.cinnabar.command.CommandTips;
import java.util.EnumSet;
import java.util.Set;

/** INFO: what the server tells about itself, in sections. */
public final class InfoCommands {

  private final Info info;

  private InfoCommands(Info info) {
    this.info = info;
  }

  public static void declare(CommandTable.Builder table, Info info) {
    table
        .family("server")
        .command("INFO [section...]", new InfoCommands(info)::info)
        .flags(LOADING, STALE)
        .acl(DANGEROUS)
        .tips(
            CommandTips.NONDETERMINISTIC_OUTPUT,
            CommandTips.REQUEST_ALL_SHARDS,
            CommandTips.RESPONSE_SPECIAL)
        .since("1.0.0")
        .complexity("O(1)")
        .summary("Tells state and statistics of the server.")
        .history("7.0.0", "Takes several sections.");
  }

  private void info(Call call) {
    Set<InfoSection> sections = EnumSet.noneOf(InfoSection.class);
    if (call.argCount() == 1) {
      sections.addAll(InfoSection.byDefault());
    }
    for (int i = 1; i < call.argCount(); i++) {
      sections.addAll(InfoSection.named(call.argText(i)));
    }
    call.reply().verbatim("txt", info.text(call.engine(), sections));
  }
}
