package io.cinnabar.value;

/**
 * When a value changes its encoding, and how large the parts of a large one are: what the
 * configuration says, in plain fields, written on the loop's thread.
 */
public final class Thresholds {
  /** The most fields of a hash that is a listpack. */
  public long hashMaxListpackEntries = 512;

  /** The longest field or value of a hash that is a listpack, in bytes. */
  public long hashMaxListpackBytes = 64;

  /** The most members of a set that is an intset. */
  public long setMaxIntsetEntries = 512;

  /** The most members of a set that is a listpack. */
  public long setMaxListpackEntries = 128;

  /** The longest member of a set that is a listpack, in bytes. */
  public long setMaxListpackBytes = 64;

  /** The most members of a sorted set that is a listpack. */
  public long sortedSetMaxListpackEntries = 128;

  /** The longest member of a sorted set that is a listpack, in bytes. */
  public long sortedSetMaxListpackBytes = 64;

  /**
   * The most elements of a node of a list; below zero -1 to -5 stand for 4, 8, 16, 32 and 64 KiB.
   */
  public int listMaxListpackSize = -2;

  /** How many nodes at either end of a list are not compressed; 0: none is. */
  public int listCompressDepth;

  /** The most bytes of a node of a stream; 0: no limit. */
  public long streamNodeMaxBytes = 4096;

  /** The most entries of a node of a stream; 0: no limit. */
  public long streamNodeMaxEntries = 100;
}
