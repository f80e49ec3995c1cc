package io.cinnabar.host;

/**
 * An address to listen on.
 *
 * @param host IP address or name; {@code *} and {@code ::*} mean every IPv4 and every IPv6 address;
 *     the path of the socket for a unix socket
 * @param port TCP port; 0 lets the machine choose; -1 for a unix socket
 * @param backlog length of the queue of connections not yet accepted
 * @param unixPermissions octal permission bits of a unix socket's file, or 0 to leave them
 */
public record ListenAddress(String host, int port, int backlog, int unixPermissions) {

  public boolean isUnix() {
    return port < 0;
  }
}
