package io.cinnabar.structure;

/** What the cursor of a {@link CountedTree} is over that has not been moved over a tree. */
enum NoRoot implements EditableBytes {
  INSTANCE;

  private static final byte[] EMPTY = new byte[CountedTree.ROOT_BYTES];

  @Override
  public byte[] array() {
    return EMPTY;
  }

  @Override
  public int offset() {
    return 0;
  }

  @Override
  public int length() {
    return EMPTY.length;
  }

  @Override
  public void resize(int length) {
    throw new IllegalStateException("not attached to a tree");
  }
}
