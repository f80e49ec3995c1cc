package io.cinnabar.persistence;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.cinnabar.persistence.AofFile.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The list of files that an append-only file is made of: a base, and the increments since, in the
 * order of what happened. As text, one line each:
 *
 * <pre>
 *   file appendonly.aof.2.base.rdb seq 2 type b
 *   file appendonly.aof.1.base.rdb seq 1 type h
 *   file appendonly.aof.4.incr.aof seq 4 type i
 * </pre>
 *
 * Lines that begin with # say nothing; names are quoted where they have to be. Immutable.
 */
public final class AofManifest {

  /** Without any file. */
  public static final AofManifest EMPTY = new AofManifest(null, List.of(), List.of());

  private final @Nullable AofFile base;
  private final List<AofFile> history;
  private final List<AofFile> increments;

  AofManifest(@Nullable AofFile base, List<AofFile> history, List<AofFile> increments) {
    this.base = base;
    this.history = List.copyOf(history);
    this.increments = List.copyOf(increments);
  }

  /**
   * Reads a manifest's text.
   *
   * @throws AofManifestException when it is none, in Redis's words
   */
  public static AofManifest parse(byte[] text) throws AofManifestException {
    return new AofManifestParser(text).parse();
  }

  /** The text that {@link #parse} reads. */
  public byte[] format() {
    StringBuilder text = new StringBuilder();
    if (base != null) {
      line(text, base);
    }
    history.forEach(file -> line(text, file));
    increments.forEach(file -> line(text, file));
    return text.toString().getBytes(ISO_8859_1);
  }

  private static void line(StringBuilder text, AofFile file) {
    text.append("file ").append(AofManifestParser.word(file.name()));
    text.append(" seq ").append(file.sequence());
    text.append(" type ").append(file.kind().letter()).append('\n');
  }

  /** The base; null when there is none. */
  public @Nullable AofFile base() {
    return base;
  }

  /** The increments, the oldest first. */
  public List<AofFile> increments() {
    return increments;
  }

  /** What is to be deleted. */
  public List<AofFile> history() {
    return history;
  }

  /** All that is to be loaded, in order. */
  public List<AofFile> loaded() {
    List<AofFile> files = new ArrayList<>();
    if (base != null) {
      files.add(base);
    }
    files.addAll(increments);
    return files;
  }

  /** Whether there is nothing to be loaded. */
  public boolean isEmpty() {
    return base == null && increments.isEmpty();
  }

  /** A base of that number. */
  static AofFile base(String prefix, long sequence, boolean isRdb) {
    String name = prefix + "." + sequence + ".base." + (isRdb ? "rdb" : "aof");
    return new AofFile(name, sequence, Kind.BASE);
  }

  /** An increment of that number. */
  static AofFile increment(String prefix, long sequence) {
    return new AofFile(prefix + "." + sequence + ".incr.aof", sequence, Kind.INCREMENT);
  }

  /** The number of the base that follows the one there is. */
  long nextBaseSequence() {
    return base == null ? 1 : base.sequence() + 1;
  }

  /** The number of the increment that follows the last. */
  long nextIncrementSequence() {
    return increments.isEmpty() ? 1 : last().sequence() + 1;
  }

  /** The last increment, of which there has to be one. */
  AofFile last() {
    return increments.get(increments.size() - 1);
  }

  /** With one increment more. */
  AofManifest withIncrement(AofFile increment) {
    List<AofFile> more = new ArrayList<>(increments);
    more.add(increment);
    return new AofManifest(base, history, more);
  }

  /** With another base, which makes it and the increments before {@code first} history. */
  AofManifest withBase(AofFile newBase, AofFile first) {
    Predicate<AofFile> stays = file -> file.sequence() >= first.sequence();
    List<AofFile> past = new ArrayList<>(history);
    if (base != null) {
      past.add(base.as(Kind.HISTORY));
    }
    increments.stream()
        .filter(stays.negate())
        .forEach(increment -> past.add(increment.as(Kind.HISTORY)));
    return new AofManifest(newBase, past, increments.stream().filter(stays).toList());
  }

  /** When what is to be deleted has been. */
  AofManifest withoutHistory() {
    return new AofManifest(base, List.of(), increments);
  }

  @Override
  public String toString() {
    return new String(format(), UTF_8);
  }
}
