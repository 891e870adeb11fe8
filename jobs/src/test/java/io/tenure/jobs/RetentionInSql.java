package io.tenure.jobs;

import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;

/**
 * The tables of retention computed from raw events by joins and distinct counts, straight from
 * their definitions, in DuckDB: slow, obvious, and without a line in common with the product.
 */
final class RetentionInSql {
  private final Statement sql;
  private final String zone;
  private final String weekStart;
  private final LocalDate asOf;
  private final LocalDate historyStarts;

  RetentionInSql(
      Statement sql, String zone, String weekStart, LocalDate asOf, LocalDate historyStarts)
      throws SQLException {
    this.sql = sql;
    this.zone = zone;
    this.weekStart = weekStart;
    this.asOf = asOf;
    this.historyStarts = historyStarts;
    sql.execute(
        "CREATE TABLE members (retention TEXT, grain TEXT, horizon INT, member INT,"
            + " \"user\" TEXT, cohort_start DATE, birth DATE)");
    sql.execute(
        "CREATE TABLE returns (retention TEXT, grain TEXT, \"user\" TEXT, day DATE,"
            + " period_start DATE)");
    sql.execute("CREATE TABLE brackets (retention TEXT, first INT, beyond INT)");
  }

  /** Reads, judges and dates the events: id, user, time, name, country, platform, plan. */
  void events(String query) throws SQLException {
    // A copy of a row has its id; without id every row counts, which no distinct user notices.
    sql.execute(
        """
        CREATE TABLE events AS
        SELECT DISTINCT id, "user", epoch_us(time) AS micros, name, country, platform,
          nullif(plan, '') AS tier, CAST(time AT TIME ZONE '%s' AS DATE) AS day
        FROM (%s)
        WHERE trim("user") <> '' AND time IS NOT NULL
          AND CAST(time AT TIME ZONE '%s' AS DATE) <= DATE '%s'
        """
            .formatted(zone, query, zone, asOf));
    sql.execute(
        """
        CREATE TABLE spoken AS
        UNPIVOT (SELECT "user", day, micros, id, country, platform, tier FROM events)
        ON country, platform, tier INTO NAME segment VALUE value
        """);
  }

  private String truncated(String grain, String day) {
    return switch (grain) {
      case "day" -> day;
      case "week" ->
          weekStart.equals("monday")
              ? "CAST(date_trunc('week', %s) AS DATE)".formatted(day)
              : "CAST(date_trunc('week', %s + 1) AS DATE) - 1".formatted(day);
      default -> "CAST(date_trunc('month', %s) AS DATE)".formatted(day);
    };
  }

  /**
   * One retention question.
   *
   * @param grains the last period by grain, as in the config
   */
  void retention(String name, String cohort, String start, String returning, String grains)
      throws SQLException {
    for (String entry : grains.replaceAll("[{} ]", "").split(",")) {
      String grain = entry.split(":")[0];
      String horizon = entry.split(":")[1];
      String births =
          switch (cohort) {
            case "first" ->
                """
                SELECT "user", min(day) AS birth FROM events e GROUP BY "user"
                HAVING bool_or((%s) AND micros = (
                  SELECT min(f.micros) FROM events f WHERE f."user" = e."user"))
                """;
            case "first-matching" ->
                "SELECT \"user\", min(day) AS birth FROM events WHERE %s GROUP BY \"user\"";
            default ->
                "SELECT \"user\", min(day) AS birth FROM events WHERE %s GROUP BY \"user\", "
                    + truncated(grain, "day");
          };
      sql.execute(
          """
          INSERT INTO members SELECT '%s', '%s', %s, row_number() OVER (), "user", %s, birth
          FROM (%s)
          """
              .formatted(name, grain, horizon, truncated(grain, "birth"), births.formatted(start)));
      sql.execute(
          """
          INSERT INTO returns SELECT DISTINCT '%s', '%s', "user", day, %s FROM events WHERE %s
          """
              .formatted(name, grain, truncated(grain, "day"), returning));
    }
  }

  void brackets(String retention, int... bounds) throws SQLException {
    for (int at = 1; at < bounds.length; at++) {
      sql.execute(
          "INSERT INTO brackets VALUES ('%s', %d, %d)"
              .formatted(retention, bounds[at - 1], bounds[at]));
    }
  }

  /** Fills expected_retention, expected_retention_curve and expected_cohorts. */
  void compute() throws SQLException {
    // The value on the birth day: of the last event up to it that has one.
    sql.execute(
        """
        CREATE TABLE placed AS
        SELECT *, '(all)' AS segment, '(all)' AS segment_value FROM members
        UNION ALL
        SELECT m.*, d.segment, coalesce((
            SELECT s.value FROM spoken s
            WHERE s."user" = m."user" AND s.segment = d.segment AND s.day <= m.birth
            ORDER BY s.micros DESC, s.id DESC NULLS LAST, s.value DESC LIMIT 1), '(unknown)')
        FROM members m, (VALUES ('country'), ('platform'), ('tier')) d(segment)
        """);
    sql.execute(
        """
        CREATE TABLE expected_cohorts AS
        SELECT retention, grain, segment, segment_value, 'birth' AS segment_basis, cohort_start,
          CAST(%s AS DATE) AS cohort_end, min(birth) AS first_day, max(birth) AS last_day,
          count(*) AS cohort_users, CAST(%s AS DATE) <= DATE '%s' AS is_complete,
          cohort_start >= DATE '%s' AS birth_observed, any_value(horizon) AS horizon
        FROM placed GROUP BY ALL
        """
            .formatted(
                later("cohort_start", "1"),
                later("cohort_start", "1"),
                asOf.plusDays(1),
                historyStarts));
    // In which periods after its own a member came back.
    sql.execute(
        """
        CREATE TABLE seen AS
        SELECT DISTINCT m.retention, m.grain, m.member,
          CASE m.grain WHEN 'day' THEN r.period_start - m.cohort_start
            WHEN 'week' THEN (r.period_start - m.cohort_start) // 7
            ELSE datediff('month', m.cohort_start, r.period_start) END AS k
        FROM members m JOIN returns r
          ON r.retention = m.retention AND r.grain = m.grain AND r."user" = m."user"
            AND r.day >= m.birth
        """);
    sql.execute(
        """
        CREATE TABLE cells AS
        SELECT retention, grain, segment, segment_value, cohort_start, cohort_users,
          NULL AS bracket, unnest(generate_series(0, horizon)) AS first, first + 1 AS beyond
        FROM expected_cohorts
        UNION ALL
        SELECT retention, grain, segment, segment_value, cohort_start, cohort_users,
          '[' || first || ',' || beyond || ')', first, beyond
        FROM expected_cohorts JOIN brackets USING (retention)
        """);
    sql.execute(
        """
        CREATE TABLE counted AS
        SELECT c.*,
          count(DISTINCT s.member) FILTER (s.k >= c.first AND s.k < c.beyond) AS retained,
          count(DISTINCT s.member) FILTER (s.k >= c.first) AS or_later
        FROM cells c
        JOIN placed p USING (retention, grain, segment, segment_value, cohort_start)
        LEFT JOIN seen s ON s.retention = p.retention AND s.grain = p.grain
          AND s.member = p.member
        GROUP BY ALL
        """);
    sql.execute(
        """
        CREATE TABLE expected_retention AS
        WITH dated AS (
          SELECT *, CAST(%s AS DATE) AS period_start, CAST(%s AS DATE) AS period_end FROM counted),
        judged AS (
          SELECT *, period_end <= DATE '%s' AS mature, CASE WHEN mature THEN retained END AS x,
            CAST(cohort_users AS DOUBLE) AS n FROM dated)
        SELECT retention, grain, segment, segment_value, 'birth' AS segment_basis, cohort_start,
          CAST(first AS INT) AS period, period_start, period_end, bracket, cohort_users,
          x AS retained_users, CASE WHEN mature THEN or_later END AS retained_or_later_users,
          %s, mature AS is_mature, period_end AS matures_on
        FROM judged
        """
            .formatted(
                later("cohort_start", "first"),
                later("cohort_start", "beyond"),
                asOf.plusDays(1),
                WILSON));
    sql.execute(
        """
        CREATE TABLE expected_retention_curve AS
        WITH pooled AS (
          SELECT retention, grain, segment, segment_value, period, bracket,
            coalesce(sum(cohort_users) FILTER (is_mature), 0) AS eligible,
            sum(retained_users) AS x
          FROM expected_retention GROUP BY ALL),
        judged AS (SELECT *, CAST(eligible AS DOUBLE) AS n FROM pooled)
        SELECT retention, grain, segment, segment_value, 'birth' AS segment_basis, period, bracket,
          CAST(eligible AS BIGINT) AS eligible_users, CAST(x AS BIGINT) AS retained_users,
          %s, eligible > 0 AS is_mature
        FROM judged
        """
            .formatted(WILSON));
    sql.execute("ALTER TABLE expected_cohorts DROP horizon");
  }

  private static String later(String start, String periods) {
    return ("%s + CASE grain WHEN 'day' THEN to_days(CAST(%s AS INT)) WHEN 'week'"
            + " THEN to_days(CAST(7 * %s AS INT)) ELSE to_months(CAST(%s AS INT)) END")
        .formatted(start, periods, periods, periods);
  }

  /** The roots of (p - x/n)² = z² p (1 - p) / n: the 95 % interval of x of n. */
  private static final String WILSON =
      """
      x / n AS retention_rate,
          (2 * x + 3.841458820694124 - sqrt(3.841458820694124 * (3.841458820694124
            + 4 * x * (1 - x / n)))) / (2 * (n + 3.841458820694124)) AS ci_low,
          (2 * x + 3.841458820694124 + sqrt(3.841458820694124 * (3.841458820694124
            + 4 * x * (1 - x / n)))) / (2 * (n + 3.841458820694124)) AS ci_high""";
}
