package io.cinnabar.virtual;

/**
 * Ends a server in the middle of what it does with its disk. No handler of exceptions in it may
 * take this for something that it can deal with, so it is no exception.
 */
public final class PowerFailure extends Error {

  private static final long serialVersionUID = 1L;

  PowerFailure() {
    super("the power has failed", null, false, false);
  }
}
