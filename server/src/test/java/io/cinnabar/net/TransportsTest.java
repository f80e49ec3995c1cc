package io.cinnabar.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class TransportsTest {

  private static final List<String> BEST_FIRST = List.of("epoll", "io_uring", "kqueue", "nio");

  @Test
  void theBestIsTheFirstThatWorks() {
    String first = BEST_FIRST.stream().filter(TransportsTest::works).findFirst().orElseThrow();
    assertThat(Transports.best().name()).isEqualTo(first);
  }

  @Test
  void nioAlwaysWorks() {
    assertThat(Transports.named("nio").name()).isEqualTo("nio");
  }

  @Test
  void noMachineHasBothEpollAndKqueue() {
    assertThat(works("epoll") && works("kqueue")).isFalse();
  }

  private static boolean works(String name) {
    try {
      return Transports.named(name).name().equals(name);
    } catch (IllegalArgumentException e) {
      assertThat(e)
          .hasMessage("Transport " + name + " is not available here")
          .hasCauseInstanceOf(Throwable.class);
      return false;
    }
  }

  @Test
  void thereIsNoOther() {
    assertThatThrownBy(() -> Transports.named("pigeon"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("No such transport: pigeon");
  }
}
