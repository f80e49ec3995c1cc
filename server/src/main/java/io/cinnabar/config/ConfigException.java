package io.cinnabar.config;

/**
 * A value that a parameter does not take, or a directive that does not exist. The message is what
 * Redis says in the same case, without the frame that a config file or CONFIG SET puts around it.
 */
public final class ConfigException extends Exception {

  private static final long serialVersionUID = 1L;

  public ConfigException(String reason) {
    super(reason, null, false, false);
  }

  /** The reason; never null. */
  public String reason() {
    return String.valueOf(getMessage());
  }
}
