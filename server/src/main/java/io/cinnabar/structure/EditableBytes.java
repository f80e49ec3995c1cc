package io.cinnabar.structure;

/**
 * Bytes that can be made longer and shorter: a value in its entry, a leaf of a tree. What a
 * structure that lies in them changes, it changes through this. Not to be kept beyond the call that
 * it was handed to.
 */
public interface EditableBytes {

  /** The array that they lie in; another one after a {@link #resize}, perhaps. */
  byte[] array();

  /** The index of the first of them; another one after a {@link #resize}, perhaps. */
  int offset();

  /** How many they are. */
  int length();

  /**
   * Makes them {@code length} bytes and free to be written. The first ones are kept, as many as
   * there were or are to be; what is added is undefined.
   *
   * @throws io.cinnabar.arena.ArenaFullException and has changed nothing
   */
  void resize(int length);
}
