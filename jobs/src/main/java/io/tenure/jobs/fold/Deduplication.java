package io.tenure.jobs.fold;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.when;

import io.tenure.jobs.read.Reason;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Leaves one row of those that share user, local day and event id: the first in the order of time
 * and then of all other columns, so that the choice does not depend on the order of reading.
 *
 * <p>Costs a shuffle and a sort of the events, which only logs with event ids pay.
 */
final class Deduplication implements Iterator<InternalRow> {
  private final Iterator<InternalRow> sorted;
  private final JudgedRow reader;
  private final CurrentFile files;
  private InternalRow next;
  private UTF8String user;
  private UTF8String id;

  /**
   * Of that user and id. Not the last one alone: where midnight comes twice, a day goes on later.
   */
  private final Set<Integer> days = new HashSet<>();

  /**
   * @param sorted rows of one partition of {@link #arranged}
   * @param facts counts the rows that are left out
   */
  Deduplication(Iterator<InternalRow> sorted, JudgedRow.Layout layout, ReadFacts facts) {
    this.sorted = sorted;
    this.reader = new JudgedRow(layout);
    this.files = new CurrentFile(facts);
  }

  /** Brings rows of one user and id together. Rows without id are spread by time, not by user. */
  static Dataset<Row> arranged(Dataset<Row> judged, int partitions) {
    Column spread = when(col("id").isNull(), col("time"));
    Column[] order =
        java.util.stream.Stream.concat(
                java.util.stream.Stream.of("user", "id", "time"),
                Arrays.stream(judged.columns())
                    .filter(name -> !name.matches("user|id|time|reason")))
            .map(org.apache.spark.sql.functions::col)
            .toArray(Column[]::new);
    return judged
        .repartition(partitions, col("user"), col("id"), spread)
        .sortWithinPartitions(order);
  }

  @Override
  public boolean hasNext() {
    while (next == null && sorted.hasNext()) {
      InternalRow row = sorted.next();
      if (reader.reason(row) == Reason.ACCEPTED && repeats(row)) {
        files.of(reader.file(row)).count(Reason.DUPLICATE, reader.day(row));
      } else {
        next = row;
      }
    }
    return next != null;
  }

  @Override
  public InternalRow next() {
    if (!hasNext()) {
      throw new java.util.NoSuchElementException();
    }
    InternalRow row = next;
    next = null;
    return row;
  }

  private boolean repeats(InternalRow row) {
    UTF8String rowId = reader.id(row);
    if (rowId == null) {
      return false;
    }
    UTF8String rowUser = reader.user(row);
    int rowDay = reader.day(row);
    if (!rowId.equals(id) || !rowUser.equals(user)) {
      user = rowUser.copy();
      id = rowId.copy();
      days.clear();
    }
    return !days.add(rowDay);
  }
}
