package io.tenure.jobs.bench;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The twelve tables that every contender makes, and whether they are equal.
 *
 * <p>Three questions, each asked of the whole and of every value of three dimensions (country,
 * platform, plan): twelve tables. Days are UTC days, weeks begin on Monday, every event is
 * activity, and the log is taken to be complete.
 *
 * <ul>
 *   <li><b>retention</b> by day (30 periods), week (26) and month (24): {@code cohort_users} of the
 *       users born in a period, and {@code retained_users}, those of them active in the k-th period
 *       after it, for every k from 0 to the horizon; NULL while that period is not over. Values are
 *       those of the birth day.
 *   <li><b>growth</b> by day, week and month: {@code active_users}, {@code new_users}, {@code
 *       retained_users} (active in the period before, too), {@code resurrected_users} (active
 *       before, but not in the period before), {@code churned_users} (active in the period before
 *       and not in this one; NULL in an open period), for every period from the value's first.
 *       Values are those as of the period's last day.
 *   <li><b>active_users</b> by day: users active on the day ({@code dau}) and in the 7 and 28 days
 *       that end with it ({@code wau}, {@code mau}; NULL where they reach back before the log), for
 *       every day from the value's first. Values are those as of the day.
 * </ul>
 *
 * <p>A user's value on a day is that of the day's last event that has one, carried forward over
 * days without, else {@code (unknown)}.
 */
final class Tables {
  static final List<String> NAMES = List.of("retention", "growth", "active_users");

  private static final Map<String, String> COLUMNS =
      Map.of(
          "retention",
          "grain, segment, segment_value, cohort_start, period, cohort_users, retained_users",
          "growth",
          "grain, segment, segment_value, period_start, active_users, new_users, retained_users,"
              + " resurrected_users, churned_users",
          "active_users",
          "segment, segment_value, day, dau, wau, mau");

  /** How many of them there are. */
  static final int COUNT = 12;

  private Tables() {}

  /**
   * Compares every cell.
   *
   * @param one a folder with the tables of one contender
   * @param other a folder with those of another
   * @return the rows of each of the twelve tables
   * @throws IllegalStateException if a row is not in both
   */
  static Map<String, Long> requireEqual(Path one, Path other) throws SQLException {
    Map<String, Long> rows = new LinkedHashMap<>();
    try (Connection duckdb = DuckDb.open();
        Statement sql = duckdb.createStatement()) {
      for (String table : NAMES) {
        requireNone(sql, table, one, other);
        requireNone(sql, table, other, one);
        try (ResultSet found =
            sql.executeQuery(
                "SELECT segment, count(*) FROM (%s) GROUP BY segment ORDER BY segment"
                    .formatted(query(table, one)))) {
          while (found.next()) {
            rows.put(table + " " + found.getString(1), found.getLong(2));
          }
        }
      }
    }
    if (rows.size() != COUNT) {
      throw new IllegalStateException("Expected twelve tables, found " + rows);
    }
    return rows;
  }

  private static void requireNone(Statement sql, String table, Path one, Path other)
      throws SQLException {
    try (ResultSet found =
        sql.executeQuery(
            "SELECT CAST(row AS VARCHAR) FROM (%s EXCEPT ALL %s) row ORDER BY ALL LIMIT 3"
                .formatted(query(table, one), query(table, other)))) {
      if (found.next()) {
        throw new IllegalStateException(
            "%s: %s has a row that %s has not: %s"
                .formatted(table, one, other, found.getString(1)));
      }
    }
  }

  private static String query(String table, Path folder) {
    // A run publishes more tables whose names begin so, a peer one a grain.
    String path =
        folder.endsWith("current")
            ? "'%s/%s/*.parquet'".formatted(folder, table)
            : "'%s/%s*/*.parquet'".formatted(folder, table);
    return "SELECT %s FROM read_parquet(%s, union_by_name = true)"
        .formatted(COLUMNS.get(table), path);
  }
}
