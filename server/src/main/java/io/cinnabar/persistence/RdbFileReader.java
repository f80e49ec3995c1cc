package io.cinnabar.persistence;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.cinnabar.keyspace.Database;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.StringValue;
import io.cinnabar.value.Thresholds;
import io.cinnabar.value.ValueType;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Reads a file of RDB, as {@link RdbOpcode} draws it, key by key, whatever version wrote it: {@link
 * #open}, then {@link #next} and {@link #read} in turn. Everything that is read is checked; what is
 * thrown says what is wrong and at which offset. On the loop's thread.
 */
final class RdbFileReader {

  /** Hears what a file says besides its keys. */
  interface Listener {
    /** Something that its writer found worth telling, up to this offset. */
    void auxiliary(String name, String value, long offset);

    /** From this offset on there are keys of this database. */
    void selected(int database, long offset);

    /** The source of a library of functions, up to this offset. */
    void function(byte[] source, long offset);
  }

  /** What stands for the time of a key that does not expire; nobody writes it. */
  private static final long NO_EXPIRY = -1;

  private static final int SHOWN_KEY_BYTES = 100;
  private static final int DIGIT_RADIX = 10;
  private static final int MILLIS_PER_SECOND = 1000;
  private static final int MODULE_NAME_CHARS = 9;
  private static final int MODULE_CHAR_BITS = 6;
  private static final int MODULE_VERSION_BITS = 10;
  private static final String MODULE_CHARS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

  private final RdbReader in = new RdbReader();
  private final ValueReader values = new ValueReader(in);
  private final RdbSource source;
  private final Listener listener;
  private final int databases;
  private final RdbString keyString = new RdbString();
  private final RdbString text = new RdbString();
  private final Slice header = new Slice();
  private int version;
  private int database;
  private long expiryMillis;
  private boolean expires;
  private long idleSeconds;
  private long frequency;
  private int type;
  private boolean hasChecksum;
  private boolean isChecksumRight;

  /**
   * @param databases how many there are; a file that has more is refused
   */
  RdbFileReader(RdbSource source, Listener listener, int databases) {
    this.source = source;
    this.listener = listener;
    this.databases = databases;
  }

  /**
   * Reads what the file begins with.
   *
   * @throws RdbFileException when it is no RDB, or of a version that can't be read
   */
  void open() throws RdbFileException, IOException {
    in.over(source);
    try {
      in.bytes(RdbOpcode.SIGNATURE.length() + RdbOpcode.VERSION_DIGITS, header);
      String begin = new String(header.array, header.offset, header.length, ISO_8859_1);
      if (!begin.startsWith(RdbOpcode.SIGNATURE)) {
        throw new RdbException("has the wrong signature: it is no RDB");
      }
      version = version(begin);
      if (version < 1 || version > RdbVersion.NEWEST) {
        throw new RdbException(
            "has version "
                + begin.substring(RdbOpcode.SIGNATURE.length())
                + " of RDB, and only those from 1 to "
                + RdbVersion.NEWEST
                + " can be read");
      }
    } catch (RdbException e) {
      throw failure("the file", e);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static int version(String begin) {
    int number = 0;
    for (int i = RdbOpcode.SIGNATURE.length(); i < begin.length(); i++) {
      int digit = begin.charAt(i) - '0';
      if (digit < 0 || digit >= DIGIT_RADIX) {
        return 0;
      }
      number = number * DIGIT_RADIX + digit;
    }
    return number;
  }

  /**
   * Reads up to the next key, and its name; then {@link #read} has to follow.
   *
   * @return false at the end of the file, which a checksum may confirm
   */
  boolean next() throws RdbFileException, IOException {
    in.settle();
    expires = false;
    idleSeconds = RestoreOptions.NOT_GIVEN;
    frequency = RestoreOptions.NOT_GIVEN;
    try {
      int code = in.unsignedByte();
      while (code >= RdbOpcode.FIRST) {
        if (code == RdbOpcode.EOF) {
          readChecksum();
          return false;
        }
        readPart(code);
        code = in.unsignedByte();
      }
      type = code;
      in.string(keyString);
      return true;
    } catch (RdbException e) {
      throw failure("the file", e);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private void readPart(int code) throws RdbException {
    switch (code) {
      case RdbOpcode.AUX -> {
        String name = text();
        String value = text();
        listener.auxiliary(name, value, in.position());
      }
      case RdbOpcode.SELECT_DB -> select(in.length());
      case RdbOpcode.RESIZE_DB -> skipLengths(2);
      case RdbOpcode.SLOT_INFO -> skipLengths(3);
      case RdbOpcode.FUNCTION -> {
        byte[] source = in.string(text).toByteArray();
        listener.function(source, in.position());
      }
      case RdbOpcode.EXPIRY_SECONDS -> expiresAt((long) in.int32() * MILLIS_PER_SECOND);
      case RdbOpcode.EXPIRY_MILLIS -> expiresAt(in.millis());
      case RdbOpcode.IDLE -> idleSeconds = Math.max(0, in.length());
      case RdbOpcode.FREQUENCY -> frequency = in.unsignedByte();
      case RdbOpcode.FUNCTION_OLD ->
          throw new RdbException("has functions as only release candidates of Redis 7.0 had them");
      case RdbOpcode.MODULE_AUX ->
          throw new RdbException("has data of the module '" + moduleName() + "' beside its keys");
      default -> throw new IllegalStateException("not below the least opcode: " + code);
    }
  }

  private void expiresAt(long millis) {
    expires = millis != NO_EXPIRY;
    expiryMillis = millis;
  }

  private String text() throws RdbException {
    Slice slice = in.string(text);
    return new String(slice.array, slice.offset, slice.length, ISO_8859_1);
  }

  private void select(long number) throws RdbException {
    if (number < 0 || number >= databases) {
      throw new RdbException(
          "has a database "
              + Long.toUnsignedString(number)
              + ", and there are only "
              + databases
              + " of them");
    }
    database = (int) number;
    listener.selected(database, in.position());
  }

  private void skipLengths(int count) throws RdbException {
    for (int i = 0; i < count; i++) {
      in.length();
    }
  }

  /** A module's number is its name, six bits a character, and a version. */
  private String moduleName() throws RdbException {
    long id = in.length() >>> MODULE_VERSION_BITS;
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < MODULE_NAME_CHARS; i++) {
      name.append(MODULE_CHARS.charAt((int) id & ((1 << MODULE_CHAR_BITS) - 1)));
      id >>>= MODULE_CHAR_BITS;
    }
    return name.reverse().toString();
  }

  private void readChecksum() throws RdbException {
    if (version < RdbVersion.CHECKSUMMED) {
      isChecksumRight = true;
      return;
    }
    long computed = in.checksum();
    long told = in.int64();
    hasChecksum = told != 0;
    isChecksumRight = !hasChecksum || told == computed;
  }

  /**
   * Reads the value of the key into an entry that is in no table yet.
   *
   * @param into is over it then, without expiry; over nothing where this throws
   * @throws RdbFileException when it can't be; {@link RdbFileException#isEmptyValue} tells whether
   *     the next key can follow
   */
  void read(Database target, long hash, Entry into, Thresholds thresholds)
      throws RdbFileException, IOException {
    try {
      requireNoModule();
      ValueType valueType = ValueReader.valueType(type);
      if (valueType == ValueType.STRING) {
        readString(target, hash, into);
      } else {
        readCollection(valueType, target, hash, into, thresholds);
      }
    } catch (RdbException e) {
      throw failure("the value of the key '" + keyText() + "'", e);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } finally {
      values.release();
    }
  }

  private void requireNoModule() throws RdbException {
    if (type == RdbType.MODULE || type == RdbType.MODULE_2) {
      throw new RdbException("is of a type of the module '" + moduleName() + "'");
    }
  }

  private void readString(Database target, long hash, Entry into) throws RdbException {
    int length = in.nextLength();
    if (length <= StringValue.MAX_INLINE_BYTES) {
      target.createDetached(key(), hash, values.string(), into);
      return;
    }
    // Where it is going to stay, since it may be huge.
    target.prepareString(key(), hash, length, into);
    boolean isRead = false;
    try {
      in.fill(into.string().bytes());
      isRead = true;
    } finally {
      if (!isRead) {
        target.discard(into);
      }
    }
  }

  private void readCollection(
      ValueType valueType, Database target, long hash, Entry into, Thresholds thresholds)
      throws RdbException {
    target.createDetached(key(), hash, valueType, into);
    boolean isRead = false;
    try {
      values.read(type, into, thresholds);
      isRead = true;
    } finally {
      if (!isRead) {
        target.discard(into);
      }
    }
  }

  private RdbFileException failure(String what, RdbException e) {
    return new RdbFileException(
        what + " " + e.reason(), in.position(), e instanceof RdbException.EmptyValue);
  }

  /** The version of the file. */
  int version() {
    return version;
  }

  /** The database that the key is in. */
  int database() {
    return database;
  }

  /** The key; valid until {@link #next}. */
  Slice key() {
    return keyString.bytes();
  }

  /** The key in one line that is not too long. */
  String keyText() {
    Slice key = key();
    StringBuilder shown = new StringBuilder();
    for (int i = 0; i < key.length && i < SHOWN_KEY_BYTES; i++) {
      char c = (char) (key.at(i) & 0xff);
      shown.append(c < ' ' || c > '~' ? '?' : c);
    }
    return shown.append(key.length > SHOWN_KEY_BYTES ? "..." : "").toString();
  }

  /** The {@link RdbType} of its value. */
  int type() {
    return type;
  }

  /** Whether the key has an expiry. */
  boolean expires() {
    return expires;
  }

  /** When it expires, in milliseconds since 1970; only where it {@link #expires}. */
  long expiryMillis() {
    return expiryMillis;
  }

  /** For how long it was not used, or {@link RestoreOptions#NOT_GIVEN}. */
  long idleSeconds() {
    return idleSeconds;
  }

  /** Its counter of uses, or {@link RestoreOptions#NOT_GIVEN}. */
  long frequency() {
    return frequency;
  }

  /** Whether the file ended with a checksum; after the last key. */
  boolean hasChecksum() {
    return hasChecksum;
  }

  /** Whether that was right, or there was none; after the last key. */
  boolean isChecksumRight() {
    return isChecksumRight;
  }

  /** How many bytes of the file were read. */
  long position() {
    return in.position();
  }

  /** Lets go of the memory. */
  void release() {
    keyString.release();
    text.release();
    in.release();
  }
}
