package io.tenure.jobs.publish;

import static io.tenure.common.table.Column.optional;
import static io.tenure.common.table.Column.required;
import static io.tenure.common.table.ColumnType.MONEY;
import static io.tenure.common.table.ColumnType.STRING;

import io.tenure.common.store.Output;
import io.tenure.common.store.Pointer;
import io.tenure.common.table.Contract;
import io.tenure.common.table.SparkSchema;
import io.tenure.common.table.Unit;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * What a run says otherwise than the one before it, of what both could know: counts and money of
 * rows that are final in both.
 *
 * <p>A row that is missing in one of the runs says that there is nobody: a zero is no news then.
 * All tables of both runs are read in one scan with the columns of all of them, because a query of
 * a small table costs much the same as one of all small tables together.
 */
public final class Restatements {
  public static final Contract CONTRACT =
      Contract.result(
          "restatements",
          "A final number that differs from the one in the run before",
          List.of("table", "key", "measure"),
          List.of(
              required("table", STRING, "The table"),
              required("key", STRING, "The row: the table's grain as a JSON object, without NULLs"),
              required("measure", STRING, "The column: a count or money; rates follow from these"),
              optional("old", MONEY, "The number in the run before; NULL: no row, or not known")
                  .in(Unit.NUMBER),
              optional("new", MONEY, "The number in this run; NULL: no row, or not known")
                  .in(Unit.NUMBER),
              required(
                  "cause",
                  STRING,
                  "What changed between the runs: changed_definition; or changed_identities,"
                      + " erased_users (by `forget`) and, of days that both runs cover, late_data (new files) and"
                      + " rewritten_input (changed or deleted files), in this order with _and_"
                      + " between them if more than one did; or changed_version (of Tenure, Spark or"
                      + " Java); unknown if none of these did"),
              required("previous_run_id", STRING, "The run before, which readers saw until now")));

  private final SparkSession spark;
  private final Output output;
  private final String runId;

  public Restatements(SparkSession spark, Output output, String runId) {
    this.spark = spark.newSession();
    // Folders are listed here, not in a job: there are some dozens of them, with few files.
    this.spark.conf().set("spark.sql.sources.parallelPartitionDiscovery.threshold", "10000");
    // The plan is a bare scan: compiling it costs more than it saves.
    this.spark.conf().set("spark.sql.codegen.wholeStage", "false");
    this.spark.conf().set("spark.sql.codegen.factoryMode", "NO_CODEGEN");
    this.output = output;
    this.runId = runId;
  }

  /** The restatements of a run that has none before it. */
  public Dataset<Row> none() {
    return spark.createDataFrame(List.of(), SparkSchema.of(CONTRACT));
  }

  /**
   * Compares tables as they were written.
   *
   * @param contracts the tables of this run; one that the run before does not have is left out
   * @param asOf the as-of day of this run
   * @param previous the run before
   * @param cause what changed, in the words of the contract
   */
  public Dataset<Row> since(
      Pointer previous, LocalDate asOf, List<Contract> contracts, String cause) {
    LocalDate before = LocalDate.parse(previous.asOf());
    LocalDate known = (before.isBefore(asOf) ? before : asOf).plusDays(1);
    List<RestatedTable> tables = new ArrayList<>();
    List<String> paths = new ArrayList<>();
    for (Contract contract : contracts) {
      RestatedTable table = new RestatedTable(contract, known, before.equals(asOf));
      if (table.isComparable() && previous.tables().containsKey(contract.name())) {
        tables.add(table);
        paths.add(output.table(previous.runId(), contract.name()));
        paths.add(output.table(runId, contract.name()));
      }
    }
    return paths.isEmpty()
        ? none()
        : spark
            .createDataFrame(
                differences(scan(tables, paths), tables, cause, previous.runId()),
                SparkSchema.of(CONTRACT))
            .coalesce(1)
            .sortWithinPartitions("table", "key", "measure");
  }

  private JavaRDD<Row> differences(
      Dataset<Row> rows, List<RestatedTable> tables, String cause, String previousRun) {
    Map<String, RestatedTable> byName = new TreeMap<>();
    tables.forEach(table -> byName.put(table.name(), table));
    String run = runId;
    JavaRDD<Row> scanned = rows.javaRDD();
    return scanned
        .flatMapToPair(
            row -> {
              // …/runs/<run>/<table>/part-…
              String[] path = row.getString(row.length() - 1).split("/");
              return byName
                  .get(path[path.length - 2])
                  .cell(row, path[path.length - 3].equals(previousRun))
                  .iterator();
            })
        .reduceByKey(RestatedTable.Sides::merge, scanned.getNumPartitions())
        .flatMap(
            cell ->
                byName
                    .get(cell._1().table())
                    .differences(cell._1(), cell._2(), cause, previousRun, run)
                    .iterator());
  }

  private Dataset<Row> scan(List<RestatedTable> tables, List<String> paths) {
    Map<String, StructField> columns = new TreeMap<>();
    for (RestatedTable table : tables) {
      for (StructField column : table.columns()) {
        StructField same = columns.put(column.name(), column);
        if (same != null && !same.dataType().equals(column.dataType())) {
          throw new IllegalStateException(
              "Column " + column.name() + " has two types, one of them in " + table.name());
        }
      }
    }
    StructType schema = new StructType(columns.values().toArray(StructField[]::new));
    return spark
        .read()
        .schema(schema)
        .parquet(paths.toArray(String[]::new))
        .select(functions.col("*"), functions.col("_metadata.file_path"));
  }
}
