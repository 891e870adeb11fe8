package io.tenure.jobs.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.jobs.Cli;
import io.tenure.jobs.SparkTest;
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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructField;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The tables that describe a run say what its files say. */
@ExtendWith(SparkTest.class)
class DictionaryTest {
  private static final LocalDate FIRST = LocalDate.parse("2024-01-10");
  private static final long SEED = Long.getLong("tenure.seed", 7);

  @TempDir Path folder;

  /** People of two plans and three countries; some change, some leave, some come back. */
  private void writeLog(Path file) throws IOException {
    Random random = new Random(SEED);
    StringBuilder text = new StringBuilder("user,time,event,country,plan,amount\n");
    for (int user = 0; user < 60; user++) {
      int day = random.nextInt(60);
      text.append(event(user, day, "start", random));
      while ((day += 1 + random.nextInt(random.nextInt(8) == 0 ? 45 : 6)) < 125) {
        text.append(event(user, day, random.nextInt(25) == 0 ? "cancel" : "visit", random));
      }
    }
    text.append("u1,soon,visit,RO,free,\n,2024-02-01,visit,RO,free,\n");
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static String event(int user, int day, String name, Random random) {
    return "u%d,%s,%s,%s,%s,%s%n"
        .formatted(
            user,
            FIRST.plusDays(day),
            name,
            List.of("RO", "DE", "").get((user + random.nextInt(20) / 19) % 3),
            random.nextInt(10) < user % 10 ? "pro" : "free",
            name.equals("visit") && random.nextInt(4) == 0 ? "9.5" : "");
  }

  private Cli tenure(String more) throws IOException {
    Cli tenure =
        Cli.in(folder)
            .config(
                """
                input: {path: <in>, format: csv, options: {header: true}, user: user, time: time,
                        event: event, amount: amount, history-starts: 2024-01-15}
                output: <out>
                timezone: Asia/Kathmandu
                week-start: sunday
                segments: [country, plan]
                active-users: {windows: [1, 30]}
                retention:
                  - {grains: {day: 9, week: 6, month: 3}, brackets: [0, 1, 4]}
                  - {name: again, cohort: recurring, grains: {month: 2}}
                quality: {max-rejected-ratio: 0.1}
                """
                    + more);
    writeLog(tenure.events().resolve("log.csv"));
    return tenure;
  }

  @Test
  void the_dictionary_is_what_the_files_are(SparkSession spark) throws Exception {
    Cli tenure = tenure("churn: {inactive-days: 21}\n");
    Cli.Result run = tenure.withConfig("run", "--as-of", "2024-05-12");
    assertThat(run.code()).as(run.toString()).isZero();
    assertDescribed(spark, tenure);

    Map<String, Row> churned = definitions(spark, tenure, "churn_by_stage");
    assertThat(churned.get("churned_users").<String>getAs("meaning"))
        .contains("on the day after 21 full days without activity");
    assertThat(churned.get("stage").<String>getAs("meaning")).contains("mid [3,12)");
    Map<String, Row> active = definitions(spark, tenure, "active_users");
    assertThat(active.get("day").<String>getAs("meaning")).contains("Asia/Kathmandu");
    assertThat(active).containsKey("active_30d");
    assertThat(active.get("active_30d").<String>getAs("mixpanel"))
        .isEqualTo("Insights, MAU, by day");
    assertThat(active.get("mau").<String>getAs("ga4")).contains("active28DayUsers");
    assertThat(active.get("mau").<String>getAs("mixpanel")).isNull();
    assertThat(active.get("dau").<String>getAs("unit")).isEqualTo("users");
    assertThat(active.get("dau").<String>getAs("sums_over")).isEqualTo("segment_value");
    assertThat(active.get("stickiness").<Boolean>getAs("is_additive")).isFalse();
    assertThat(definitions(spark, tenure, "growth").get("period_start").<String>getAs("meaning"))
        .contains("weeks begin on sunday");

    assertTheRunIsDescribed(spark, tenure);
  }

  @Test
  void a_subscription_log_is_described_in_its_own_words(SparkSession spark) throws Exception {
    Cli tenure =
        tenure(
            """
            churn:
              mode: cancellation
              events: {start: "event = 'start'", cancel: "event = 'cancel'"}
            """);
    Cli.Result run = tenure.withConfig("run", "--as-of", "2024-05-12");
    assertThat(run.code()).as(run.toString()).isZero();
    assertDescribed(spark, tenure);
    assertThat(
            definitions(spark, tenure, "churn_periods")
                .get("churned_users")
                .<String>getAs("meaning"))
        .contains("on the day of the event cancel (event = 'cancel')");
    assertThat(definitions(spark, tenure, "subscription_anomalies")).containsKey("anomaly");
  }

  private static Map<String, Row> definitions(SparkSession spark, Cli tenure, String table) {
    return tenure
        .table(spark, "definitions")
        .where("table = '%s'".formatted(table))
        .collectAsList()
        .stream()
        .collect(Collectors.toMap(row -> row.getAs("column"), row -> row));
  }

  private static void assertDescribed(SparkSession spark, Cli tenure) throws Exception {
    Map<String, List<Row>> tables = new TreeMap<>();
    for (Row row :
        tenure.table(spark, "definitions").orderBy("table", "position").collectAsList()) {
      tables.computeIfAbsent(row.getAs("table"), unseen -> new ArrayList<>()).add(row);
    }
    try (Stream<Path> files = Files.list(tenure.output().resolve("current"))) {
      assertThat(
              files
                  .filter(Files::isDirectory)
                  .map(table -> table.getFileName().toString())
                  .filter(name -> !name.startsWith("_")))
          .containsExactlyInAnyOrderElementsOf(tables.keySet());
    }
    try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
        Statement sql = duckdb.createStatement()) {
      for (Map.Entry<String, List<Row>> table : tables.entrySet()) {
        assertThat(table.getValue().stream().map(DictionaryTest::described))
            .as(table.getKey())
            .containsExactlyElementsOf(
                Arrays.stream(tenure.table(spark, table.getKey()).schema().fields())
                    .map(DictionaryTest::published)
                    .toList());
        assertThat(table.getValue())
            .allSatisfy(row -> assertThat(row.<String>getAs("meaning")).doesNotContain("{"));
        sql.execute(
            "CREATE TABLE %s AS FROM '%s/current/%s/*.parquet'"
                .formatted(table.getKey(), tenure.output(), table.getKey()));
        assertRowsAreIdentified(sql, table.getKey(), table.getValue());
        assertNullsAreAllowed(sql, table.getKey(), table.getValue());
        assertValuesSumToTheWhole(sql, table.getKey(), table.getValue());
      }
    }
  }

  private static String described(Row row) {
    return "%s %s: %s".formatted(row.getAs("column"), row.getAs("type"), row.getAs("meaning"));
  }

  private static String published(StructField field) {
    return "%s %s: %s".formatted(field.name(), field.dataType().sql(), field.getComment().get());
  }

  private static List<String> grain(List<Row> columns) {
    return columns.stream()
        .filter(row -> row.getAs("grain_position") != null)
        .sorted(java.util.Comparator.comparing(row -> row.<Integer>getAs("grain_position")))
        .map(row -> row.<String>getAs("column"))
        .toList();
  }

  private static String one(Statement sql, String query) throws SQLException {
    try (ResultSet found = sql.executeQuery(query)) {
      found.next();
      return found.getString(1);
    }
  }

  private static String quoted(List<String> names) {
    return names.stream().map(name -> "\"" + name + "\"").collect(Collectors.joining(", "));
  }

  private static void assertRowsAreIdentified(Statement sql, String table, List<Row> columns)
      throws SQLException {
    List<String> grain = grain(columns);
    if (!grain.isEmpty()) {
      assertThat(
              one(
                  sql,
                  "SELECT count(*) FROM (SELECT DISTINCT %s FROM %s)"
                      .formatted(quoted(grain), table)))
          .as("rows of %s by %s", table, grain)
          .isEqualTo(one(sql, "SELECT count(*) FROM " + table));
    }
  }

  private static void assertNullsAreAllowed(Statement sql, String table, List<Row> columns)
      throws SQLException {
    String nulls =
        columns.stream()
            .filter(row -> !row.<Boolean>getAs("is_nullable"))
            .map(row -> "\"%s\" IS NULL".formatted(row.<String>getAs("column")))
            .collect(Collectors.joining(" OR "));
    assertThat(one(sql, "SELECT count(*) FROM %s WHERE %s".formatted(table, nulls)))
        .as("NULLs of " + table)
        .isEqualTo("0");
  }

  /** What the dictionary calls additive over segment values and stages is. */
  private static void assertValuesSumToTheWhole(Statement sql, String table, List<Row> columns)
      throws SQLException {
    for (String over : List.of("segment_value", "stage")) {
      for (Row row : columns) {
        if (!sumsOver(row).contains(over)) {
          continue;
        }
        String rest =
            grain(columns).stream()
                .filter(key -> !key.equals(over) && !key.equals("segment"))
                .map(key -> ", \"" + key + "\"")
                .collect(Collectors.joining());
        // Every dimension has parts of its own, and shares the whole.
        String dimension =
            over.equals("segment_value")
                ? "unnest(CASE segment WHEN '(all)' THEN ['country', 'plan'] ELSE [segment] END)"
                : "segment";
        String groups =
            """
            SELECT dimension%1$s,
              coalesce(sum("%2$s") FILTER (WHERE %3$s <> '(all)'), 0) AS parts,
              coalesce(sum("%2$s") FILTER (WHERE %3$s = '(all)'), 0) AS whole
            FROM (SELECT *, %4$s AS dimension FROM %5$s)
            GROUP BY dimension%1$s
            HAVING bool_and("%2$s" IS NOT NULL)
            """
                .formatted(rest, row.<String>getAs("column"), over, dimension, table);
        String wrong =
            one(sql, "SELECT count(*) FROM (" + groups + ") WHERE abs(parts - whole) > 1e-6");
        assertThat(wrong)
            .as("%s.%s over %s, seed %d", table, row.getAs("column"), over, SEED)
            .isEqualTo("0");
      }
    }
  }

  private static List<String> sumsOver(Row row) {
    String over = row.getAs("sums_over");
    return over == null ? List.of() : List.of(over.split(", "));
  }

  private static void assertTheRunIsDescribed(SparkSession spark, Cli tenure) {
    assertThat(tenure.table(spark, "dates").selectExpr("min(day)", "max(day)", "count(*)").head())
        .hasToString("[2024-01-11,2024-05-12,123]");
    Map<String, Row> quality =
        tenure.table(spark, "quality").collectAsList().stream()
            .collect(Collectors.toMap(row -> row.getAs("check"), row -> row));
    assertThat(quality.get("rejected_ratio").<Double>getAs("limit")).isEqualTo(0.1);
    assertThat(quality.get("rejected_ratio").<Double>getAs("value"))
        .isGreaterThan(0)
        .isLessThan(0.1);
    assertThat(quality.get("rejected_unparseable_time").<Double>getAs("value")).isEqualTo(1);
    assertThat(quality.get("rejected_missing_user").<Boolean>getAs("passed")).isFalse();
    assertThat(quality.get("rejected_missing_user").<String>getAs("severity")).isEqualTo("warning");
    assertThat(quality.get("rows_accounted_for").<Boolean>getAs("passed")).isTrue();
    assertThat(quality.keySet()).contains("retention_rises_never").hasSizeGreaterThan(10);
    assertThat(quality.values())
        .filteredOn(row -> row.<String>getAs("severity").equals("error"))
        .hasSizeGreaterThan(5)
        .allSatisfy(row -> assertThat(row.<Boolean>getAs("passed")).isTrue());
  }

  @Test
  void runs_lists_those_that_are_kept_and_what_each_did(SparkSession spark) throws Exception {
    Cli tenure = tenure("keep-runs: 2\nchurn: {projection: {months: 1}}\n");
    for (String day : List.of("2024-03-02", "2024-03-03")) {
      Cli.Result run = tenure.at(day + "T20:00:00Z").withConfig("run", "--as-of", day);
      assertThat(run.code()).as(run.toString()).isZero();
      if (day.endsWith("02")) {
        // A visit on a day that was counted already.
        Files.writeString(
            tenure.events().resolve("late.csv"),
            "user,time,event,country,plan,amount\nu1,2024-02-20,visit,RO,free,\n");
      }
    }
    List<Row> runs = tenure.table(spark, "runs").orderBy("started_at").collectAsList();
    assertThat(runs).hasSize(2);
    assertThat(runs.get(0).<Boolean>getAs("is_this_run")).isFalse();
    assertThat(runs.get(0).<Object>getAs("as_of")).hasToString("2024-03-02");
    Row last = runs.get(1);
    assertThat(last.<Boolean>getAs("is_this_run")).isTrue();
    assertThat(last.<String>getAs("run_id")).isEqualTo("20240303T200000Z");
    assertThat(last.<Object>getAs("started_at")).hasToString("2024-03-03T20:00:00Z");
    assertThat(last.<String>getAs("mode")).isEqualTo("incremental");
    assertThat(last.<Long>getAs("days_recomputed")).isEqualTo(2);
    assertThat(last.<Long>getAs("rows_read"))
        .isEqualTo(
            last.<Long>getAs("rows_accepted")
                + last.<Long>getAs("rows_rejected")
                + last.<Long>getAs("rows_left_out"))
        .isPositive();
    assertThat(
            tenure
                .table(spark, "quality")
                .where("check = 'late_days'")
                .head()
                .<Double>getAs("value"))
        .isEqualTo(1);
  }
}
