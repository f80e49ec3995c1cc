package io.cinnabar.machine;

import io.cinnabar.host.ProcessInfo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The computer that this runs on. Numbers come out of Linux's {@code /proc}, see proc(5), which
 * costs some microseconds; the management beans load hundreds of classes, so only what nobody else
 * tells comes from there, see {@link Collectors}.
 */
public final class MachineProcessInfo implements ProcessInfo {

  /** Where the launcher leaves its own path: to an operator it is the program, not the JVM. */
  private static final String LAUNCHER = "cinnabar.executable";

  private static final Path PROCESS = Path.of("/proc/self");
  private static final Path PROCESS_STAT = Path.of("/proc/self/stat");
  private static final Path THREAD_STAT = Path.of("/proc/thread-self/stat");
  private static final Path PROCESS_STATUS = Path.of("/proc/self/status");
  private static final Path LIMITS = Path.of("/proc/self/limits");
  private static final String OPEN_FILES = "Max open files";
  private static final Path MEMORY = Path.of("/proc/meminfo");

  /** Places of utime and stime behind the name of the program, which may contain spaces. */
  private static final int USER_FIELD = 11;

  private static final int SYSTEM_FIELD = 12;

  /** The kernel reports in ticks of a hundredth of a second, on every architecture of today. */
  private static final long MICROS_PER_TICK = 10_000;

  private static final int KIB = 1024;

  private final Collectors collectors = new Collectors();
  private final String supervisor;

  /**
   * This process.
   *
   * @param supervisor see {@link #supervisor}
   */
  MachineProcessInfo(String supervisor) {
    this.supervisor = supervisor;
  }

  @Override
  public String operatingSystem() {
    String arch = System.getProperty("os.arch", "");
    return System.getProperty("os.name")
        + " "
        + System.getProperty("os.version")
        + " "
        + (arch.equals("amd64") ? "x86_64" : arch);
  }

  @Override
  public int archBits() {
    return System.getProperty("sun.arch.data.model", "64").equals("32") ? 32 : 64;
  }

  @Override
  public long processId() {
    return currentProcessId();
  }

  /** This process's id: Linux's {@code /proc/self} leads to it, and loads no thread pool. */
  public static long currentProcessId() {
    try {
      return Long.parseLong(Files.readSymbolicLink(PROCESS).toString());
    } catch (IOException | UnsupportedOperationException | NumberFormatException e) {
      return ProcessHandle.current().pid();
    }
  }

  @Override
  public String supervisor() {
    return supervisor;
  }

  @Override
  public String executable() {
    String launcher = System.getProperty(LAUNCHER);
    return launcher == null ? ProcessHandle.current().info().command().orElse("") : launcher;
  }

  @Override
  public long userCpuMicros() {
    return micros(PROCESS_STAT, USER_FIELD);
  }

  @Override
  public long systemCpuMicros() {
    return micros(PROCESS_STAT, SYSTEM_FIELD);
  }

  @Override
  public long threadUserCpuMicros() {
    return micros(THREAD_STAT, USER_FIELD);
  }

  @Override
  public long threadSystemCpuMicros() {
    return micros(THREAD_STAT, SYSTEM_FIELD);
  }

  @Override
  public long residentBytes() {
    return kibibytes(PROCESS_STATUS, "VmRSS:");
  }

  @Override
  public long totalMemoryBytes() {
    return kibibytes(MEMORY, "MemTotal:");
  }

  @Override
  public long maxHeapBytes() {
    return Runtime.getRuntime().maxMemory();
  }

  @Override
  public long usedHeapBytes() {
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  @Override
  public long committedHeapBytes() {
    return Runtime.getRuntime().totalMemory();
  }

  @Override
  public long collections() {
    return collectors.collections();
  }

  @Override
  public long collectionMillis() {
    return collectors.collectionMillis();
  }

  /** The JVM has raised the soft limit to the hard one. */
  @Override
  public long maxOpenFiles() {
    String text = read(LIMITS);
    int at = text.indexOf(OPEN_FILES);
    if (at < 0) {
      return UNKNOWN;
    }
    String soft = text.substring(at + OPEN_FILES.length()).trim().split(" +", 2)[0];
    return soft.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(soft);
  }

  private static long micros(Path stat, int field) {
    String text = read(stat);
    int name = text.lastIndexOf(')');
    if (name < 0) {
      return UNKNOWN;
    }
    String[] fields = text.substring(name + 1).trim().split(" ", field + 2);
    return Long.parseLong(fields[field]) * MICROS_PER_TICK;
  }

  private static long kibibytes(Path file, String label) {
    String text = read(file);
    int at = text.indexOf(label);
    if (at < 0) {
      return UNKNOWN;
    }
    int end = text.indexOf("kB", at);
    return Long.parseLong(text.substring(at + label.length(), end).trim()) * KIB;
  }

  /** The contents of a file of the kernel, empty where there is none. */
  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }
}
