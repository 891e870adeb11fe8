package io.tenure.jobs.compute;

import io.tenure.common.encoding.Texts;
import io.tenure.common.history.History;
import io.tenure.common.table.Contract;
import io.tenure.common.table.RowOrder;
import io.tenure.jobs.metric.Metric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.StreamSupport;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.functions;

/**
 * A table with rows of single users: a second pass over them, in which the histories are read
 * again, which is less than keeping them.
 */
final class UserTable {
  private final Contract contract;
  private final Metric.UserRows users;
  private final Dataset<Row> state;
  private final int end;
  private final String runId;

  /**
   * @param state rows of {@link io.tenure.jobs.fold.Fold#STATE}
   * @param end the day, an epoch day, that starts when knowledge ends
   */
  UserTable(Contract contract, Metric.UserRows users, Dataset<Row> state, int end, String runId) {
    this.contract = contract;
    this.users = users;
    this.state = state;
    this.end = end;
    this.runId = runId;
  }

  /** How many rows to expect. */
  long expected() {
    return users.expected();
  }

  /** The rows, with the values of all columns, in as many parts as the state has. */
  JavaRDD<Object[]> rows() {
    Metric.UserRows listed = users;
    int known = end;
    String run = runId;
    return histories(state, "user", "history")
        .mapPartitions(
            histories -> {
              Texts texts = new Texts();
              return StreamSupport.stream(
                      Spliterators.spliteratorUnknownSize(histories, Spliterator.ORDERED), false)
                  .map(user -> row(user, listed, known, texts))
                  .flatMap(Optional::stream)
                  .map(values -> withRun(values, run))
                  .iterator();
            });
  }

  private static Optional<Object[]> row(
      InternalRow user, Metric.UserRows users, int end, Texts texts) {
    byte[] history = user.getBinary(1);
    return users.mayList(History.firstAndLastDay(history)[1])
        ? users.row(user.getUTF8String(0).toString(), History.decode(history, texts).before(end))
        : Optional.empty();
  }

  /**
   * The rows of a small table: made and sorted by tasks, and given to this process.
   *
   * @param most parts that are wanted at most
   */
  List<Iterator<Object[]>> atHand(int most) {
    Contract sent = contract;
    List<byte[]> parts =
        rows()
            .mapPartitions(
                rows -> {
                  List<Object[]> sorted = new ArrayList<>();
                  rows.forEachRemaining(sorted::add);
                  sorted.sort(RowOrder.of(sent));
                  return List.of(RowBytes.write(sent, sorted)).iterator();
                })
            .filter(part -> part.length > 0)
            .collect();
    if (!parts.isEmpty() && parts.size() <= most) {
      return parts.stream().map(part -> RowBytes.read(contract, part)).toList();
    }
    List<Object[]> all = new ArrayList<>();
    parts.forEach(part -> RowBytes.read(contract, part).forEachRemaining(all::add));
    all.sort(RowOrder.of(contract));
    return List.of(all.iterator());
  }

  /** Columns of the users in a state. */
  static JavaRDD<InternalRow> histories(Dataset<Row> state, String... columns) {
    return state
        .where(functions.col("user").isNotNull())
        .select(Arrays.stream(columns).map(functions::col).toArray(Column[]::new))
        .queryExecution()
        .toRdd()
        .toJavaRDD();
  }

  /** The values of a row of a metric, and those of all columns. */
  static Object[] withRun(Object[] values, String runId) {
    Object[] withRun = Arrays.copyOf(values, values.length + 1);
    withRun[values.length] = runId;
    return withRun;
  }
}
