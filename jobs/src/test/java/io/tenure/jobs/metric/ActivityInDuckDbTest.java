package io.tenure.jobs.metric;

import io.tenure.common.config.TenureConfig;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every cell of the tables of activity, against DuckDB's computation from the same events. */
class ActivityInDuckDbTest {
  private static final LocalDate FIRST = LocalDate.parse("2024-01-20");
  private static final LocalDate LAST = LocalDate.parse("2024-09-10");

  private static final Map<String, List<String>> KEYS =
      Map.of(
          "active_users", List.of("segment", "segment_value", "day"),
          "active_periods", List.of("grain", "segment", "segment_value", "period_start"),
          "growth", List.of("grain", "segment", "segment_value", "period_start"),
          "usage_frequency", List.of("segment", "segment_value", "period_start", "active_days"),
          "usage_habit", List.of("segment", "segment_value"));

  // Cairo springs forward at midnight of 26 April 2024. The as-of days lie in the log (the middle
  // of a month, the first of one, too early for a window) and beyond its last event.
  @ParameterizedTest
  @CsvSource({
    "Africa/Cairo, 1, 2024-08-14, 2024-02-15",
    "Africa/Cairo, 2, 2024-10-31, 2024-01-01",
    "America/Bahia_Banderas, 3, 2024-07-01, 2024-05-06",
    "Asia/Kathmandu, 4, 2024-03-10, 2024-03-01"
  })
  void every_cell_is_what_duckdb_counts(
      String zone, long seed, LocalDate asOf, LocalDate historyStarts)
      throws SQLException, IOException {
    TenureConfig config =
        TestLog.config(
            """
            input: {path: in, user: user, time: time, history-starts: %s}
            output: out
            timezone: %s
            segments: [country, plan, platform]
            active-users: {windows: [1, 7, 28, 30, 90]}
            """
                .formatted(historyStarts, zone));
    RandomLog random = new RandomLog(seed, ZoneId.of(zone));
    for (int user = 0; user < 120; user++) {
      random.user("user" + user, FIRST, LAST, 1 + user % 50);
    }
    List<Map<String, String>> events = random.events();
    TestLog log = TestLog.of(events);
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:")) {
      EventsInDuckDb.load(duckdb, events, ZoneId.of(zone), asOf, historyStarts);
      EventsInDuckDb.run(duckdb, "activity.sql");
      for (String table : KEYS.keySet()) {
        List<Map<String, Object>> rows = log.table(table, config, asOf.toString());
        EventsInDuckDb.assertSame(
            "seed " + seed + ", " + table,
            rows,
            EventsInDuckDb.rows(duckdb, table),
            KEYS.get(table),
            1e-12);
      }
    }
  }
}
