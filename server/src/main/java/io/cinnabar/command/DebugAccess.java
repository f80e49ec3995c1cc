package io.cinnabar.command;

/**
 * Who may do what is locked by default, such as using DEBUG: nobody, everybody, or connections from
 * this machine only.
 */
public enum DebugAccess {
  NO,
  YES,
  LOCAL;

  /**
   * Whether a client may.
   *
   * @param local whether its connection comes from this machine
   */
  public boolean allows(boolean local) {
    return this == YES || (this == LOCAL && local);
  }
}
