package io.cinnabar.host;

/**
 * An address to listen on.
 *
 * @param host IP address or name; {@code *} and {@code ::*} mean every IPv4 and every IPv6 address;
 *     the path of the socket for a unix socket
 * @param port TCP port; 0 lets the machine choose; -1 for a unix socket
 * @param backlog length of the queue of connections not yet accepted
 * @param unixPermissions octal permission bits of a unix socket's file, or 0 to leave them
 * @param tls whether who connects there speaks TLS, as {@link Network#secure} has it
 */
public record ListenAddress(String host, int port, int backlog, int unixPermissions, boolean tls) {

  /** One without TLS. */
  public ListenAddress(String host, int port, int backlog, int unixPermissions) {
    this(host, port, backlog, unixPermissions, false);
  }

  public boolean isUnix() {
    return port < 0;
  }

  /** The same with another port. */
  public ListenAddress withPort(int other) {
    return new ListenAddress(host, other, backlog, unixPermissions, tls);
  }
}
