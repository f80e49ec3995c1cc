package io.cinnabar.host;

import java.io.IOException;

/** An address that can't be listened on because this machine does not have it, now or ever. */
public final class ListenException extends IOException {

  private static final long serialVersionUID = 1L;

  /** What the machine lacks. */
  public enum Reason {
    /** No interface has the address; a later try may succeed. */
    ADDRESS_NOT_AVAILABLE,

    /** The machine does not speak the address's protocol. */
    FAMILY_NOT_SUPPORTED
  }

  private final Reason reason;

  public ListenException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
