package io.cinnabar.net;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandler;

/**
 * The only handler of a channel: what it does not care about ends here. Netty's own adapter passes
 * it on instead and says so by annotations, whose reading takes some milliseconds of each start.
 */
abstract class InboundHandler implements ChannelInboundHandler {

  @Override
  public void handlerAdded(ChannelHandlerContext context) {}

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {}

  @Override
  public void channelRegistered(ChannelHandlerContext context) {}

  @Override
  public void channelUnregistered(ChannelHandlerContext context) {}

  @Override
  public void channelActive(ChannelHandlerContext context) {}

  @Override
  public void channelInactive(ChannelHandlerContext context) {}

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {}

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {}

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {}

  /** Netty deprecates it in one interface and asks for it in the next. */
  @Override
  @SuppressWarnings("deprecation")
  public abstract void exceptionCaught(ChannelHandlerContext context, Throwable cause);
}
