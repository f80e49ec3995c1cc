package io.cinnabar.host;

/**
 * The process that the server runs in, and its computer, as INFO tells of them. What the system
 * does not tell is {@link #UNKNOWN}. Asked on the loop's thread, each time anew.
 */
public interface ProcessInfo {

  /** Stands for a number that the system does not tell. */
  long UNKNOWN = -1;

  /** Name, release and architecture, as {@code uname -srm} prints them. */
  String operatingSystem();

  /** 64 or 32. */
  int archBits();

  long processId();

  /** Who has started the process and is told when it serves: systemd, upstart, or no. */
  String supervisor();

  /** Path of the program that the process runs; empty when it is not known. */
  String executable();

  /** Time that the process has spent in its own code, in microseconds. */
  long userCpuMicros();

  /** Time that the process has spent in the system's calls, in microseconds. */
  long systemCpuMicros();

  /** The calling thread's share of {@link #userCpuMicros}. */
  long threadUserCpuMicros();

  /** The calling thread's share of {@link #systemCpuMicros}. */
  long threadSystemCpuMicros();

  /** Memory of the process that is resident, in bytes. */
  long residentBytes();

  /** Memory of the computer, in bytes. */
  long totalMemoryBytes();

  /** How far the collector's heap may grow, in bytes. */
  long maxHeapBytes();

  /** The part of the heap that is in use, with what the collector has not found to be garbage. */
  long usedHeapBytes();

  /** What the heap takes of the computer's memory now, in bytes. */
  long committedHeapBytes();

  /** How often the collector has collected. */
  long collections();

  /** How long the collector has collected, in milliseconds. */
  long collectionMillis();

  /** How many files and sockets the process may have open. */
  long maxOpenFiles();
}
