package io.cinnabar.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class InputArraysTest {

  private static final int KIB = 1024;

  private final InputArrays arrays = new InputArrays(1024 * KIB);

  private byte[] given(int lengthBytes) {
    byte[] array = arrays.take(lengthBytes, lengthBytes);
    arrays.give(array);
    return array;
  }

  @Test
  void anArrayIsNotUsedAgainBeforeTheTurnEnds() {
    byte[] array = given(100 * KIB);
    assertThat(arrays.take(100 * KIB, 0)).isNotSameAs(array);
    assertThat(arrays.bytes()).isEqualTo(array.length);
    arrays.endTurn();
    assertThat(arrays.bytes()).isEqualTo(array.length);
    assertThat(arrays.take(100 * KIB, 0)).isSameAs(array);
    assertThat(arrays.bytes()).isZero();
  }

  @Test
  void theShortestThatIsLongEnoughIsTaken() {
    byte[] large = given(512 * KIB);
    byte[] small = given(192 * KIB);
    byte[] middle = given(256 * KIB);
    arrays.endTurn();
    assertThat(arrays.take(150 * KIB, 200 * KIB)).isSameAs(middle);
    assertThat(arrays.take(150 * KIB, 200 * KIB)).isSameAs(small);
    assertThat(arrays.take(150 * KIB, 200 * KIB)).isNotSameAs(large).hasSize(256 * KIB);
    assertThat(arrays.take(300 * KIB, 0)).isSameAs(large);
  }

  @Test
  void noMoreIsKeptThanTheLimit() {
    given(600 * KIB);
    given(500 * KIB);
    given(300 * KIB);
    arrays.endTurn();
    assertThat(arrays.bytes()).isEqualTo((640 + 320) * KIB);
  }

  @Test
  void smallArraysAreNotKept() {
    arrays.give(new byte[InputArrays.LEAST_BYTES - 1]);
    arrays.endTurn();
    assertThat(arrays.bytes()).isZero();
  }

  @Test
  void theWishedLengthDecidesHowLongANewOneIs() {
    assertThat(arrays.take(1, 300 * KIB)).hasSize(320 * KIB);
    assertThat(arrays.take(65 * KIB, 0)).hasSize(128 * KIB);
  }
}
