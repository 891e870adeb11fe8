package io.tenure.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * DuckDB reads what was published, and computes the same tables from the same events in its own
 * SQL, with its own calendar: {@link RetentionInSql}.
 */
@ExtendWith(SparkTest.class)
class DuckDbReadsTest {
  private static final long SEED = 20240428;
  private static final int USERS = 300;
  private static final int DAYS = 75;
  private static final StructType EVENTS =
      StructType.fromDDL(
          "id STRING, user STRING, time TIMESTAMP, name STRING, country STRING, platform STRING,"
              + " plan STRING");
  private static final String[] COUNTRIES = {"RO", "DE", "RO", "NP", null};
  private static final String[] PLATFORMS = {"web", "ios", null};
  private static final String[] PLANS = {"free", "free", "basic", "pro", "", null};
  private static final String[] NAMES = {"view", "view", "search", "purchase", "signup"};

  private static final String CONFIG =
      """
      input: {path: <in>, user: user, time: time, event: name, event-id: id, history-starts: %s}
      output: <out>
      timezone: %s
      week-start: %s
      activities: {purchase: "name = 'purchase'", signup: "event = 'signup'"}
      segments: [country, platform, {tier: "nullif(plan, '')"}]
      retention:
        - {name: default, grains: {day: 30, week: 6, month: 2}, brackets: [0, 1, 3, 7, 20]}
        - {name: signups, start: signup, grains: {day: 10, week: 4, month: 1}}
        - {name: buyers, cohort: first-matching, start: purchase, grains: {week: 12, month: 3},
           brackets: [0, 2, 4]}
        - {name: rebuyers, cohort: recurring, start: purchase, return: purchase,
           grains: {day: 7, week: 5, month: 2}, brackets: [1, 4]}
      quality: {max-rejected-ratio: 0.1}
      """;

  @TempDir Path folder;

  /** In both zones there is no midnight on the day given; the log lies around it. */
  @ParameterizedTest
  @CsvSource({
    "Africa/Cairo, 2023-04-28, monday",
    "Asia/Kathmandu, 1986-01-01, sunday",
  })
  void duckdb_reads_the_tables_and_computes_the_same_cells(
      String zone, LocalDate gap, String weekStart, SparkSession spark) throws SQLException {
    LocalDate start = gap.minusDays(40);
    LocalDate asOf = start.plusDays(DAYS - 6);
    List<Row> events = events(ZoneId.of(zone), start);
    Cli tenure = Cli.in(folder).config(CONFIG.formatted(gap, zone, weekStart));
    spark
        .createDataFrame(events, EVENTS)
        .repartition(3)
        .write()
        .parquet(tenure.events().toString());

    Cli.Result result = tenure.withConfig("run", "--as-of", asOf.toString());

    assertThat(result.code()).as(result.toString()).isZero();
    assertThat(result.err()).contains("missing_user", "missing_time", "duplicate", "after_as_of");
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement sql = duckdb.createStatement()) {
      for (String table : List.of("retention", "retention_curve", "cohorts")) {
        sql.execute(
            "CREATE VIEW published_%s AS SELECT * EXCLUDE (run_id) FROM '%s/current/%s/*.parquet'"
                .formatted(table, tenure.output(), table));
      }
      assertThat(types(sql, "published_retention")).isEqualTo(RETENTION_TYPES);
      assertThat(types(sql, "published_retention_curve")).isEqualTo(CURVE_TYPES);
      assertThat(types(sql, "published_cohorts")).isEqualTo(COHORTS_TYPES);

      RetentionInSql oracle = new RetentionInSql(sql, zone, weekStart, asOf, gap);
      oracle.events("SELECT * FROM '%s/*.parquet'".formatted(tenure.events()));
      oracle.retention("default", "first", "true", "true", "{day: 30, week: 6, month: 2}");
      oracle.brackets("default", 0, 1, 3, 7, 20);
      oracle.retention(
          "signups", "first", "name = 'signup'", "true", "{day: 10, week: 4, month: 1}");
      oracle.retention(
          "buyers", "first-matching", "name = 'purchase'", "true", "{week: 12, month: 3}");
      oracle.brackets("buyers", 0, 2, 4);
      oracle.retention(
          "rebuyers",
          "recurring",
          "name = 'purchase'",
          "name = 'purchase'",
          "{day: 7, week: 5, month: 2}");
      oracle.brackets("rebuyers", 1, 4);
      oracle.compute();

      for (String table : List.of("retention", "retention_curve", "cohorts")) {
        assertThat(rows(sql, "SELECT count(*) FROM expected_" + table).get(0)).isNotEqualTo("[0]");
        assertThat(differences(sql, table)).as("%s, seed %d", table, SEED).isEmpty();
      }
      assertThat(usersOfRisk(sql, tenure)).hasSize(10).allMatch(row -> row.endsWith(", true]"));
    }
  }

  /** For each threshold whether the list of users has as many at or above it as were counted. */
  private static List<String> usersOfRisk(Statement sql, Cli tenure) throws SQLException {
    return rows(
        sql,
        """
        SELECT threshold,
          any_value(counted.users) = count(u.user) AND count(u.user) > 50
            AND any_value(flagged_users) = count(u.user) FILTER (
              100 * similar_churned_users >= round(100 * threshold) * similar_users)
        FROM '%1$s/current/risk_backtest/*.parquet' AS counted
          JOIN '%1$s/current/at_risk_users/*.parquet' AS u USING (as_of)
        GROUP BY threshold
        """
            .formatted(tenure.output()));
  }

  /** Rows that only one side has; doubles are compared to ten decimals. */
  private static List<String> differences(Statement sql, String table) throws SQLException {
    String columns =
        String.join(
            ", ",
            types(sql, "expected_" + table).entrySet().stream()
                .map(
                    column ->
                        column.getValue().equals("DOUBLE")
                            ? "round(%s, 10) AS %s".formatted(column.getKey(), column.getKey())
                            : column.getKey())
                .toList());
    String published = "SELECT %s FROM published_%s".formatted(columns, table);
    String expected = "SELECT %s FROM expected_%s".formatted(columns, table);
    return rows(
        sql,
        """
        SELECT * FROM (
          (SELECT 'published' AS only, * FROM (%1$s EXCEPT ALL %2$s))
          UNION ALL
          (SELECT 'expected' AS only, * FROM (%2$s EXCEPT ALL %1$s)))
        ORDER BY ALL DESC LIMIT 10
        """
            .formatted(published, expected));
  }

  private static List<String> rows(Statement sql, String query) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (ResultSet found = sql.executeQuery(query)) {
      while (found.next()) {
        List<String> row = new ArrayList<>();
        for (int column = 1; column <= found.getMetaData().getColumnCount(); column++) {
          row.add(found.getString(column));
        }
        rows.add(row.toString());
      }
    }
    return rows;
  }

  private static Map<String, String> types(Statement sql, String table) throws SQLException {
    Map<String, String> types = new LinkedHashMap<>();
    try (ResultSet columns = sql.executeQuery("DESCRIBE " + table)) {
      while (columns.next()) {
        types.put(columns.getString("column_name"), columns.getString("column_type"));
      }
    }
    return types;
  }

  private static final Map<String, String> RETENTION_TYPES =
      typed(
          "retention VARCHAR, grain VARCHAR, segment VARCHAR, segment_value VARCHAR,"
              + " segment_basis VARCHAR, cohort_start DATE, period INTEGER, period_start DATE,"
              + " period_end DATE, bracket VARCHAR, cohort_users BIGINT, retained_users BIGINT,"
              + " retained_or_later_users BIGINT, retention_rate DOUBLE, ci_low DOUBLE,"
              + " ci_high DOUBLE, is_mature BOOLEAN, matures_on DATE");

  private static final Map<String, String> CURVE_TYPES =
      typed(
          "retention VARCHAR, grain VARCHAR, segment VARCHAR, segment_value VARCHAR,"
              + " segment_basis VARCHAR, period INTEGER, bracket VARCHAR, eligible_users BIGINT,"
              + " retained_users BIGINT, retention_rate DOUBLE, ci_low DOUBLE, ci_high DOUBLE,"
              + " is_mature BOOLEAN");

  private static final Map<String, String> COHORTS_TYPES =
      typed(
          "retention VARCHAR, grain VARCHAR, segment VARCHAR, segment_value VARCHAR,"
              + " segment_basis VARCHAR, cohort_start DATE, cohort_end DATE, first_day DATE,"
              + " last_day DATE, cohort_users BIGINT, is_complete BOOLEAN,"
              + " birth_observed BOOLEAN");

  private static Map<String, String> typed(String columns) {
    Map<String, String> types = new LinkedHashMap<>();
    for (String column : columns.split(", ")) {
      types.put(column.split(" ")[0], column.split(" ")[1]);
    }
    return types;
  }

  /** Users whose values change, near midnights above all; duplicates; broken rows. */
  private static List<Row> events(ZoneId zone, LocalDate start) {
    Random random = new Random(SEED);
    List<Row> events = new ArrayList<>();
    for (int user = 0; user < USERS; user++) {
      int birth = random.nextInt(DAYS);
      int count = 1 + random.nextInt(25);
      for (int event = 0; event < count; event++) {
        LocalDate day = start.plusDays(Math.min(DAYS, birth + random.nextInt(DAYS)));
        String id = random.nextInt(10) == 0 ? null : "e" + random.nextInt(1_000_000);
        Row row =
            RowFactory.create(
                id,
                // Blank users, and users without a name, are rejected.
                random.nextInt(100) == 0 ? new String[] {null, "", " "}[event % 3] : "u" + user,
                random.nextInt(100) == 0 ? null : time(random, day, zone),
                NAMES[event == 0 ? random.nextInt(5) : random.nextInt(4)],
                COUNTRIES[random.nextInt(20) == 0 ? random.nextInt(5) : user % 5],
                PLATFORMS[random.nextInt(3)],
                PLANS[Math.min(5, random.nextInt(2) + user % 6)]);
        events.add(row);
        if (id != null && random.nextInt(20) == 0) {
          events.add(row);
        }
      }
    }
    java.util.Collections.shuffle(events, random);
    return events;
  }

  /** Every third time is within a second of a midnight, every tenth on the whole second. */
  private static Instant time(Random random, LocalDate day, ZoneId zone) {
    Instant midnight = day.atStartOfDay(zone).toInstant();
    if (random.nextInt(10) == 0) {
      return midnight.plusSeconds(random.nextInt(3) - 1);
    }
    long second = 1_000_000;
    long within = random.nextInt(3) == 0 ? second : 86_400 * second;
    return midnight.plusNanos(1_000 * (random.nextLong(2 * within) - within));
  }
}
