package io.tenure.jobs.command;

import static org.apache.spark.sql.functions.col;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.store.Output;
import io.tenure.jobs.Cli;
import io.tenure.jobs.SparkTest;
import io.tenure.jobs.TestPostgresql;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.LocalDate;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A run that hides small numbers outside, and what its files, its page and a database show. */
@ExtendWith(SparkTest.class)
class ProtectedRunTest {
  private static final String USER = "tenure.postgresql.user";
  private static final String CANARY = "Liechtenstein";

  @TempDir private Path folder;

  private Cli tenure(String schema) throws Exception {
    Cli tenure =
        Cli.in(folder)
            .config(
                """
                input: {path: <in>, format: csv, options: {header: true}, user: user, time: day}
                output: <out>
                segments: [country]
                retention: [{grains: {day: 2, week: 1}}]
                funnels: [{name: by_the_door, steps: [active, active], window: 2 days}]
                publish: {postgresql: {url: "%s", schema: %s}}
                """
                    .formatted(TestPostgresql.url(), schema));
    StringBuilder log = new StringBuilder("user,day,country\n");
    for (int user = 0; user < 40; user++) {
      String country = user < 2 ? CANARY : user < 12 ? "MX" : user < 25 ? "NP" : "RO";
      for (int day = user == 39 ? 9 : 0; day < 15; day++) {
        log.append("u%d,%s,%s%n".formatted(user, LocalDate.of(2024, 1, 1).plusDays(day), country));
      }
    }
    Files.createDirectories(tenure.events());
    Files.writeString(tenure.events().resolve("log.csv"), log);
    return tenure;
  }

  private static String asked(String sql) throws Exception {
    try (Connection connection = TestPostgresql.connect()) {
      return TestPostgresql.rows(connection, sql).get(0);
    }
  }

  @BeforeEach
  void publish_as_superuser(SparkSession spark) {
    spark.sparkContext().hadoopConfiguration().set(USER, "postgres");
  }

  @AfterEach
  void forget_who_publishes(SparkSession spark) {
    spark.sparkContext().hadoopConfiguration().unset(USER);
  }

  @Test
  void a_run_stays_exact_inside_and_hides_outside(SparkSession spark) throws Exception {
    Cli tenure = tenure("protected_run");
    Cli.Result run =
        tenure.withConfig("run", "--as-of", "2024-01-15", "--set", "privacy.min-users=5");
    assertThat(run.code()).as(run.toString()).isZero();
    assertThat(run.out()).contains("numbers are hidden (privacy.min-users 5); 2 segment values");

    String alone =
        "cohort_start = '2024-01-10' AND segment = '(all)' AND grain = 'day' AND period = 1";
    Row exact = tenure.table(spark, "retention").where(alone).first();
    assertThat(exact.<Long>getAs("retained_users")).isEqualTo(1);
    Dataset<Row> outside = tenure.table(spark, "protected/retention");
    Row hidden = outside.where(alone).first();
    assertThat(hidden.<Long>getAs("cohort_users")).isEqualTo(1);
    assertThat(hidden.<Long>getAs("retained_users")).isNull();
    assertThat(hidden.<Boolean>getAs("is_hidden")).isTrue();
    assertThat(outside.where(col("segment_value").equalTo(CANARY)).count()).isZero();
    assertThat(outside.where("retained_users >= 13").count()).isPositive();
    assertThat(tenure.output().resolve("current/protected/restatements")).doesNotExist();
    assertThat(tenure.output().resolve("current/protected/rejected_events")).doesNotExist();
    assertThat(tenure.output().resolve("current/protected/at_risk_users")).doesNotExist();
    assertThat(tenure.table(spark, "funnel").where("segment_value = '" + CANARY + "'").count())
        .isEqualTo(2);
    assertThat(tenure.output().resolve("current/protected/funnel")).doesNotExist();

    assertThat(Files.readString(tenure.output().resolve("current/report.html")))
        .contains("NP")
        .doesNotContain(CANARY, "id=\"funnel\"");
    String where = " FROM protected_run.retention WHERE " + alone;
    assertThat(asked("SELECT retained_users IS NULL AND is_hidden" + where)).isEqualTo("t");
    assertThat(
            asked(
                "SELECT count(*) FROM protected_run.active_users WHERE segment_value = '"
                    + CANARY
                    + "'"))
        .isEqualTo("0");

    Cli.Result again = tenure.withConfig("publish", "--set", "privacy.min-users=9");
    assertThat(again.code()).isEqualTo(2);
    assertThat(again.err())
        .contains("it hides what speaks of fewer than 5 users, and privacy.min-users is 9 now");
    assertThat(tenure.withConfig("report", "--set", "privacy.min-users=9").code()).isEqualTo(2);
    // Nor is it put in front of readers again, once another run is.
    String first =
        Output.open(tenure.output().toString(), new Configuration())
            .current()
            .orElseThrow()
            .runId();
    assertThat(
            tenure
                .withConfig("run", "--as-of", "2024-01-15", "--set", "privacy.min-users=9")
                .code())
        .isZero();
    Cli.Result back = tenure.withConfig("rollback", "--to", first, "--set", "privacy.min-users=9");
    assertThat(back.code()).as(back.toString()).isEqualTo(2);
    assertThat(back.err()).contains("hides what speaks of fewer than 5 users");
    assertThat(tenure.withConfig("rollback", "--to", first, "--set", "privacy.min-users=5").code())
        .isZero();
    // Less is no reason to show what the run was made to hide.
    assertThat(tenure.withConfig("report").code()).isZero();
    assertThat(Files.readString(tenure.output().resolve("current/report.html")))
        .doesNotContain(CANARY)
        .contains("Figures of fewer than 5 users are left out")
        // The cohort of one: its day is hidden, not open.
        .contains(
            "{\"start\":\"2024-01-10\",\"users\":1,\"retained\":[null,null,null],\"hidden\":[0,1,2],\"maturesOn\":null}");
  }

  @Test
  void counts_outside_are_rounded_and_rates_follow_from_them(SparkSession spark) throws Exception {
    Cli tenure = tenure("rounded_run");
    Cli.Result run =
        tenure.withConfig("run", "--as-of", "2024-01-15", "--set", "privacy.round-to=7");
    assertThat(run.code()).as(run.toString()).isZero();
    assertThat(run.out()).contains("counts are rounded to multiples of 7");
    String day = "day = '2024-01-15' AND segment = '(all)'";
    assertThat(tenure.table(spark, "active_users").where(day).first().<Long>getAs("dau"))
        .isEqualTo(40);
    Row outside = tenure.table(spark, "protected/active_users").where(day).first();
    assertThat(outside.<Long>getAs("dau")).isEqualTo(42);
    assertThat(outside.<Boolean>getAs("is_hidden")).isFalse();
    assertThat(outside.<Double>getAs("stickiness_avg")).isNull();
    assertThat(
            asked(
                "SELECT count(*) FROM rounded_run.retention WHERE retained_users % 7 <> 0 OR cohort_users % 7 <> 0"
                    + " OR retention_rate <> retained_users / nullif(cohort_users, 0)::float8"))
        .isEqualTo("0");
    assertThat(
            asked(
                "SELECT count(retention_rate) > 0 AND count(ci_high) > 0 FROM rounded_run.retention"))
        .isEqualTo("t");
    assertThat(asked("SELECT count(survival) FROM rounded_run.survival")).isEqualTo("0");
    assertThat(Files.readString(tenure.output().resolve("current/report.html")))
        .contains("Counts are rounded to multiples of 7");
    Cli.Result again = tenure.withConfig("publish", "--set", "privacy.round-to=8");
    assertThat(again.code()).isEqualTo(2);
    assertThat(again.err())
        .contains("its counts are rounded to multiples of 7, and privacy.round-to is 8 now");
  }

  @Test
  void without_privacy_there_is_no_copy(SparkSession spark) throws Exception {
    Cli tenure = tenure("exact_run");
    assertThat(tenure.withConfig("run", "--as-of", "2024-01-15").code()).isZero();
    assertThat(tenure.output().resolve("current/protected")).doesNotExist();
    assertThat(
            asked(
                "SELECT count(*) > 0 FROM exact_run.active_users WHERE segment_value = '"
                    + CANARY
                    + "'"))
        .isEqualTo("t");
    assertThat(tenure.table(spark, "retention").columns()).doesNotContain("is_hidden");
  }
}
