package io.tenure.jobs.check;

import io.tenure.common.table.Contract;
import java.time.LocalDate;

/** One row of a published table, by the names of its columns. */
public interface Line {
  /** A STRING, or a DATE or number in its usual form; null for NULL. */
  String text(String column);

  /** A DATE; null for NULL. */
  LocalDate day(String column);

  /** A BIGINT or INT; null for NULL. */
  Long number(String column);

  /** A BOOLEAN that is never NULL. */
  boolean flag(String column);

  /** Whether the row speaks of the whole, not of a segment value. */
  default boolean isWhole() {
    return text("segment").equals(Contract.WHOLE);
  }
}
