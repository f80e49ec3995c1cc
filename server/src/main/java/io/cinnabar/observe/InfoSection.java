package io.cinnabar.observe;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The sections of INFO, in the order in which it writes them. */
enum InfoSection {
  SERVER("Server"),
  CLIENTS("Clients"),
  MEMORY("Memory"),
  PERSISTENCE("Persistence"),
  STATS("Stats"),
  REPLICATION("Replication"),
  CPU("CPU"),
  MODULES("Modules"),
  COMMANDSTATS("Commandstats"),
  ERRORSTATS("Errorstats"),
  LATENCYSTATS("Latencystats"),
  CLUSTER("Cluster"),
  KEYSPACE("Keyspace");

  private static final Set<InfoSection> ALL = EnumSet.allOf(InfoSection.class);

  private static final Set<InfoSection> DEFAULT =
      EnumSet.complementOf(EnumSet.of(COMMANDSTATS, LATENCYSTATS));

  private static final InfoSection[] VALUES = values();

  private final String title;

  InfoSection(String title) {
    this.title = title;
  }

  /** What the section's first line calls it. */
  String title() {
    return title;
  }

  /** The sections that a client sees without asking for any. */
  static Set<InfoSection> byDefault() {
    return DEFAULT;
  }

  /** The sections that an argument stands for, in whatever case; none for an unknown word. */
  static Set<InfoSection> named(String argument) {
    String word = argument.toLowerCase(Locale.ROOT);
    return switch (word) {
      case "default" -> DEFAULT;
      case "all", "everything" -> ALL;
      default -> {
        InfoSection section = find(word);
        yield section == null ? EnumSet.noneOf(InfoSection.class) : EnumSet.of(section);
      }
    };
  }

  private static @Nullable InfoSection find(String word) {
    for (InfoSection section : VALUES) {
      if (section.name().toLowerCase(Locale.ROOT).equals(word)) {
        return section;
      }
    }
    return null;
  }
}
