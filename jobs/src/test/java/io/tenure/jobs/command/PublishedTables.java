package io.tenure.jobs.command;

import io.tenure.common.store.Output;
import io.tenure.common.store.Pointer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * All tables of a run, each as its sorted rows without the run id, for comparing runs; but for the
 * restatements, which say how a run compares with the one before.
 */
final class PublishedTables {
  private PublishedTables() {}

  /** The tables of the current run. */
  static Map<String, List<String>> of(SparkSession spark, Output output) {
    return of(spark, output, output.current().orElseThrow());
  }

  static Map<String, List<String>> of(SparkSession spark, Output output, Pointer pointer) {
    Map<String, List<String>> tables = new TreeMap<>();
    for (String table : pointer.tables().keySet()) {
      if (table.equals("restatements")) {
        continue;
      }
      tables.put(
          table,
          spark
              .read()
              .parquet(output.table(pointer.runId(), table))
              .drop("run_id")
              .collectAsList()
              .stream()
              .map(Row::toString)
              .sorted()
              .toList());
    }
    return tables;
  }
}
