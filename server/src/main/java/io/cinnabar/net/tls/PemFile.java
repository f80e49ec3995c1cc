package io.cinnabar.net.tls;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A file of certificates or keys as text (RFC 7468, and RFC 1421 for the headers of older keys).
 * What stands outside of its blocks is comment.
 *
 * <pre>
 *   -----BEGIN label-----
 *   Proc-Type: 4,ENCRYPTED         headers, and an empty line: older encrypted keys only
 *   DEK-Info: AES-256-CBC,salt
 *
 *   base64
 *   -----END label-----
 * </pre>
 */
final class PemFile {

  /** Above it, it is no such file; a bundle of all public authorities takes a quarter of one. */
  private static final int MAX_BYTES = 8 << 20;

  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);
  private static final Pattern ENCRYPTION = Pattern.compile("DEK-Info: *([^\\s,]+),([0-9A-Fa-f]+)");

  /** One block. */
  static final class Block {
    private final String label;
    private final byte[] bytes;
    private final @Nullable String cipher;
    private final String salt;

    Block(String label, byte[] bytes, @Nullable String cipher, String salt) {
      this.label = label;
      this.bytes = bytes;
      this.cipher = cipher;
      this.salt = salt;
    }

    /** What it holds. */
    String label() {
      return label;
    }

    /** In DER, unless it is encrypted. */
    byte[] bytes() {
      return bytes;
    }

    /** What it is encrypted with, by its header; null without one. */
    @Nullable String cipher() {
      return cipher;
    }

    /** For the cipher, in hexadecimal. */
    String salt() {
      return salt;
    }
  }

  private PemFile() {}

  /**
   * The certificates in a file, in their order; at least one.
   *
   * @throws IOException with the bare reason
   */
  static List<X509Certificate> certificates(Path path) throws IOException {
    List<X509Certificate> certificates = new ArrayList<>();
    for (Block block : blocks(path)) {
      if (block.label.equals("CERTIFICATE")
          || block.label.equals("X509 CERTIFICATE")
          || block.label.equals("TRUSTED CERTIFICATE")) {
        certificates.add(certificate(block.bytes));
      }
    }
    if (certificates.isEmpty()) {
      throw new IOException("no certificate in it");
    }
    return certificates;
  }

  private static X509Certificate certificate(byte[] der) throws IOException {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (CertificateException e) {
      throw new IOException("bad certificate: " + e.getMessage(), e);
    }
  }

  /** The blocks in a file, in their order; at least one. */
  static List<Block> blocks(Path path) throws IOException {
    String text = new String(read(path), ISO_8859_1);
    List<Block> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(text);
    while (matcher.find()) {
      blocks.add(block(matcher.group(1), matcher.group(2)));
    }
    if (blocks.isEmpty()) {
      throw new IOException("no start line");
    }
    return blocks;
  }

  private static Block block(String label, String content) throws IOException {
    Matcher encryption = ENCRYPTION.matcher(content);
    boolean encrypted = encryption.find();
    int headersEnd = content.lastIndexOf(':');
    int start = headersEnd < 0 ? 0 : Math.max(content.indexOf('\n', headersEnd), 0);
    try {
      byte[] bytes = Base64.getMimeDecoder().decode(content.substring(start));
      return encrypted
          ? new Block(label, bytes, encryption.group(1), encryption.group(2))
          : new Block(label, bytes, null, "");
    } catch (IllegalArgumentException e) {
      throw new IOException("bad base64 decode", e);
    }
  }

  private static byte[] read(Path path) throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new IOException("File too large");
      }
      return bytes;
    } catch (IOException e) {
      throw new IOException(reason(e), e);
    }
  }

  /** The machine's words, without the path that the JDK puts in their place. */
  static String reason(IOException failure) {
    if (failure instanceof NoSuchFileException) {
      return "No such file or directory";
    }
    if (failure instanceof AccessDeniedException) {
      return "Permission denied";
    }
    if (failure instanceof NotDirectoryException) {
      return "Not a directory";
    }
    return String.valueOf(failure.getMessage());
  }
}
