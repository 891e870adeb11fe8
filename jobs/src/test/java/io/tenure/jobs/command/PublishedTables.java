package io.tenure.jobs.command;

import io.tenure.common.store.Output;
import io.tenure.common.store.Pointer;
import io.tenure.common.store.TableReader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.parquet.schema.Type;
import org.apache.spark.sql.SparkSession;

/**
 * All tables of a run, each as its sorted rows without the run id, for comparing runs; but for
 * those that are a matter of the run and not of the log: how it was read, what was found on the
 * way, and how it compares with the one before.
 */
public final class PublishedTables {
  private static final Set<String> OF_THE_RUN = Set.of("restatements", "runs", "quality");

  private PublishedTables() {}

  /** The tables of the current run. */
  public static Map<String, List<String>> of(SparkSession spark, Output output) {
    return of(spark, output, output.current().orElseThrow());
  }

  public static Map<String, List<String>> of(SparkSession spark, Output output, Pointer pointer) {
    Map<String, List<String>> tables = new TreeMap<>();
    for (String table : pointer.tables().keySet()) {
      if (OF_THE_RUN.contains(table)) {
        continue;
      }
      tables.put(table, rows(spark, output.table(pointer.runId(), table)));
    }
    return tables;
  }

  /** Without a query for each table: planning some dozen takes longer than a small run. */
  private static List<String> rows(SparkSession spark, String folder) {
    TableReader table = TableReader.open(spark.sparkContext().hadoopConfiguration(), folder);
    List<String> columns =
        table.schema().orElseThrow().getFields().stream()
            .map(Type::getName)
            .filter(column -> !column.equals("run_id"))
            .toList();
    List<String> rows = new ArrayList<>();
    try (TableReader.Rows all = table.rows(columns, Optional.empty())) {
      all.forEachRemaining(row -> rows.add(Arrays.toString(row)));
    }
    Collections.sort(rows);
    return rows;
  }
}
