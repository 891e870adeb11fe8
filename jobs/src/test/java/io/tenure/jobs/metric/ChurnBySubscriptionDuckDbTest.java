package io.tenure.jobs.metric;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.config.TenureConfig;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.junit.jupiter.api.Test;

/**
 * Random subscription logs, an event of a user a day, possible or not, through DuckDB: a start
 * counts if the start or cancel before it is not a start, a cancel if it is one; everything else
 * follows from the days between the two.
 */
class ChurnBySubscriptionDuckDbTest {
  private static final LocalDate START = LocalDate.parse("2023-01-15");

  /** Known of every period. */
  private static final String AT_START = "users_at_start paused_users_at_start could_leave_users";

  /** Known of a period that is over. */
  private static final String OUTCOMES =
      "churned_users spells_begun joined_and_churned_users moved_in_users moved_out_users"
          + " users_at_end first_spell_churns person_days could_leave_churned_users";

  private static final String MEASURES = AT_START + " " + OUTCOMES;

  private static final String LIVES = "at_risk churned censored churned_in_complete_months";

  /** Parameter: as-of day. A row for each spell, and one for each of its days. */
  private static final String SPELLS =
      """
      CREATE OR REPLACE TEMP TABLE event AS SELECT * REPLACE (day::DATE AS day) FROM log
      WHERE day::DATE <= getvariable('as_of');
      CREATE OR REPLACE TEMP TABLE contracts AS
      SELECT "user", day, contract FROM event WHERE contract <> '-';
      CREATE OR REPLACE TEMP TABLE spell AS
      WITH turn AS (
          SELECT "user", day, kind, lag(kind) OVER (PARTITION BY "user" ORDER BY day) AS before
          FROM event WHERE kind IN ('start', 'cancel')),
        begun AS (SELECT "user", day AS start, min(day) OVER (PARTITION BY "user") AS birth,
            row_number() OVER (PARTITION BY "user" ORDER BY day) AS number
          FROM turn WHERE kind = 'start' AND before IS DISTINCT FROM 'start')
      SELECT b.*, (SELECT min(day) FROM event c WHERE c."user" = b."user"
        AND kind = 'cancel' AND day > start) AS churn FROM begun b;
      -- On a day, a spell is paused if its last pause or resume up to it is a pause.
      CREATE OR REPLACE TEMP TABLE alive AS
      WITH dayed AS (SELECT "user", number, start, unnest(generate_series(start::TIMESTAMP,
            coalesce(churn - 1, getvariable('as_of'))::TIMESTAMP, INTERVAL 1 DAY))::DATE AS day
          FROM spell)
      SELECT d."user", d.number, d.day,
        coalesce(p.kind = 'pause' AND p.turned > d.start, false) AS paused
      FROM dayed d ASOF LEFT JOIN (SELECT "user", day AS turned, kind FROM event
        WHERE kind IN ('pause', 'resume')) p ON d."user" = p."user" AND d.day >= p.turned;
      """;

  /** Of terms, which are whole months from the first day of a contract, by trying them all. */
  private static final String TERMS =
      """
      CREATE OR REPLACE TEMP MACRO term_months(contract) AS
        CASE contract WHEN 'monthly' THEN 1 WHEN 'annual' THEN 12 END;
      CREATE OR REPLACE TEMP MACRO later(day, months) AS (day + to_months(months::INT))::DATE;
      CREATE OR REPLACE TEMP MACRO begun(anchor, over) AS {'anchor': anchor, 'over': over::INT,
        'day': NULL::DATE, 'months': NULL::INT, 'next': NULL::INT};
      CREATE OR REPLACE TEMP MACRO terms_over(anchor, over, months, day) AS over + months
        * list_max(list_filter(range(0, 30), k -> later(anchor, over + k * months) <= day));
      CREATE OR REPLACE TEMP MACRO last_begin(anchor, over, months, day) AS
        later(anchor, terms_over(anchor, over, months, day));
      CREATE OR REPLACE TEMP MACRO first_end(anchor, over, months, day) AS
        list_min(list_filter(list_transform(range(0, 30), k -> later(anchor, over + k * months)),
          ended -> ended > day));
      """;

  /** The members of every period: a row for each spell, period and dimension, under one value. */
  private static final String MEMBERS =
      """
      CREATE OR REPLACE TEMP TABLE period AS
      SELECT grain, s::DATE AS s, (s + step)::DATE AS e,
        (s + step)::DATE <= getvariable('as_of') + 1 AS over
      FROM (VALUES ('month', INTERVAL 1 MONTH), ('quarter', INTERVAL 3 MONTH),
          ('year', INTERVAL 12 MONTH)) AS grains(grain, step),
        LATERAL (SELECT unnest(generate_series(
          date_trunc(grain, (SELECT min(start) FROM spell)::TIMESTAMP),
          getvariable('as_of')::TIMESTAMP, step)) AS s);
      CREATE OR REPLACE TEMP TABLE turned AS
      SELECT "user", day FROM event WHERE kind = 'renewal'
      UNION SELECT "user", day FROM (SELECT *,
          lag(contract) OVER (PARTITION BY "user" ORDER BY day) AS before FROM contracts)
      WHERE term_months(contract) IS DISTINCT FROM term_months(before);
      CREATE OR REPLACE TEMP TABLE member AS
      WITH lived AS (
          SELECT grain, s, e, over, spell.*, start >= s AS begins,
            coalesce(churn < e, false) AS churns,
            CASE WHEN start >= s THEN start ELSE s - 1 END AS reference,
            (SELECT count(*) FROM range(1, 100) AS months(m)
              WHERE birth + to_months(m::INT) <= s) AS tenure,
            list_reduce(list_prepend(
              {'anchor': start, 'over': 0, 'day': NULL::DATE, 'months': NULL::INT, 'next': NULL::INT},
              coalesce((SELECT list({'anchor': NULL::DATE, 'over': 0, 'day': r.day,
                  'months': term_months(c.contract), 'next': term_months(n.contract)} ORDER BY r.day)
                FROM turned r ASOF LEFT JOIN contracts c
                  ON r."user" = c."user" AND r.day - 1 >= c.day ASOF LEFT JOIN contracts n
                  ON r."user" = n."user" AND r.day >= n.day
                WHERE r."user" = spell."user" AND r.day > start AND r.day < s),
                [])), (term, renewal) -> CASE
              -- While the term runs that an early renewal is for, another one changes nothing but
              -- the length of what follows, which is another contract then.
              WHEN renewal.day <= later(term.anchor, term.over)
              THEN CASE WHEN renewal.months IS NOT DISTINCT FROM renewal.next THEN term
                ELSE begun(later(term.anchor, term.over), 0) END
              WHEN renewal.months IS NULL THEN begun(renewal.day, 0)
              WHEN 2 * (renewal.day - last_begin(term.anchor, term.over, renewal.months, renewal.day))
                >= first_end(term.anchor, term.over, renewal.months, renewal.day)
                  - last_begin(term.anchor, term.over, renewal.months, renewal.day)
              THEN CASE WHEN renewal.months IS NOT DISTINCT FROM renewal.next
                THEN begun(term.anchor,
                  terms_over(term.anchor, term.over, renewal.months, renewal.day) + renewal.months)
                ELSE begun(first_end(term.anchor, term.over, renewal.months, renewal.day), 0) END
              WHEN renewal.day = last_begin(term.anchor, term.over, renewal.months, renewal.day)
                AND renewal.months IS NOT DISTINCT FROM renewal.next
              THEN begun(term.anchor,
                terms_over(term.anchor, term.over, renewal.months, renewal.day))
              ELSE begun(renewal.day, 0) END) AS term
          FROM spell, period WHERE start < e AND coalesce(churn >= s, true)),
        days AS (SELECT l.grain, l.s, a."user", a.number,
            count(*) FILTER (a.day >= l.s AND NOT paused) AS days,
            coalesce(bool_or(paused) FILTER (a.day = l.s - 1), false) AS paused
          FROM lived l JOIN alive a ON l."user" = a."user" AND l.number = a.number
            AND a.day BETWEEN l.s - 1 AND l.e - 1 GROUP BY ALL),
        before AS (SELECT l.*, coalesce(c.contract, '(unknown)') AS contract FROM lived l
          ASOF LEFT JOIN contracts c ON l."user" = c."user" AND l.reference >= c.day),
        after AS (SELECT b.*, coalesce(c.contract, '(unknown)') AS next_contract
          FROM before b ASOF LEFT JOIN contracts c
            ON b."user" = c."user" AND b.e - 1 >= c.day),
        measured AS (SELECT a.*, d.days, d.paused,
            NOT begins AND (
              -- A term that begins in the period, or after it, follows one renewed early.
              later(term.anchor, term.over) BETWEEN s AND e - 1
              OR a.contract IN ('monthly', 'annual') AND EXISTS (
                SELECT 1 FROM range(1, 40) AS terms(k) WHERE
                  later(term.anchor, term.over + k * term_months(a.contract)) BETWEEN s AND e - 1))
              AS could_leave
          FROM after a JOIN days d USING (grain, s, "user", number))
      SELECT *, 'contract' AS dimension, contract AS value, next_contract AS next_value
      FROM measured
      UNION ALL SELECT *, '(all)', '(all)', '(all)' FROM measured;
      """;

  private static final String COUNTS =
      """
      WITH keyed AS (
          SELECT 'periods ' || grain AS tab, '' AS stage, * FROM member
          UNION ALL SELECT 'stages', '(all)', * FROM member WHERE grain = 'month'
          UNION ALL SELECT 'stages', CASE WHEN tenure < 3 THEN 'early' WHEN tenure < 12 THEN 'mid'
            ELSE 'late' END, * FROM member WHERE grain = 'month'),
        counted AS (
          SELECT tab, stage, grain, dimension, value, s,
            count(*) FILTER (NOT begins) AS users_at_start,
            count(*) FILTER (NOT begins AND paused) AS paused_users_at_start,
            count(*) FILTER (could_leave) AS could_leave_users,
            count(*) FILTER (NOT begins AND churns) AS churned_users,
            count(*) FILTER (begins) AS spells_begun,
            count(*) FILTER (begins AND churns) AS joined_and_churned_users,
            0 AS moved_in_users,
            count(*) FILTER (NOT churns AND value <> next_value) AS moved_out_users,
            0 AS users_at_end,
            count(*) FILTER (churns AND number = 1) AS first_spell_churns,
            sum(days) AS person_days,
            count(*) FILTER (could_leave AND churns) AS could_leave_churned_users
          FROM keyed GROUP BY ALL
          UNION ALL
          SELECT tab, stage, grain, dimension, next_value, s, 0, 0, 0, 0, 0, 0,
            count(*) FILTER (value <> next_value), 0, count(*), 0, 0, 0
          FROM keyed WHERE NOT churns AND over GROUP BY ALL),
        grid AS (
          SELECT DISTINCT shown.tab, shown.dimension, shown.value, period.grain, period.s,
            period.over, stages.stage
          FROM (SELECT tab, grain, dimension, value, min(s) AS first FROM counted GROUP BY ALL) shown
          JOIN period ON shown.grain = period.grain AND period.s >= shown.first
          JOIN (SELECT DISTINCT tab, stage FROM counted
            UNION SELECT 'stages', unnest(['early', 'mid', 'late'])) stages
            ON shown.tab = stages.tab)
      SELECT concat_ws(' ', tab, dimension, value, s, stage) AS key, %s, %s
      FROM grid LEFT JOIN counted USING (tab, dimension, value, grain, s, stage)
      GROUP BY tab, dimension, value, s, stage, over
      """
          .formatted(
              each(AT_START, "coalesce(sum(%1$s), 0) AS %1$s"),
              each(OUTCOMES, "CASE WHEN over THEN coalesce(sum(%1$s), 0) END AS %1$s"));

  private static final String LIFE_TABLE =
      """
      WITH first AS (
          SELECT "user", birth, coalesce(churn, getvariable('as_of') + 1) AS until,
            churn IS NOT NULL AS churned,
            coalesce(churn < date_trunc('month', getvariable('as_of') + 1), false) AS in_complete
          FROM spell WHERE number = 1),
        valued AS (
          SELECT f.*, 'contract' AS dimension, coalesce(c.contract, '(unknown)') AS value
          FROM first f ASOF LEFT JOIN contracts c ON f."user" = c."user" AND f.birth >= c.day
          UNION ALL SELECT *, '(all)', '(all)' FROM first),
        tenured AS (
          SELECT *, 'day' AS unit, until - birth AS tenure FROM valued
          UNION ALL SELECT *, 'month', (SELECT count(*)
            FROM range(1, 100) AS months(m) WHERE birth + to_months(m::INT) <= until) FROM valued)
      SELECT concat_ws(' ', unit, dimension, value, t) AS key,
        count(*) FILTER (tenure >= t) AS at_risk,
        count(*) FILTER (tenure = t AND churned) AS churned,
        count(*) FILTER (tenure = t AND NOT churned) AS censored,
        count(*) FILTER (tenure = t AND in_complete) AS churned_in_complete_months
      FROM tenured, range(0, 700) AS ts(t)
      GROUP BY unit, dimension, value, t HAVING count(*) FILTER (tenure >= t) > 0
      """;

  @Test
  void churn_and_survival_agree_with_sql_in_every_cell() throws SQLException {
    TenureConfig config = TestLog.config(ChurnBySubscriptionTest.CANCELLATION);
    try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:")) {
      for (int seed = 0; seed < 2; seed++) {
        List<Map<String, String>> events = events(new Random(seed));
        TestLog log = TestLog.of(events);
        load(duckDb, events);
        execute(duckDb, TERMS);
        for (String asOf : List.of("2023-12-31", "2024-02-29", "2024-05-15", "2024-06-30")) {
          execute(duckDb, "SET VARIABLE as_of = DATE '%s';".formatted(asOf) + SPELLS + MEMBERS);
          assertThat(churn(log, config, asOf))
              .as("seed %d, as of %s", seed, asOf)
              .hasSizeGreaterThan(200)
              .isEqualTo(query(duckDb, COUNTS, MEASURES));
          assertThat(lives(log, config, asOf))
              .as("seed %d, as of %s", seed, asOf)
              .hasSizeGreaterThan(200)
              .isEqualTo(query(duckDb, LIFE_TABLE, LIVES));
        }
      }
    }
  }

  private static String each(String measures, String expression) {
    return Arrays.stream(measures.split(" "))
        .map(expression::formatted)
        .collect(Collectors.joining(", "));
  }

  private static List<Map<String, String>> events(Random random) {
    String[] kinds = {
      "start", "start", "cancel", "pause", "resume", "resume", "renewal", "upgrade", "upgrade", "-"
    };
    String[] contracts = {"monthly", "annual", "weekly", "-", "-", "-", "-"};
    List<Map<String, String>> events = new ArrayList<>();
    for (int user = 0; user < 60; user++) {
      for (int day = random.nextInt(200); day < 500; day += 1 + random.nextInt(45)) {
        Map<String, String> event = new HashMap<>();
        event.put("user", "user" + user);
        event.put("time", START.plusDays(day).toString());
        event.put("is", kinds[random.nextInt(kinds.length)]);
        event.put("contract", contracts[random.nextInt(contracts.length)]);
        events.add(event);
      }
    }
    return events;
  }

  private static Map<String, String> churn(TestLog log, TenureConfig config, String asOf) {
    Map<String, String> rows = new TreeMap<>();
    for (Map<String, Object> row : log.table("churn_by_stage", config, asOf)) {
      rows.put("stages " + key(row, "period_start") + " " + row.get("stage"), shown(row, MEASURES));
    }
    for (Map<String, Object> row : log.table("churn_periods", config, asOf)) {
      String key = "periods " + row.get("grain") + " " + key(row, "period_start") + " ";
      rows.put(key, shown(row, MEASURES));
    }
    return rows;
  }

  private static Map<String, String> lives(TestLog log, TenureConfig config, String asOf) {
    Map<String, String> rows = new TreeMap<>();
    for (Map<String, Object> row : log.table("survival", config, asOf)) {
      rows.put(row.get("tenure_unit") + " " + key(row, "tenure"), shown(row, LIVES));
    }
    return rows;
  }

  private static String key(Map<String, Object> row, String position) {
    return "%s %s %s".formatted(row.get("segment"), row.get("segment_value"), row.get(position));
  }

  private static String shown(Map<String, Object> row, String measures) {
    StringBuilder shown = new StringBuilder();
    for (String measure : measures.split(" ")) {
      shown.append(' ').append(row.get(measure));
    }
    return shown.toString();
  }

  private static void load(Connection duckDb, List<Map<String, String>> events)
      throws SQLException {
    execute(
        duckDb, "CREATE OR REPLACE TABLE log (\"user\" TEXT, day TEXT, kind TEXT, contract TEXT)");
    try (DuckDBAppender rows = ((DuckDBConnection) duckDb).createAppender("main", "log")) {
      for (Map<String, String> event : events) {
        rows.beginRow();
        for (String column : List.of("user", "time", "is", "contract")) {
          rows.append(event.get(column));
        }
        rows.endRow();
      }
    }
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

  private static Map<String, String> query(Connection duckDb, String sql, String measures)
      throws SQLException {
    Map<String, String> rows = new TreeMap<>();
    try (Statement statement = duckDb.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        StringBuilder shown = new StringBuilder();
        for (String measure : measures.split(" ")) {
          shown.append(' ').append(result.getString(measure));
        }
        rows.put(result.getString("key"), shown.toString());
      }
    }
    return rows;
  }
}
