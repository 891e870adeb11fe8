package io.tenure.common.store;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.tenure.common.UserError;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;

/**
 * Who was erased: {@code _erased.json} of the output. Every run leaves their events out.
 *
 * <p>It stands beside the runs, not in one of them: no run that is dropped or gone back to takes
 * anybody off it. It holds no ids: each user is a salted SHA-256, with a short checksum before it
 * that spares all other users the hashing. So nobody is named by it; but who has it and an id can
 * tell whether that user was erased.
 *
 * @param format of the entries
 * @param salt hexadecimal; the same for all of the list, drawn when it was begun
 * @param users sorted; each is the hexadecimal digits of checksum and hash
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record ErasureList(int format, String salt, List<String> users) {
  private static final int FORMAT = 1;

  /** Nobody was erased. */
  public static final ErasureList NONE = new ErasureList(FORMAT, "", List.of());

  /**
   * The list with more users on it.
   *
   * @param ids as text, as the events have them
   * @param freshSalt begins a list that is empty
   */
  public ErasureList with(Collection<String> ids, byte[] freshSalt) {
    byte[] bytes = users.isEmpty() ? freshSalt : HexFormat.of().parseHex(salt);
    TreeSet<String> all = new TreeSet<>(users);
    ids.forEach(id -> all.add(Erased.entry(bytes, id.getBytes(StandardCharsets.UTF_8))));
    return new ErasureList(FORMAT, HexFormat.of().formatHex(bytes), List.copyOf(all));
  }

  /** Tells the users on the list from others. */
  public Erased erased() {
    return new Erased(HexFormat.of().parseHex(salt), users);
  }

  /** Fingerprint of who is on the list. */
  public String fingerprint() {
    return HexFormat.of()
        .formatHex(Erased.hash(new byte[0], users.toString().getBytes(StandardCharsets.UTF_8)))
        .substring(0, 16);
  }

  /**
   * Refuses a list whose entries this version would not recognise.
   *
   * @param where the file it was read from
   */
  void requireKnownFormat(String where) {
    if (format != FORMAT) {
      throw UserError.storage(
          "Cannot read %s: it is of format %d, this version knows %d. Use the version that wrote it."
              .formatted(where, format, FORMAT),
          null);
    }
  }
}
