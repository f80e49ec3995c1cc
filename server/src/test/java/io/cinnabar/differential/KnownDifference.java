package io.cinnabar.differential;

import java.util.Locale;

/**
 * Where the version that Cinnabar speaks answers on purpose otherwise than an older server that it
 * is compared with. Case files name one and say what the right answer is; random commands that meet
 * one are not generated.
 */
enum KnownDifference {
  /** Since Redis 7.2 the rules of a user are shown in the order in which they were given. */
  ACL_RULES_IN_ORDER(7, 2),
  /** Redis 7.2 lets clients name their library; 7.0 does not know the subcommand. */
  CLIENT_SETINFO(7, 2),
  /** Since Redis 7.2 the command whose keys are asked for may stand without arguments. */
  GETKEYS_ARITY(7, 2),
  /** Since Redis 7.2 HELLO names the client only when all else is right, and says how to log in. */
  HELLO_CHECKS_FIRST(7, 2),
  /** Since Redis 7.2 XREAD and XREADGROUP say by name which of them misses an ID. */
  XREAD_UNBALANCED(7, 2),
  /** Since Redis 7.2 XSETID refuses IDs below what was deleted. */
  XSETID_BELOW_DELETED(7, 2),
  /** Since Redis 7.2 a small list is a listpack, not a quicklist of one. */
  LIST_LISTPACK(7, 2),
  /** Since Redis 7.2 LPOS refuses the one rank that has no opposite. */
  LPOS_RANK(7, 2),
  /** Since Redis 7.2 a small set of text is a listpack, not a hash table. */
  SET_LISTPACK(7, 2),
  /** Since Redis 7.2 doubles have as few digits as tell them from their neighbours. */
  SHORTEST_DOUBLE(7, 2),
  /** Since Redis 7.2 a timeout that is too large is told from a negative one. */
  TIMEOUT_OUT_OF_RANGE(7, 2);

  private final int major;
  private final int minor;

  KnownDifference(int major, int minor) {
    this.major = major;
    this.minor = minor;
  }

  /** The one that a case file calls {@code client-setinfo}. */
  static KnownDifference named(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  /** Whether {@code subject} is new enough to answer differently and {@code reference} is not. */
  boolean lies(Subject reference, Subject subject) {
    return subject.isAtLeast(major, minor) && !reference.isAtLeast(major, minor);
  }
}
