package io.tenure.jobs.command;

import io.tenure.common.store.Output;
import io.tenure.common.store.Pointer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
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
