package io.tenure.jobs.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.common.config.PostgresqlConfig;
import io.tenure.common.store.Output;
import io.tenure.common.store.Pointer;
import io.tenure.jobs.Cli;
import io.tenure.jobs.SparkTest;
import io.tenure.jobs.TestPostgresql;
import io.tenure.jobs.publish.postgresql.Credentials;
import io.tenure.jobs.publish.postgresql.PostgresqlPublication;
import io.trino.sql.parser.ParsingException;
import io.trino.sql.parser.SqlParser;
import io.trino.sql.tree.CreateView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The views of {@code conf/sql} over one run, the same in every engine. There is no Trino here: its
 * own parser reads what is written for it.
 */
@ExtendWith(SparkTest.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SqlViewsTest {
  private static final List<String> VIEWS =
      List.of(
          "latest_run",
          "retention_matrix",
          "retention_smile",
          "stage_churn_trend",
          "stickiness_by_segment");

  @TempDir private static Path folder;
  private SparkSession spark;
  private Cli tenure;
  private Pointer run;

  /** A query, and how an engine answers it. */
  interface Engine {
    List<String> rows(String query) throws SQLException;
  }

  @BeforeAll
  void run(SparkSession session) throws IOException {
    spark = session.newSession();
    tenure =
        Cli.in(folder)
            .config(
                """
                input: {path: <in>, format: csv, options: {header: true}, user: user, time: day}
                output: <out>
                segments: [plan]
                retention: [{grains: {month: 2}, brackets: [0, 1]}]
                activities: {visit: "true"}
                nps: {touchpoints: {shop: "CASE plan WHEN 'free' THEN 3 ELSE 9 END"}, churn-days: 40}
                virality: {invitation: visit, joined: visit}
                funnels: [{name: buying, steps: [active, active, active], window: 40 days}]
                """);
    Files.createDirectories(tenure.events());
    // dan comes every Friday, to the as-of day.
    String dan =
        LocalDate.parse("2024-01-05")
            .datesUntil(LocalDate.parse("2024-06-01"), java.time.Period.ofDays(7))
            .map(day -> "dan," + day + ",pro\n")
            .collect(Collectors.joining());
    Files.writeString(
        tenure.events().resolve("log.csv"),
        """
        user,day,plan
        ann,2024-01-05,free
        ann,2024-03-05,free
        bob,2024-01-10,free
        bob,2024-02-10,free
        cid,2024-01-15,pro
        cid,2024-03-15,pro
        eve,2024-05-20,free
        """
            + dan);
    run = new UncheckedRuns(tenure).run("2024-05-31");
  }

  private static List<String> statements(String engine) throws IOException {
    String text =
        Files.readAllLines(Path.of("..", "conf", "sql", engine, "views.sql")).stream()
            .filter(line -> !line.startsWith("--"))
            .collect(Collectors.joining("\n"));
    return Stream.of(text.split(";")).map(String::strip).filter(sql -> !sql.isEmpty()).toList();
  }

  private void assertViews(Engine engine) throws SQLException {
    assertThat(engine.rows("SELECT run_id, as_of, mode FROM latest_run"))
        .containsExactly(run.runId() + "|2024-05-31|full");
    // Born in January: ann, bob, cid, dan. In February come bob and dan, in March ann, cid, dan.
    assertThat(
            engine.rows(
                "SELECT cohort_users, period_0, period_1, period_2, period_3 FROM retention_matrix"
                    + " WHERE segment = '(all)' AND cohort_start = DATE '2024-01-01'"))
        .containsExactly("4.0000|1.0000|0.5000|0.7500|null");
    assertThat(
            engine.rows(
                "SELECT period, retention_rate, rise_from_lowest, is_smiling FROM retention_smile"
                    + " WHERE segment = '(all)' ORDER BY period"))
        .containsExactly(
            "0.0000|1.0000|0.0000|false",
            "1.0000|0.5000|0.0000|false",
            "2.0000|0.7500|0.2500|false");
    // 28 silent days: in February ann, bob and cid churn of four; bob comes back and churns in
    // March,
    // of two; ann and cid come back in March and churn in April, of three; dan stays.
    assertThat(
            engine.rows(
                "SELECT period_start, churned_users, churn_rate, change, churn_rate_3m"
                    + " FROM stage_churn_trend WHERE segment = '(all)' AND stage = '(all)'"
                    + " AND period_start >= DATE '2024-02-01' ORDER BY period_start"))
        .containsExactly(
            "2024-02-01|3.0000|0.7500|null|null",
            "2024-03-01|1.0000|0.5000|-0.2500|0.6667",
            "2024-04-01|2.0000|0.6667|0.1667|0.6667",
            "2024-05-01|0.0000|0.0000|-0.6667|0.5000");
    // On the last day only dan is active; in its 28 days, so is eve.
    assertThat(
            engine.rows(
                "SELECT segment_value, dau, mau, stickiness, above_the_whole, change_in_28_days"
                    + " FROM stickiness_by_segment ORDER BY segment_value"))
        .containsExactly(
            "(all)|1.0000|2.0000|0.5000|0.0000|-0.5000",
            "free|0.0000|1.0000|0.0000|-0.5000|null",
            "pro|1.0000|1.0000|1.0000|0.5000|0.0000");
  }

  private static String text(Object value) {
    return value instanceof Number number
        ? String.format(Locale.ROOT, "%.4f", number.doubleValue())
        : String.valueOf(value);
  }

  static List<String> rows(Statement sql, String query) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (ResultSet found = sql.executeQuery(query)) {
      while (found.next()) {
        List<String> row = new ArrayList<>();
        for (int column = 1; column <= found.getMetaData().getColumnCount(); column++) {
          row.add(text(found.getObject(column)));
        }
        rows.add(String.join("|", row));
      }
    }
    return rows;
  }

  @Test
  void duckdb() throws Exception {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement sql = connection.createStatement()) {
      sql.execute("SET VARIABLE tenure = '%s/current'".formatted(tenure.output()));
      for (String statement : statements("duckdb")) {
        sql.execute(statement);
      }
      assertViews(query -> rows(sql, query));
      for (String table : List.of("funnel", "funnel_periods", "nps", "virality")) {
        sql.execute(
            "CREATE VIEW %1$s AS SELECT * FROM '%2$s/current/%1$s/*.parquet'"
                .formatted(table, tenure.output()));
      }
      assertDocumented(query -> rows(sql, query));
      for (String fixture : FIXTURES) {
        sql.execute(fixture);
      }
      assertAnswers(query -> rows(sql, query));
    }
  }

  /** A log of five months without amounts has no money at risk, and learned from fewer than six. */
  private static void assertDocumented(Engine engine) throws SQLException, IOException {
    List<String> warning = documented("early-warning", 3);
    assertThat(engine.rows(warning.get(0))).isEmpty();
    assertThat(engine.rows(warning.get(1))).isEmpty();
    assertThat(engine.rows(warning.get(2))).containsExactly("null");
    // eve may still go on; of the other four ann and cid stop after the first step, bob after two.
    List<String> funnels = documented("funnels", 2);
    assertThat(engine.rows(funnels.get(0)))
        .containsExactly("buying|1.0000|active|4.0000|2.0000|2.0000|0.5000");
    assertThat(
            engine.rows(funnels.get(1)).stream()
                .map(row -> row.replaceFirst("\\|[^|]*\\|[^|]*\\|([^|]*)$", "|$1")))
        .containsExactly(
            "2024-01-01|4.0000|1.0000|0.2500|2024-03-12",
            "2024-02-01|2.0000|1.0000|0.5000|2024-04-10",
            "2024-03-01|3.0000|1.0000|0.3333|2024-05-11",
            "2024-04-01|1.0000|1.0000|null|2024-06-10",
            "2024-05-01|2.0000|1.0000|null|2024-07-11");
    // In the first quarter ann and cid answer twice, bob twice, dan on 13 Fridays; dan alone stays.
    List<String> recommending = documented("recommending", 2);
    assertThat(engine.rows(recommending.get(0)))
        .containsExactly("(all)|0.1333|1.0000", "shop|0.1333|1.0000");
    assertThat(engine.rows(recommending.get(1)).stream().map(row -> row.split("\\|")[4]))
        .containsExactly("0.0000", "0.0000", "0.0000", "0.5000");
  }

  private static final List<String> FIXTURES =
      List.of(
          """
          CREATE OR REPLACE TEMPORARY VIEW at_risk_users AS SELECT * FROM (VALUES
            ('ann', CAST(0.5 AS DOUBLE), 50, 100, 'declining_use', CAST(10 AS DECIMAL(38, 4))),
            ('bob', CAST(0.3 AS DOUBLE), 30, 100, '', CAST(20 AS DECIMAL(38, 4))),
            ('cid', CAST(0.9 AS DOUBLE), 90, 100, '', CAST(99 AS DECIMAL(38, 4))),
            ('dan', CAST(0.5 AS DOUBLE), 50, 100, '', CAST(0 AS DECIMAL(38, 4))))
            AS users(user, risk, similar_churned_users, similar_users, reasons, value_at_risk)
          """,
          """
          CREATE OR REPLACE TEMPORARY VIEW risk_backtest AS SELECT * FROM (VALUES
            (CAST(0.3 AS DOUBLE), 6, true, 40, 30, 50),
            (CAST(0.9 AS DOUBLE), 6, true, 10, 10, 50),
            (CAST(0.3 AS DOUBLE), 7, true, 20, 10, 30),
            (CAST(0.9 AS DOUBLE), 7, true, 0, 0, 30),
            (CAST(0.3 AS DOUBLE), 5, true, 99, 99, 99),
            (CAST(0.9 AS DOUBLE), 8, false, 7, NULL, NULL))
            AS months(threshold, learned_months, is_mature, flagged_users, flagged_churned_users,
              churned_users)
          """);

  /** Of the users of 0.3 to 0.9, 40 of 60 left less 10 of 10; the sixth month is not over. */
  private static void assertAnswers(Engine engine) throws SQLException, IOException {
    List<String> warning = documented("early-warning", 3);
    assertThat(engine.rows(warning.get(0)))
        .containsExactly(
            "bob|0.3000|30.0000|100.0000||20.0000",
            "ann|0.5000|50.0000|100.0000|declining_use|10.0000");
    assertThat(engine.rows(warning.get(1)))
        .containsExactly("0.3000|0.6667|0.5000", "0.9000|1.0000|0.1250");
    assertThat(engine.rows(warning.get(2))).containsExactly("0.6000");
  }

  @Test
  void a_curve_smiles_where_it_rises_by_more_than_chance() throws IOException, SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement sql = connection.createStatement()) {
      sql.execute(
          """
          CREATE TABLE retention_curve AS SELECT 'default' AS retention, 'month' AS grain,
            '(all)' AS segment, '(all)' AS segment_value, NULL AS bracket, true AS is_mature,
            1000 AS eligible_users, 1 AS retained_users, *
          FROM (VALUES (0, 1.0, 0.99, 1.0), (1, 0.30, 0.27, 0.33), (2, 0.31, 0.28, 0.34),
            (3, 0.40, 0.37, 0.43)) AS c(period, retention_rate, ci_low, ci_high)
          """);
      for (String statement : statements("duckdb")) {
        if (statement.contains("VIEW retention_smile ")) {
          sql.execute(statement);
        }
      }
      assertThat(rows(sql, "SELECT period, is_smiling FROM retention_smile ORDER BY period"))
          .containsExactly("0.0000|false", "1.0000|false", "2.0000|false", "3.0000|true");
    }
  }

  /** What a page of docs asks DuckDB and Spark. */
  static List<String> documented(String name, int count) throws IOException {
    String page = Files.readString(Path.of("..", "docs", name + ".md"));
    List<String> queries =
        Pattern.compile("```sql\n(.*?);\n```", Pattern.DOTALL)
            .matcher(page)
            .results()
            .map(found -> found.group(1))
            .toList();
    assertThat(queries).hasSize(count);
    return queries;
  }

  @Test
  void spark() throws Exception {
    spark.conf().set("tenure", tenure.output().resolve("current").toString());
    for (String statement : statements("spark")) {
      spark.sql(statement);
    }
    for (String table :
        List.of("at_risk_users", "risk_backtest", "funnel", "funnel_periods", "nps", "virality")) {
      tenure.table(spark, table).createOrReplaceTempView(table);
    }
    Engine engine = of(spark);
    assertDocumented(engine);
    FIXTURES.forEach(spark::sql);
    assertAnswers(engine);
    assertViews(engine);
  }

  static Engine of(SparkSession spark) {
    return query ->
        spark.sql(query).collectAsList().stream()
            .map(SqlViewsTest::values)
            .map(values -> values.map(SqlViewsTest::text).collect(Collectors.joining("|")))
            .toList();
  }

  private static Stream<Object> values(Row row) {
    List<Object> values = new ArrayList<>();
    for (int column = 0; column < row.length(); column++) {
      values.add(row.get(column));
    }
    return values.stream();
  }

  @Test
  void postgresql() throws Exception {
    Output output =
        Output.open(tenure.output().toString(), spark.sparkContext().hadoopConfiguration());
    new PostgresqlPublication(
            spark,
            output,
            new PostgresqlConfig(TestPostgresql.url(), "under_views", 5),
            new Credentials(Optional.of("postgres"), Optional.empty()),
            step -> {})
        .publish(run);
    try (Connection connection = TestPostgresql.connect();
        Statement sql = connection.createStatement()) {
      sql.execute("SET search_path = under_views");
      for (String statement : statements("postgresql")) {
        sql.execute(statement);
      }
      sql.execute("SET search_path = tenure_views");
      assertViews(query -> rows(sql, query));
    }
  }

  @Test
  void trino_can_parse_its_views() throws IOException {
    SqlParser parser = new SqlParser();
    assertThat(statements("trino"))
        .map(statement -> ((CreateView) parser.createStatement(statement)).getName().toString())
        .containsExactlyElementsOf(VIEWS);
    assertThatThrownBy(() -> parser.createStatement("CREATE VIEW x AS SELECT FROM"))
        .isInstanceOf(ParsingException.class);
  }
}
