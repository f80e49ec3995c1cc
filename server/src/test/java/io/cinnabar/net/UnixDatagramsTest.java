package io.cinnabar.net;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.unix.DomainDatagramSocketAddress;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UnixDatagramsTest {

  @TempDir private Path folder;

  @Test
  void aMessageOfAnyLengthArrivesWhole() throws IOException {
    String path = folder.resolve("socket").toString();
    try (UnixDatagrams datagrams = UnixDatagrams.open()) {
      Socket receiver = Socket.newSocketDomainDgram();
      try {
        receiver.bind(new DomainSocketAddress(path));
        for (String message : new String[] {"x", "ab".repeat(5000), "READY=1\n", ""}) {
          datagrams.send(path, message.getBytes(US_ASCII));
          assertThat(receive(receiver)).isEqualTo(message);
        }
      } finally {
        receiver.close();
      }
    }
  }

  @Test
  void nobodyThereIsAnError() throws IOException {
    try (UnixDatagrams datagrams = UnixDatagrams.open()) {
      String path = folder.resolve("none").toString();
      assertThatThrownBy(() -> datagrams.send(path, new byte[1])).isInstanceOf(IOException.class);
    }
  }

  private static String receive(Socket socket) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(20_000);
    DomainDatagramSocketAddress from = socket.recvFromDomainSocket(buffer, 0, buffer.capacity());
    byte[] bytes = new byte[from.receivedAmount()];
    buffer.get(0, bytes);
    return new String(bytes, US_ASCII);
  }
}
