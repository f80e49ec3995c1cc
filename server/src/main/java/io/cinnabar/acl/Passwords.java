package io.cinnabar.acl;

import io.cinnabar.acl.AclException.Kind;
import io.cinnabar.structure.Slice;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The passwords of a user, of which only SHA-256 hashes are kept, as lower-case hex digits. */
final class Passwords {

  private static final int HASH_DIGITS = 64;

  private final List<String> hashes = new ArrayList<>();

  Passwords() {}

  Passwords(Passwords other) {
    hashes.addAll(other.hashes);
  }

  /** Hashes in the order in which they were added. */
  List<String> hashes() {
    return hashes;
  }

  void clear() {
    hashes.clear();
  }

  /** Adds a hash, unless it is there. */
  void add(String hash) {
    if (!hashes.contains(hash)) {
      hashes.add(hash);
    }
  }

  void remove(String hash) throws AclException {
    if (!hashes.remove(hash)) {
      throw new AclException(Kind.NO_SUCH_PASSWORD);
    }
  }

  /** Whether {@code password} is one of them, in a time that tells nothing of how near it came. */
  boolean contain(Slice password) {
    byte[] given = hash(password.toByteArray()).getBytes(StandardCharsets.US_ASCII);
    boolean found = false;
    for (String hash : hashes) {
      found |= MessageDigest.isEqual(given, hash.getBytes(StandardCharsets.US_ASCII));
    }
    return found;
  }

  /** The hash of a password. */
  static String hash(byte[] password) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(password));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  /** The text itself, if it may be a hash. */
  static String checked(String hash) throws AclException {
    boolean right = hash.length() == HASH_DIGITS;
    for (int i = 0; i < hash.length() && right; i++) {
      char c = hash.charAt(i);
      right = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
    }
    if (!right) {
      throw new AclException(Kind.BAD_HASH);
    }
    return hash;
  }
}
