package io.tenure.jobs.metric;

import io.tenure.common.config.FunnelConfig;
import io.tenure.common.config.TenureConfig;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every cell of the tables of funnels, against DuckDB's computation from the same events. */
class FunnelInDuckDbTest {
  private static final Map<String, List<String>> KEYS =
      Map.of(
          "funnel",
          List.of("funnel", "segment", "segment_value", "step"),
          "funnel_periods",
          List.of("funnel", "grain", "period_start", "segment", "segment_value", "step"));

  /**
   * Funnels of one step and of many, of steps that come again, of windows of minutes and of longer
   * than the log; days on which clocks change; as-of days in and after the log.
   */
  @ParameterizedTest
  @CsvSource({
    "Africa/Cairo, 1, 2023-04-10, 2023-06-14, 40",
    "America/Bahia_Banderas, 2, 2024-01-20, 2024-04-30, 12",
    "Asia/Kathmandu, 3, 2024-02-12, 2024-03-01, 1",
    "America/St_Johns, 4, 2023-10-01, 2024-01-17, 600",
    "UTC, 5, 2024-01-05, 2024-01-25, 5",
    "Pacific/Apia, 6, 2023-12-31, 2024-05-01, 100",
    // Nights in which clocks are put back over midnight, and a day that there was not.
    "America/St_Johns, 7, 2010-10-20, 2010-11-20, 3",
    "Pacific/Apia, 8, 2011-12-20, 2012-01-20, 10"
  })
  void every_cell_is_what_duckdb_counts(
      String zone, long seed, LocalDate first, LocalDate asOf, int minutesBetweenTies)
      throws SQLException, IOException {
    TenureConfig config =
        TestLog.config(
            """
            timezone: %s
            activities: {active: e, a: a, b: b, c: c, d: d}
            segments: [country, plan, platform]
            funnels:
              - {name: three, steps: [a, b, c], window: 3 days}
              - {name: quick, steps: [b, c], window: 45 minutes}
              - {name: again, steps: [a, a, b, a], window: 30 days}
              - {name: long, steps: [c, d, a, b, d], window: 400 days}
              - {name: single, steps: [d], window: 1 second}
              - {name: any_three, steps: [a, b, c], entry: any, window: 2 days}
              - {name: any_quick, steps: [b, c, b], entry: any, window: 45 minutes}
              - {name: any_long, steps: [c, d, c, c], entry: any, window: 90 days}
              - {name: any_again, steps: [a, a], entry: any, window: 30 minutes}
              - {name: any_all, steps: [active, a, active, active], entry: any, window: 8 hours}
              - {name: all, steps: [active, b, active], window: 5 hours}
              - {name: any_single, steps: [a], entry: any, window: 6 hours}
            """
                .formatted(zone));
    List<Map<String, String>> events =
        events(seed, ZoneId.of(zone), first, asOf, minutesBetweenTies);
    TestLog log = TestLog.of(events);
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:")) {
      EventsInDuckDb.load(duckdb, events, ZoneId.of(zone), asOf, first);
      load(duckdb, config.funnels());
      load(duckdb, ZoneId.of(zone), first.minusDays(40), asOf.plusDays(500));
      EventsInDuckDb.run(duckdb, "funnel.sql");
      for (String table : KEYS.keySet()) {
        EventsInDuckDb.assertSame(
            "seed " + seed + " in " + zone + " as of " + asOf + ", " + table,
            log.table(table, config, asOf.toString()),
            EventsInDuckDb.rows(duckdb, table),
            KEYS.get(table),
            1e-12);
      }
    }
  }

  private static void load(Connection duckdb, List<FunnelConfig> funnels) throws SQLException {
    try (Statement statement = duckdb.createStatement()) {
      statement.execute(
          "CREATE TABLE funnels (funnel VARCHAR, step INTEGER, activity VARCHAR, entry VARCHAR, window_micros BIGINT)");
    }
    try (PreparedStatement insert =
        duckdb.prepareStatement("INSERT INTO funnels VALUES (?, ?, ?, ?, ?)")) {
      for (FunnelConfig funnel : funnels) {
        for (int step = 0; step < funnel.steps().size(); step++) {
          insert.setString(1, funnel.name());
          insert.setInt(2, step + 1);
          insert.setString(3, funnel.steps().get(step));
          insert.setString(4, funnel.entry().label());
          insert.setLong(5, funnel.windowMicros());
          insert.execute();
        }
      }
    }
  }

  private static void load(Connection duckdb, ZoneId zone, LocalDate from, LocalDate to)
      throws SQLException {
    try (Statement statement = duckdb.createStatement()) {
      statement.execute("CREATE TABLE day_starts (day DATE, instant TIMESTAMP)");
    }
    try (PreparedStatement insert =
        duckdb.prepareStatement("INSERT INTO day_starts VALUES (?, ?)")) {
      for (LocalDate day = from; day.isBefore(to); day = day.plusDays(1)) {
        insert.setObject(1, day);
        insert.setObject(
            2, LocalDateTime.ofInstant(day.atStartOfDay(zone).toInstant(), ZoneOffset.UTC));
        insert.addBatch();
      }
      insert.executeBatch();
    }
  }

  /** Events of several kinds at once, many of them at one instant, with ids or without. */
  private static List<Map<String, String>> events(
      long seed, ZoneId zone, LocalDate first, LocalDate asOf, int minutesBetweenTies) {
    RandomLog random = new RandomLog(seed, zone);
    Random draw = new Random(seed);
    for (int user = 0; user < 120; user++) {
      random.user("user" + user, first, asOf.plusDays(3), 1 + draw.nextInt(60));
    }
    List<Map<String, String>> events = random.events();
    long tie = minutesBetweenTies * 60L;
    for (Map<String, String> event : events) {
      StringBuilder kinds = new StringBuilder();
      for (String kind : List.of("a", "b", "c", "d")) {
        if (draw.nextInt(3) == 0) {
          kinds.append(kinds.isEmpty() ? "" : " ").append(kind);
        }
      }
      event.put("is", "active" + (kinds.isEmpty() ? "" : " " + kinds));
      event.put("id", draw.nextBoolean() ? null : "" + draw.nextInt(3));
      if (draw.nextBoolean()) {
        long second = Instant.parse(event.get("time")).getEpochSecond();
        event.put("time", Instant.ofEpochSecond(second / tie * tie).toString());
      }
    }
    return events;
  }
}
