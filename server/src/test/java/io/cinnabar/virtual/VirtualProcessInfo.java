package io.cinnabar.virtual;

import io.cinnabar.host.ProcessInfo;

/** A process and a computer whose numbers never change; some are not known. */
public final class VirtualProcessInfo implements ProcessInfo {

  @Override
  public String operatingSystem() {
    return "Linux 6.1 x86_64";
  }

  @Override
  public int archBits() {
    return 64;
  }

  @Override
  public long processId() {
    return 4711;
  }

  @Override
  public String supervisor() {
    return "no";
  }

  @Override
  public String executable() {
    return "/opt/cinnabar/server";
  }

  @Override
  public long userCpuMicros() {
    return 2_500_000;
  }

  @Override
  public long systemCpuMicros() {
    return 1_250_000;
  }

  @Override
  public long threadUserCpuMicros() {
    return UNKNOWN;
  }

  @Override
  public long threadSystemCpuMicros() {
    return UNKNOWN;
  }

  @Override
  public long residentBytes() {
    return 3 << 20;
  }

  @Override
  public long totalMemoryBytes() {
    return UNKNOWN;
  }

  @Override
  public long maxHeapBytes() {
    return 256L << 20;
  }

  @Override
  public long usedHeapBytes() {
    return 40L << 20;
  }

  @Override
  public long committedHeapBytes() {
    return 64L << 20;
  }

  @Override
  public long collections() {
    return 7;
  }

  @Override
  public long collectionMillis() {
    return UNKNOWN;
  }

  @Override
  public long maxOpenFiles() {
    return 20_064;
  }
}
