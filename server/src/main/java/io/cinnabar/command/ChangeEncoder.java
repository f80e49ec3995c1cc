package io.cinnabar.command;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.cinnabar.command.Change.Propagated;
import io.cinnabar.resp.CommandWriter;
import java.util.List;

/**
 * Writes changes as the commands of one client, for a file or for replicas: several commands of a
 * change as one transaction, each behind a SELECT where it is for another database than the one
 * before. On the loop's thread.
 */
public final class ChangeEncoder {

  private static final int NO_DATABASE = -1;

  private static final byte[] SELECT = "SELECT".getBytes(US_ASCII);
  private static final List<byte[]> MULTI = List.of("MULTI".getBytes(US_ASCII));
  private static final List<byte[]> EXEC = List.of("EXEC".getBytes(US_ASCII));

  private final boolean withMessages;
  private int database = NO_DATABASE;

  /**
   * @param withMessages whether commands are written that change no data
   */
  public ChangeEncoder(boolean withMessages) {
    this.withMessages = withMessages;
  }

  /** The next command says which database it is for, whatever was said before. */
  public void forgetDatabase() {
    database = NO_DATABASE;
  }

  /** For which database the last command was; -1 where the next one says it anyway. */
  public int database() {
    return database;
  }

  /** How many commands of a change are written. */
  public int count(Change change) {
    List<Propagated> commands = change.commands();
    int count = 0;
    for (int i = 0; i < commands.size(); i++) {
      count += isWritten(commands.get(i)) ? 1 : 0;
    }
    return count;
  }

  private boolean isWritten(Propagated command) {
    return withMessages || !command.isMessage();
  }

  /**
   * Writes a change.
   *
   * @param count how many of its commands are written, at least one
   */
  public void encode(Change change, int count, CommandWriter out) {
    List<Propagated> commands = change.commands();
    if (count > 1) {
      select(commands.get(0).database(), out);
      out.command(MULTI);
    }
    for (int i = 0; i < commands.size(); i++) {
      Propagated command = commands.get(i);
      if (isWritten(command)) {
        select(command.database(), out);
        out.command(command.arguments());
      }
    }
    if (count > 1) {
      out.command(EXEC);
    }
  }

  private void select(int index, CommandWriter out) {
    if (index != database) {
      out.command(List.of(SELECT, Integer.toString(index).getBytes(US_ASCII)));
      database = index;
    }
  }
}
