package io.cinnabar.net.tls;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cinnabar.net.tls.PemFile.Block;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Private keys in the four forms that OpenSSL writes: PKCS #8 plain and encrypted (RFC 5958), and
 * the older ones of RSA (RFC 8017) and of elliptic curves (RFC 5915), which may be encrypted by
 * their headers.
 */
final class PrivateKeys {

  private static final String[] ALGORITHMS = {"RSA", "EC", "EdDSA", "RSASSA-PSS"};

  /** The JDK knows PKCS #8 only, which is these around the older forms. */
  private static final byte[] VERSION_0 = {0x02, 0x01, 0x00};

  private static final byte[] RSA_ALGORITHM =
      HexFormat.of().parseHex("300d06092a864886f70d0101010500");
  private static final byte[] EC_OID = HexFormat.of().parseHex("06072a8648ce3d0201");
  private static final int SEQUENCE = 0x30;
  private static final int OCTET_STRING = 0x04;
  private static final int CURVE = 0xa0;

  private PrivateKeys() {}

  /**
   * The first key in a file.
   *
   * @param password what it is encrypted with; empty when it isn't
   * @throws IOException with the bare reason
   */
  static PrivateKey read(Path path, String password) throws IOException {
    for (Block block : PemFile.blocks(path)) {
      if (block.label().endsWith("PRIVATE KEY")) {
        try {
          return key(block, password);
        } catch (GeneralSecurityException | RuntimeException e) {
          throw new IOException("bad private key: " + e.getMessage(), e);
        }
      }
    }
    throw new IOException("no private key in it");
  }

  private static PrivateKey key(Block block, String password)
      throws GeneralSecurityException, IOException {
    if (block.label().equals("ENCRYPTED PRIVATE KEY")) {
      return parse(decrypt(block.bytes(), password));
    }
    byte[] bytes = block.cipher() == null ? block.bytes() : decrypt(block, password);
    return switch (block.label()) {
      case "RSA PRIVATE KEY" ->
          parse(der(SEQUENCE, VERSION_0, RSA_ALGORITHM, der(OCTET_STRING, bytes)));
      case "EC PRIVATE KEY" ->
          parse(
              der(
                  SEQUENCE,
                  VERSION_0,
                  der(SEQUENCE, EC_OID, curve(bytes)),
                  der(OCTET_STRING, bytes)));
      default -> parse(bytes);
    };
  }

  private static PrivateKey parse(byte[] pkcs8) throws GeneralSecurityException {
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      } catch (InvalidKeySpecException e) {
        // a key of another kind
      }
    }
    throw new InvalidKeySpecException("unsupported");
  }

  private static byte[] decrypt(byte[] encrypted, String password)
      throws GeneralSecurityException, IOException {
    requirePassword(password);
    EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(encrypted);
    // Behind the general name PBES2 only the parameters say which ciphers it is.
    String name = info.getAlgName();
    if (info.getAlgParameters() != null && (name.equals("PBES2") || name.startsWith("1.2.840"))) {
      name = info.getAlgParameters().toString();
    }
    PBEKeySpec spec = new PBEKeySpec(password.toCharArray());
    try {
      Cipher cipher = Cipher.getInstance(name);
      cipher.init(
          Cipher.DECRYPT_MODE,
          SecretKeyFactory.getInstance(name).generateSecret(spec),
          info.getAlgParameters());
      return info.getKeySpec(cipher).getEncoded();
    } catch (InvalidKeySpecException e) {
      throw new IOException("bad decrypt", e);
    } finally {
      spec.clearPassword();
    }
  }

  /** With a key made of the password by MD5, as OpenSSL has always made it. */
  private static byte[] decrypt(Block block, String password)
      throws GeneralSecurityException, IOException {
    requirePassword(password);
    String name = String.valueOf(block.cipher());
    boolean aes = name.matches("AES-(128|192|256)-CBC");
    if (!aes && !name.equals("DES-EDE3-CBC")) {
      throw new IOException("unsupported cipher " + name);
    }
    int keyBytes = aes ? Integer.parseInt(name.substring(4, 7)) / 8 : 24;
    byte[] initial = HexFormat.of().parseHex(block.salt());
    Cipher cipher = Cipher.getInstance((aes ? "AES" : "DESede") + "/CBC/PKCS5Padding");
    cipher.init(
        Cipher.DECRYPT_MODE,
        new SecretKeySpec(stretch(password, initial, keyBytes), aes ? "AES" : "DESede"),
        new IvParameterSpec(initial));
    try {
      return cipher.doFinal(block.bytes());
    } catch (GeneralSecurityException e) {
      throw new IOException("bad decrypt", e);
    }
  }

  private static byte[] stretch(String password, byte[] initial, int length)
      throws GeneralSecurityException {
    MessageDigest digest = MessageDigest.getInstance("MD5");
    byte[] key = new byte[0];
    byte[] last = new byte[0];
    while (key.length < length) {
      digest.update(last);
      digest.update(password.getBytes(UTF_8));
      digest.update(initial, 0, 8);
      last = digest.digest();
      int at = key.length;
      key = Arrays.copyOf(key, at + last.length);
      System.arraycopy(last, 0, key, at, last.length);
    }
    return Arrays.copyOf(key, length);
  }

  private static void requirePassword(String password) throws IOException {
    if (password.isEmpty()) {
      throw new IOException("it is encrypted and there is no password");
    }
  }

  /** The name of the curve, out of the older form of a key: behind version and number. */
  private static byte[] curve(byte[] key) throws IOException {
    int at = contentOf(key, 0);
    at = endOf(key, at);
    at = endOf(key, at);
    if ((key[at] & 0xff) != CURVE) {
      throw new IOException("the key does not name its curve");
    }
    return Arrays.copyOfRange(key, contentOf(key, at), endOf(key, at));
  }

  private static int contentOf(byte[] der, int element) {
    int length = der[element + 1] & 0xff;
    return element + 2 + (length < 0x80 ? 0 : length - 0x80);
  }

  private static int endOf(byte[] der, int element) {
    int length = der[element + 1] & 0xff;
    int content = contentOf(der, element);
    if (length >= 0x80) {
      length = 0;
      for (int i = element + 2; i < content; i++) {
        length = (length << 8) | (der[i] & 0xff);
      }
    }
    return content + length;
  }

  /** An element: its tag, the length of its content (in one byte below 128), and its content. */
  private static byte[] der(int tag, byte[]... parts) {
    int length = 0;
    for (byte[] part : parts) {
      length += part.length;
    }
    int lengthBytes = length < 0x80 ? 0 : length < 0x100 ? 1 : length < 0x10000 ? 2 : 3;
    byte[] element = new byte[2 + lengthBytes + length];
    element[0] = (byte) tag;
    element[1] = (byte) (lengthBytes == 0 ? length : 0x80 + lengthBytes);
    for (int i = 0; i < lengthBytes; i++) {
      element[2 + i] = (byte) (length >>> (8 * (lengthBytes - 1 - i)));
    }
    int at = 2 + lengthBytes;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, element, at, part.length);
      at += part.length;
    }
    return element;
  }

  /** Whether a certificate's key is this one's other half: signs something and checks it. */
  static boolean belong(PrivateKey key, PublicKey certified) {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> key.getAlgorithm();
        };
    byte[] message = {1, 2, 3};
    try {
      Signature signer = Signature.getInstance(algorithm);
      signer.initSign(key);
      signer.update(message);
      byte[] signature = signer.sign();
      Signature checker = Signature.getInstance(algorithm);
      checker.initVerify(certified);
      checker.update(message);
      return checker.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
