package io.tenure.jobs.bench;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.SparkSession;

/**
 * The peers: each makes the tables of {@link Tables} from the same files, as Parquet in folders
 * that begin with the table's name.
 */
final class Peers {
  private Peers() {}

  static void duckDb(String script, Task task) throws SQLException, IOException {
    Map<String, String> values =
        Map.of("events", task.log() + "/**/*.parquet", "end", task.end().toString());
    Path spill = Files.createDirectories(task.out().resolve("spill"));
    try (Connection duckdb = DuckDb.open();
        Statement sql = duckdb.createStatement()) {
      sql.execute("SET threads = " + task.limits().cores());
      sql.execute("SET memory_limit = '%dKiB'".formatted(task.limits().pool() / 1024));
      sql.execute("SET temp_directory = '%s'".formatted(spill));
      sql.execute("SET preserve_insertion_order = false");
      for (String statement : Sql.script(script, values)) {
        sql.execute(statement);
      }
      for (String table : Tables.NAMES) {
        Path folder = Files.createDirectories(task.out().resolve(table));
        sql.execute("COPY %s TO '%s/table.parquet' (FORMAT parquet)".formatted(table, folder));
      }
    }
  }

  static void sparkSql(SparkSession session, Task task) {
    SparkSession spark = session.newSession();
    spark.conf().set("spark.sql.session.timeZone", "UTC");
    Map<String, String> values =
        Map.of(
            "log", task.log().toString(),
            "end", task.end().toString(),
            "work", task.out().toString());
    spark.sql("CREATE DATABASE peer LOCATION '%s/database'".formatted(task.out()));
    spark.sql("USE peer");
    try {
      Sql.script("spark-plain.sql", values).forEach(spark::sql);
    } finally {
      spark.sql("USE default");
      spark.sql("DROP DATABASE peer CASCADE");
    }
  }

  /**
   * Reads what every table needs. Counting what is there takes a look at each value of a batch and
   * no more: no row is built.
   */
  static void scan(SparkSession spark, Task task) {
    List<Column> counts =
        List.of("user_id", "event_time", "country", "platform", "plan").stream()
            .map(column -> count(col(column)))
            .toList();
    spark
        .read()
        .parquet(task.log().toString())
        .agg(counts.get(0), counts.subList(1, counts.size()).toArray(Column[]::new))
        .collectAsList();
  }
}
