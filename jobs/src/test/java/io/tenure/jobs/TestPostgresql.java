package io.tenure.jobs;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * A PostgreSQL server of this JVM, started by the first test that asks and stopped when the JVM
 * ends. Its superuser is trusted; the role {@code writer} must say its password.
 */
public final class TestPostgresql {
  /** Stands for a secret that must not be seen anywhere. */
  public static final String PASSWORD = "canary-4711";

  private static final EmbeddedPostgres SERVER = start();

  private TestPostgresql() {}

  private static EmbeddedPostgres start() {
    try {
      EmbeddedPostgres server = EmbeddedPostgres.builder().start();
      try (Connection connection = server.getPostgresDatabase().getConnection();
          Statement sql = connection.createStatement()) {
        sql.execute("CREATE ROLE writer LOGIN PASSWORD '" + PASSWORD + "'");
        sql.execute("GRANT CREATE ON DATABASE postgres TO writer");
        sql.execute("CREATE ROLE analyst");
        try (ResultSet file = sql.executeQuery("SHOW hba_file")) {
          file.next();
          Path rules = Path.of(file.getString(1));
          Files.writeString(rules, "host all writer all scram-sha-256\n" + Files.readString(rules));
        }
        sql.execute("SELECT pg_reload_conf()");
      }
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A URL without credentials. */
  public static String url() {
    return "jdbc:postgresql://localhost:%d/postgres".formatted(SERVER.getPort());
  }

  /** A connection of the superuser. */
  public static Connection connect() throws SQLException {
    return SERVER.getPostgresDatabase().getConnection();
  }

  /** Rows as texts, their columns separated by a bar. */
  public static List<String> rows(Connection connection, String query) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Statement sql = connection.createStatement();
        ResultSet found = sql.executeQuery(query)) {
      int columns = found.getMetaData().getColumnCount();
      while (found.next()) {
        List<String> row = new ArrayList<>();
        for (int column = 1; column <= columns; column++) {
          row.add(found.getString(column));
        }
        rows.add(String.join("|", row.stream().map(String::valueOf).toList()));
      }
    }
    return rows;
  }
}
