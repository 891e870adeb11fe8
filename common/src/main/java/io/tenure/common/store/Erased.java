package io.tenure.common.store;

import io.tenure.common.encoding.Sha256;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * Tells erased users from others: cheap for the others, who are asked about by the billion. A
 * function of the list alone, so it may be sent anywhere.
 */
public final class Erased implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Bits of the checksum: enough that of a hundred thousand erased, 1 in 168 others is hashed. */
  private static final int CHECKSUM_BITS = 24;

  private static final int CHECKSUM_DIGITS = CHECKSUM_BITS / 4;

  private final byte[] salt;
  private final BitSet checksums = new BitSet();
  private final Set<String> entries;

  Erased(byte[] salt, Collection<String> entries) {
    this.salt = salt;
    this.entries = new HashSet<>(entries);
    entries.forEach(
        entry -> checksums.set(HexFormat.fromHexDigits(entry.substring(0, CHECKSUM_DIGITS))));
  }

  /** Whether nobody was erased. */
  public boolean isNobody() {
    return entries.isEmpty();
  }

  /** Whether a user was erased; nobody is if there is no id. */
  public boolean contains(String user) {
    return user != null && contains(user.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Whether a user was erased.
   *
   * @param user the id in UTF-8
   */
  public boolean contains(byte[] user) {
    return checksums.get(checksum(salt, user)) && entries.contains(entry(salt, user));
  }

  /** What the list holds of a user. */
  static String entry(byte[] salt, byte[] user) {
    return HexFormat.of().toHexDigits(checksum(salt, user), CHECKSUM_DIGITS)
        + HexFormat.of().formatHex(hash(salt, user));
  }

  private static int checksum(byte[] salt, byte[] user) {
    CRC32C checksum = new CRC32C();
    checksum.update(salt);
    checksum.update(user);
    return (int) (checksum.getValue() >>> (Integer.SIZE - CHECKSUM_BITS));
  }

  static byte[] hash(byte[] salt, byte[] text) {
    return new Sha256().add(salt).add(text).bytes();
  }
}
