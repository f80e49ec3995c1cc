package io.cinnabar.command;

import io.cinnabar.structure.Slice;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Who a client is, and what that allows it. Clients keep the very object, so that a change of its
 * rules holds for all of them at once. On the loop's thread.
 */
public abstract class User {

  private final byte[] name;

  /** Tells that nothing is forbidden, which is so for most and costs them one branch a command. */
  private boolean unrestricted;

  protected User(byte[] name) {
    this.name = name;
  }

  /** Any bytes without spaces; not a copy, so not to be written to. */
  public final byte[] name() {
    return name;
  }

  /** The name with one char from 0 to 255 for each of its bytes. */
  public final String nameText() {
    return new String(name, StandardCharsets.ISO_8859_1);
  }

  /** Whether it may run any command on any key and any channel. */
  public final boolean isUnrestricted() {
    return unrestricted;
  }

  protected final void unrestricted(boolean unrestricted) {
    this.unrestricted = unrestricted;
  }

  /** Whether any password will do. */
  public abstract boolean isPasswordless();

  /** Whether it can be logged in as at all. */
  public abstract boolean isEnabled();

  /** Whether who is nobody else is this one without a password. */
  final boolean isOpen() {
    return isEnabled() && isPasswordless();
  }

  /**
   * Whether it may run this command with these arguments.
   *
   * @param arguments as many as the command asks for
   * @return null if it may
   */
  public abstract @Nullable Denial check(Command command, CommandArguments arguments);

  /**
   * Whether it may use a channel.
   *
   * @param isPattern whether {@code channel} is a pattern of channels to be subscribed to; that has
   *     to be allowed literally
   */
  public abstract boolean mayUseChannel(Slice channel, boolean isPattern);

  /** Whether what lets it run this command lets it read every key, too. */
  public abstract boolean mayReadAllKeys(Command command, CommandArguments arguments);

  @Override
  public final String toString() {
    return nameText();
  }
}
