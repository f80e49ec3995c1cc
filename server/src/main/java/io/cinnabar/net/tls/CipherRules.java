package io.cinnabar.net.tls;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * OpenSSL's language for choosing cipher suites up to TLS 1.2 (ciphers(1)), over suites with the
 * JDK's names: words with colons between them, each of which adds suites ({@code ECDHE+AESGCM}),
 * puts them last ({@code +AES}), drops them ({@code -SHA1}) or bans them ({@code !kRSA}).
 *
 * <p>A word is a suite's name or one of its traits; a word that is unknown chooses nothing. What is
 * not among the available suites at all, such as those without encryption, can't be chosen.
 */
final class CipherRules {

  private final List<String> available;
  private final List<String> chosen = new ArrayList<>();
  private final Set<String> banned = new HashSet<>();

  private CipherRules(List<String> available) {
    this.available = available;
  }

  /** Those of {@code available} that {@code rules} choose, in their order; maybe none. */
  static List<String> choose(List<String> available, String rules) {
    CipherRules choice = new CipherRules(available);
    for (String rule : rules.split("[:, ]+", -1)) {
      if (!rule.isEmpty()) {
        choice.apply(rule);
      }
    }
    return choice.chosen;
  }

  private void apply(String rule) {
    String rest = rule.substring(1);
    switch (rule.charAt(0)) {
      case '!' -> {
        for (String suite : matching(rest)) {
          chosen.remove(suite);
          banned.add(suite);
        }
      }
      case '-' -> chosen.removeAll(matching(rest));
      case '+' -> {
        List<String> last = matching(rest);
        last.retainAll(chosen);
        chosen.removeAll(last);
        chosen.addAll(last);
      }
      case '@' -> {
        if (rest.equals("STRENGTH")) {
          chosen.sort(Comparator.comparingInt(CipherRules::keyBits).reversed());
        }
      }
      default -> {
        for (String suite : matching(rule)) {
          if (!banned.contains(suite) && !chosen.contains(suite)) {
            chosen.add(suite);
          }
        }
      }
    }
  }

  private List<String> matching(String words) {
    List<String> suites = new ArrayList<>();
    for (String suite : available) {
      boolean all = true;
      for (String word : words.split("\\+", -1)) {
        all &= has(suite, word);
      }
      if (all) {
        suites.add(suite);
      }
    }
    return suites;
  }

  private static int keyBits(String suite) {
    return suite.contains("_128_") ? 128 : 256;
  }

  /** Whether {@code word} is the suite's name, in either notation, or one of its traits. */
  private static boolean has(String suite, String word) {
    return switch (word) {
      case "ALL", "DEFAULT", "HIGH" -> true;
      case "kRSA", "RSA" -> suite.startsWith("TLS_RSA_");
      case "aRSA" -> suite.contains("RSA_WITH");
      case "kECDHE", "kEECDH", "ECDHE", "EECDH", "ECDH" -> suite.startsWith("TLS_ECDHE_");
      case "kDHE", "kEDH", "DHE", "EDH", "DH" -> suite.startsWith("TLS_DHE_");
      case "aECDSA", "ECDSA" -> suite.contains("_ECDSA_WITH");
      case "AES" -> suite.contains("_AES_");
      case "AES128" -> suite.contains("_AES_128_");
      case "AES256" -> suite.contains("_AES_256_");
      case "AESGCM" -> suite.contains("_GCM_");
      case "CHACHA20" -> suite.contains("_CHACHA20_");
      case "SHA1", "SHA" -> suite.endsWith("_CBC_SHA");
      case "SHA256" -> suite.endsWith("_CBC_SHA256");
      case "SHA384" -> suite.endsWith("_CBC_SHA384");
      case "TLSv1.2" -> !suite.endsWith("_CBC_SHA");
      case "TLSv1", "TLSv1.0", "SSLv3" -> suite.endsWith("_CBC_SHA");
      default -> word.equals(suite) || word.equals(openSslName(suite));
    };
  }

  /** {@code ECDHE-RSA-AES128-GCM-SHA256} for {@code TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256}. */
  static String openSslName(String suite) {
    return suite
        .replace("TLS_RSA_WITH_", "")
        .replace("TLS_", "")
        .replace("_WITH_", "-")
        .replace("AES_128", "AES128")
        .replace("AES_256", "AES256")
        .replace("_CBC", "")
        .replace("POLY1305_SHA256", "POLY1305")
        .replace('_', '-');
  }
}
