package io.cinnabar.host;

/**
 * An address to connect to.
 *
 * @param host IP address or name
 * @param port TCP port
 * @param sourceHost the address of this machine to come from, if it has it; empty for any
 * @param tls whether TLS is spoken, as {@link Network#secure} has it
 */
public record ConnectAddress(String host, int port, String sourceHost, boolean tls) {

  /** Without TLS, from whichever address. */
  public ConnectAddress(String host, int port) {
    this(host, port, "", false);
  }
}
