package io.cinnabar.arena;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BytesTest {

  private final byte[] bytes = new byte[16];

  @Test
  void numbersAreLittleEndianAtAnyIndex() {
    Bytes.putInt(bytes, 3, 0x04030201);
    assertThat(bytes).startsWith(0, 0, 0, 1, 2, 3, 4, 0);
    assertThat(Bytes.getInt(bytes, 3)).isEqualTo(0x04030201);
    Bytes.putLong(bytes, 5, 0x0807060504030201L);
    assertThat(bytes).containsSubsequence(1, 2, 3, 4, 5, 6, 7, 8);
    assertThat(Bytes.getLong(bytes, 5)).isEqualTo(0x0807060504030201L);
    Bytes.putDouble(bytes, 1, -0.1);
    assertThat(Bytes.getDouble(bytes, 1)).isEqualTo(-0.1);
  }

  @Test
  void shortNumbersLeaveTheirNeighboursAlone() {
    Bytes.putLong(bytes, 0, -1);
    Bytes.putMedium(bytes, 1, 0x123456);
    Bytes.putShort(bytes, 5, 0x9ABC);
    assertThat(bytes).startsWith(0xFF, 0x56, 0x34, 0x12, 0xFF, 0xBC, 0x9A, 0xFF);
    assertThat(Bytes.getUnsignedMedium(bytes, 1)).isEqualTo(0x123456);
    assertThat(Bytes.getUnsignedMedium(bytes, 4)).isEqualTo(0x9ABCFF);
    assertThat(Bytes.getUnsignedShort(bytes, 5)).isEqualTo(0x9ABC);
    assertThat(Bytes.getShort(bytes, 5)).isEqualTo((short) 0x9ABC);
    assertThat(Bytes.getUnsignedByte(bytes, 0)).isEqualTo(255);
  }

  @Test
  void everyAccessIsCheckedAgainstTheBounds() {
    assertThatThrownBy(() -> Bytes.getInt(bytes, 13)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> Bytes.putLong(bytes, -1, 0))
        .isInstanceOf(IndexOutOfBoundsException.class);
  }
}
