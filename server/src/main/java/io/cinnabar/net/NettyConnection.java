package io.cinnabar.net;

import io.cinnabar.host.Connection;
import io.cinnabar.host.ConnectionHandler;
import io.cinnabar.host.Network;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** A connection over a Netty channel: the last and only handler in the channel's pipeline. */
final class NettyConnection extends InboundHandler implements Connection {

  private final NettyNetwork network;
  private final Network.Acceptor acceptor;
  private final Channel channel;
  private final SocketAddress remoteAddress;
  private final SocketAddress localAddress;
  private @Nullable Output output;
  private @Nullable ConnectionHandler handler;

  /** Neither closed nor told to close: bytes go in and out. */
  private boolean open = true;

  /** To be closed when the pending bytes have left. */
  private boolean closing;

  /** A flush has left bytes behind: the handler hears when they are gone. */
  private boolean draining;

  NettyConnection(NettyNetwork network, Network.Acceptor acceptor, Channel channel) {
    this.network = network;
    this.acceptor = acceptor;
    this.channel = channel;
    remoteAddress = channel.remoteAddress();
    localAddress = channel.localAddress();
  }

  // What Netty tells, always inside a poll except where noted.

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    output = new Output(this, context, network.outputBuffers());
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    network.opened(this);
    try {
      handler = acceptor.accepted(this);
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
        handler.received(buffer.internalNioBuffer(buffer.readerIndex(), buffer.readableBytes()));
      }
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
    if (open && network.transport().readsOnDemand()) {
      network.readInNextPoll(channel);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event == ChannelInputShutdownEvent.INSTANCE) {
      network.inputEnded(this);
    }
  }

  /** May also be told during {@link #flush}, outside a poll. */
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (!(cause instanceof IOException)) {
      network.failed(cause);
    }
    closeChannel();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    open = false;
    network.closed(this);
    output().close();
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

  // What the output and the network tell.

  /** Nothing is pending any more. What follows waits until Netty has put its own queue in order. */
  void outputLeft() {
    if (draining || closing) {
      network.settleAfterPoll(this);
    }
  }

  /** The pending bytes may have left; called at the end of a poll. */
  void settle() {
    if (output().pendingBytes() > 0) {
      return;
    }
    if (closing) {
      closeChannel();
    } else if (draining && handler != null) {
      draining = false;
      handler.drained();
    }
  }

  // What the owner asks for.

  /** Whether the handler still has to do with what it has received. */
  boolean isBusy() {
    return handler != null && handler.isBusy();
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    if (open) {
      output().write(bytes, offset, length);
    }
  }

  @Override
  public void flush() {
    if (open) {
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
    return output().pendingBytes();
  }

  @Override
  public void closeAfterWrite() {
    if (!open) {
      return;
    }
    open = false;
    channel.config().setAutoRead(false);
    flushOutput();
    closing = true;
    if (output().pendingBytes() == 0) {
      closeChannel();
    }
  }

  @Override
  public void close() {
    open = false;
    closeChannel();
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
