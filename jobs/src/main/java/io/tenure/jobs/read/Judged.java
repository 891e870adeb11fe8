package io.tenure.jobs.read;

import io.tenure.common.store.Erased;
import java.io.Serializable;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;

/**
 * Rows with their verdicts, and what is known of them all.
 *
 * @param rows the columns of {@link Events}
 * @param timeType the type of the column {@code time}
 * @param ids whether rows have event ids, so that duplicates must be left out
 * @param sure a shortcut to the verdict that most rows get; empty if there is none
 */
public record Judged(Dataset<Row> rows, DataType timeType, boolean ids, Optional<Sure> sure) {
  /**
   * A row with a user whose first byte is above that of a space and who was not erased, and a time
   * in this range, is accepted: the verdict need not be worked out.
   *
   * @param from the least time, in microseconds of the time's own clock, or in days for a DATE
   * @param until the time after the last
   */
  public record Sure(long from, long until, Erased erased) implements Serializable {}
}
