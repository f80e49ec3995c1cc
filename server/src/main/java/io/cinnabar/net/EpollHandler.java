package io.cinnabar.net;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;

/**
 * Netty's epoll, but a socket of which nothing is wanted for a while stays in the set.
 *
 * <p>Netty takes it out, since epoll would report its errors for ever, and then can't put it back:
 * it asks to modify what isn't there any more, takes the refusal for a failed write and shuts the
 * output down. That meets whoever has sent its last byte and has not read all replies yet. Here the
 * socket stays, edge-triggered: an error is reported once.
 */
final class EpollHandler implements IoHandler {

  private final IoHandler netty;

  private EpollHandler(IoHandler netty) {
    this.netty = netty;
  }

  static IoHandlerFactory newFactory() {
    IoHandlerFactory netty = EpollIoHandler.newFactory();
    return executor -> new EpollHandler(netty.newHandler(executor));
  }

  @Override
  public void initialize() {
    netty.initialize();
  }

  @Override
  public int run(IoHandlerContext context) {
    return netty.run(context);
  }

  @Override
  public void prepareToDestroy() {
    netty.prepareToDestroy();
  }

  @Override
  public void destroy() {
    netty.destroy();
  }

  @Override
  public IoRegistration register(IoHandle handle) throws Exception {
    return new Registration(netty.register(handle));
  }

  @Override
  public void wakeup() {
    netty.wakeup();
  }

  @Override
  public boolean isCompatible(Class<? extends IoHandle> handleType) {
    return netty.isCompatible(handleType);
  }

  private static final class Registration implements IoRegistration {

    private final IoRegistration netty;

    /** Before the first wish the socket isn't in the set yet. */
    private boolean added;

    Registration(IoRegistration netty) {
      this.netty = netty;
    }

    @Override
    @SuppressWarnings("TypeParameterUnusedInFormals") // Netty's signature
    public <T> T attachment() {
      return netty.attachment();
    }

    @Override
    public long submit(IoOps ops) {
      boolean nothing = ops.equals(EpollIoOps.NONE);
      added |= !nothing;
      return netty.submit(nothing && added ? EpollIoOps.EPOLLET : ops);
    }

    @Override
    public boolean isValid() {
      return netty.isValid();
    }

    @Override
    public boolean cancel() {
      return netty.cancel();
    }
  }
}
