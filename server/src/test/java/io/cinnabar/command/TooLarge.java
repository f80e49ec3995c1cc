package io.cinnabar.command;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.AbstractList;
import java.util.List;

/** A command that there is no memory for when it is written down. */
public final class TooLarge extends AbstractList<byte[]> {

  public static final List<byte[]> COMMAND = new TooLarge();

  private TooLarge() {}

  @Override
  public byte[] get(int index) {
    if (index > 0) {
      throw new OutOfMemoryError();
    }
    return "SET".getBytes(US_ASCII);
  }

  @Override
  public int size() {
    return 3;
  }
}
