package io.cinnabar.command;

import io.cinnabar.host.Log;

/** Counters that INFO shows; written on the loop's thread, reset by CONFIG RESETSTAT. */
public final class Statistics {

  /** What the newest slice of active expiry counts for in the average. */
  private static final double NEW_SHARE_WEIGHT = 0.05;

  public long connectionsReceived;
  public long connectionsRejected;
  public long commandsProcessed;
  public long errorReplies;

  /** Errors that a primary's commands have ended with. */
  public long unexpectedErrors;

  public final CommandStatistics commands;
  public final CommandLatencies latencies;
  public final ErrorStatistics errors = new ErrorStatistics();

  /** Attempts to log in with a wrong name or password. */
  public long deniedLogins;

  /** How often a user was denied a command, and the use of a key or a channel. */
  public long deniedCommands;

  public long deniedKeys;
  public long deniedChannels;

  /** Turns of the loop, and the time that they took without waiting for the network. */
  public long turns;

  public long turnNanos;

  /** How often bytes were taken from a connection, and how often some were handed to one. */
  public long reads;

  public long writes;

  public long inputBytes;
  public long outputBytes;

  /** What of them was a primary's stream, or snapshot, on its way in or out. */
  public long streamInputBytes;

  public long streamOutputBytes;

  /** How often a replica was sent the whole data set, and how often it went on where it was. */
  public long fullSyncs;

  public long partialSyncs;

  /** How often it could not go on, although it wanted to. */
  public long refusedPartialSyncs;

  public long keyspaceHits;
  public long keyspaceMisses;
  public long expiredKeys;

  /** Fields of hashes that have expired. */
  public long expiredFields;

  public long expireCycleMicros;

  /** How often a slice of active expiry ended before everything expired was gone. */
  public long expirySlicesCut;

  /** Estimated share of expired keys that are still there, from 0 to 1. */
  public double expiredStaleShare;

  public long evictedKeys;

  /** How long memory was above its limit, without the time since it is so now. */
  public long evictionExceededNanos;

  /** How long compaction has taken. */
  public long compactionNanos;

  public long queryBufferLimitDisconnections;
  public long outputBufferLimitDisconnections;

  /** Clients that were closed to save memory. */
  public long evictedClients;

  /** Replies that an error has replaced since replicas had not acknowledged what they tell. */
  public long unacknowledgedReplies;

  /**
   * @param commandCount {@link CommandTable#count}
   */
  public Statistics(int commandCount) {
    commands = new CommandStatistics(commandCount);
    latencies = new CommandLatencies(commandCount);
  }

  /** Counts what is handed to a replica's connection. */
  void streamed(int bytes) {
    outputBytes += bytes;
    streamOutputBytes += bytes;
  }

  /** Counts a turn of the loop that took so long. */
  public void turned(long nanos) {
    turns++;
    turnNanos += nanos;
  }

  /**
   * Takes in what a slice of active expiry has seen. When it came to its end nothing expired is
   * left; when it was cut, what it looked at stands for the rest.
   */
  void expirySliceEnded(boolean cut, long lookedAt, long found) {
    double share = cut && lookedAt > 0 ? (double) found / lookedAt : 0;
    expiredStaleShare += (share - expiredStaleShare) * NEW_SHARE_WEIGHT;
    if (cut) {
      expirySlicesCut++;
    }
  }

  void errorReply(String code, Log log) {
    errorReplies++;
    errors.count(code, log);
  }

  /** Sets every counter back to zero. */
  public void reset() {
    connectionsReceived = 0;
    connectionsRejected = 0;
    commandsProcessed = 0;
    errorReplies = 0;
    unexpectedErrors = 0;
    commands.reset();
    latencies.reset();
    errors.reset();
    deniedLogins = 0;
    deniedCommands = 0;
    deniedKeys = 0;
    deniedChannels = 0;
    turns = 0;
    turnNanos = 0;
    reads = 0;
    writes = 0;
    inputBytes = 0;
    outputBytes = 0;
    streamInputBytes = 0;
    streamOutputBytes = 0;
    fullSyncs = 0;
    partialSyncs = 0;
    refusedPartialSyncs = 0;
    keyspaceHits = 0;
    keyspaceMisses = 0;
    expiredKeys = 0;
    expiredFields = 0;
    expireCycleMicros = 0;
    expirySlicesCut = 0;
    expiredStaleShare = 0;
    evictedKeys = 0;
    evictionExceededNanos = 0;
    compactionNanos = 0;
    queryBufferLimitDisconnections = 0;
    outputBufferLimitDisconnections = 0;
    evictedClients = 0;
    unacknowledgedReplies = 0;
  }
}
