package io.cinnabar.persistence;

/** Somebody has cancelled the writing of a file: leads out of the middle of a value. */
final class Cancelled extends RuntimeException {

  private static final long serialVersionUID = 1L;

  Cancelled() {
    super(null, null, false, false);
  }
}
