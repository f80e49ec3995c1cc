package io.cinnabar.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cinnabar.host.Host;
import io.cinnabar.host.Network;
import io.cinnabar.virtual.VirtualNetwork;
import io.cinnabar.virtual.VirtualTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MachineTest {

  private final Network network = new VirtualNetwork(1, new VirtualTime());
  private final Host host = Machine.host(network);

  @Test
  void keepsTheNetwork() {
    assertThat(host.network()).isSameAs(network);
  }

  @Test
  void clocksGo() {
    assertThat(host.wallClock().instant())
        .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(60));
    long start = host.monotonicClock().nanos();
    long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (host.monotonicClock().nanos() == start) {
      assertThat(System.nanoTime()).isLessThan(deadline);
    }
    assertThat(host.monotonicClock().nanos()).isGreaterThan(start);
  }

  @Test
  void theProgramIsTheLauncherIfThatStartedIt() {
    String launcher = "cinnabar.executable";
    String before = System.getProperty(launcher);
    try {
      System.clearProperty(launcher);
      assertThat(host.process().executable()).endsWith("java");
      System.setProperty(launcher, "/opt/cinnabar/bin/cinnabar-server");
      assertThat(host.process().executable()).isEqualTo("/opt/cinnabar/bin/cinnabar-server");
    } finally {
      System.clearProperty(launcher);
      if (before != null) {
        System.setProperty(launcher, before);
      }
    }
  }

  @Test
  void everyMachineDrawsItsOwnLots() {
    assertThat(host.random().nextLong()).isNotEqualTo(Machine.host(network).random().nextLong());
  }

  @Test
  void readsFiles(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("cinnabar.conf");
    Files.writeString(file, "port 0\n");
    assertThat(host.disk().read(file.toString())).asString().isEqualTo("port 0\n");
    assertThatThrownBy(() -> host.disk().read(file + ".none"))
        .isInstanceOf(IOException.class)
        .hasMessage("No such file or directory");
    assertThatThrownBy(() -> host.disk().read(directory.toString()))
        .isInstanceOf(IOException.class)
        .hasMessage("Is a directory");
  }

  @Test
  void workersAreFewDaemonsWithNames() throws InterruptedException {
    int tasks = 50;
    CountDownLatch done = new CountDownLatch(tasks);
    Set<Thread> threads = ConcurrentHashMap.newKeySet();
    for (int i = 0; i < tasks; i++) {
      host.workers()
          .run(
              () -> {
                threads.add(Thread.currentThread());
                done.countDown();
              });
    }
    assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(threads).hasSizeBetween(1, 4);
    assertThat(threads)
        .allMatch(Thread::isDaemon)
        .allMatch(thread -> thread.getName().startsWith("cinnabar-worker-"));
  }
}
