package io.cinnabar.command;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.cinnabar.resp.CommandWriter;
import java.util.List;

/**
 * Puts changes behind one another as the commands of one client, for a file or for replicas:
 * several commands of a change as one transaction, each behind a SELECT where it is for another
 * database than the one before. On the loop's thread.
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
    int count = 0;
    for (int i = 0; i < change.count(); i++) {
      count += isWritten(change, i) ? 1 : 0;
    }
    return count;
  }

  private boolean isWritten(Change change, int index) {
    return withMessages || !change.isMessage(index);
  }

  /**
   * Writes a change.
   *
   * @param count how many of its commands are written, at least one
   */
  public void encode(Change change, int count, CommandWriter out) {
    if (count > 1) {
      select(change.database(0), out);
      out.command(MULTI);
    }
    for (int i = 0; i < change.count(); i++) {
      if (isWritten(change, i)) {
        select(change.database(i), out);
        out.add(change.array(i), change.start(i), change.length(i));
      }
    }
    if (count > 1) {
      out.command(EXEC);
    }
  }

  private void select(int index, CommandWriter out) {
    if (index != database) {
      out.begin(2);
      out.argument(SELECT);
      out.argument(index);
      database = index;
    }
  }
}
