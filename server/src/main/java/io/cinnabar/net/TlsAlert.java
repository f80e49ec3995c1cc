package io.cinnabar.net;

/**
 * Why a peer gives a handshake up, as it says in an alert that is not encrypted yet: two bytes, the
 * level and the description (RFC 8446, section 6). The words for them are those of OpenSSL's log.
 */
final class TlsAlert {

  /** The content of its record. */
  static final int BYTES = 2;

  private static final int CLOSE_NOTIFY = 0;

  private TlsAlert() {}

  /** What the log tells of a description, 0 to 255. */
  static String reason(int description) {
    return switch (description) {
      case CLOSE_NOTIFY -> "unexpected eof while reading";
      case 10 -> "sslv3 alert unexpected message";
      case 20 -> "sslv3 alert bad record mac";
      case 40 -> "sslv3 alert handshake failure";
      case 42 -> "sslv3 alert bad certificate";
      case 43 -> "sslv3 alert unsupported certificate";
      case 44 -> "sslv3 alert certificate revoked";
      case 45 -> "sslv3 alert certificate expired";
      case 46 -> "sslv3 alert certificate unknown";
      case 47 -> "sslv3 alert illegal parameter";
      case 48 -> "tlsv1 alert unknown ca";
      case 49 -> "tlsv1 alert access denied";
      case 50 -> "tlsv1 alert decode error";
      case 51 -> "tlsv1 alert decrypt error";
      case 70 -> "tlsv1 alert protocol version";
      case 71 -> "tlsv1 alert insufficient security";
      case 80 -> "tlsv1 alert internal error";
      case 90 -> "tlsv1 alert user cancelled";
      case 109 -> "tlsv13 alert missing extension";
      case 112 -> "tlsv1 unrecognized name";
      case 116 -> "tlsv13 alert certificate required";
      case 120 -> "tlsv1 alert no application protocol";
      default -> "alert number " + description;
    };
  }
}
