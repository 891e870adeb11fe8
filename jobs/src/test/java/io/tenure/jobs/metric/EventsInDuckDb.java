package io.tenure.jobs.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Events of a test as tables of DuckDB, and the scripts that compute Tenure's tables from them. */
final class EventsInDuckDb {
  /** What an event says of a column that it does not know. */
  static final String NONE = "-";

  private EventsInDuckDb() {}

  /** Fills the tables {@code events} and {@code run} that the scripts begin with. */
  static void load(
      Connection duckdb,
      List<Map<String, String>> events,
      ZoneId zone,
      LocalDate asOf,
      LocalDate historyStarts)
      throws SQLException {
    try (Statement statement = duckdb.createStatement()) {
      statement.execute(
          "CREATE TABLE events (user_id VARCHAR, day DATE, instant TIMESTAMP, id VARCHAR,"
              + " active BOOLEAN, amount DECIMAL(38, 4), country VARCHAR, plan VARCHAR,"
              + " platform VARCHAR, kinds VARCHAR, support INTEGER, product INTEGER)");
      insert(duckdb, events, zone);
      statement.execute(
          "CREATE TABLE run AS SELECT DATE '%s' AS log_start, DATE '%s' AS as_of, DATE '%s' AS"
                  .formatted(RandomLog.firstDay(events, zone), asOf, historyStarts)
              + " history_starts");
    }
  }

  private static void insert(Connection duckdb, List<Map<String, String>> events, ZoneId zone)
      throws SQLException {
    try (PreparedStatement insert =
        duckdb.prepareStatement("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
      for (Map<String, String> event : events) {
        insert.setString(1, event.get("user"));
        insert.setObject(2, RandomLog.day(event, zone));
        insert.setObject(
            3, LocalDateTime.ofInstant(Instant.parse(event.get("time")), ZoneOffset.UTC));
        insert.setString(4, event.get("id"));
        insert.setBoolean(5, event.get("is").equals("active"));
        int parameter = 6;
        // DuckDB casts the text of an amount exactly.
        for (String column : List.of("amount", "country", "plan", "platform")) {
          String value = event.getOrDefault(column, NONE);
          insert.setString(parameter++, value.equals(NONE) ? null : value);
        }
        insert.setString(parameter++, event.get("is"));
        for (String touchpoint : List.of("support", "product")) {
          String score = event.getOrDefault(touchpoint, NONE);
          insert.setObject(parameter++, score.equals(NONE) ? null : Integer.valueOf(score));
        }
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  /** Runs a script of {@code /oracle}, after the macros that all of them use. */
  static void run(Connection duckdb, String script) throws SQLException, IOException {
    try (Statement statement = duckdb.createStatement()) {
      for (String name : List.of("wilson.sql", script)) {
        for (String sql : text(name).split(";\n")) {
          statement.execute(sql);
        }
      }
    }
  }

  /** All rows of a table, each by its columns in their order. */
  static List<Map<String, Object>> rows(Connection duckdb, String table) throws SQLException {
    List<Map<String, Object>> rows = new ArrayList<>();
    try (Statement statement = duckdb.createStatement();
        ResultSet result = statement.executeQuery("SELECT * FROM " + table)) {
      int columns = result.getMetaData().getColumnCount();
      while (result.next()) {
        Map<String, Object> row = new LinkedHashMap<>();
        for (int column = 1; column <= columns; column++) {
          row.put(result.getMetaData().getColumnName(column), result.getObject(column));
        }
        rows.add(row);
      }
    }
    return rows;
  }

  /**
   * Holds every cell of a table against DuckDB's: the same rows and columns, doubles within a
   * tolerance, money whatever its scale.
   *
   * @param where what is compared, for whoever reads a failure
   * @param key the columns that tell rows apart
   */
  static void assertSame(
      String where,
      List<Map<String, Object>> actual,
      List<Map<String, Object>> expected,
      List<String> key,
      double tolerance) {
    Map<String, Map<String, Object>> found = byKey(where, actual, key);
    Map<String, Map<String, Object>> wanted = byKey(where, expected, key);
    assertThat(found.keySet()).as(where).isNotEmpty().isEqualTo(wanted.keySet());
    found.forEach(
        (row, values) -> {
          assertThat(values.keySet())
              .as("%s %s", where, row)
              .containsExactlyElementsOf(wanted.get(row).keySet());
          wanted
              .get(row)
              .forEach(
                  (column, value) ->
                      assertSame(
                          where + " " + row + " " + column, values.get(column), value, tolerance));
        });
  }

  private static void assertSame(String where, Object actual, Object expected, double tolerance) {
    if (expected instanceof Double number) {
      assertThat(actual).as(where).isInstanceOf(Double.class);
      assertThat((Double) actual).as(where).isCloseTo(number, within(tolerance));
    } else if (expected instanceof BigDecimal money) {
      assertThat(actual).as(where).isInstanceOf(BigDecimal.class);
      assertThat((BigDecimal) actual).as(where).isEqualByComparingTo(money);
    } else {
      assertThat(actual).as(where).isEqualTo(expected);
    }
  }

  private static Map<String, Map<String, Object>> byKey(
      String where, List<Map<String, Object>> rows, List<String> key) {
    Map<String, Map<String, Object>> byKey = new TreeMap<>();
    for (Map<String, Object> row : rows) {
      String line = TextRows.line(row, key);
      assertThat(byKey.put(line, row)).as("two rows of " + where + " " + line).isNull();
    }
    return byKey;
  }

  private static String text(String script) throws IOException {
    try (InputStream in = EventsInDuckDb.class.getResourceAsStream("/oracle/" + script)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
