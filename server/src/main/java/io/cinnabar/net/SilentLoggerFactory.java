package io.cinnabar.net;

import io.netty.util.internal.logging.AbstractInternalLogger;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;

/** Keeps Netty from writing logs of its own: what matters reaches the handlers as an event. */
final class SilentLoggerFactory extends InternalLoggerFactory {

  @Override
  protected InternalLogger newInstance(String name) {
    return new SilentLogger(name);
  }

  private static final class SilentLogger extends AbstractInternalLogger {
    SilentLogger(String name) {
      super(name);
    }

    @Override
    public boolean isTraceEnabled() {
      return false;
    }

    @Override
    public boolean isDebugEnabled() {
      return false;
    }

    @Override
    public boolean isInfoEnabled() {
      return false;
    }

    @Override
    public boolean isWarnEnabled() {
      return false;
    }

    @Override
    public boolean isErrorEnabled() {
      return false;
    }

    @Override
    public void trace(String message) {}

    @Override
    public void trace(String format, Object argument) {}

    @Override
    public void trace(String format, Object first, Object second) {}

    @Override
    public void trace(String format, Object... arguments) {}

    @Override
    public void trace(String message, Throwable thrown) {}

    @Override
    public void debug(String message) {}

    @Override
    public void debug(String format, Object argument) {}

    @Override
    public void debug(String format, Object first, Object second) {}

    @Override
    public void debug(String format, Object... arguments) {}

    @Override
    public void debug(String message, Throwable thrown) {}

    @Override
    public void info(String message) {}

    @Override
    public void info(String format, Object argument) {}

    @Override
    public void info(String format, Object first, Object second) {}

    @Override
    public void info(String format, Object... arguments) {}

    @Override
    public void info(String message, Throwable thrown) {}

    @Override
    public void warn(String message) {}

    @Override
    public void warn(String format, Object argument) {}

    @Override
    public void warn(String format, Object first, Object second) {}

    @Override
    public void warn(String format, Object... arguments) {}

    @Override
    public void warn(String message, Throwable thrown) {}

    @Override
    public void error(String message) {}

    @Override
    public void error(String format, Object argument) {}

    @Override
    public void error(String format, Object first, Object second) {}

    @Override
    public void error(String format, Object... arguments) {}

    @Override
    public void error(String message, Throwable thrown) {}
  }
}
