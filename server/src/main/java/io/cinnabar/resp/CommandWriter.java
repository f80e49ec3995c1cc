package io.cinnabar.resp;

import io.cinnabar.structure.IntegerText;
import io.cinnabar.structure.Slice;
import java.util.List;

/**
 * Writes commands as a client would send them, wherever the bytes go. One thread writes.
 *
 * <pre>
 *   *2\r\n $6\r\nSELECT\r\n $1\r\n5\r\n
 * </pre>
 */
public abstract class CommandWriter {

  /** The longest head of a command or of an argument: a letter, a number, the line's end. */
  private static final int MAX_HEAD_BYTES = 1 + IntegerText.MAX_LONG_BYTES + 2;

  private final byte[] head = new byte[MAX_HEAD_BYTES];

  /** Takes these bytes, which may change afterwards. */
  public abstract void add(byte[] bytes, int offset, int length);

  /** Adds a command, given by its name and arguments. */
  public final void command(List<byte[]> arguments) {
    begin(arguments.size());
    for (int i = 0; i < arguments.size(); i++) {
      argument(arguments.get(i));
    }
  }

  /** Begins a command of so many arguments, its name included, which follow. */
  public final void begin(int arguments) {
    head('*', arguments);
  }

  public final void argument(byte[] bytes) {
    argument(bytes, 0, bytes.length);
  }

  public final void argument(Slice bytes) {
    argument(bytes.array, bytes.offset, bytes.length);
  }

  /** Adds a number that is not negative. */
  public final void argument(int number) {
    head('$', IntegerText.length(number));
    int end = IntegerText.write(number, head, 0);
    add(head, 0, end);
    endLine();
  }

  private void argument(byte[] bytes, int offset, int length) {
    head('$', length);
    add(bytes, offset, length);
    endLine();
  }

  private void endLine() {
    head[0] = '\r';
    head[1] = '\n';
    add(head, 0, 2);
  }

  private void head(char letter, int number) {
    head[0] = (byte) letter;
    int end = IntegerText.write(number, head, 1);
    head[end] = '\r';
    head[end + 1] = '\n';
    add(head, 0, end + 2);
  }
}
