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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
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
  private static final String AS_OF = "2024-05-31";

  private static final String MEASURES =
      "users_at_start churned_users spells_begun joined_and_churned_users first_spell_churns"
          + " person_days paused_users_at_start could_leave_users could_leave_churned_users";

  private static final String COUNTS =
      """
      WITH turn AS (
          SELECT "user", day, kind,
            lag(kind) OVER (PARTITION BY "user" ORDER BY day) AS before
          FROM event WHERE kind IN ('start', 'cancel')),
        begun AS (SELECT "user", day AS start,
            row_number() OVER (PARTITION BY "user" ORDER BY day) AS number
          FROM turn WHERE kind = 'start' AND before IS DISTINCT FROM 'start'),
        spell AS (SELECT b.*, (SELECT min(day) FROM event c WHERE c."user" = b."user"
            AND kind = 'cancel' AND day > start) AS churn
          FROM begun b),
        period AS (SELECT s::DATE AS s, (s + INTERVAL 1 MONTH)::DATE AS e
          FROM generate_series(TIMESTAMP '2023-01-01', TIMESTAMP '2024-05-01', INTERVAL 1 MONTH)
            AS months(s)),
        lived AS (SELECT *, start >= s AS begins, coalesce(churn < e, false) AS churns,
            CASE WHEN start >= s THEN start ELSE s - 1 END AS reference,
            coalesce((SELECT max(day) FROM event r WHERE r."user" = spell."user"
              AND kind = 'renewal' AND day > start AND day < s), start) AS term_start
          FROM spell, period WHERE start < e AND coalesce(churn >= s, true)),
        valued AS (SELECT l.*, coalesce(c.contract, '(unknown)') AS contract
          FROM lived l ASOF LEFT JOIN (SELECT "user" AS holder, day, contract FROM event
            WHERE contract <> '-') c ON l."user" = c.holder AND l.reference >= c.day),
        -- On a day, a spell is paused if its last pause or resume up to it is a pause.
        dayed AS (SELECT v.*, unnest(generate_series(greatest(start, s) - 1,
            least(e, coalesce(churn, e)) - 1, INTERVAL 1 DAY))::DATE AS day FROM valued v),
        state AS (SELECT d."user", d.number, d.s, d.day,
            coalesce(p.kind = 'pause', false) AS paused
          FROM dayed d ASOF LEFT JOIN (SELECT "user" AS holder, day AS paused_on, kind FROM event
            WHERE kind IN ('pause', 'resume')) p
            ON d."user" = p.holder AND d.day >= p.paused_on AND true
          WHERE d.day >= d.start - 1),
        state2 AS (SELECT st.* REPLACE (st.paused AND (SELECT max(day) FROM event q
            WHERE q."user" = st."user" AND kind IN ('pause', 'resume') AND q.day <= st.day)
              > (SELECT start FROM spell z WHERE z."user" = st."user" AND z.number = st.number)
              AS paused)
          FROM state st),
        measured AS (SELECT v.*,
            (SELECT count(*) FROM state2 x WHERE x."user" = v."user" AND x.number = v.number
              AND x.s = v.s AND x.day >= greatest(v.start, v.s) AND NOT x.paused) AS days,
            NOT begins AND coalesce((SELECT bool_or(paused) FROM state2 x WHERE x."user" = v."user"
              AND x.number = v.number AND x.s = v.s AND x.day = v.s - 1), false) AS paused,
            NOT begins AND contract IN ('monthly', 'annual') AND EXISTS (
              SELECT 1 FROM range(1, 40) AS terms(k)
              WHERE term_start + to_months((k * CASE contract WHEN 'monthly' THEN 1 ELSE 12 END)::INT)
                BETWEEN s AND e - 1) AS could_leave
          FROM valued v)
      SELECT concat_ws(' ', contract, s) AS key,
        count(*) FILTER (NOT begins) AS users_at_start,
        count(*) FILTER (NOT begins AND churns) AS churned_users,
        count(*) FILTER (begins) AS spells_begun,
        count(*) FILTER (begins AND churns) AS joined_and_churned_users,
        count(*) FILTER (churns AND number = 1) AS first_spell_churns,
        sum(days) AS person_days,
        count(*) FILTER (paused) AS paused_users_at_start,
        count(*) FILTER (could_leave) AS could_leave_users,
        count(*) FILTER (could_leave AND churns) AS could_leave_churned_users
      FROM measured GROUP BY contract, s
      """;

  @Test
  void every_count_of_a_month_agrees_with_sql() throws SQLException {
    TenureConfig config = TestLog.config(ChurnBySubscriptionTest.CANCELLATION);
    for (int seed = 0; seed < 5; seed++) {
      List<Map<String, String>> events = events(new Random(seed));
      Map<String, String> actual = new TreeMap<>();
      for (Map<String, Object> row : TestLog.of(events).table("churn_by_stage", config, AS_OF)) {
        if (row.get("segment").equals("contract") && row.get("stage").equals("(all)")) {
          String shown = shown(row);
          if (!shown.matches("( 0)*")) {
            actual.put(row.get("segment_value") + " " + row.get("period_start"), shown);
          }
        }
      }
      assertThat(actual).as("seed %d", seed).hasSizeGreaterThan(40).isEqualTo(query(events));
    }
  }

  private static List<Map<String, String>> events(Random random) {
    String[] kinds = {
      "start", "start", "cancel", "cancel", "pause", "resume", "renewal", "upgrade"
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

  private static String shown(Map<String, Object> row) {
    StringBuilder shown = new StringBuilder();
    for (String measure : MEASURES.split(" ")) {
      shown.append(' ').append(row.get(measure));
    }
    return shown.toString();
  }

  private static Map<String, String> query(List<Map<String, String>> events) throws SQLException {
    Map<String, String> rows = new TreeMap<>();
    try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duckDb.createStatement()) {
      statement.execute("CREATE TABLE log (\"user\" TEXT, day TEXT, kind TEXT, contract TEXT)");
      try (DuckDBAppender appender = ((DuckDBConnection) duckDb).createAppender("main", "log")) {
        for (Map<String, String> event : events) {
          appender.beginRow();
          for (String column : List.of("user", "time", "is", "contract")) {
            appender.append(event.get(column));
          }
          appender.endRow();
        }
      }
      statement.execute(
          "CREATE TABLE event AS SELECT * REPLACE (day::DATE AS day) FROM log WHERE day <= '"
              + AS_OF
              + "'");
      try (ResultSet result = statement.executeQuery(COUNTS)) {
        while (result.next()) {
          StringBuilder shown = new StringBuilder();
          for (String measure : MEASURES.split(" ")) {
            shown.append(' ').append(result.getLong(measure));
          }
          rows.put(result.getString("key"), shown.toString());
        }
      }
    }
    return rows;
  }
}
