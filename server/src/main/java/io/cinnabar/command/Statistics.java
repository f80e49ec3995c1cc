package io.cinnabar.command;

/** Counters that INFO shows; written on the loop's thread, reset by CONFIG RESETSTAT. */
public final class Statistics {
  public long connectionsReceived;
  public long connectionsRejected;
  public long commandsProcessed;
  public long errorReplies;
  public final CommandStatistics commands;
  public final ErrorStatistics errors = new ErrorStatistics();

  /** Attempts to log in with a wrong name or password. */
  public long deniedLogins;

  public long inputBytes;
  public long outputBytes;
  public long keyspaceHits;
  public long keyspaceMisses;
  public long expiredKeys;
  public long expireCycleMicros;
  public long queryBufferLimitDisconnections;
  public long outputBufferLimitDisconnections;

  /**
   * @param commandCount {@link CommandTable#count}
   */
  public Statistics(int commandCount) {
    commands = new CommandStatistics(commandCount);
  }

  void errorReply(String code) {
    errorReplies++;
    errors.count(code);
  }

  /** Sets every counter back to zero. */
  public void reset() {
    connectionsReceived = 0;
    connectionsRejected = 0;
    commandsProcessed = 0;
    errorReplies = 0;
    commands.reset();
    errors.reset();
    deniedLogins = 0;
    inputBytes = 0;
    outputBytes = 0;
    keyspaceHits = 0;
    keyspaceMisses = 0;
    expiredKeys = 0;
    expireCycleMicros = 0;
    queryBufferLimitDisconnections = 0;
    outputBufferLimitDisconnections = 0;
  }
}
