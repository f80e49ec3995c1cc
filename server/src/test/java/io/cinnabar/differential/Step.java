package io.cinnabar.differential;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One line of a case.
 *
 * @param line its number in the file
 * @param connection the name of the connection that it happens on
 * @param action what happens
 * @param text the line without its directives, as written
 * @param arguments the command, if this is one
 * @param blocks whether the client shows as blocked then, instead of getting a reply
 * @param replies how many replies to wait for
 * @param comparison how to compare them
 * @param known what a newer subject answers instead, if not the same
 * @param only the protocol it is confined to, if it is
 */
record Step(
    int line,
    String connection,
    Action action,
    String text,
    List<String> arguments,
    boolean blocks,
    int replies,
    Comparison comparison,
    @Nullable Expectation known,
    @Nullable Protocol only) {

  enum Action {
    /** A command is sent as an array of bulk strings. */
    COMMAND,
    /** The text is sent as it is, its escapes resolved. */
    RAW,
    /** Nothing is sent: replies come to what was sent before. */
    AWAIT,
    /** The connection is closed, and opened again by its next step. */
    RECONNECT
  }

  /**
   * What a subject answers instead of the reference's reply.
   *
   * @param reply as {@link Reply#toString} prints it
   */
  record Expectation(KnownDifference difference, String reply) {}
}
