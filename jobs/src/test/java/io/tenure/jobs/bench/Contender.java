package io.tenure.jobs.bench;

import java.util.Arrays;
import java.util.List;

/** Who is measured. */
enum Contender {
  /** {@code scripts/tenure run --full}. */
  TENURE("tenure", "Tenure, full rebuild"),
  /** One table of users and days, ends of intervals, grouping sets. */
  DUCKDB_TUNED("duckdb-tuned", "DuckDB, hand-tuned"),
  /** Expand and count distinct. */
  DUCKDB_PLAIN("duckdb-plain", "DuckDB, the usual way"),
  /** Join to the first day, explode 28 days, count distinct. */
  SPARK_PLAIN("spark-plain", "Spark SQL, the usual way"),
  /** Reads the columns that everybody needs, and does nothing with them. */
  SCAN("scan", "Spark, bare scan");

  private final String key;
  private final String label;

  Contender(String key, String label) {
    this.key = key;
    this.label = label;
  }

  /** On the command line and in JSON. */
  String key() {
    return key;
  }

  /** For people. */
  String label() {
    return label;
  }

  /** Whether it makes the tables. */
  boolean makesTables() {
    return this != SCAN;
  }

  static Contender of(String key) {
    return Arrays.stream(values())
        .filter(contender -> contender.key.equals(key))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no contender '%s'; there are %s".formatted(key, keys())));
  }

  static List<String> keys() {
    return Arrays.stream(values()).map(Contender::key).toList();
  }
}
