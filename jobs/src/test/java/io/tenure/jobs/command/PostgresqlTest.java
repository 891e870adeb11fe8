package io.tenure.jobs.command;

import static io.tenure.jobs.TestPostgresql.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.common.UserError;
import io.tenure.common.config.PostgresqlConfig;
import io.tenure.common.store.HeldOutput;
import io.tenure.common.store.Output;
import io.tenure.common.store.Pointer;
import io.tenure.jobs.Cli;
import io.tenure.jobs.SparkTest;
import io.tenure.jobs.TestPostgresql;
import io.tenure.jobs.publish.postgresql.Credentials;
import io.tenure.jobs.publish.postgresql.PostgresqlPublication;
import io.tenure.jobs.publish.postgresql.PostgresqlPublication.Step;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.security.alias.CredentialProvider;
import org.apache.hadoop.security.alias.CredentialProviderFactory;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Two runs of one output, published to schemas of a real server. */
@ExtendWith(SparkTest.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresqlTest {
  private static final Consumer<Step> ON = step -> {};
  private static final String PROVIDERS = CredentialProviderFactory.CREDENTIAL_PROVIDER_PATH;

  @TempDir private static Path folder;
  private SparkSession spark;
  private Cli tenure;
  private Output output;
  private Pointer first;
  private Pointer second;

  @BeforeAll
  void run_twice(SparkSession session) throws Exception {
    spark = session;
    tenure =
        Cli.in(folder)
            .config(
                """
                input: {path: <in>, format: csv, options: {header: true}, user: user, time: day,
                        amount: amount}
                output: <out>
                segments: [country]
                retention: [{grains: {month: 2}, brackets: [0, 1, 2]}]
                funnels: [{steps: [active, active], window: 30 days}]
                nps: {touchpoints: {shop: "length(user)"}}
                virality: {invitation: active, joined: active}
                publish: {postgresql: {url: "%s", schema: by_command}}
                """
                    .formatted(TestPostgresql.url()));
    Files.createDirectories(tenure.events());
    Files.writeString(
        tenure.events().resolve("log.csv"),
        """
        user,day,country,amount
        ann,2024-01-10,RO,1.5
        bob,2024-01-11,"a\\b	c'd""|é",2
        bob,2024-02-02,"a\\b	c'd""|é",
        cid,2024-02-28,,
        dan,soon,RO,
        """);
    UncheckedRuns runs = new UncheckedRuns(tenure);
    String tolerant = "quality.max-rejected-ratio=1";
    first = runs.run("2024-02-15", tolerant);
    second = runs.run("2024-03-31", tolerant, "active-users.windows=[90]");
    output = Output.open(tenure.output().toString(), spark.sparkContext().hadoopConfiguration());
  }

  @AfterAll
  void forget_the_provider() {
    spark.sparkContext().hadoopConfiguration().unset(PROVIDERS);
  }

  private void pointAt(Pointer run) {
    HeldOutput held = output.lock("test", InstantSource.system());
    try {
      held.rollBack(run.runId());
    } finally {
      held.close();
    }
  }

  private PostgresqlPublication.Published publish(
      Pointer run, String schema, int lockSeconds, Consumer<Step> before) {
    pointAt(run);
    return new PostgresqlPublication(
            spark,
            output,
            new PostgresqlConfig(TestPostgresql.url(), schema, lockSeconds),
            new Credentials(Optional.of("postgres"), Optional.empty()),
            before)
        .publish(run);
  }

  private static String runs(Connection sql, String schema, String table) throws SQLException {
    return rows(sql, "SELECT string_agg(DISTINCT run_id, ',') FROM %s.%s".formatted(schema, table))
        .get(0);
  }

  /** All tables as they are, with the transactions that wrote each row. */
  private static Map<String, List<String>> everything(Connection sql, String schema)
      throws SQLException {
    Map<String, List<String>> tables = new TreeMap<>();
    for (String table :
        rows(sql, "SELECT tablename FROM pg_tables WHERE schemaname = '%s'".formatted(schema))) {
      tables.put(
          table,
          rows(
              sql,
              "SELECT xmin::text || ' ' || t::text FROM %s.\"%s\" AS t ORDER BY 1"
                  .formatted(schema, table)));
    }
    return tables;
  }

  @Test
  void the_tables_are_those_of_the_files_with_types_keys_and_comments() throws Exception {
    PostgresqlPublication.Published published = publish(second, "whole", 5, ON);

    assertThat(published.rows())
        .isEqualTo(
            second.tables().entrySet().stream()
                .filter(
                    table -> !List.of("rejected_events", "at_risk_users").contains(table.getKey()))
                .collect(
                    java.util.stream.Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    try (Connection sql = TestPostgresql.connect()) {
      for (String table : published.rows().keySet()) {
        List<String> inFiles =
            tenure.table(spark, table).collectAsList().stream().map(PostgresqlTest::text).toList();
        String columns =
            String.join(
                ", ",
                java.util.Arrays.stream(tenure.table(spark, table).columns())
                    .map(
                        column ->
                            column.equals("started_at")
                                ? "to_char(started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')"
                                : "\"" + column + "\"")
                    .toList());
        assertThat(rows(sql, "SELECT %s FROM whole.\"%s\"".formatted(columns, table)))
            .as(table)
            .containsExactlyInAnyOrderElementsOf(inFiles);
      }
      assertThat(
              rows(
                  sql,
                  """
                  SELECT DISTINCT data_type, numeric_scale FROM information_schema.columns
                  WHERE table_schema = 'whole' AND table_name <> 'tenure_tables' ORDER BY 1
                  """))
          .containsExactly(
              "bigint|0",
              "boolean|null",
              "date|null",
              "double precision|null",
              "integer|0",
              "numeric|4",
              "text|null",
              "timestamp with time zone|null");
      assertThat(
              rows(
                  sql,
                  """
                  SELECT pg_get_constraintdef(oid) FROM pg_constraint
                  WHERE conname IN ('cohorts_grain', 'retention_grain')
                    AND connamespace = 'whole'::regnamespace
                  ORDER BY conname
                  """))
          .containsExactly(
              "PRIMARY KEY (retention, grain, segment, segment_value, cohort_start)",
              "UNIQUE NULLS NOT DISTINCT (retention, grain, segment, segment_value, cohort_start,"
                  + " bracket, period)");
      assertThat(
              rows(
                  sql,
                  """
                  SELECT count(*) FILTER (WHERE col_description(c.oid, a.attnum) = d.meaning
                      AND obj_description(c.oid) = d.table_meaning
                      AND a.attnotnull = (NOT is_nullable)),
                    count(*)
                  FROM whole.definitions d
                  JOIN pg_class c ON c.relname = d."table"
                    AND c.relnamespace = 'whole'::regnamespace
                  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = d."column"
                  """))
          .singleElement()
          .satisfies(
              counts -> {
                String[] numbers = counts.split("\\|");
                assertThat(numbers[0]).isEqualTo(numbers[1]);
                assertThat(Integer.parseInt(numbers[1])).isGreaterThan(200);
              });
    }
  }

  /** A row as PostgreSQL's own texts have it. */
  private static String text(Row row) {
    java.util.List<String> values = new java.util.ArrayList<>();
    for (int column = 0; column < row.length(); column++) {
      Object value = row.get(column);
      if (value instanceof Boolean flag) {
        values.add(flag ? "t" : "f");
      } else if (value instanceof Double number) {
        values.add(
            number == Math.rint(number) ? Long.toString(number.longValue()) : value.toString());
      } else {
        values.add(String.valueOf(value));
      }
    }
    return String.join("|", values);
  }

  @Test
  void views_grants_and_indexes_survive_and_publishing_again_changes_nothing() throws Exception {
    publish(first, "kept", 5, ON);
    try (Connection sql = TestPostgresql.connect();
        Statement statement = sql.createStatement()) {
      statement.execute("CREATE VIEW kept.sizes AS SELECT run_id, cohort_users FROM kept.cohorts");
      statement.execute("GRANT SELECT ON kept.cohorts TO analyst");
      statement.execute("CREATE INDEX by_day ON kept.active_users (day)");

      publish(second, "kept", 5, ON);

      assertThat(rows(sql, "SELECT DISTINCT run_id FROM kept.sizes"))
          .containsExactly(second.runId());
      assertThat(rows(sql, "SELECT has_table_privilege('analyst', 'kept.cohorts', 'SELECT')"))
          .containsExactly("t");
      assertThat(rows(sql, "SELECT to_regclass('kept.by_day')")).containsExactly("kept.by_day");
      assertThat(rows(sql, "SELECT count(active_90d) >= 0 FROM kept.active_users"))
          .containsExactly("t");

      Map<String, List<String>> before = everything(sql, "kept");
      assertThat(publish(second, "kept", 5, ON).rows()).isEmpty();
      assertThat(everything(sql, "kept")).isEqualTo(before).containsKey("cohorts");

      // Back to the run that does not have the column: it stays, for views that name it.
      publish(first, "kept", 5, ON);
      assertThat(rows(sql, "SELECT count(active_90d) FROM kept.active_users")).containsExactly("0");
      assertThat(runs(sql, "kept", "active_users")).isEqualTo(first.runId());
    }
  }

  @Test
  void a_table_of_another_grain_gets_the_key_of_this_one() throws Exception {
    publish(first, "rekeyed", 5, ON);
    try (Connection sql = TestPostgresql.connect();
        Statement statement = sql.createStatement()) {
      // As an earlier version may have left them: other columns, in another order, in the key.
      statement.execute(
          """
          ALTER TABLE rekeyed.quality DROP CONSTRAINT quality_grain;
          ALTER TABLE rekeyed.quality RENAME COLUMN "check" TO check_name;
          ALTER TABLE rekeyed.quality ADD CONSTRAINT quality_grain PRIMARY KEY (check_name);
          ALTER TABLE rekeyed.retention DROP CONSTRAINT retention_grain;
          ALTER TABLE rekeyed.retention ADD CONSTRAINT retention_grain UNIQUE NULLS NOT DISTINCT
            (retention, grain, segment_value, segment, cohort_start, bracket, period)
          """);

      publish(second, "rekeyed", 5, ON);

      assertThat(
              rows(
                  sql,
                  """
                  SELECT pg_get_constraintdef(oid) FROM pg_constraint
                  WHERE conname IN ('quality_grain', 'retention_grain')
                    AND connamespace = 'rekeyed'::regnamespace
                  ORDER BY conname
                  """))
          .containsExactly(
              "PRIMARY KEY (\"check\")",
              "UNIQUE NULLS NOT DISTINCT (retention, grain, segment, segment_value, cohort_start,"
                  + " bracket, period)");
      assertThat(rows(sql, "SELECT count(check_name), count(\"check\") > 0 FROM rekeyed.quality"))
          .containsExactly("0|t");
      assertThat(runs(sql, "rekeyed", "quality")).isEqualTo(second.runId());
    }
  }

  @Test
  void a_failure_at_any_step_leaves_the_run_before() throws Exception {
    publish(first, "failing", 5, ON);
    try (Connection sql = TestPostgresql.connect()) {
      Map<String, List<String>> before = everything(sql, "failing");
      for (Step step : Step.values()) {
        assertThatThrownBy(
                () ->
                    publish(
                        second,
                        "failing",
                        5,
                        now -> {
                          if (now == step) {
                            throw new IllegalStateException("injected");
                          }
                        }))
            .hasMessage("injected");
        assertThat(everything(sql, "failing")).as("before " + step).isEqualTo(before);
      }
      // The server ends the session: the same, told to the user.
      assertThatThrownBy(
              () ->
                  publish(
                      second,
                      "failing",
                      5,
                      now -> {
                        if (now == Step.RECORD) {
                          endOtherSessions();
                        }
                      }))
          .isInstanceOf(UserError.class)
          .hasMessageStartingWith(
              "Cannot publish run %s to PostgreSQL, schema failing of jdbc:postgresql://"
                  .formatted(second.runId()))
          .hasMessageEndingWith(
              "Its files are published and whole; the database holds what it held before. Repeat with"
                  + " `publish`.");
    }
    try (Connection sql = TestPostgresql.connect()) {
      assertThat(runs(sql, "failing", "growth")).isEqualTo(first.runId());
      publish(second, "failing", 5, ON);
      assertThat(runs(sql, "failing", "growth")).isEqualTo(second.runId());
    }
  }

  private static void endOtherSessions() {
    try (Connection sql = TestPostgresql.connect()) {
      rows(
          sql,
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND"
              + " state = 'idle in transaction'");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void a_reader_in_a_transaction_sees_one_run_at_any_isolation() throws Exception {
    // Towards the run without the window of 90 days: no column is added, which would wait sooner.
    publish(second, "read", 5, ON);
    try (Connection committed = TestPostgresql.connect();
        Connection repeatable = TestPostgresql.connect()) {
      committed.setAutoCommit(false);
      repeatable.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      repeatable.setAutoCommit(false);
      assertThat(runs(committed, "read", "cohorts")).isEqualTo(second.runId());
      rows(repeatable, "SELECT 1"); // takes the snapshot, and no lock

      CountDownLatch unveiling = new CountDownLatch(1);
      CompletableFuture<?> publishing =
          CompletableFuture.runAsync(
              () ->
                  publish(
                      first,
                      "read",
                      60,
                      step -> {
                        if (step == Step.UNVEIL) {
                          unveiling.countDown();
                        }
                      }));
      assertThat(unveiling.await(60, TimeUnit.SECONDS)).isTrue();
      Thread.sleep(300);
      // All is replaced and not committed: who has read a table of that run reads on.
      assertThat(publishing).isNotDone();
      assertThat(runs(committed, "read", "growth")).isEqualTo(second.runId());
      assertThat(runs(committed, "read", "active_users")).isEqualTo(second.runId());
      committed.commit();
      publishing.get(60, TimeUnit.SECONDS);

      assertThat(runs(committed, "read", "growth")).isEqualTo(first.runId());
      assertThat(runs(committed, "read", "cohorts")).isEqualTo(first.runId());
      assertThat(runs(repeatable, "read", "growth")).isEqualTo(second.runId());
      assertThat(runs(repeatable, "read", "cohorts")).isEqualTo(second.runId());
    }
  }

  @Test
  void who_waits_too_long_gives_up_and_leaves_the_run_before() throws Exception {
    publish(first, "busy", 5, ON);
    try (Connection reader = TestPostgresql.connect()) {
      reader.setAutoCommit(false);
      runs(reader, "busy", "cohorts");
      assertThatThrownBy(() -> publish(second, "busy", 1, ON))
          .isInstanceOf(UserError.class)
          .hasMessageContaining(
              "tables were being read for all of 1 seconds (publish.postgresql.lock-seconds)");
      assertThat(runs(reader, "busy", "growth")).isEqualTo(first.runId());
    }
  }

  @Test
  void a_table_that_is_not_ours_is_left_alone() throws Exception {
    try (Connection sql = TestPostgresql.connect();
        Statement statement = sql.createStatement()) {
      statement.execute("CREATE SCHEMA theirs");
      statement.execute("CREATE TABLE theirs.retention AS SELECT 42 AS answer");
      assertThatThrownBy(() -> publish(first, "theirs", 5, ON))
          .isInstanceOf(UserError.class)
          .hasMessageStartingWith(
              "Table \"theirs\".\"retention\" is there and is none of Tenure's");
      assertThat(everything(sql, "theirs")).containsOnlyKeys("retention");
      assertThat(rows(sql, "SELECT answer FROM theirs.retention")).containsExactly("42");
    }
  }

  @Test
  void a_schema_of_another_output_is_left_alone_until_it_is_given_up() throws Exception {
    publish(second, "mine", 5, ON);
    Path moved = folder.resolve("moved");
    FileUtils.copyDirectory(tenure.output().toFile(), moved.toFile());
    PostgresqlPublication another =
        new PostgresqlPublication(
            spark,
            Output.open(moved.toString(), spark.sparkContext().hadoopConfiguration()),
            new PostgresqlConfig(TestPostgresql.url(), "mine", 5),
            new Credentials(Optional.of("postgres"), Optional.empty()),
            ON);
    String whose = "SELECT DISTINCT output FROM mine.tenure_tables";
    try (Connection sql = TestPostgresql.connect();
        Statement statement = sql.createStatement()) {
      Map<String, List<String>> before = everything(sql, "mine");
      // Although it is the run that is there.
      assertThatThrownBy(() -> another.publish(second))
          .isInstanceOf(UserError.class)
          .hasMessage(
              ("PostgreSQL schema mine holds run %s of the output %s, so none of file:%s was"
                      + " published there. Name another schema (publish.postgresql.schema). Only if"
                      + " this output replaces that one, say UPDATE \"mine\".tenure_tables SET output"
                      + " = NULL, then repeat with `publish`.")
                  .formatted(second.runId(), output.path(), moved));
      assertThat(everything(sql, "mine")).isEqualTo(before);

      statement.execute("UPDATE \"mine\".tenure_tables SET output = NULL");
      assertThat(another.publish(second).rows()).containsKey("retention");
      assertThat(rows(sql, whose)).containsExactly("file:" + moved);

      // As they were left by versions that did not know whose they are.
      statement.execute("ALTER TABLE mine.tenure_tables DROP COLUMN output");
      publish(second, "mine", 5, ON);
      assertThat(rows(sql, whose)).containsExactly(output.path());
    }
  }

  @Test
  void the_command_takes_credentials_from_a_provider_and_shows_them_nowhere() throws Exception {
    pointAt(second);
    Cli.Result refused = tenure.withConfig("publish", "--set", url(TestPostgresql.url()));
    assertThat(refused.code()).as(refused.toString()).isEqualTo(5);

    remember("tenure.postgresql.user", "writer");
    remember("tenure.postgresql.password", "wrong-" + TestPostgresql.PASSWORD);
    Cli.Result wrong = tenure.withConfig("publish");
    assertThat(wrong.code()).isEqualTo(5);
    assertThat(wrong.err())
        .contains(" of jdbc:postgresql://")
        .contains("password authentication failed for user \"writer\"")
        .contains("TENURE_POSTGRESQL_PASSWORD");

    remember("tenure.postgresql.password", TestPostgresql.PASSWORD);
    Cli.Result right = tenure.withConfig("publish");
    assertThat(right.code()).as(right.toString()).isZero();
    assertThat(right.out())
        .startsWith("published run %s in PostgreSQL schema by_command: ".formatted(second.runId()));
    Cli.Result again = tenure.withConfig("publish");
    assertThat(again.out())
        .isEqualTo("PostgreSQL schema by_command has run %s already%n".formatted(second.runId()));

    // No retry helps: before a run, where the URL alone says so.
    Cli.Result port = tenure.withConfig("run", "--set", url("jdbc:postgresql://h:abc/d"));
    assertThat(port.code()).as(port.toString()).isEqualTo(2);
    assertThat(port.err())
        .startsWith("error: Cannot use publish.postgresql.url: ")
        .contains("jdbc:postgresql://h:abc/d");
    Cli.Result timeout =
        tenure.withConfig("publish", "--set", url("jdbc:postgresql://h/d?connectTimeout=x"));
    assertThat(timeout.code()).as(timeout.toString()).isEqualTo(2);
    assertThat(timeout.err()).contains("connectTimeout").contains("then repeat with `publish`");

    String secret = TestPostgresql.PASSWORD;
    Cli.Result inUrl =
        tenure.withConfig("publish", "--set", url("jdbc:postgresql://h/d?password=" + secret));
    Cli.Result beforeHost =
        tenure.withConfig(
            "publish", "--set", url("jdbc:postgresql://writer:%s@h/d".formatted(secret)));
    Cli.Result inConfig =
        tenure.withConfig("publish", "--set", "publish.postgresql.password=" + secret);
    for (Cli.Result result : List.of(inUrl, beforeHost, inConfig)) {
      assertThat(result.code()).as(result.toString()).isEqualTo(2);
    }
    for (Cli.Result result : List.of(refused, wrong, right, again, inUrl, beforeHost, inConfig)) {
      assertThat(result.toString()).doesNotContain(secret);
    }
    try (var files = Files.walk(tenure.output())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(
                new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1))
            .as(file.toString())
            .doesNotContain(secret);
      }
    }
  }

  private static String url(String url) {
    return "publish.postgresql.url=\"" + url + "\"";
  }

  /** Puts a secret into a credential provider, as `hadoop credential create` does. */
  private void remember(String name, String secret) throws Exception {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    hadoop.set(PROVIDERS, "localjceks://file" + folder.resolve("secrets.jceks"));
    CredentialProvider provider = CredentialProviderFactory.getProviders(hadoop).get(0);
    if (provider.getCredentialEntry(name) != null) {
      provider.deleteCredentialEntry(name);
    }
    provider.createCredentialEntry(name, secret.toCharArray());
    provider.flush();
  }

  @Test
  void a_password_for_all_to_read_is_refused() {
    Configuration hadoop = new Configuration(false);
    hadoop.set("tenure.postgresql.password", TestPostgresql.PASSWORD);
    assertThatThrownBy(() -> Targets.credentials(hadoop, Map.of()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("for all to read")
        .hasMessageNotContaining(TestPostgresql.PASSWORD);
    assertThat(
            Targets.credentials(
                new Configuration(false),
                Map.of(
                    "TENURE_POSTGRESQL_USER",
                    "ann",
                    "TENURE_POSTGRESQL_PASSWORD",
                    TestPostgresql.PASSWORD)))
        .hasToString("credentials of ann");
  }
}
