package io.tenure.jobs.publish;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.not;

import io.tenure.common.UserError;
import io.tenure.common.store.Output;
import io.tenure.common.store.Pointer;
import io.tenure.common.table.ColumnType;
import io.tenure.common.table.Dictionary;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The tables of a published run that go to other places, as its own dictionary describes them. */
public final class RunDictionary {
  /**
   * Rejected rows are input and may hold what nobody wants in a database; and what names users is
   * erased with a run's files, not in whatever keeps copies of tables.
   */
  static final Set<String> STAYS_IN_FILES = Set.of("rejected_events", "at_risk_users");

  private RunDictionary() {}

  /**
   * The rows of a table of a run that go outside.
   *
   * <p>What differs because people were erased is, row by row, what these people did: it is not
   * sent where they are erased from, and where tables live longer than runs.
   */
  public static Dataset<Row> rows(SparkSession spark, Output output, Pointer run, String table) {
    Dataset<Row> rows = spark.read().parquet(output.outsideTable(run.runId(), table));
    return table.equals(Restatements.CONTRACT.name())
        ? rows.where(not(col("cause").contains(Restatements.ERASED_USERS)))
        : rows;
  }

  /**
   * The tables, by name.
   *
   * @throws UserError of storage, if the run has no dictionary
   */
  public static List<Dictionary.Table> tables(SparkSession spark, Output output, Pointer run) {
    if (!run.tables().containsKey(Dictionary.CONTRACT.name())) {
      throw Dictionary.tooOld("publish", run.runId());
    }
    Dataset<Row> definitions =
        spark.read().parquet(output.outsideTable(run.runId(), Dictionary.CONTRACT.name()));
    if (!Dictionary.isReadable(Set.of(definitions.columns()))) {
      throw Dictionary.tooOld("publish", run.runId());
    }
    List<Dictionary.Entry> entries =
        definitions.orderBy("table", "position").collectAsList().stream()
            .map(
                row ->
                    new Dictionary.Entry(
                        row.getAs("table"),
                        row.getAs("column"),
                        ColumnType.ofSql(row.getAs("type")),
                        row.getAs("is_nullable"),
                        row.getAs("grain_position"),
                        row.getAs("meaning"),
                        row.getAs("table_meaning")))
            .toList();
    return Dictionary.tables(entries).stream()
        .filter(table -> !STAYS_IN_FILES.contains(table.name()))
        .toList();
  }
}
