package io.tenure.jobs.metric;

import io.tenure.common.config.TenureConfig;
import java.io.IOException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every cell of the tables of revenue, against DuckDB's computation from the same events. */
class RevenueInDuckDbTest {
  private static final LocalDate LAST = LocalDate.parse("2024-09-10");
  private static final String NONE = EventsInDuckDb.NONE;

  private static final Map<String, List<String>> KEYS =
      Map.of(
          "revenue_retention",
          List.of("period_start", "segment", "segment_value"),
          "revenue_cohorts",
          List.of("retention", "grain", "segment", "segment_value", "cohort_start", "period"));

  // Cairo springs forward at midnight of 26 April 2024. The as-of days: the middle of a month, its
  // last day, the one before and the one after, the log's first month, beyond its last event. The
  // history starts before the log, within its first month, on the first of a later one and in the
  // middle of one, and after the as-of day; of a log from the first of a month, and of others.
  @ParameterizedTest
  @CsvSource({
    "Africa/Cairo, 1, 2024-01-20, 2024-08-14, 2024-02-15",
    "America/Bahia_Banderas, 2, 2024-01-20, 2024-06-30, 2023-11-05",
    "Asia/Kathmandu, 3, 2024-01-12, 2024-02-29, 2024-03-20",
    "America/St_Johns, 4, 2024-01-20, 2024-12-15, 2024-01-25",
    "Pacific/Apia, 5, 2024-01-31, 2024-07-01, 2024-01-01",
    "Africa/Cairo, 6, 2024-02-01, 2024-05-30, 2024-05-10",
    "America/Bahia_Banderas, 7, 2024-01-02, 2024-06-17, 2024-04-01",
    "UTC, 8, 2024-01-05, 2024-01-31, 2024-01-02"
  })
  void every_cell_is_what_duckdb_adds_up(
      String zone, long seed, LocalDate first, LocalDate asOf, LocalDate historyStarts)
      throws SQLException, IOException {
    TenureConfig config =
        TestLog.config(
            """
            input: {path: in, user: user, time: time, amount: amount, history-starts: %s}
            output: out
            timezone: %s
            week-start: monday
            segments: [country, plan, platform]
            retention:
              - {name: default, cohort: first, start: active, grains: {day: 30, week: 12, month: 6}}
            """
                .formatted(historyStarts, zone));
    List<Map<String, String>> events = events(seed, ZoneId.of(zone), first);
    TestLog log = TestLog.of(events);
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:")) {
      EventsInDuckDb.load(duckdb, events, ZoneId.of(zone), asOf, historyStarts);
      EventsInDuckDb.run(duckdb, "revenue.sql");
      for (String table : KEYS.keySet()) {
        String where = "seed " + seed + " in " + zone + " as of " + asOf + ", " + table;
        List<Map<String, Object>> rows = log.table(table, config, asOf.toString());
        EventsInDuckDb.assertSame(
            where, rows, EventsInDuckDb.rows(duckdb, table), KEYS.get(table), 1e-9);
      }
    }
  }

  private static List<Map<String, String>> events(long seed, ZoneId zone, LocalDate first) {
    RandomLog random = new RandomLog(seed, zone);
    for (int user = 0; user < 120; user++) {
      random.user("user" + user, first.plusDays(1), LAST, 1 + user % 50);
    }
    List<Map<String, String>> events = random.events();
    events.add(opening(first, zone));
    Random amounts = new Random(seed);
    Set<String> billed = new HashSet<>();
    for (Map<String, String> event : events) {
      // Any event is a start activity, whatever else it is.
      event.put("is", "active");
      event.put("amount", amount(event, zone, billed, amounts));
    }
    return events;
  }

  /** An event on the day on which the log is to start, whatever is drawn. */
  private static Map<String, String> opening(LocalDate first, ZoneId zone) {
    Map<String, String> event = new LinkedHashMap<>();
    event.put("user", "user120");
    event.put("time", first.atTime(12, 0).atZone(zone).toInstant().toString());
    event.put("id", "opening");
    List.of("country", "plan", "platform").forEach(dimension -> event.put(dimension, NONE));
    return event;
  }

  /**
   * What an event brings. A third of the users pay the same every month, so that some are kept
   * without a change, and at times get exactly that back, so that a month with events comes to
   * nothing.
   */
  private static String amount(
      Map<String, String> event, ZoneId zone, Set<String> billed, Random random) {
    String user = event.get("user");
    if (Integer.parseInt(user.substring("user".length())) % 3 > 0) {
      return anyAmount(random);
    }
    String month = user + " " + YearMonth.from(RandomLog.day(event, zone));
    if (billed.add(month)) {
      return "9.99";
    }
    return random.nextInt(8) == 0 && billed.add("refund of " + month) ? "-9.99" : NONE;
  }

  private static String anyAmount(Random random) {
    if (random.nextBoolean()) {
      return NONE;
    }
    if (random.nextInt(10) == 0) {
      return "0";
    }
    int decimals = 2 + random.nextInt(3);
    int one = BigDecimal.TEN.pow(decimals).intValueExact();
    return BigDecimal.valueOf(random.nextInt(80 * one + 1) - 20 * one, decimals).toPlainString();
  }
}
