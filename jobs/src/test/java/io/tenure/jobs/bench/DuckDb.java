package io.tenure.jobs.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** Opens DuckDB in memory, with UTC as its zone. */
final class DuckDb {
  private DuckDb() {}

  static Connection open() throws SQLException {
    Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
    try (Statement sql = duckdb.createStatement()) {
      sql.execute("SET TimeZone = 'UTC'");
    }
    return duckdb;
  }
}
