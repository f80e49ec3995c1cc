package io.cinnabar.net;

import io.cinnabar.host.Connection;
import io.cinnabar.host.ConnectionHandler;
import io.cinnabar.host.Network;
import io.cinnabar.net.tls.TlsContext;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.unix.UnixChannel;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** A connection over a Netty channel: the last and only handler in the channel's pipeline. */
final class NettyConnection extends InboundHandler implements Connection {

  private final NettyNetwork network;
  private final Network.Acceptor acceptor;
  private final Channel channel;
  private final SocketAddress remoteAddress;
  private final SocketAddress localAddress;
  private final @Nullable TlsContext tlsContext;
  private final boolean isOutgoing;
  private @Nullable TlsFilter tls;
  private @Nullable Future<?> handshakeDeadline;
  private @Nullable Output output;
  private @Nullable ConnectionHandler handler;

  /** Neither closed nor told to close: bytes go in and out. */
  private boolean open = true;

  /** To be closed when the pending bytes have left. */
  private boolean closing;

  /** A flush has left bytes behind: the handler hears when they are gone. */
  private boolean draining;

  /** What is pending leaves no more: the channel closes, or the peer takes nothing any longer. */
  private boolean cut;

  /** To be closed after the pending bytes, which can't leave before the handshake is through. */
  private boolean leaving;

  /** Was told to close when it came, and is one of the few that have a handshake nevertheless. */
  private boolean refused;

  /** The owner wants nothing more to come for now. */
  private boolean pausing;

  /** The poll in which bytes came last. */
  private long receivedInPoll;

  private NettyConnection(
      NettyNetwork network,
      Network.Acceptor acceptor,
      Channel channel,
      @Nullable TlsContext tlsContext,
      boolean isOutgoing) {
    this.isOutgoing = isOutgoing;
    this.network = network;
    this.acceptor = acceptor;
    this.channel = channel;
    this.tlsContext = tlsContext;
    remoteAddress = channel.remoteAddress();
    localAddress = channel.localAddress();
  }

  /**
   * One that a peer has made.
   *
   * @param tls for a connection with TLS, or null
   */
  static NettyConnection accepted(
      NettyNetwork network, Network.Acceptor acceptor, Channel channel, @Nullable TlsContext tls) {
    return new NettyConnection(network, acceptor, channel, tls, false);
  }

  /** One that this side has made. */
  static NettyConnection made(
      NettyNetwork network, Network.Acceptor acceptor, Channel channel, @Nullable TlsContext tls) {
    return new NettyConnection(network, acceptor, channel, tls, true);
  }

  // What Netty tells, always inside a poll except where noted.

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    if (tlsContext != null) {
      SSLEngine engine = isOutgoing ? tlsContext.newClientEngine() : tlsContext.newEngine();
      tls =
          new TlsFilter(
              this,
              engine,
              tlsContext.wrapsIntoLargeBuffersOnly(),
              network.outputBuffers(),
              network.plainBuffer());
    }
    output = new Output(this, context, network.outputBuffers(), tls);
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    network.opened(this);
    try {
      handler = acceptor.accepted(this);
      if (tls != null) {
        startHandshake(tls);
      }
      readOnDemand();
    } catch (Throwable t) {
      network.failed(t);
      closeChannel();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf buffer = (ByteBuf) message;
    try {
      if (open && handler != null) {
        ByteBuffer bytes = buffer.internalNioBuffer(buffer.readerIndex(), buffer.readableBytes());
        if (tls == null) {
          receivedInPoll = network.polls();
          handler.received(bytes);
        } else {
          tls.received(bytes, output());
        }
      }
    } catch (SSLException e) {
      tlsFailed(TlsFilter.reason(e));
    } catch (Throwable t) {
      network.failed(t);
      closeChannel();
    } finally {
      buffer.release();
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    readOnDemand();
  }

  private void readOnDemand() {
    if (open && !pausing && network.transport().readsOnDemand()) {
      network.readInNextPoll(channel);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event != ChannelInputShutdownEvent.INSTANCE) {
      return;
    }
    if (isHandshaking()) {
      tlsFailed("unexpected eof while reading");
    } else {
      inputEnded();
    }
  }

  /** May also be told during {@link #flush}, outside a poll. */
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (!(cause instanceof IOException)) {
      network.failed(cause);
    } else if (isHandshaking()) {
      tlsFailed(ListeningSocket.reason(cause));
    } else if (isHeardOut()) {
      cut = true;
      inputEnded();
      return;
    }
    closeChannel();
  }

  /**
   * Whether what the peer had sent before the connection broke still counts. A client's requests go
   * with the client; but what a primary has sent was perhaps acknowledged by another replica.
   */
  private boolean isHeardOut() {
    return isOutgoing && open && !isHandshaking();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    open = false;
    network.closed(this);
    output().close();
    if (tls != null) {
      handshakeEnded();
      tls.release();
    }
    tellClosed();
  }

  private void tellClosed() {
    ConnectionHandler handler = this.handler;
    this.handler = null;
    if (handler != null) {
      try {
        handler.closed();
      } catch (Throwable t) {
        network.failed(t);
      }
    }
  }

  // What the TLS filter tells.

  private void startHandshake(TlsFilter tls) throws SSLException {
    refused = leaving && network.mayRefuseAfterHandshake();
    if (leaving && !refused) {
      closeChannel();
      return;
    }
    tls.start(output());
    handshakeDeadline =
        channel
            .eventLoop()
            .schedule(
                () -> tlsFailed("handshake timed out"),
                network.handshakeTimeoutMillis(),
                TimeUnit.MILLISECONDS);
  }

  private boolean isHandshaking() {
    return open && tls != null && !tls.isEstablished();
  }

  private void handshakeEnded() {
    if (handshakeDeadline != null) {
      handshakeDeadline.cancel(false);
      handshakeDeadline = null;
      if (refused) {
        network.refusedAfterHandshake();
      }
    }
  }

  /** The handshake is through: what was written so far can leave. */
  void established() {
    handshakeEnded();
    if (leaving) {
      closeAfterWrite();
    }
  }

  /** Bytes have come; only valid during the call. */
  void decrypted(ByteBuffer bytes) {
    if (open && handler != null) {
      receivedInPoll = network.polls();
      handler.received(bytes);
    }
  }

  /** The peer has sent its last byte. */
  void inputEnded() {
    network.inputEnded(this);
  }

  /** Gives up, telling the peer and the handler why. */
  void tlsFailed(String reason) {
    if (!open || tls == null) {
      return;
    }
    open = false;
    if (handler != null) {
      if (tls.isEstablished()) {
        handler.decryptionFailed(reason);
      } else {
        handler.handshakeFailed(reason);
      }
    }
    tls.sayWhy(output());
    output().flush();
    closeChannel();
  }

  // What the output and the network tell.

  /** Nothing is pending any more. What follows waits until Netty has put its own queue in order. */
  void outputLeft() {
    if (draining || closing) {
      network.settleAfterPoll(this);
    }
  }

  /**
   * Bytes were given up. Netty does so when it closes the channel, but after some errors, such as a
   * want of memory, it leaves it open.
   */
  void outputLost() {
    if (isHeardOut()) {
      cut = true;
      return; // reading comes to its end by itself
    }
    open = false;
    closeChannel();
  }

  /** The pending bytes may have left; called at the end of a poll. */
  void settle() {
    if (pendingBytes() > 0) {
      return;
    }
    if (closing) {
      closeChannel();
    } else if (draining && handler != null) {
      draining = false;
      handler.drained();
    }
  }

  /** Whether the handler still has to do with what it has received. */
  boolean isBusy() {
    return handler != null && handler.isBusy();
  }

  /** Whether the handler has had its turn at all that has come, and its replies have left. */
  boolean isAnswered() {
    return receivedInPoll != network.polls() && !isBusy() && pendingBytes() == 0;
  }

  /** Closes, inside a poll; the handler hears of it at once, so that its place is free. */
  void end() {
    close();
    tellClosed();
  }

  // What the owner asks for.

  @Override
  public void write(byte[] bytes, int offset, int length) {
    if (open && !leaving && !cut) {
      output().write(bytes, offset, length);
    }
  }

  @Override
  public void flush() {
    if (open && !cut) {
      flushOutput();
    }
  }

  private void flushOutput() {
    Output output = output();
    output.flush();
    if (output.pendingBytes() > 0) {
      draining = true;
    }
  }

  @Override
  public long pendingBytes() {
    return cut ? 0 : output().pendingBytes();
  }

  @Override
  public void closeAfterWrite() {
    if (!open) {
      return;
    }
    if (isHandshaking()) {
      leaving = true;
      return;
    }
    open = false;
    channel.config().setAutoRead(false);
    if (tls != null && !cut) {
      output().flush();
      tls.endOutput(output());
    }
    flushOutput();
    closing = true;
    if (pendingBytes() == 0) {
      closeChannel();
    }
  }

  @Override
  public void close() {
    if (open && !cut && tls != null && output().pendingBytes() == 0) {
      tls.endOutput(output());
      output().flush();
    }
    open = false;
    closeChannel();
  }

  @Override
  public void reading(boolean yes) {
    if (!open || pausing != yes) {
      return;
    }
    pausing = !yes;
    if (network.transport().readsOnDemand()) {
      readOnDemand();
    } else {
      channel.config().setAutoRead(yes);
    }
  }

  @Override
  public String remoteAddress() {
    return Addresses.text(remoteAddress, localAddress, network.transport());
  }

  @Override
  public String localAddress() {
    return Addresses.text(localAddress, localAddress, network.transport());
  }

  @Override
  public boolean isLocal() {
    return isUnix() || Addresses.isLoopback(remoteAddress);
  }

  @Override
  public boolean isUnix() {
    return network.transport().unixPath(localAddress) != null;
  }

  @Override
  public int fileDescriptor() {
    return channel instanceof UnixChannel unix ? unix.fd().intValue() : -1;
  }

  @Override
  public void noDelay(boolean yes) {
    if (!isUnix() && channel.isOpen()) {
      channel.config().setOption(ChannelOption.TCP_NODELAY, yes);
    }
  }

  @Override
  public void keepAlive(int intervalSeconds) {
    if (isUnix() || !channel.isOpen()) {
      return;
    }
    channel.config().setOption(ChannelOption.SO_KEEPALIVE, intervalSeconds > 0);
    if (intervalSeconds > 0) {
      network
          .transport()
          .setKeepAliveTimes(
              channel.config(), intervalSeconds, Math.max(intervalSeconds / 3, 1), 3);
    }
  }

  private void closeChannel() {
    cut = true;
    ChannelFuture unused = channel.close();
  }

  private Output output() {
    Output output = this.output;
    if (output == null) {
      throw new IllegalStateException("not connected yet");
    }
    return output;
  }
}
