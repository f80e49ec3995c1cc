package io.cinnabar.lua;

/** A local variable that a function within its scope uses: it may outlive the call. */
final class Cell {
  Object value;

  Cell(Object value) {
    this.value = value;
  }
}
