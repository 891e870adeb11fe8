package io.tenure.jobs.metric;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.config.TenureConfig;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every count and ratio of virality, against DuckDB's computation from the same events. */
class ViralityInDuckDbTest {
  private static final List<String> INTERVALS =
      List.of("conversion_ci_low", "conversion_ci_high", "k_factor_ci_low", "k_factor_ci_high");

  @ParameterizedTest
  @CsvSource({
    "Africa/Cairo, 1, 2023-01-20, 2023-06-14",
    "America/Bahia_Banderas, 2, 2024-01-20, 2024-03-31",
    "Asia/Kathmandu, 3, 2023-12-12, 2024-03-01"
  })
  void every_cell_is_what_duckdb_counts(String zone, long seed, LocalDate first, LocalDate asOf)
      throws SQLException, IOException {
    TenureConfig config =
        TestLog.config(
            """
            timezone: %s
            activities: {active: active, invite: invite, joined: joined}
            segments: [country, plan, platform]
            virality: {invitation: invite, joined: joined}
            """
                .formatted(zone));
    List<Map<String, String>> events = events(seed, ZoneId.of(zone), first, asOf);
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:")) {
      EventsInDuckDb.load(duckdb, events, ZoneId.of(zone), asOf, first);
      EventsInDuckDb.run(duckdb, "virality.sql");
      List<Map<String, Object>> rows =
          TestLog.of(events).table("virality", config, asOf.toString());
      // Intervals have a test of their own.
      rows.forEach(row -> assertThat(row.keySet().removeAll(INTERVALS)).isTrue());
      EventsInDuckDb.assertSame(
          "seed " + seed + " in " + zone + " as of " + asOf,
          rows,
          EventsInDuckDb.rows(duckdb, "virality"),
          List.of("grain", "period_start", "segment", "segment_value"),
          1e-12);
    }
  }

  private static List<Map<String, String>> events(
      long seed, ZoneId zone, LocalDate first, LocalDate asOf) {
    RandomLog random = new RandomLog(seed, zone);
    Random draw = new Random(seed);
    for (int user = 0; user < 150; user++) {
      random.user("user" + user, first, asOf.plusDays(5), 1 + draw.nextInt(40));
    }
    List<Map<String, String>> events = random.events();
    for (Map<String, String> event : events) {
      event.put(
          "is",
          List.of("active", "active invite", "invite", "joined", "active joined", "-")
              .get(draw.nextInt(6)));
    }
    return events;
  }
}
