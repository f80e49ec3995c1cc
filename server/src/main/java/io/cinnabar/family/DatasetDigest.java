package io.cinnabar.family;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.cinnabar.keyspace.Database;
import io.cinnabar.keyspace.Entry;
import io.cinnabar.keyspace.Keyspace;
import io.cinnabar.structure.Slice;
import io.cinnabar.value.HashValue;
import io.cinnabar.value.ListWalk;
import io.cinnabar.value.SetMember;
import io.cinnabar.value.SetValue;
import io.cinnabar.value.SortedSetValue;
import io.cinnabar.value.StreamCursor;
import io.cinnabar.value.StreamValue;
import io.cinnabar.value.ValueType;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A hash of data sets that is the same as Redis's, so that the two can be compared whatever the
 * order in which they hold their keys. It is 20 bytes, all zero at first. Two steps make it up:
 *
 * <pre>
 *   add(x)   d = d xor SHA1(x)             for what comes in no order
 *   mix(x)   d = SHA1(d xor SHA1(x))       for what comes in order
 *
 *   value    mix(type, 4 bytes), then for a string mix(its text),
 *            for a list mix(element) for each,
 *            for a hash add(digest of mix(field), mix(value), made from zero) for each,
 *            for a set add(member) for each,
 *            for a stream mix(its ID with a dot between), mix(field), mix(value) of each entry,
 *            for a sorted set add(digest of mix(member), mix(score), made from zero) for each,
 *            then add("!!expire!!") if the key has an expiry, whenever that is
 *   key      mix(key), then as for its value
 *   data set for each database that is not empty: mix(its number, 4 bytes),
 *            then for each of its keys add(the key's digest, made from zero)
 * </pre>
 *
 * <p>Numbers are big-endian; the type of a string is 0.
 */
final class DatasetDigest {

  private static final int BYTES = 20;

  private static final int STREAM_TYPE = 6;

  /** The digest of a key that is not there. */
  static final String NOTHING = "0".repeat(2 * BYTES);

  private static final byte[] EXPIRES = "!!expire!!".getBytes(US_ASCII);

  private static final byte[] FIELD_EXPIRES = "!!hexpire!!".getBytes(US_ASCII);

  private final MessageDigest sha1;

  DatasetDigest() {
    try {
      sha1 = MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  /** The digest of all databases, in hexadecimal digits. */
  String of(Keyspace keyspace) {
    byte[] digest = new byte[BYTES];
    for (int i = 0; i < keyspace.databases(); i++) {
      Database database = keyspace.database(i);
      if (database.size() > 0) {
        mix(digest, number(i));
        long cursor = 0;
        do {
          cursor = database.scan(cursor, entry -> addKey(digest, entry));
        } while (cursor != 0);
      }
    }
    return HexFormat.of().formatHex(digest);
  }

  /** The digest of a value, in hexadecimal digits. */
  String of(Entry entry) {
    byte[] digest = new byte[BYTES];
    mixValue(digest, entry);
    return HexFormat.of().formatHex(digest);
  }

  private void addKey(byte[] digest, Entry entry) {
    byte[] one = new byte[BYTES];
    mix(one, entry.key());
    mixValue(one, entry);
    add(digest, one);
  }

  private void mixValue(byte[] digest, Entry entry) {
    boolean isStream = entry.type() == ValueType.STREAM;
    mix(digest, number(isStream ? STREAM_TYPE : entry.type().code()));
    switch (entry.type()) {
      case STRING -> mix(digest, entry.string().bytes());
      case LIST -> mixList(digest, entry.list().walk());
      case HASH -> addFields(digest, entry.hashValue());
      case STREAM -> mixStream(digest, entry.stream());
      case SET -> addSet(digest, entry.set());
      case SORTED_SET -> addScores(digest, entry.sortedSet());
    }
    if (entry.expires()) {
      add(digest, EXPIRES);
    }
  }

  private void mixStream(byte[] digest, StreamValue stream) {
    StreamCursor cursor = stream.cursor();
    Slice field = new Slice();
    Slice value = new Slice();
    for (boolean found = cursor.first(); found; found = cursor.next()) {
      mix(digest, Slice.of(cursor.id().toString().replace('-', '.')));
      while (cursor.nextField(field, value)) {
        mix(digest, field);
        mix(digest, value);
      }
    }
  }

  private void mixList(byte[] digest, ListWalk walk) {
    for (boolean more = walk.start(0, false); more; more = walk.next()) {
      mix(digest, walk.text());
    }
  }

  private void addFields(byte[] digest, HashValue hash) {
    for (boolean more = hash.first(); more; more = hash.next()) {
      byte[] one = new byte[BYTES];
      mix(one, hash.field());
      mix(one, hash.value());
      if (hash.expiryMillis() != HashValue.NO_EXPIRY) {
        add(one, FIELD_EXPIRES);
      }
      add(digest, one);
    }
  }

  private void addSet(byte[] digest, SetValue set) {
    SetMember member = new SetMember();
    for (boolean more = set.first(member); more; more = set.next(member)) {
      Slice text = member.text();
      sha1.update(text.array, text.offset, text.length);
      xor(digest, sha1.digest());
    }
  }

  private void addScores(byte[] digest, SortedSetValue sortedSet) {
    for (boolean more = sortedSet.seekRank(0); more; more = sortedSet.next()) {
      byte[] one = new byte[BYTES];
      mix(one, sortedSet.member());
      mix(one, Slice.of(SeventeenDigits.of(sortedSet.score())));
      add(digest, one);
    }
  }

  private void mix(byte[] digest, Slice bytes) {
    sha1.update(bytes.array, bytes.offset, bytes.length);
    xor(digest, sha1.digest());
    System.arraycopy(sha1.digest(digest), 0, digest, 0, BYTES);
  }

  private static Slice number(int number) {
    return new Slice(ByteBuffer.allocate(Integer.BYTES).putInt(number).array());
  }

  private void add(byte[] digest, byte[] bytes) {
    xor(digest, sha1.digest(bytes));
  }

  private static void xor(byte[] digest, byte[] other) {
    for (int i = 0; i < BYTES; i++) {
      digest[i] ^= other[i];
    }
  }
}
