package io.cinnabar.observe;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.cinnabar.command.Engine;
import io.cinnabar.command.Version;
import io.cinnabar.config.Config;
import io.cinnabar.config.Parameters;
import io.cinnabar.config.TlsParameters;
import io.cinnabar.host.Host;
import io.cinnabar.host.ProcessInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.function.IntSupplier;
import java.util.zip.CRC32;

/** The section Server of INFO: which program runs where, since when, and how it is reached. */
final class ServerInfo {

  private static final int NANOS_PER_MICRO = 1000;

  private final Host host;
  private final Config config;
  private final IntSupplier tcpPort;
  private final String runId;
  private final long startNanos;

  /** The server starts now. */
  ServerInfo(Host host, Config config, IntSupplier tcpPort, String runId) {
    this.host = host;
    this.config = config;
    this.tcpPort = tcpPort;
    this.runId = runId;
    startNanos = host.monotonicClock().nanos();
  }

  void write(Engine engine, InfoText text) {
    program(text);
    process(text);
    times(engine, text);
    text.field("executable", host.process().executable());
    String file = config.file();
    text.field("config_file", file == null ? "" : file);
    text.field("io_threads_active", 0);
    long millisToShutdown = engine.lifecycle().millisToShutdown();
    if (millisToShutdown >= 0) {
      text.field("shutdown_in_milliseconds", millisToShutdown);
    }
    listeners(text);
  }

  private void program(InfoText text) {
    text.field("redis_version", Version.REDIS);
    text.field("cinnabar_version", Version.CINNABAR);
    text.field("redis_git_sha1", "00000000");
    text.field("redis_git_dirty", 0);
    text.field("redis_build_id", buildId());
    text.field("redis_mode", "standalone");
  }

  /** The same for all servers of a version. */
  private static String buildId() {
    CRC32 checksum = new CRC32();
    checksum.update(Version.line().getBytes(US_ASCII));
    return Long.toHexString(checksum.getValue());
  }

  private void process(InfoText text) {
    ProcessInfo process = host.process();
    text.field("os", process.operatingSystem());
    text.field("arch_bits", process.archBits());
    text.field("monotonic_clock", "System.nanoTime");
    text.field("multiplexing_api", host.network().transportName());
    if (config.get(TlsParameters.TLS_PORT) > 0) {
      text.field("tls_library", host.network().tlsLibrary());
    }
    text.field("process_id", process.processId());
    text.field("process_supervised", process.supervisor());
    text.field("run_id", runId);
    text.field("tcp_port", tcpPort.getAsInt());
  }

  private void times(Engine engine, InfoText text) {
    Duration uptime = Duration.ofNanos(host.monotonicClock().nanos() - startNanos);
    text.field("server_time_usec", micros(host.wallClock().instant()));
    text.field("uptime_in_seconds", uptime.toSeconds());
    text.field("uptime_in_days", uptime.toDays());
    text.field("hz", engine.settings().hz);
    text.field("configured_hz", config.get(Parameters.HZ));
    text.field("lru_clock", engine.keyspace().accessClock().lruClock());
  }

  private static long micros(Instant time) {
    return time.getEpochSecond() * 1_000_000 + time.getNano() / NANOS_PER_MICRO;
  }

  /** Each kind has its number, whether or not the others are there. */
  private void listeners(InfoText text) {
    int tlsPort = (int) config.get(TlsParameters.TLS_PORT);
    int port = tcpPort.getAsInt();
    // That of TLS stands in where there is no other.
    if (port > 0 && (port != tlsPort || config.get(Parameters.PORT) == port)) {
      text.field("listener0", "name=tcp" + addresses() + ",port=" + port);
    }
    String path = config.get(Parameters.UNIXSOCKET);
    if (!path.isEmpty()) {
      text.field("listener1", "name=unix,bind=" + path);
    }
    if (tlsPort > 0) {
      text.field("listener2", "name=tls" + addresses() + ",port=" + tlsPort);
    }
  }

  private String addresses() {
    StringBuilder addresses = new StringBuilder();
    for (String address : config.get(Parameters.BIND)) {
      addresses.append(",bind=").append(address);
    }
    return addresses.toString();
  }
}
