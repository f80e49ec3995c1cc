package io.cinnabar.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.cinnabar.host.ListenAddress;
import io.cinnabar.host.Network;
import io.cinnabar.virtual.VirtualNetwork;
import io.cinnabar.virtual.VirtualPeer;
import io.cinnabar.virtual.VirtualTime;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The network that tests stand on keeps the real one's contract. */
final class VirtualNetworkTest {

  abstract static class Contract extends NetworkContract {
    private static final int MAX_POLLS = 1_000_000;

    final VirtualTime time = new VirtualTime();

    VirtualNetwork virtual() {
      return (VirtualNetwork) network;
    }

    @Override
    Network open() {
      return new VirtualNetwork(1, time);
    }

    @Override
    Peer connect(ListenAddress address) throws IOException {
      VirtualPeer peer = virtual().connect(address);
      return new Peer() {
        @Override
        public String address() {
          return peer.address();
        }

        @Override
        public int send(byte[] bytes, int offset, int length) {
          peer.send(bytes, offset, length);
          return length;
        }

        @Override
        public int receive(byte[] bytes) {
          byte[] received = peer.receive(bytes.length);
          System.arraycopy(received, 0, bytes, 0, received.length);
          return received.length == 0 && peer.isEnded() ? -1 : received.length;
        }

        @Override
        public void endOutput() {
          peer.endOutput();
        }

        @Override
        public void close() {
          peer.close();
        }
      };
    }

    @Override
    void pollUntil(BooleanSupplier condition) {
      for (int i = 0; i < MAX_POLLS; i++) {
        if (condition.getAsBoolean()) {
          return;
        }
        network.poll(0);
      }
      fail("did not happen");
    }
  }

  @Nested
  final class Whole extends Contract {
    @Test
    void idlePollsAdvanceTimeOnRequest() throws IOException {
      network.poll(1000);
      assertThat(time.nanos()).isZero();
      virtual().advanceTimeWhenIdle();
      network.poll(1000);
      assertThat(time.nanos()).isEqualTo(1000);
      network.post(() -> {});
      network.poll(1000);
      assertThat(time.nanos()).as("a poll with work does not wait").isEqualTo(1000);
      assertThatThrownBy(() -> network.poll(Long.MAX_VALUE)).hasMessage("would wait forever");
    }

    @Test
    void strangersAreNotLocal() throws IOException {
      VirtualPeer stranger = virtual().connect(listener.address(), "192.0.2.7:5000");
      network.poll(0);
      assertThat(stranger.address()).isEqualTo("192.0.2.7:5000");
      assertThat(accepted.get(0).connection.remoteAddress()).isEqualTo("192.0.2.7:5000");
      assertThat(accepted.get(0).connection.isLocal()).isFalse();
    }

    @Test
    void aPeerThatHasSentItsLastByteGetsItsReply() throws IOException {
      VirtualPeer last = virtual().connect(listener.address());
      last.send("PING");
      last.endOutput();
      network.poll(0);
      network.poll(0);
      assertThat(accepted.get(0).text()).isEqualTo("PING");
      write(accepted.get(0).connection, "+PONG");
      accepted.get(0).connection.flush();
      pollUntil(() -> accepted.get(0).closed == 1);
      assertThat(last.receiveText()).isEqualTo("+PONG");
      assertThat(last.isEnded()).isTrue();
    }
  }

  @Nested
  final class InPieces extends Contract {
    @Override
    Network open() {
      VirtualNetwork network = new VirtualNetwork(2, time);
      network.deliverInPieces(100);
      network.setWindowBytes(30_000);
      return network;
    }

    @Test
    void equalSeedsGiveEqualPieces() throws IOException {
      assertThat(pieces(3)).isEqualTo(pieces(3)).isNotEqualTo(pieces(4));
    }

    private List<Integer> pieces(long seed) throws IOException {
      List<Integer> sizes = new ArrayList<>();
      VirtualNetwork network = new VirtualNetwork(seed, new VirtualTime());
      network.deliverInPieces(10);
      ListenAddress address =
          network
              .listen(
                  address(0),
                  connection -> {
                    Accepted handler = new Accepted(connection);
                    handler.onReceived = () -> sizes.add(handler.received.size());
                    return handler;
                  })
              .address();
      network.connect(address).send(new byte[200]);
      for (int i = 0; i < 300; i++) {
        network.poll(0);
      }
      assertThat(sizes).last().isEqualTo(200);
      return sizes;
    }
  }
}
