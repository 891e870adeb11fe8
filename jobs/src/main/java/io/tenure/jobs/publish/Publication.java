package io.tenure.jobs.publish;

import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import io.tenure.common.AtOnce;
import io.tenure.common.store.Output;
import io.tenure.common.store.TableWriter;
import io.tenure.common.table.Contract;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * Writes the tables of a run into its directory, where nobody sees them yet: rows that are at hand
 * by this process, without a job, the others by tasks.
 */
public final class Publication {
  /** Jobs of small tables are mostly waiting, so some are written at once. */
  private static final int AT_ONCE = 4;

  private final SparkSession spark;
  private final Output output;
  private final String runId;

  public Publication(SparkSession spark, Output output, String runId) {
    this.spark = spark;
    this.output = output;
    this.runId = runId;
  }

  /** The rows of a table, with the values of all columns of its contract, sorted by its grain. */
  public sealed interface Rows {
    /**
     * Rows that need no task to be made.
     *
     * @param parts what each file of the table holds
     */
    record AtHand(List<? extends Iterator<Object[]>> parts) implements Rows {}

    /** Rows that tasks make. */
    record Distributed(Dataset<Row> rows) implements Rows {}

    /** A list of rows. */
    static Rows of(List<Object[]> rows) {
      return new AtHand(List.of(rows.iterator()));
    }
  }

  /**
   * What was written.
   *
   * @param rows rows by table
   */
  public record Written(Map<String, Long> rows) {
    /** The rows of all tables. */
    public long totalRows() {
      return rows.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  /**
   * Writes tables.
   *
   * @param rows the rows of a contract
   */
  public Written write(List<Contract> contracts, Function<Contract, Rows> rows) {
    Map<String, Callable<Long>> writing = new LinkedHashMap<>();
    contracts.forEach(
        contract -> writing.put(contract.name(), () -> write(contract, rows.apply(contract))));
    return new Written(new TreeMap<>(AtOnce.all(AT_ONCE, "Publishing", writing)));
  }

  private long write(Contract contract, Rows rows) throws InterruptedException {
    if (rows instanceof Rows.AtHand atHand) {
      return write(contract, atHand.parts());
    }
    spark.sparkContext().setJobDescription("Write the table " + contract.name());
    Observation counted = new Observation();
    ((Rows.Distributed) rows)
        .rows()
        .observe(counted, count(lit(1)).as("rows"))
        .write()
        .mode(SaveMode.ErrorIfExists)
        .parquet(path(contract));
    return (Long) counted.getAsJava().get("rows");
  }

  private long write(Contract contract, List<? extends Iterator<Object[]>> parts) {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    Map<Integer, Callable<Long>> writing = new TreeMap<>();
    for (int number = 0; number < parts.size(); number++) {
      int part = number;
      writing.put(
          part, () -> TableWriter.write(hadoop, path(contract), contract, part, parts.get(part)));
    }
    return AtOnce.all(parts.size(), "Publishing", writing).values().stream()
        .mapToLong(Long::longValue)
        .sum();
  }

  private String path(Contract contract) {
    return output.table(runId, contract.name());
  }
}
