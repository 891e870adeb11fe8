package io.tenure.jobs.publish.postgresql;

import io.tenure.common.UserError;
import io.tenure.common.table.ColumnType;
import io.tenure.common.table.Dictionary;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * A table as the dictionary of a run describes it, in PostgreSQL's words.
 *
 * <p>Its key is its grain: a primary key, or where a column of the grain may be NULL, a unique
 * constraint for which NULLs are equal. A column that runs no longer have stays, with NULLs,
 * because views may name it.
 */
record TargetTable(String schema, Dictionary.Table table) {

  /** A column as the database has it. */
  private record Existing(String type, boolean required, String comment) {}

  String name() {
    return quoted(schema) + "." + quoted(table.name());
  }

  String staging() {
    return "pg_temp." + quoted("staging_" + table.name());
  }

  static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  private static String literal(String text) {
    // E'…' reads the same whatever standard_conforming_strings says.
    return "E'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
  }

  private static String type(ColumnType type) {
    return switch (type) {
      case STRING -> "text";
      case INT -> "integer";
      case BIGINT -> "bigint";
      case DOUBLE -> "double precision";
      case DATE -> "date";
      case BOOLEAN -> "boolean";
      case TIMESTAMP -> "timestamp with time zone";
      case MONEY -> "numeric(38,4)";
    };
  }

  String columns() {
    return table.columns().stream()
        .map(column -> quoted(column.column()))
        .collect(Collectors.joining(", "));
  }

  String createStaging() {
    return "CREATE TEMPORARY TABLE %s (%s) ON COMMIT DROP"
        .formatted(
            quoted("staging_" + table.name()),
            table.columns().stream()
                .map(column -> quoted(column.column()) + " " + type(column.type()))
                .collect(Collectors.joining(", ")));
  }

  String create() {
    List<String> parts = new ArrayList<>();
    table.columns().forEach(column -> parts.add(definition(column)));
    if (!table.grain().isEmpty()) {
      parts.add("CONSTRAINT %s %s".formatted(keyName(), key()));
    }
    return "CREATE TABLE %s (%s)".formatted(name(), String.join(", ", parts));
  }

  private String keyName() {
    return quoted(table.name() + "_grain");
  }

  private String key() {
    boolean nullable =
        table.columns().stream()
            .anyMatch(column -> table.grain().contains(column.column()) && column.nullable());
    return "%s (%s)"
        .formatted(
            nullable ? "UNIQUE NULLS NOT DISTINCT" : "PRIMARY KEY",
            table.grain().stream().map(TargetTable::quoted).collect(Collectors.joining(", ")));
  }

  /** Whether the table that is there has the key of another grain. */
  boolean hasOtherKey(Connection connection) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            """
            SELECT CASE contype WHEN 'p' THEN 'PRIMARY KEY' ELSE 'UNIQUE NULLS NOT DISTINCT' END
              || ' (' || string_agg('"' || replace(attname, '"', '""') || '"', ', ' ORDER BY place)
              || ')'
            FROM pg_constraint
            CROSS JOIN unnest(conkey) WITH ORDINALITY AS keys (attnum, place)
            JOIN pg_attribute USING (attnum)
            WHERE conrelid = ?::regclass AND attrelid = conrelid
              AND conname = ? AND contype IN ('p', 'u')
            GROUP BY contype
            """)) {
      query.setString(1, name());
      query.setString(2, table.name() + "_grain");
      try (ResultSet found = query.executeQuery()) {
        return found.next() && !table.grain().isEmpty() && !found.getString(1).equals(key());
      }
    }
  }

  /** Makes room for another key; the rows that have it come later. */
  String dropKey() {
    return "ALTER TABLE %s DROP CONSTRAINT %s".formatted(name(), keyName());
  }

  String addKey() {
    return "ALTER TABLE %s ADD CONSTRAINT %s %s".formatted(name(), keyName(), key());
  }

  private static String definition(Dictionary.Entry column) {
    return quoted(column.column())
        + " "
        + type(column.type())
        + (column.nullable() ? "" : " NOT NULL");
  }

  /**
   * What makes the table that is there hold this run's rows; empty if it can do so already.
   *
   * @throws UserError of storage, if a column has another type
   */
  List<String> alterations(Connection connection) throws SQLException {
    Map<String, Existing> existing = existing(connection);
    List<String> changes = new ArrayList<>();
    for (Dictionary.Entry column : table.columns()) {
      Existing there = existing.remove(column.column());
      if (there == null) {
        // New rows replace all others in this transaction, but NOT NULL is checked before.
        changes.add(
            "ALTER TABLE %s ADD COLUMN %s %s"
                .formatted(name(), quoted(column.column()), type(column.type())));
      } else if (!there.type().equals(type(column.type()))) {
        throw UserError.storage(
            "Column %s of %s is %s in PostgreSQL, but %s in this run. Drop the table, or publish to"
                    .formatted(column.column(), name(), there.type(), type(column.type()))
                + " another schema.",
            null);
      } else if (there.required() && column.nullable()) {
        changes.add(nullable(column.column()));
      }
    }
    existing.forEach(
        (column, there) -> {
          if (there.required()) {
            changes.add(nullable(column));
          }
        });
    return changes;
  }

  private String nullable(String column) {
    return "ALTER TABLE %s ALTER COLUMN %s DROP NOT NULL".formatted(name(), quoted(column));
  }

  /** The comments that the database does not have yet. */
  List<String> comments(Connection connection) throws SQLException {
    List<String> comments = new ArrayList<>();
    try (PreparedStatement query =
        connection.prepareStatement("SELECT obj_description(?::regclass, 'pg_class')")) {
      query.setString(1, name());
      try (ResultSet found = query.executeQuery()) {
        found.next();
        if (!table.meaning().equals(found.getString(1))) {
          comments.add("COMMENT ON TABLE %s IS %s".formatted(name(), literal(table.meaning())));
        }
      }
    }
    Map<String, Existing> existing = existing(connection);
    for (Dictionary.Entry column : table.columns()) {
      if (!Objects.equals(existing.get(column.column()).comment(), column.meaning())) {
        comments.add(
            "COMMENT ON COLUMN %s.%s IS %s"
                .formatted(name(), quoted(column.column()), literal(column.meaning())));
      }
    }
    return comments;
  }

  private Map<String, Existing> existing(Connection connection) throws SQLException {
    Map<String, Existing> columns = new LinkedHashMap<>();
    try (PreparedStatement query =
        connection.prepareStatement(
            """
            SELECT attname, format_type(atttypid, atttypmod), attnotnull,
              col_description(attrelid, attnum)
            FROM pg_attribute
            WHERE attrelid = ?::regclass AND attnum > 0 AND NOT attisdropped
            ORDER BY attnum
            """)) {
      query.setString(1, name());
      try (ResultSet found = query.executeQuery()) {
        while (found.next()) {
          columns.put(
              found.getString(1),
              new Existing(found.getString(2), found.getBoolean(3), found.getString(4)));
        }
      }
    }
    return columns;
  }
}
