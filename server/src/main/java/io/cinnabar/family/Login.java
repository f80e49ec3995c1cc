package io.cinnabar.family;

import io.cinnabar.command.Call;
import io.cinnabar.command.CommandError;
import io.cinnabar.command.Settings;
import io.cinnabar.structure.Slice;
import java.security.MessageDigest;

/** Logs connections in, for AUTH and HELLO. There is one user, {@code default}. */
final class Login {

  static final String DEFAULT_USER = "default";

  private static final Slice DEFAULT_USER_BYTES = Slice.of(DEFAULT_USER);

  private static final CommandError WRONG_PASSWORD =
      new CommandError("WRONGPASS invalid username-password pair or user is disabled.");

  private Login() {}

  /** Whether the default user needs no password: any will do. */
  static boolean isOpen(Settings settings) {
    return settings.password.length == 0;
  }

  /** Logs the call's connection in, or answers that name or password are wrong. */
  static void as(Call call, Slice user, Slice password) {
    if (!user.contentEquals(DEFAULT_USER_BYTES)) {
      throw denied(call);
    }
    asDefaultUser(call, password);
  }

  /** As {@link #as}, with the user's name left out. */
  static void asDefaultUser(Call call, Slice password) {
    Settings settings = call.engine().settings();
    // Compared in a time that tells nothing of how many bytes were right.
    if (!isOpen(settings) && !MessageDigest.isEqual(password.toByteArray(), settings.password)) {
      throw denied(call);
    }
    call.session().authenticated(true);
  }

  private static CommandError denied(Call call) {
    call.engine().statistics().deniedLogins++;
    return WRONG_PASSWORD;
  }
}
