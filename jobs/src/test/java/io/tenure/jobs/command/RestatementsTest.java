package io.tenure.jobs.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.store.Output;
import io.tenure.common.store.Pointer;
import io.tenure.jobs.Cli;
import io.tenure.jobs.SparkTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A final number that a run states anew is listed, with what it was and why it changed. */
@ExtendWith(SparkTest.class)
class RestatementsTest {
  @TempDir Path folder;
  private Cli tenure;
  private UncheckedRuns runs;

  @BeforeEach
  void write_a_log(SparkSession spark) throws IOException {
    tenure =
        Cli.in(folder)
            .config(
                """
                input: {path: <in>, format: csv, options: {header: true}, user: user, time: day}
                output: <out>
                retention: [{grains: {month: 2}}]
                """);
    runs = new UncheckedRuns(tenure);
    Files.createDirectories(tenure.events());
    write("june", "ann,2024-06-10", "bob,2024-06-11", "bob,2024-07-02");
    runs.run("2024-07-31");
  }

  private void write(String file, String... rows) throws IOException {
    Files.writeString(
        tenure.events().resolve(file + ".csv"), "user,day\n" + String.join("\n", rows) + "\n");
  }

  /** {@code measure old new cause}, of the rows of the whole in a table. */
  private List<String> restated(SparkSession spark, String table, String rows) {
    return tenure
        .table(spark, "restatements")
        .where("`table` = '" + table + "' AND key LIKE '%\"segment\":\"(all)\"%'")
        .where(rows)
        .selectExpr(
            "get_json_object(key, '$.cohort_start') AS cohort",
            "get_json_object(key, '$.period') AS period",
            "measure",
            "CAST(old AS INT) AS old",
            "CAST(new AS INT) AS new",
            "cause")
        .orderBy("cohort", "period", "measure")
        .collectAsList()
        .stream()
        .map(Row::toString)
        .toList();
  }

  private Output output() {
    return Output.open(tenure.output().toString(), new org.apache.hadoop.conf.Configuration());
  }

  private long rows(Pointer pointer) {
    return pointer.tables().get("restatements");
  }

  @Test
  void nothing_is_restated_by_the_first_run_nor_without_news_nor_by_a_new_day(SparkSession spark)
      throws IOException {
    assertThat(rows(output().current().orElseThrow())).isZero();
    assertThat(rows(runs.run("2024-07-31"))).isZero();
    assertThat(rows(runs.rebuild("2024-07-31"))).isZero();
    write("august", "ann,2024-08-05", "cid,2024-08-06");
    assertThat(rows(runs.run("2024-08-31"))).isZero();
    // Backwards: what was not over then is no restatement now.
    assertThat(rows(runs.run("2024-07-15"))).isZero();
    assertThat(tenure.table(spark, "restatements").columns())
        .containsExactly(
            "table", "key", "measure", "old", "new", "cause", "previous_run_id", "run_id");
  }

  /**
   * ann was born on 10 June, and now on 12 January, 150 days before: the June cohort loses her, a
   * January cohort appears.
   */
  @Test
  void an_event_150_days_late_restates_both_cohorts(SparkSession spark) throws IOException {
    write("late", "ann,2024-01-12");
    write("august", "bob,2024-08-05");
    Pointer pointer = runs.run("2024-08-31");

    assertThat(output().record(pointer.runId()).reading().mode()).isEqualTo("incremental");
    assertThat(restated(spark, "cohorts", "true"))
        .containsExactly(
            "[2024-01-01,null,cohort_users,null,1,late_data]",
            "[2024-06-01,null,cohort_users,2,1,late_data]");
    // June's period 1, July, was over: 1 of 2, now 1 of 1. January was seen by nobody; she did not
    // come back in February or March, so its later zeros are no news.
    assertThat(restated(spark, "retention", "measure <> 'cohort_users'"))
        .containsExactly(
            "[2024-01-01,0,retained_users,null,1,late_data]",
            "[2024-06-01,0,retained_users,2,1,late_data]");
    assertThat(restated(spark, "retention", "measure = 'cohort_users'"))
        .containsExactly(
            "[2024-01-01,0,cohort_users,null,1,late_data]",
            "[2024-01-01,1,cohort_users,null,1,late_data]",
            "[2024-01-01,2,cohort_users,null,1,late_data]",
            "[2024-06-01,0,cohort_users,2,1,late_data]",
            "[2024-06-01,1,cohort_users,2,1,late_data]");
    assertThat(rows(pointer)).isEqualTo(tenure.table(spark, "restatements").count());
    assertThat(
            tenure
                .table(spark, "restatements")
                .select("previous_run_id", "run_id")
                .distinct()
                .collectAsList())
        .singleElement()
        .hasToString("[20240731T230000Z,20240831T230000Z]");
  }

  @Test
  void a_rewritten_file_and_a_deleted_one_are_rewritten_input(SparkSession spark)
      throws IOException {
    write("june", "ann,2024-06-10", "bob,2024-06-11", "bob,2024-07-02", "cid,2024-06-30");
    runs.run("2024-07-31");
    assertThat(restated(spark, "cohorts", "true"))
        .containsExactly("[2024-06-01,null,cohort_users,2,3,rewritten_input]");
    // Of the same day, tables that speak as of it are compared, too.
    assertThat(restated(spark, "retention_curve", "measure = 'eligible_users'"))
        .containsExactly(
            "[null,0,eligible_users,2,3,rewritten_input]",
            "[null,1,eligible_users,2,3,rewritten_input]");

    write("july", "dan,2024-07-05");
    Files.delete(tenure.events().resolve("june.csv"));
    runs.run("2024-07-31");
    assertThat(restated(spark, "cohorts", "true"))
        .containsExactly(
            "[2024-06-01,null,cohort_users,3,null,late_data_and_rewritten_input]",
            "[2024-07-01,null,cohort_users,null,1,late_data_and_rewritten_input]");
  }

  @Test
  void a_changed_definition_is_the_cause_of_all_that_it_changes(SparkSession spark)
      throws IOException {
    runs.run("2024-07-31", "input.where=\"user <> 'bob'\"");
    assertThat(restated(spark, "cohorts", "true"))
        .containsExactly("[2024-06-01,null,cohort_users,2,1,changed_definition]");
    Map<String, Long> tables = output().current().orElseThrow().tables();
    assertThat(tables.get("restatements")).isPositive();
  }
}
