package io.cinnabar.arena;

/**
 * The arena has no room for a block: the heap is exhausted, or all references are taken. Nothing
 * has been changed by the call that threw it. Carries no stack trace, since a full server throws it
 * for every write.
 */
public final class ArenaFullException extends RuntimeException {

  ArenaFullException(String message) {
    super(message, null, false, false);
  }
}
