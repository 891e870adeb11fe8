package io.tenure.jobs.read;

import static io.tenure.common.table.Column.optional;
import static io.tenure.common.table.Column.required;
import static io.tenure.common.table.ColumnType.STRING;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.element_at;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;

import io.tenure.common.table.Contract;
import io.tenure.common.table.Protection;
import io.tenure.common.table.SparkSchema;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** The rows that would have been events, had they not been broken. */
public final class RejectedEvents {
  /** The table of rejected rows. */
  public static final Contract CONTRACT =
      Contract.result(
              "rejected_events",
              "A row of the input that was rejected, and why",
              List.of(),
              List.of(
                  required("reason", STRING, "Why: missing_user, missing_time, …"),
                  required("meaning", STRING, "The reason in words"),
                  required("file", STRING, "The file the row is in"),
                  optional(
                      "row",
                      STRING,
                      "The row's values for what the config maps, as the file has them, the user as"
                          + " text; absent keys are NULL there. Of a broken line of JSON nothing can be read")))
          .hiding(Protection.of(Protection.Rule.INSIDE));

  private RejectedEvents() {}

  static Dataset<Row> of(
      Dataset<Row> rows, Column file, Column reason, Map<String, Column> mapped) {
    List<Integer> rejecting =
        Arrays.stream(Reason.values())
            .filter(value -> value.fate() == Reason.Fate.REJECTED)
            .map(Reason::ordinal)
            .toList();
    Column[] values =
        mapped.entrySet().stream()
            .map(entry -> entry.getValue().as(entry.getKey()))
            .toArray(Column[]::new);
    return rows.select(
            reason.plus(1).as("ordinal"), file.as("file"), to_json(struct(values)).as("row"))
        .where(col("ordinal").minus(1).isin(rejecting.toArray()))
        .select(
            name(Arrays.stream(Reason.values()).map(Reason::label).toArray(String[]::new))
                .as("reason"),
            name(Arrays.stream(Reason.values()).map(Reason::meaning).toArray(String[]::new))
                .as("meaning"),
            col("file").cast(DataTypes.StringType),
            col("row"));
  }

  /** The rows as the published table. */
  public static Dataset<Row> table(Dataset<Row> rejected, String runId) {
    StructType schema = SparkSchema.of(CONTRACT);
    // The gate knows names and types, but keeps no comments.
    return rejected
        .withColumn("run_id", lit(runId))
        .to(schema)
        .select(
            Arrays.stream(schema.fields())
                .map(field -> col(field.name()).as(field.name(), field.metadata()))
                .toArray(Column[]::new));
  }

  private static Column name(String[] names) {
    return element_at(
        org.apache.spark.sql.functions.array(
            Arrays.stream(names).map(org.apache.spark.sql.functions::lit).toArray(Column[]::new)),
        col("ordinal"));
  }
}
