package io.tenure.common.encoding;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A hash of what is added, one after the other (FIPS 180-4). Texts are hashed as UTF-8. */
public final class Sha256 {
  /** Hexadecimal digits that tell a few thousand things apart. */
  private static final int SHORT = 16;

  private final MessageDigest digest;

  public Sha256() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }

  public Sha256 add(String text) {
    return add(text.getBytes(StandardCharsets.UTF_8));
  }

  public Sha256 add(byte[] bytes) {
    digest.update(bytes);
    return this;
  }

  /** The hash, 32 bytes; begins anew. */
  public byte[] bytes() {
    return digest.digest();
  }

  /** The hash in 64 hexadecimal digits; begins anew. */
  public String hex() {
    return HexFormat.of().formatHex(bytes());
  }

  /** The first 16 hexadecimal digits, for fingerprints that people read; begins anew. */
  public String shortHex() {
    return hex().substring(0, SHORT);
  }
}
