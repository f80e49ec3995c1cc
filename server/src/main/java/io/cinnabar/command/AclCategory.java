package io.cinnabar.command;

import io.cinnabar.structure.Slice;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A category of commands in ACL rules and in COMMAND LIST FILTERBY ACLCAT, in the order in which
 * COMMAND INFO lists them.
 */
public enum AclCategory {
  KEYSPACE,
  READ,
  WRITE,
  SET,
  SORTEDSET,
  LIST,
  HASH,
  STRING,
  BITMAP,
  HYPERLOGLOG,
  GEO,
  STREAM,
  PUBSUB,
  ADMIN,
  FAST,
  SLOW,
  BLOCKING,
  DANGEROUS,
  CONNECTION,
  TRANSACTION,
  SCRIPTING;

  private static final AclCategory[] ALL = values();

  /** In sets of the running program only, so the order may change. */
  @SuppressWarnings("EnumOrdinal")
  final int bit = 1 << ordinal();

  private final String word = name().toLowerCase(Locale.ROOT);
  private final String atWord = "@" + word;

  /** The category as ACL rules spell it, without the {@code @}. */
  public String word() {
    return word;
  }

  /** The category with its {@code @}, as COMMAND INFO spells it. */
  public String atWord() {
    return atWord;
  }

  /** The category of that name, whatever its case; null if there is none. */
  public static @Nullable AclCategory named(Slice name) {
    for (AclCategory category : ALL) {
      if (name.equalsIgnoreCase(category.word)) {
        return category;
      }
    }
    return null;
  }

  /** The category that the commands of a documented group share, if there is one. */
  static @Nullable AclCategory ofGroup(String group) {
    return switch (group) {
      case "bitmap" -> BITMAP;
      case "connection" -> CONNECTION;
      case "generic" -> KEYSPACE;
      case "geo" -> GEO;
      case "hash" -> HASH;
      case "hyperloglog" -> HYPERLOGLOG;
      case "list" -> LIST;
      case "scripting" -> SCRIPTING;
      case "set" -> SET;
      case "sorted-set" -> SORTEDSET;
      case "stream" -> STREAM;
      case "string" -> STRING;
      case "transactions" -> TRANSACTION;
      default -> null;
    };
  }
}
