package io.tenure.jobs.metric;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.config.TenureConfig;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.junit.jupiter.api.Test;

/**
 * The same log through DuckDB, in SQL written from the definitions: spells as gaps and islands,
 * values by as-of join, grids by cross join. Every cell agrees.
 */
class ChurnDuckDbTest {
  private static final RandomLives LOG =
      new RandomLives(20240229, 250, LocalDate.parse("2022-12-01"), 600);

  private static final String MEASURES =
      "users_at_start churned_users spells_begun joined_and_churned_users first_spell_churns"
          + " person_days moved_in_users moved_out_users";

  private static final String LIVES = "at_risk churned censored";

  /**
   * Parameters: as-of day, G. Spells: user, start, churn (null while unknown), birth, number.
   * Changes: the value of each user and dimension at the end of each day that gives one.
   */
  private static final String SPELLS =
      """
      CREATE OR REPLACE TEMP TABLE spell AS
      WITH active AS (SELECT DISTINCT "user", time::DATE AS day FROM event
          WHERE time::DATE <= getvariable('as_of')),
        marked AS (SELECT "user", day, coalesce(
            day - lag(day) OVER of_user > getvariable('g'), true)::INT AS begins
          FROM active WINDOW of_user AS (PARTITION BY "user" ORDER BY day)),
        island AS (SELECT "user", day, sum(begins) OVER (PARTITION BY "user" ORDER BY day) AS number
          FROM marked)
      SELECT "user", number, min(day) AS start,
        min(min(day)) OVER (PARTITION BY "user") AS birth,
        CASE WHEN max(day) + getvariable('g')::INT + 1 <= getvariable('as_of') + 1
          THEN max(day) + getvariable('g')::INT + 1 END AS churn
      FROM island GROUP BY "user", number;

      CREATE OR REPLACE TEMP TABLE change AS
      SELECT "user", dimension, time::DATE AS day, arg_max(value, time) AS value
      FROM (SELECT "user", time, 'country' AS dimension, country AS value FROM event
        UNION ALL SELECT "user", time, 'plan', plan FROM event)
      WHERE value <> '-' AND time::DATE <= getvariable('as_of') GROUP BY ALL;
      """;

  /** The members of every period: a row for each spell, period and dimension, under one value. */
  private static final String MEMBERS =
      """
      CREATE OR REPLACE TEMP TABLE period AS
      SELECT grain, s::DATE AS s, (s + step)::DATE AS e, e <= getvariable('as_of') + 1 AS over
      FROM (VALUES ('month', INTERVAL 1 MONTH), ('quarter', INTERVAL 3 MONTH),
          ('year', INTERVAL 12 MONTH)) AS grains(grain, step),
        LATERAL (SELECT unnest(generate_series(
          date_trunc(grain, (SELECT min(start) FROM spell)::TIMESTAMP),
          getvariable('as_of')::TIMESTAMP, step)) AS s);

      CREATE OR REPLACE TEMP TABLE member AS
      WITH lived AS (
          SELECT grain, s, e, over, spell.*, start >= s AS begins, coalesce(churn < e, false) AS churns,
            least(coalesce(churn, e), e, getvariable('as_of') + 1) - greatest(start, s) AS days,
            CASE WHEN start >= s THEN start ELSE s - 1 END AS reference,
            -- A month of tenure is full when the date, clamped to its month's end, is reached.
            (SELECT count(*) FROM range(1, 100) AS months(m)
              WHERE birth + to_months(m::INT) <= s) AS tenure
          FROM spell, period WHERE start < e AND coalesce(churn >= s, true)),
        dimensioned AS (SELECT *, unnest(['country', 'plan']) AS dimension FROM lived),
        before AS (SELECT d.*, coalesce(c.value, '(unknown)') AS value FROM dimensioned d
          ASOF LEFT JOIN change c ON d."user" = c."user" AND d.dimension = c.dimension
            AND d.reference >= c.day),
        after AS (SELECT b.*, coalesce(c.value, '(unknown)') AS next_value FROM before b
          ASOF LEFT JOIN change c ON b."user" = c."user" AND b.dimension = c.dimension
            AND b.e - 1 >= c.day)
      SELECT * FROM after
      UNION ALL SELECT *, '(all)', '(all)', '(all)' FROM lived;
      """;

  private static final String COUNTS =
      """
      WITH staged AS (SELECT *, CASE WHEN grain <> 'month' THEN NULL WHEN tenure < 3 THEN 'early'
          WHEN tenure < 12 THEN 'mid' ELSE 'late' END AS stage FROM member),
        keyed AS (
          SELECT 'periods ' || grain AS tab, '' AS stage, * EXCLUDE stage FROM staged
          UNION ALL SELECT 'stages', '(all)', * EXCLUDE stage FROM staged WHERE grain = 'month'
          UNION ALL SELECT 'stages', stage, * EXCLUDE stage FROM staged WHERE grain = 'month'),
        counted AS (
          SELECT tab, stage, grain, dimension, value, s,
            count(*) FILTER (NOT begins) AS users_at_start,
            count(*) FILTER (NOT begins AND churns) AS churned_users,
            count(*) FILTER (begins) AS spells_begun,
            count(*) FILTER (begins AND churns) AS joined_and_churned_users,
            count(*) FILTER (churns AND number = 1) AS first_spell_churns,
            sum(days) AS person_days,
            0 AS moved_in_users,
            count(*) FILTER (NOT churns AND value <> next_value) AS moved_out_users
          FROM keyed GROUP BY ALL
          UNION ALL
          SELECT tab, stage, grain, dimension, next_value, s, 0, 0, 0, 0, 0, 0, count(*), 0
          FROM keyed WHERE NOT churns AND value <> next_value AND over GROUP BY ALL),
        grid AS (
          SELECT DISTINCT shown.tab, shown.dimension, shown.value, period.grain, period.s,
            period.over, stages.stage
          FROM (SELECT tab, grain, dimension, value, min(s) AS first FROM counted GROUP BY ALL) shown
          JOIN period ON shown.grain = period.grain AND period.s >= shown.first
          JOIN (SELECT DISTINCT tab, stage FROM counted) stages ON shown.tab = stages.tab)
      SELECT concat_ws(' ', tab, dimension, value, s, stage) AS key, over,
        %s
      FROM grid LEFT JOIN counted USING (tab, dimension, value, grain, s, stage)
      GROUP BY tab, dimension, value, s, stage, over
      """
          .formatted(
              List.of(MEASURES.split(" ")).stream()
                  .map(
                      name ->
                          name.equals("users_at_start")
                              ? "coalesce(sum(users_at_start), 0) AS users_at_start"
                              : "CASE WHEN over THEN coalesce(sum(%1$s), 0) END AS %1$s"
                                  .formatted(name))
                  .collect(Collectors.joining(", ")));

  private static final String LIFE_TABLE =
      """
      WITH first AS (
          SELECT "user", birth, coalesce(churn, getvariable('as_of') + 1) AS until,
            churn IS NOT NULL AS churned
          FROM spell WHERE number = 1),
        valued AS (
          SELECT f.*, coalesce(c.value, '(unknown)') AS value FROM (
            SELECT *, unnest(['country', 'plan']) AS dimension FROM first) f
          LEFT JOIN change c ON f."user" = c."user" AND f.dimension = c.dimension AND c.day = birth
          UNION ALL SELECT *, '(all)', '(all)' FROM first),
        tenured AS (
          SELECT dimension, value, churned, 'day' AS unit, until - birth AS tenure FROM valued
          UNION ALL SELECT dimension, value, churned, 'month', (SELECT count(*)
            FROM range(1, 100) AS months(m) WHERE birth + to_months(m::INT) <= until)
          FROM valued)
      SELECT concat_ws(' ', unit, dimension, value, t) AS key,
        count(*) FILTER (tenure >= t) AS at_risk,
        count(*) FILTER (tenure = t AND churned) AS churned,
        count(*) FILTER (tenure = t AND NOT churned) AS censored
      FROM tenured, range(0, 700) AS ts(t)
      GROUP BY unit, dimension, value, t HAVING count(*) FILTER (tenure >= t) > 0
      """;

  @Test
  void churn_and_survival_agree_with_sql_in_every_cell() throws SQLException {
    TestLog log = TestLog.of(LOG.events());
    try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:")) {
      load(duckDb);
      for (int inactiveDays : new int[] {1, 7, 28}) {
        for (String asOf : List.of("2024-02-15", "2024-02-29", "2024-06-30")) {
          TenureConfig config =
              TestLog.config(
                  "segments: [country, plan]\nchurn: {inactive-days: %d}".formatted(inactiveDays));
          execute(
              duckDb,
              "SET VARIABLE as_of = DATE '%s'; SET VARIABLE g = %d;".formatted(asOf, inactiveDays)
                  + SPELLS
                  + MEMBERS);
          assertThat(churn(log, config, asOf))
              .as("G %d, as of %s", inactiveDays, asOf)
              .hasSizeGreaterThan(500)
              .isEqualTo(query(duckDb, COUNTS, MEASURES));
          assertThat(lives(log, config, asOf))
              .as("G %d, as of %s", inactiveDays, asOf)
              .hasSizeGreaterThan(100)
              .isEqualTo(query(duckDb, LIFE_TABLE, LIVES));
        }
      }
    }
  }

  private static void load(Connection duckDb) throws SQLException {
    execute(duckDb, "CREATE TABLE log (\"user\" TEXT, time TEXT, country TEXT, plan TEXT)");
    try (DuckDBAppender rows = ((DuckDBConnection) duckDb).createAppender("main", "log")) {
      for (Map<String, String> event : LOG.events()) {
        rows.beginRow();
        for (String column : List.of("user", "time", "country", "plan")) {
          rows.append(event.get(column));
        }
        rows.endRow();
      }
    }
    execute(duckDb, "CREATE VIEW event AS SELECT * REPLACE (time::TIMESTAMP AS time) FROM log");
  }

  private static void execute(Connection duckDb, String statements) throws SQLException {
    try (Statement statement = duckDb.createStatement()) {
      for (String sql : statements.split(";")) {
        if (!sql.isBlank()) {
          statement.execute(sql);
        }
      }
    }
  }

  private static Map<String, String> churn(TestLog log, TenureConfig config, String asOf) {
    Map<String, String> rows = new TreeMap<>();
    for (Map<String, Object> row : log.table("churn_by_stage", config, asOf)) {
      rows.put("stages " + key(row) + " " + row.get("stage"), shown(row, MEASURES));
    }
    for (Map<String, Object> row : log.table("churn_periods", config, asOf)) {
      rows.put("periods " + row.get("grain") + " " + key(row) + " ", shown(row, MEASURES));
    }
    return rows;
  }

  private static String key(Map<String, Object> row) {
    return "%s %s %s"
        .formatted(row.get("segment"), row.get("segment_value"), row.get("period_start"));
  }

  private static Map<String, String> lives(TestLog log, TenureConfig config, String asOf) {
    Map<String, String> rows = new TreeMap<>();
    for (Map<String, Object> row : log.table("survival", config, asOf)) {
      String key =
          "%s %s %s %s"
              .formatted(
                  row.get("tenure_unit"),
                  row.get("segment"),
                  row.get("segment_value"),
                  row.get("tenure"));
      rows.put(key, shown(row, LIVES));
    }
    return rows;
  }

  private static Map<String, String> query(Connection duckDb, String sql, String measures)
      throws SQLException {
    Map<String, String> rows = new TreeMap<>();
    try (Statement statement = duckDb.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        StringBuilder shown = new StringBuilder();
        for (String measure : measures.split(" ")) {
          Object value = result.getObject(measure);
          shown.append(' ').append(value == null ? null : ((Number) result.getLong(measure)));
        }
        rows.put(result.getString("key"), shown.toString());
      }
    }
    return rows;
  }

  private static String shown(Map<String, Object> row, String measures) {
    StringBuilder shown = new StringBuilder();
    for (String measure : measures.split(" ")) {
      shown.append(' ').append(row.get(measure));
    }
    return shown.toString();
  }
}
