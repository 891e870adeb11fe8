package io.tenure.jobs.metric;

import io.tenure.common.config.TenureConfig;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every cell of nps, against DuckDB's computation from the same events. */
class NpsInDuckDbTest {
  // The as-of days: beyond the log, in the middle of a month, the last day of a quarter; outcomes
  // that
  // are known of all, of some and of none.
  @ParameterizedTest
  @CsvSource({
    "Africa/Cairo, 1, 2023-01-20, 2024-02-14, 28, 90, 120",
    "America/Bahia_Banderas, 2, 2024-01-20, 2024-06-30, 10, 11, 200",
    "Asia/Kathmandu, 3, 2024-02-12, 2024-03-01, 3, 60, 40",
    "Pacific/Apia, 4, 2023-11-30, 2024-09-30, 60, 90, 150"
  })
  void every_cell_is_what_duckdb_counts(
      String zone,
      long seed,
      LocalDate first,
      LocalDate asOf,
      int inactiveDays,
      int churnDays,
      int users)
      throws SQLException, IOException {
    TenureConfig config =
        TestLog.config(
            """
            timezone: %s
            activities: {active: active}
            segments: [country, plan, platform]
            churn: {inactive-days: %d}
            nps: {touchpoints: {support: a, product: b}, churn-days: %d}
            """
                .formatted(zone, inactiveDays, churnDays));
    List<Map<String, String>> events = events(seed, ZoneId.of(zone), first, asOf, users);
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:")) {
      EventsInDuckDb.load(duckdb, events, ZoneId.of(zone), asOf, first);
      try (Statement statement = duckdb.createStatement()) {
        statement.execute(
            "CREATE TABLE rule AS SELECT %d AS inactive_days, %d AS churn_days"
                .formatted(inactiveDays, churnDays));
      }
      EventsInDuckDb.run(duckdb, "nps.sql");
      EventsInDuckDb.assertSame(
          "seed " + seed + " in " + zone + " as of " + asOf,
          TestLog.of(events).table("nps", config, asOf.toString()),
          EventsInDuckDb.rows(duckdb, "nps"),
          List.of("grain", "period_start", "segment", "segment_value", "touchpoint"),
          1e-9);
    }
  }

  private static List<Map<String, String>> events(
      long seed, ZoneId zone, LocalDate first, LocalDate asOf, int users) {
    RandomLog random = new RandomLog(seed, zone);
    Random draw = new Random(seed);
    for (int user = 0; user < users; user++) {
      random.user("user" + user, first, asOf.plusDays(5), 1 + draw.nextInt(40));
    }
    List<Map<String, String>> events = random.events();
    for (Map<String, String> event : events) {
      event.put("id", draw.nextBoolean() ? null : "" + draw.nextInt(3));
      for (String touchpoint : List.of("support", "product")) {
        event.put(touchpoint, draw.nextInt(4) == 0 ? "" + draw.nextInt(11) : EventsInDuckDb.NONE);
      }
    }
    return events;
  }
}
