package io.cinnabar.command;

import io.cinnabar.structure.Slice;
import org.jspecify.annotations.Nullable;

/** The users of the server, as far as executing commands has to do with them. */
public interface Access {

  /** Who everybody is that has not said so yet. */
  User defaultUser();

  /** The user of that name; null if there is none. */
  @Nullable User find(Slice name);

  /**
   * Makes a client a user.
   *
   * @throws CommandError when name or password are wrong, or the user is disabled; which of these
   *     is not told
   */
  void logIn(Call call, Slice name, Slice password);

  /** Takes note that a client was denied something. */
  void denied(Session session, Command command, CommandArguments arguments, Denial denial);
}
