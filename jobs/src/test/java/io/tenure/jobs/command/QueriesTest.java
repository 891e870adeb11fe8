package io.tenure.jobs.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.jobs.Cli;
import io.tenure.jobs.SparkTest;
import io.tenure.jobs.command.SqlViewsTest.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What docs/queries.md asks, and the answers, worked out by hand. */
@ExtendWith(SparkTest.class)
class QueriesTest {
  private static final List<String> TABLES =
      List.of(
          "retention",
          "growth",
          "churn_by_stage",
          "revenue_cohorts",
          "revenue_retention",
          "survival_by_stage");

  /** Rows that take many users, or a second run. */
  private static final List<String> FIXTURES =
      List.of(
          """
          CREATE OR REPLACE TEMPORARY VIEW at_risk_users AS SELECT * FROM (VALUES
            ('ann', 'free'), ('bob', 'pro'), ('cid', 'free')) AS a("user", segment_plan)
          """,
          """
          CREATE OR REPLACE TEMPORARY VIEW drivers AS SELECT * FROM (VALUES
            ('churn', 'plan', 'free', 80, 0.5, 0.25, 0.25, 0.01),
            ('churn', 'country', 'RO', 90, 0.1, 0.5, -0.4, 0.05),
            ('churn', 'country', 'CZ', 9, 0.9, 0.1, 0.8, 0.06),
            ('churn', 'country', 'DE', 1, 0.9, NULL, NULL, NULL),
            ('retention', 'plan', 'free', 80, 0.5, 0.2, 0.3, 0.01))
            AS d(outcome, segment, segment_value, users, rate, rest_rate, difference, p_adjusted)
          """,
          """
          CREATE OR REPLACE TEMPORARY VIEW restatements AS SELECT * FROM (VALUES
            ('growth', 'new_users', 'late_data'), ('retention', 'retained_users', 'late_data'),
            ('retention', 'retained_users', 'late_data'))
            AS r("table", measure, cause)
          """);

  @TempDir Path folder;

  @Test
  void every_query_gives_its_answer(SparkSession session) throws IOException, SQLException {
    Cli tenure =
        Cli.in(folder)
            .config(
                """
                input: {path: <in>, format: csv, options: {header: true}, user: user, time: day, amount: amount}
                output: <out>
                segments: [plan]
                retention: [{grains: {week: 2, month: 2}}, {name: other, grains: {month: 1}}]
                """);
    Files.createDirectories(tenure.events());
    Files.writeString(
        tenure.events().resolve("log.csv"),
        """
        user,day,plan,amount
        ann,2024-01-05,free,10
        ann,2024-02-05,free,20
        bob,2024-01-10,free,30
        cid,2024-02-15,pro,50
        cid,2024-03-15,pro,40
        """);
    new UncheckedRuns(tenure).run("2024-04-30");
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement sql = connection.createStatement()) {
      for (String table : TABLES) {
        sql.execute(
            "CREATE VIEW %1$s AS SELECT * FROM '%2$s/current/%1$s/*.parquet'"
                .formatted(table, tenure.output()));
      }
      for (String fixture : FIXTURES) {
        sql.execute(fixture);
      }
      for (String table : List.of("at_risk_users", "drivers", "restatements")) {
        String columns = "SELECT column_name FROM (DESCRIBE SELECT * FROM %s)";
        assertThat(SqlViewsTest.rows(sql, columns.formatted(table)))
            .as("columns that the real table has, too")
            .isSubsetOf(
                SqlViewsTest.rows(
                    sql,
                    columns.formatted(
                        "'%s/current/%s/*.parquet'".formatted(tenure.output(), table))));
      }
      assertAnswers(query -> SqlViewsTest.rows(sql, query));
      assertOfCopies(tenure, sql);
    }
    SparkSession spark = session.newSession();
    for (String table : TABLES) {
      tenure.table(spark, table).createOrReplaceTempView(table);
    }
    for (String fixture : FIXTURES) {
      spark.sql(fixture.replace('"', '`'));
    }
    Engine engine = SqlViewsTest.of(spark);
    assertAnswers(query -> engine.rows(query.replace('"', '`')));
  }

  /** What is hidden leaves both sides of a ratio; who is older than the log is nobody new. */
  private static void assertOfCopies(Cli tenure, Statement sql) throws SQLException, IOException {
    String copy =
        "CREATE OR REPLACE VIEW %1$s AS SELECT * REPLACE (%3$s) FROM '%2$s/current/%1$s/*.parquet'";
    String tables = tenure.output().toString();
    sql.execute(
        copy.formatted(
            "retention",
            tables,
            "CASE WHEN segment_value = 'free' AND period > 0 THEN NULL ELSE retained_users END"
                + " AS retained_users"));
    sql.execute(
        copy.formatted(
            "revenue_retention",
            tables,
            "CASE WHEN period_start = DATE '2024-03-01' THEN NULL ELSE churned END AS churned"));
    sql.execute(
        copy.formatted("growth", tables, "period_start > DATE '2024-03-01' AS birth_observed"));
    List<String> queries = SqlViewsTest.documented("queries", 10);
    assertThat(SqlViewsTest.rows(sql, queries.get(1)))
        .containsExactly(
            "free|0.0000|2.0000|2.0000|1.0000",
            "pro|0.0000|1.0000|1.0000|1.0000",
            "pro|1.0000|1.0000|1.0000|1.0000",
            "pro|2.0000|0.0000|1.0000|0.0000");
    assertThat(SqlViewsTest.rows(sql, queries.get(2)))
        .containsExactly("2024-04-01|0.0000|0.0000|0.0000|1.0000|0.0000");
    // Of March, free had an opening of 20 and pro one of 50.
    assertThat(SqlViewsTest.rows(sql, queries.get(4)))
        .containsExactly("free|40.0000|0.2500|0.5000", "pro|40.0000|0.0000|0.0000");
  }

  private static void assertAnswers(Engine engine) throws SQLException, IOException {
    List<String> queries = SqlViewsTest.documented("queries", 10);
    // Of ann and bob, ann comes back in February; cid in March. Wilson: 1 of 2, 1 of 1.
    assertThat(engine.rows(queries.get(0)))
        .containsExactly(
            "2024-01-01|2.0000|1.0000|0.5000|0.0945|0.9055",
            "2024-02-01|1.0000|1.0000|1.0000|0.2065|1.0000");
    assertThat(engine.rows(queries.get(1)))
        .containsExactly(
            "free|0.0000|2.0000|2.0000|1.0000",
            "free|1.0000|1.0000|2.0000|0.5000",
            "free|2.0000|0.0000|2.0000|0.0000",
            "pro|0.0000|1.0000|1.0000|1.0000",
            "pro|1.0000|1.0000|1.0000|1.0000",
            "pro|2.0000|0.0000|1.0000|0.0000");
    // Bob is lost in February, ann in March, cid in April.
    assertThat(engine.rows(queries.get(2)))
        .containsExactly(
            "2024-02-01|2.0000|1.0000|0.0000|1.0000|1.0000",
            "2024-03-01|1.0000|0.0000|0.0000|1.0000|0.0000",
            "2024-04-01|0.0000|0.0000|0.0000|1.0000|0.0000");
    assertThat(engine.rows(queries.get(3)))
        .containsExactly(
            "2024-01-01|2.0000|0.0000|40.0000|20.0000",
            "2024-01-01|2.0000|1.0000|60.0000|30.0000",
            "2024-01-01|2.0000|2.0000|60.0000|30.0000",
            "2024-02-01|1.0000|0.0000|50.0000|50.0000",
            "2024-02-01|1.0000|1.0000|90.0000|90.0000",
            "2024-02-01|1.0000|2.0000|90.0000|90.0000");
    // Free: of 40, 30 go and 10 grow to 20; of 20, all go. Pro: of 50, 10 go; of 40, all.
    assertThat(engine.rows(queries.get(4)))
        .containsExactly("free|60.0000|0.1667|0.3333", "pro|90.0000|0.4444|0.4444");
    // After 28 silent days ann is lost on 3 February, bob on the 8th; ann again on 5 March and cid
    // on the 15th, on which he comes back, to be lost on 13 April.
    assertThat(engine.rows(queries.get(5)))
        .containsExactly(
            "2024-02-01|early|2.0000|2.0000|1.0000|0.0000|2.0000",
            "2024-03-01|early|2.0000|2.0000|1.0000|0.0000|2.0000",
            "2024-04-01|early|1.0000|1.0000|1.0000|0.0000|1.0000");
    // Bob goes within a month, ann after two, cid after one.
    assertThat(engine.rows(queries.get(6)))
        .containsExactly(
            "free|(all)|2.0000|1.0000|0.0000|null|null|0.0000",
            "pro|(all)|1.0000|2.0000|0.0000|null|null|1.0000");
    assertThat(engine.rows(queries.get(7))).containsExactly("free|2.0000", "pro|1.0000");
    assertThat(engine.rows(queries.get(8)))
        .containsExactly(
            "country|RO|90.0000|0.1000|0.5000|-0.4000|0.0500",
            "plan|free|80.0000|0.5000|0.2500|0.2500|0.0100");
    assertThat(engine.rows(queries.get(9)))
        .containsExactly(
            "retention|retained_users|late_data|2.0000", "growth|new_users|late_data|1.0000");
  }
}
