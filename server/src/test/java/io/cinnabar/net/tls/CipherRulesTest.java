package io.cinnabar.net.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CipherRulesTest {

  private static final List<String> AVAILABLE =
      List.of(
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256",
          "TLS_RSA_WITH_AES_128_CBC_SHA");

  /** Expected is the position of each chosen suite among those above. */
  @ParameterizedTest
  @CsvSource({
    "DEFAULT, 012345",
    "DEFAULT:!MEDIUM, 012345",
    "HIGH:!aNULL:@STRENGTH, 234015",
    "bogus, ''",
    "ECDHE-RSA-AES128-GCM-SHA256:bogus, 1",
    "AES128-SHA ECDHE-RSA-CHACHA20-POLY1305, 53",
    "DHE-RSA-AES256-SHA256, 4",
    "ECDHE+AESGCM, 012",
    "ECDHE+AESGCM:!aECDSA, 12",
    "ALL:-SHA1, 01234",
    "ALL:!kRSA:AES128-SHA, 01234",
    "ALL:-kRSA:AES128-SHA, 012345",
    "ALL:+AES128, 234015",
    "TLSv1, 5",
    "TLS_AES_128_GCM_SHA256, ''"
  })
  void chooses(String rules, String expected) {
    StringBuilder positions = new StringBuilder();
    for (String suite : CipherRules.choose(AVAILABLE, rules)) {
      positions.append(AVAILABLE.indexOf(suite));
    }
    assertThat(positions.toString()).isEqualTo(expected);
  }

  @Test
  void namesAreThoseOfOpenSsl() {
    assertThat(CipherRules.openSslName("TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384"))
        .isEqualTo("ECDHE-RSA-AES256-SHA384");
    assertThat(CipherRules.openSslName("TLS_RSA_WITH_AES_256_GCM_SHA384"))
        .isEqualTo("AES256-GCM-SHA384");
  }
}
