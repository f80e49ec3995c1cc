package io.cinnabar.net;

import io.netty.channel.Channel;
import io.netty.channel.DefaultChannelProgressivePromise;

/**
 * Hears how the buffers of one connection leave. Netty wants a promise with each write; this one is
 * never kept, so that one object serves all writes of its connection.
 */
final class OutputProgress extends DefaultChannelProgressivePromise {

  private final Output output;

  OutputProgress(Channel channel, Output output) {
    super(channel, channel.eventLoop());
    this.output = output;
  }

  @Override
  public boolean tryProgress(long progress, long total) {
    output.progressed(progress);
    return true;
  }

  @Override
  public boolean trySuccess(Void result) {
    output.left(true);
    return true;
  }

  @Override
  public boolean tryFailure(Throwable cause) {
    output.left(false);
    return true;
  }
}
