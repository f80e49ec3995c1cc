package io.cinnabar.persistence;

import io.cinnabar.command.BugReport;
import io.cinnabar.host.Log;
import io.cinnabar.host.Network;
import java.io.IOException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Something that is done with the journal's files: a worker does it, one step after the other; then
 * the loop hears how it went.
 */
abstract class JournalStep {

  private @Nullable IOException failure;

  /** Does it, on a worker. */
  abstract void work(JournalWriter writer) throws IOException;

  /**
   * It is over; on the loop.
   *
   * @param failure null if it was done
   */
  abstract void ended(@Nullable IOException failure);

  /** Does it and posts that it is over. */
  final void run(JournalWriter writer, Network network, Log log, Consumer<JournalStep> over) {
    failure = null;
    try {
      work(writer);
    } catch (IOException e) {
      failure = e;
    } catch (RuntimeException e) {
      log.warning(BugReport.of("writing the AOF file", e));
      failure = new IOException("internal error");
    } catch (OutOfMemoryError e) {
      failure = new IOException("Out of memory");
    }
    network.post(() -> over.accept(this));
  }

  /** Tells the loop. */
  final void end() {
    ended(failure);
  }
}
