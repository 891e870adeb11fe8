package io.tenure.jobs.fold;

import java.util.Arrays;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * What there is of one user: some events folded, or all that was stored; without user, {@link
 * ReadFacts}.
 *
 * @param user the id in UTF-8; null for facts
 * @param part an encoded {@link io.tenure.common.history.OpenHistory}, a stored history, or facts
 */
record Part(byte[] user, byte[] part, boolean stored) {
  /** A row of the columns user, part and stored. */
  static Part of(InternalRow row) {
    return new Part(row.isNullAt(0) ? null : row.getBinary(0), row.getBinary(1), row.getBoolean(2));
  }

  /** The order in which Spark sorts users: facts first, then by bytes. */
  static int compareUsers(byte[] left, byte[] right) {
    if (left == null || right == null) {
      return left == right ? 0 : left == null ? -1 : 1;
    }
    return Arrays.compareUnsigned(left, right);
  }
}
