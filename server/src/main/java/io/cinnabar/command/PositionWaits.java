package io.cinnabar.command;

/** The clients that wait until what they have written is elsewhere, too. */
public final class PositionWaits {

  /** A replica has told how far it is. */
  public void acknowledged() {}
}
