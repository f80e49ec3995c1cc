package io.cinnabar.family;

/**
 * A drawing of dots, eight to a character of Unicode's Braille block: two columns of four rows.
 *
 * <pre>
 *   1 4      bit 0  bit 3
 *   2 5      bit 1  bit 4
 *   3 6      bit 2  bit 5
 *   7 8      bit 6  bit 7
 * </pre>
 */
final class BrailleCanvas {

  private static final int BLANK = 0x2800;
  private static final int[][] BITS = {{0, 3}, {1, 4}, {2, 5}, {6, 7}};

  private final int width;
  private final int height;
  private final boolean[] dots;

  BrailleCanvas(int width, int height) {
    this.width = width;
    this.height = height;
    dots = new boolean[width * height];
  }

  /** Draws a straight line; what lies outside is left out. */
  void line(double fromX, double fromY, double toX, double toY) {
    int steps = (int) Math.ceil(Math.max(Math.abs(toX - fromX), Math.abs(toY - fromY)));
    for (int i = 0; i <= steps; i++) {
      double part = steps == 0 ? 0 : (double) i / steps;
      dot(Math.round(fromX + part * (toX - fromX)), Math.round(fromY + part * (toY - fromY)));
    }
  }

  private void dot(long x, long y) {
    if (isInside(x, y)) {
      dots[(int) (y * width + x)] = true;
    }
  }

  private boolean isInside(long x, long y) {
    return x >= 0 && x < width && y >= 0 && y < height;
  }

  /** Appends the lines of characters, each with a line feed. */
  void write(StringBuilder text) {
    for (int y = 0; y < height; y += BITS.length) {
      for (int x = 0; x < width; x += 2) {
        text.append(character(x, y));
      }
      text.append('\n');
    }
  }

  private char character(int x, int y) {
    int bits = 0;
    for (int row = 0; row < BITS.length; row++) {
      for (int column = 0; column < 2; column++) {
        if (isInside(x + column, y + row) && dots[(y + row) * width + x + column]) {
          bits |= 1 << BITS[row][column];
        }
      }
    }
    return (char) (BLANK + bits);
  }
}
