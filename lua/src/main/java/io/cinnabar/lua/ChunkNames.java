package io.cinnabar.lua;

/** How error texts name a chunk. */
final class ChunkNames {
  private static final int MAX = 79;

  private ChunkNames() {}

  static String shown(String name) {
    if (name.startsWith("=")) {
      return name.substring(1, Math.min(name.length(), MAX + 1));
    }
    if (name.startsWith("@")) {
      String file = name.substring(1);
      return file.length() > 72 ? "..." + file.substring(file.length() - 72) : file;
    }
    int end = 0;
    while (end < name.length() && name.charAt(end) != '\n' && name.charAt(end) != '\r') {
      end++;
    }
    int shown = Math.min(end, 63);
    return "[string \"" + name.substring(0, shown) + (shown < name.length() ? "..." : "") + "\"]";
  }
}
