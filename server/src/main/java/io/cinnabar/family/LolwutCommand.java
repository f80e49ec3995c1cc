package io.cinnabar.family;

import io.cinnabar.command.Call;
import io.cinnabar.command.Version;
import java.util.random.RandomGenerator;

/** LOLWUT: a picture that is another one each time, and the version. */
final class LolwutCommand {

  private static final int MOST_COLUMNS = 1000;
  private static final int MOST_CELLS = 200;

  /** A drawing that would be larger ends earlier. */
  private static final int MOST_DOTS = 1 << 23;

  private LolwutCommand() {}

  /** {@code LOLWUT [VERSION number [argument...]]}; this version has no picture of its own. */
  static void run(Call call) {
    long version = call.argCount() > 2 && call.isWord(1, "version") ? call.integer(2) : 0;
    StringBuilder text = new StringBuilder();
    RandomGenerator random = call.engine().host().random();
    if (version == 5) {
      int columns = argument(call, 3, 66, MOST_COLUMNS);
      int across = argument(call, 4, 8, MOST_CELLS);
      int down = argument(call, 5, 12, MOST_CELLS);
      crystals(text, random, columns, across, down);
      text.append("\nCinnabar crystals, growing from order into chance. ");
    } else if (version == 6) {
      int columns = argument(call, 3, 80, MOST_COLUMNS);
      int rows = argument(call, 4, 20, MOST_COLUMNS);
      mountains(text, random, columns, rows);
      text.append("Mountains at dusk,\nnone of which anybody has climbed. ");
    }
    text.append("Redis ver. ").append(Version.REDIS).append('\n');
    call.reply().verbatim("txt", text.toString());
  }

  private static int argument(Call call, int index, int initial, int most) {
    if (call.argCount() <= index) {
      return initial;
    }
    return (int) Math.max(1, Math.min(call.integer(index), most));
  }

  /** Rhombs in a lattice; from row to row they turn, stretch and stray more. */
  private static void crystals(
      StringBuilder text, RandomGenerator random, int columns, int across, int down) {
    int width = 2 * columns;
    int margin = width > 4 ? 2 : 0;
    double side = (double) (width - 2 * margin) / across;
    int tall = (int) side;
    int rows = (int) Math.max(1, Math.min(down, MOST_DOTS / (width * Math.max(1, side))));
    BrailleCanvas canvas = new BrailleCanvas(width, tall * rows + 2 * margin);
    for (int row = 0; row < rows; row++) {
      double disorder = (double) row / rows;
      for (int column = 0; column < across; column++) {
        double x = margin + side * (column + 0.5 + disorder * (random.nextDouble() - 0.5));
        double y = margin + tall * (row + 0.5 + disorder * (random.nextDouble() - 0.5));
        double angle = disorder * Math.PI * (random.nextDouble() - 0.5);
        double stretch = 0.6 + disorder * (random.nextDouble() - 0.5);
        rhomb(canvas, x, y, side / 2, side / 2 * stretch, angle);
      }
    }
    canvas.write(text);
  }

  private static void rhomb(
      BrailleCanvas canvas, double x, double y, double tall, double wide, double angle) {
    double upX = tall * Math.sin(angle);
    double upY = -tall * Math.cos(angle);
    double rightX = wide * Math.cos(angle);
    double rightY = wide * Math.sin(angle);
    canvas.line(x + upX, y + upY, x + rightX, y + rightY);
    canvas.line(x + rightX, y + rightY, x - upX, y - upY);
    canvas.line(x - upX, y - upY, x - rightX, y - rightY);
    canvas.line(x - rightX, y - rightY, x + upX, y + upY);
  }

  /** Three ranges, the nearer the darker, in a terminal's greys. */
  private static void mountains(StringBuilder text, RandomGenerator random, int columns, int rows) {
    int[][] ranges = new int[3][];
    for (int i = 0; i < ranges.length; i++) {
      ranges[i] = range(random, columns, rows * (3 - i) / 4, Math.max(1, rows / 8));
    }
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        int nearest = -1;
        for (int i = 0; i < ranges.length; i++) {
          nearest = rows - row <= ranges[i][column] ? i : nearest;
        }
        text.append(
            switch (nearest) {
              case 0 -> "\u001b[0;37;47m \u001b[0m";
              case 1 -> "\u001b[0;90;100m \u001b[0m";
              case 2 -> "\u001b[0;30;40m \u001b[0m";
              default -> "\u001b[0;97;107m \u001b[0m";
            });
      }
      text.append('\n');
    }
  }

  /** How high the range is in each column: a walk around {@code height}. */
  private static int[] range(RandomGenerator random, int columns, int height, int spread) {
    int[] heights = new int[columns];
    int at = height;
    for (int i = 0; i < columns; i++) {
      at += random.nextInt(3) - 1;
      at = Math.max(height - spread, Math.min(at, height + spread));
      heights[i] = at;
    }
    return heights;
  }
}
