package io.tenure.jobs.publish.postgresql;

import io.tenure.common.store.Output;
import io.tenure.common.store.Pointer;
import io.tenure.common.table.Dictionary;
import io.tenure.jobs.publish.RunDictionary;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Copies the tables of a run into temporary tables that end with the transaction. */
final class Staging {
  private final SparkSession spark;
  private final Output output;
  private final Pointer run;
  private final Connection connection;

  Staging(SparkSession spark, Output output, Pointer run, Connection connection) {
    this.spark = spark.newSession();
    // The plans are bare scans of small tables: compiling them costs more than it saves.
    this.spark.conf().set("spark.sql.codegen.wholeStage", "false");
    this.spark.conf().set("spark.sql.codegen.factoryMode", "NO_CODEGEN");
    this.spark.conf().set("spark.sql.datetime.java8API.enabled", "true");
    this.output = output;
    this.run = run;
    this.connection = connection;
  }

  /** Copies tables and tells their rows. */
  Map<String, Long> copy(List<TargetTable> tables) throws SQLException {
    Map<String, Long> rows = new TreeMap<>();
    for (TargetTable table : tables) {
      try (Statement statement = connection.createStatement()) {
        statement.execute(table.createStaging());
      }
      rows.put(table.table().name(), copy(table));
    }
    return rows;
  }

  private long copy(TargetTable table) throws SQLException {
    Column[] columns =
        table.table().columns().stream()
            .map(Dictionary.Entry::column)
            .map(name -> functions.col("`" + name + "`"))
            .toArray(Column[]::new);
    Iterator<Row> rows =
        RunDictionary.rows(spark, output, run, table.table().name())
            .select(columns)
            .toLocalIterator();
    CopyIn copy =
        connection
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyIn("COPY %s (%s) FROM STDIN".formatted(table.staging(), table.columns()));
    try {
      while (rows.hasNext()) {
        byte[] line = CopyText.line(rows.next());
        copy.writeToCopy(line, 0, line.length);
      }
      return copy.endCopy();
    } finally {
      if (copy.isActive()) {
        copy.cancelCopy();
      }
    }
  }
}
