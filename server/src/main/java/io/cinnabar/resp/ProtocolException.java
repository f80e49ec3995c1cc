package io.cinnabar.resp;

/**
 * What a client sent is no command; after the error reply the connection is closed. The message is
 * the text that follows {@code ERR Protocol error: } on the wire, one byte a char (ISO-8859-1).
 */
public final class ProtocolException extends RuntimeException {

  ProtocolException(String message) {
    super(message, null, false, false);
  }
}
