package io.cinnabar.command;

/**
 * What the engine reads of the configuration, ready for use: plain fields, read on the hot path and
 * written by the configuration when it is loaded or changed, on the loop's thread.
 */
public final class Settings {

  private static final byte[] NO_PASSWORD = {};

  public int maxClients = 10_000;

  /** Seconds after which an idle client is closed; 0 means never. */
  public int timeoutSeconds;

  /** Seconds between TCP keep-alive probes; 0 means none. */
  public int tcpKeepAliveSeconds = 300;

  public boolean protectedMode = true;

  /** Password of the default user; empty means none is asked for. */
  public byte[] password = NO_PASSWORD;

  /** Longest argument that a client may send, in bytes. */
  public long maxBulkLength = 512L * 1024 * 1024;

  /** Bytes of input that may wait at a client before it is cut. */
  public long queryBufferLimitBytes = 1024L * 1024 * 1024;

  /** When clients that don't read are cut. */
  public OutputLimits outputLimits = OutputLimits.DEFAULT;

  /** Whom the DEBUG command serves. */
  public DebugAccess debugAccess = DebugAccess.NO;

  /** How often per second the periodic work runs. */
  public int hz = 10;

  /** From 1 (little) to 10 (much): the share of time given to active expiry. */
  public int activeExpireEffort = 1;

  /** Whether followers hear of an expired key as UNLINK rather than DEL. */
  public boolean lazyExpire;

  /** Whether followers hear of a key that GETDEL has taken as UNLINK rather than DEL. */
  public boolean lazyUserDelete;

  /** Whether expired keys are looked for at all; turned off by DEBUG SET-ACTIVE-EXPIRE. */
  public boolean activeExpire = true;
}
