package io.cinnabar.net;

import io.cinnabar.host.ConnectAddress;
import io.cinnabar.host.Network;
import io.cinnabar.host.Workers;
import io.cinnabar.net.tls.TlsContext;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * A connection that is being made. All of it happens inside polls, on the loop's thread, but for
 * the look-up of a name.
 */
final class NettyAttempt implements Network.Attempt {

  private final NettyNetwork network;
  private final ConnectAddress address;
  private final Network.Acceptor acceptor;
  private @Nullable Channel channel;

  /** The acceptor has heard how it went, or wants to hear nothing any more. */
  private boolean over;

  NettyAttempt(NettyNetwork network, ConnectAddress address, Network.Acceptor acceptor) {
    this.network = network;
    this.address = address;
    this.acceptor = acceptor;
  }

  void start(Workers workers) {
    if (Addresses.isNumeric(address.host())
        && (address.sourceHost().isEmpty() || Addresses.isNumeric(address.sourceHost()))) {
      lookUp();
    } else {
      workers.run(this::lookUp);
    }
  }

  /** On any thread. */
  private void lookUp() {
    try {
      InetSocketAddress target = Addresses.resolve(address.host(), address.port());
      InetSocketAddress source =
          address.sourceHost().isEmpty() ? null : Addresses.resolve(address.sourceHost(), 0);
      network.post(() -> connect(target, source));
    } catch (IOException e) {
      network.post(() -> fail(String.valueOf(e.getMessage())));
    }
  }

  private void connect(InetSocketAddress target, @Nullable InetSocketAddress source) {
    if (over) {
      return;
    }
    Channel opened;
    try {
      opened = network.transport().openTcpClient();
      opened.config().setOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0);
      network.transport().configure(opened.config(), false);
      // A peer that takes nothing any more may have sent something before, which is to be read.
      opened.config().setAutoClose(false);
    } catch (RuntimeException e) { // Netty's, where there is no socket to be had
      fail(ListeningSocket.reason(e));
      return;
    }
    channel = opened;
    Throwable failure = network.register(opened).cause();
    if (failure == null && source != null) {
      opened.config().setOption(ChannelOption.SO_REUSEADDR, true);
      // An address that this machine does not have costs no more than the wish.
      ChannelFuture unused = opened.bind(source);
    }
    if (failure != null) {
      failed(opened, failure, target);
      return;
    }
    opened
        .connect(target)
        .addListener(
            connected -> {
              if (connected.isSuccess()) {
                succeed(opened);
              } else {
                failed(opened, connected.cause(), target);
              }
            });
  }

  /** Netty is about to tell the channel's handlers that it is connected. */
  private void succeed(Channel opened) {
    if (over) {
      ChannelFuture unused = opened.close();
      return;
    }
    try {
      TlsContext tls = address.tls() ? network.tls() : null;
      opened.pipeline().addLast(NettyConnection.made(network, acceptor, opened, tls));
      end();
    } catch (RuntimeException | OutOfMemoryError e) {
      failed(opened, e, null);
    }
  }

  private void failed(Channel opened, Throwable cause, @Nullable InetSocketAddress target) {
    ChannelFuture unused = opened.close();
    String reason = ListeningSocket.reason(cause);
    // Netty adds to whom: Connection refused: /127.0.0.1:6379
    String whom = ": " + target;
    fail(reason.endsWith(whom) ? reason.substring(0, reason.length() - whom.length()) : reason);
  }

  private void fail(String reason) {
    if (over) {
      return;
    }
    end();
    try {
      acceptor.failed(reason);
    } catch (Throwable t) {
      network.failed(t);
    }
  }

  private void end() {
    over = true;
    network.ended(this);
  }

  @Override
  public void cancel() {
    if (over) {
      return;
    }
    end();
    if (channel != null) {
      ChannelFuture unused = channel.close();
    }
  }
}
