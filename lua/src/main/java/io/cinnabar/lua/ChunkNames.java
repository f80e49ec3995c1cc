package io.cinnabar.lua;

/** How error texts name a chunk. */
final class ChunkNames {
  private static final int MAX = 59;

  private ChunkNames() {}

  static String shown(String name) {
    if (name.startsWith("=")) {
      return name.substring(1, Math.min(name.length(), MAX + 1));
    }
    if (name.startsWith("@")) {
      String file = name.substring(1);
      return file.length() > 52 ? "..." + file.substring(file.length() - 52) : file;
    }
    int end = 0;
    while (end < name.length() && name.charAt(end) != '\n' && name.charAt(end) != '\r') {
      end++;
    }
    int shown = Math.min(end, 43);
    return "[string \"" + name.substring(0, shown) + (shown < name.length() ? "..." : "") + "\"]";
  }
}
