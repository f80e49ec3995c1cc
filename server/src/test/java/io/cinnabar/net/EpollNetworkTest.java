package io.cinnabar.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.host.Network;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class EpollNetworkTest extends NettyNetworkContract {
  @Override
  String transportName() {
    return "epoll";
  }

  /** Else a client that comes back at once would count twice, and one too many. */
  @Test
  void whoHasHungUpIsGoneBeforeTheNextIsAccepted() throws IOException {
    List<Integer> gone = new ArrayList<>();
    Accepted first = acceptOne();
    Network.Listener other =
        network.listen(
            address(0),
            connection -> {
              gone.add(first.closed);
              return new Accepted(connection);
            });
    peer.close();
    Peer next = connect(other.address());
    pollUntil(() -> !gone.isEmpty());
    assertThat(gone).containsExactly(1);
    next.close();
  }
}
