package io.tenure.jobs.metric;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every cell of the tables of early warning, against DuckDB's computation from the same events. */
class WarningInDuckDbTest {
  private static final Map<String, List<String>> KEYS =
      Map.of("risk_backtest", List.of("as_of", "threshold"), "at_risk_users", List.of("user"));

  private static final Set<String> LIKENESSES = new TreeSet<>();

  // The as-of days: the middle of a month, its last day, its first, beyond the last event; months
  // enough that the oldest are forgotten; silences from short ones to longer than the windows.
  @ParameterizedTest
  @CsvSource({
    "Africa/Cairo, 1, 28, 400, 2023-01-20, 2024-08-14",
    "America/Bahia_Banderas, 2, 10, 300, 2024-01-20, 2024-06-30",
    "Asia/Kathmandu, 3, 3, 200, 2024-01-12, 2024-07-01",
    "America/St_Johns, 4, 90, 300, 2022-11-01, 2024-06-17",
    "UTC, 5, 1, 60, 2024-01-05, 2024-01-25",
    "Pacific/Apia, 6, 14, 250, 2024-01-31, 2024-11-15"
  })
  void every_cell_is_what_duckdb_adds_up(
      String zone, long seed, int inactiveDays, int users, LocalDate first, LocalDate asOf)
      throws SQLException, IOException {
    TenureConfig config =
        TestLog.config(
            """
            input: {path: in, user: user, time: time, amount: amount}
            output: out
            timezone: %s
            activities: {active: "any", other: "other"}
            segments: [country, plan, platform]
            churn: {inactive-days: %d, stages: {young: 0, grown: 2, old: 5}}
            """
                .formatted(zone, inactiveDays));
    List<Map<String, String>> events = events(seed, ZoneId.of(zone), users, first, asOf);
    TestLog log = TestLog.of(events);
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:")) {
      EventsInDuckDb.load(duckdb, events, ZoneId.of(zone), asOf, first);
      try (Statement statement = duckdb.createStatement()) {
        statement.execute(
            "CREATE TABLE rule AS SELECT %d AS inactive_days".formatted(inactiveDays));
        statement.execute(
            "CREATE TABLE stages AS SELECT * FROM (VALUES (0, 'young', 0), (1, 'grown', 2),"
                + " (2, 'old', 5)) AS stages(position, name, from_month)");
      }
      EventsInDuckDb.run(duckdb, "warning.sql");
      for (String table : KEYS.keySet()) {
        String where = "seed " + seed + " in " + zone + " as of " + asOf + ", " + table;
        List<Map<String, Object>> rows = log.table(table, config, asOf.toString());
        EventsInDuckDb.assertSame(
            where, rows, EventsInDuckDb.rows(duckdb, table), KEYS.get(table), 1e-9);
        rows.forEach(row -> LIKENESSES.add(String.valueOf(row.get("similar_by"))));
      }
    }
  }

  @AfterAll
  static void every_likeness_was_met() {
    assertThat(LIKENESSES)
        .contains("stage_silence_and_signs", "silence_and_signs", "silence", "nothing", "null");
  }

  /** Lives that begin over the whole time, most of them short, some of them regular. */
  private static List<Map<String, String>> events(
      long seed, ZoneId zone, int users, LocalDate first, LocalDate asOf) {
    RandomLog random = new RandomLog(seed, zone);
    Random draw = new Random(seed);
    int length = Math.toIntExact(asOf.toEpochDay() - first.toEpochDay());
    for (int user = 0; user < users; user++) {
      LocalDate birth = first.plusDays(draw.nextInt(length));
      LocalDate last = birth.plusDays(1 + draw.nextInt(length));
      random.user("user" + user, birth, last, 1 + draw.nextInt(60));
    }
    List<Map<String, String>> events = random.events();
    for (Map<String, String> event : events) {
      event.put("is", draw.nextInt(6) == 0 ? "other" : "active");
      event.put("amount", draw.nextBoolean() ? EventsInDuckDb.NONE : draw.nextInt(9) - 2 + ".25");
    }
    return events;
  }
}
