package io.cinnabar.differential;

/** The protocol that a connection speaks. */
enum Protocol {
  RESP2("2"),
  RESP3("3");

  private final String version;

  Protocol(String version) {
    this.version = version;
  }

  /** The command that switches a connection to this protocol. */
  Command hello() {
    return Command.of("HELLO", version);
  }
}
