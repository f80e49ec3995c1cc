package io.cinnabar.differential;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.cinnabar.Seed;
import io.cinnabar.persistence.Payloads;
import io.cinnabar.structure.OldFormats;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Values laid out as older versions of Redis did it: both servers read the same from them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class OldPayloadsTest {

  private static final int ROUNDS = 200;

  private static final int LIST = 1;
  private static final int SET = 2;
  private static final int SORTED_SET_TEXT = 3;
  private static final int HASH = 4;
  private static final int SORTED_SET = 5;
  private static final int HASH_ZIPMAP = 9;
  private static final int LIST_ZIPLIST = 10;
  private static final int SORTED_SET_ZIPLIST = 12;
  private static final int HASH_ZIPLIST = 13;
  private static final int LIST_ZIPLISTS = 14;

  private final long seed = Seed.of(OldPayloadsTest.class);
  private final SplittableRandom random = new SplittableRandom(seed);
  private RespClient theirs;
  private RespClient ours;

  @BeforeAll
  void connect() throws IOException {
    theirs = RespClient.connect(RealRedis.shared());
    ours = RespClient.connect(SubjectUnderTest.shared());
  }

  @AfterAll
  void disconnect() {
    theirs.close();
    ours.close();
  }

  private void compare(ByteArrayOutputStream typeAndValue) {
    Command restore =
        Command.of("RESTORE", "k", "0", Payloads.of(typeAndValue.toByteArray()), "REPLACE");
    Command digest = Command.of("DEBUG", "DIGEST-VALUE", "k");
    String description = Seed.option(seed) + ": " + restore;
    assertThat(theirs.call(restore).reply().text()).as(description).isEqualTo("OK");
    assertThat(ours.call(restore).reply().text()).as(description).isEqualTo("OK");
    assertThat(ours.call(digest).bytes()).as(description).isEqualTo(theirs.call(digest).bytes());
  }

  private static ByteArrayOutputStream value(int type) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(type);
    return bytes;
  }

  private static void length(ByteArrayOutputStream to, int length) {
    to.write(0x80);
    for (int shift = 24; shift >= 0; shift -= 8) {
      to.write(length >>> shift);
    }
  }

  private static void string(ByteArrayOutputStream to, byte[] string) {
    length(to, string.length);
    to.writeBytes(string);
  }

  private static void strings(ByteArrayOutputStream to, List<byte[]> strings) {
    length(to, strings.size());
    strings.forEach(string -> string(to, string));
  }

  private List<byte[]> elements(int most) {
    List<byte[]> elements = new ArrayList<>();
    for (int n = random.nextInt(1, most); n > 0; n--) {
      elements.add(element());
    }
    return elements;
  }

  private byte[] element() {
    if (random.nextInt(3) == 0) {
      return Long.toString(random.nextLong() >> random.nextInt(64)).getBytes(ISO_8859_1);
    }
    byte[] element = new byte[random.nextInt(1 << random.nextInt(10))];
    random.nextBytes(element);
    return element;
  }

  @Test
  void lists() {
    for (int i = 0; i < ROUNDS; i++) {
      ByteArrayOutputStream strings = value(LIST);
      strings(strings, elements(40));
      compare(strings);
      ByteArrayOutputStream ziplist = value(LIST_ZIPLIST);
      string(ziplist, OldFormats.ziplist(elements(40)));
      compare(ziplist);
      ByteArrayOutputStream ziplists = value(LIST_ZIPLISTS);
      int nodes = random.nextInt(1, 6);
      length(ziplists, nodes);
      for (int n = nodes; n > 0; n--) {
        string(ziplists, OldFormats.ziplist(elements(20)));
      }
      compare(ziplists);
    }
  }

  @Test
  void sortedSets() {
    for (int i = 0; i < ROUNDS; i++) {
      List<byte[]> members = distinct(elements(200));
      List<byte[]> pairs = new ArrayList<>();
      ByteArrayOutputStream texts = value(SORTED_SET_TEXT);
      ByteArrayOutputStream binaries = value(SORTED_SET);
      length(texts, members.size());
      length(binaries, members.size());
      // In order, as Redis relies on.
      double score = Double.NEGATIVE_INFINITY;
      for (byte[] member : members) {
        string(texts, member);
        text(texts, score);
        string(binaries, member);
        long bits = Double.doubleToLongBits(score);
        for (int shift = 0; shift < 64; shift += 8) {
          binaries.write((int) (bits >>> shift));
        }
        pairs.add(member);
        pairs.add(word(score).getBytes(ISO_8859_1));
        score = Double.isInfinite(score) ? -1000.5 : score + random.nextInt(1, 50) / 7.0;
      }
      compare(texts);
      compare(binaries);
      ByteArrayOutputStream ziplist = value(SORTED_SET_ZIPLIST);
      string(ziplist, OldFormats.ziplist(pairs));
      compare(ziplist);
    }
  }

  @Test
  void sets() {
    for (int i = 0; i < ROUNDS; i++) {
      ByteArrayOutputStream strings = value(SET);
      strings(strings, distinct(elements(600)));
      compare(strings);
    }
  }

  @Test
  void hashes() {
    for (int i = 0; i < ROUNDS; i++) {
      List<byte[]> pairs = new ArrayList<>();
      for (byte[] field : distinct(elements(300))) {
        pairs.add(field);
        pairs.add(element());
      }
      ByteArrayOutputStream strings = value(HASH);
      length(strings, pairs.size() / 2);
      pairs.forEach(string -> string(strings, string));
      compare(strings);
      ByteArrayOutputStream ziplist = value(HASH_ZIPLIST);
      string(ziplist, OldFormats.ziplist(pairs));
      compare(ziplist);
      ByteArrayOutputStream zipmap = value(HASH_ZIPMAP);
      string(zipmap, OldFormats.zipmap(pairs, random.nextInt(3)));
      compare(zipmap);
    }
  }

  private static String word(double score) {
    return Double.isInfinite(score) ? "-inf" : Double.toString(score);
  }

  private static void text(ByteArrayOutputStream to, double score) {
    if (Double.isInfinite(score)) {
      to.write(255);
      return;
    }
    String word = word(score);
    to.write(word.length());
    to.writeBytes(word.getBytes(ISO_8859_1));
  }

  private static List<byte[]> distinct(List<byte[]> elements) {
    Map<String, byte[]> distinct = new LinkedHashMap<>();
    elements.forEach(element -> distinct.put(new String(element, ISO_8859_1), element));
    return List.copyOf(distinct.values());
  }
}
