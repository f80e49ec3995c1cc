package io.cinnabar.keyspace;

/** {@code maxmemory-policy}: which keys go when memory is short, and so what their clocks tell. */
public enum EvictionPolicy {
  VOLATILE_LRU,
  VOLATILE_LFU,
  VOLATILE_RANDOM,
  VOLATILE_TTL,
  ALLKEYS_LRU,
  ALLKEYS_LFU,
  ALLKEYS_RANDOM,
  NOEVICTION;

  /** Whether access clocks tell how often a key is used rather than when it was last. */
  public boolean isLfu() {
    return this == VOLATILE_LFU || this == ALLKEYS_LFU;
  }

  /** Whether access clocks decide which key goes. */
  public boolean readsClock() {
    return this == VOLATILE_LRU || this == ALLKEYS_LRU || isLfu();
  }

  /** Whether only keys with an expiry go. */
  public boolean isVolatile() {
    return this == VOLATILE_LRU
        || this == VOLATILE_LFU
        || this == VOLATILE_RANDOM
        || this == VOLATILE_TTL;
  }

  /** Whether any of them goes, rather than the one that deserves it most. */
  boolean isRandom() {
    return this == VOLATILE_RANDOM || this == ALLKEYS_RANDOM;
  }
}
