package io.cinnabar.command;

/** Who may use DEBUG: nobody, everybody, or connections from this machine only. */
public enum DebugAccess {
  NO,
  YES,
  LOCAL
}
