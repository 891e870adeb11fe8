package io.tenure.jobs.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.jobs.Cli;
import io.tenure.jobs.SparkTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** An input that can be read and looks as if something had gone wrong. */
@ExtendWith(SparkTest.class)
class SuspiciousInputTest {
  @TempDir Path folder;
  private Cli tenure;

  @BeforeEach
  void config() throws IOException {
    tenure =
        Cli.in(folder)
            .config(
                """
                input: {path: <in>, format: csv, options: {header: true}, user: id, time: day, partition: dt}
                output: <out>
                """);
    for (int day = 1; day <= 4; day++) {
      write("2024-03-0" + day, 1_000, "2024-03-0" + day);
    }
  }

  private void write(String folderOfDay, int rows, String day) throws IOException {
    Path file = tenure.events().resolve("dt=" + folderOfDay).resolve("1.csv");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "id,day\n" + "ann,%s\n".formatted(day).repeat(rows));
  }

  private void delete(int day) throws IOException {
    Files.delete(tenure.events().resolve("dt=2024-03-0" + day).resolve("1.csv"));
  }

  private Optional<Double> lost(SparkSession spark) {
    return tenure
        .table(spark, "quality")
        .where("check = 'lost_ratio' AND severity = 'error' AND passed")
        .collectAsList()
        .stream()
        .map((Row row) -> row.<Double>getAs("value"))
        .findFirst();
  }

  @Test
  void a_run_that_finds_less_than_half_of_the_rows_publishes_nothing(SparkSession spark)
      throws IOException {
    assertThat(tenure.run("2024-03-04").err()).doesNotContain("warning");
    assertThat(lost(spark)).contains(0.0);
    String before = Files.readString(tenure.output().resolve("_current.json"));
    String runId = tenure.output().resolve("current").toRealPath().getFileName().toString();
    delete(1);
    delete(2);
    delete(3);

    Cli.Result refused = tenure.run("2024-03-04");
    assertThat(refused.code()).as(refused.toString()).isEqualTo(4);
    assertThat(refused.err())
        .endsWith(
            """
            error: 3,000 of the 4,000 rows that run %s knew up to 2024-03-04 are gone from the input (75.0 %%); quality.max-lost-ratio is 0.5.
            Nothing was published. Restore the files, or correct input.path. If they are gone for good, and what they said is to be forgotten, add --set quality.max-lost-ratio=1 to one run.
            """
                .formatted(runId));
    assertThat(tenure.output().resolve("_current.json")).content().isEqualTo(before);
    assertThat(tenure.run("2024-03-04", "--full").code()).isEqualTo(4);

    Cli.Result told = tenure.run("2024-03-04", "--set", "quality.max-lost-ratio=1");
    assertThat(told.code()).as(told.toString()).isZero();
    assertThat(told.err())
        .contains(
            "warning: 3,000 of the 4,000 rows that run "
                + runId
                + " knew up to 2024-03-04 are gone from the input (75.0 %), with rows of"
                + " 2024-03-01 to 2024-03-03: the numbers are as if they had never been.");
    assertThat(lost(spark)).contains(0.75);
  }

  @Test
  void half_of_the_rows_may_go_and_none_has_where_files_were_joined(SparkSession spark)
      throws IOException {
    tenure.run("2024-03-04");
    delete(1);
    delete(2);
    write("2024-03-03", 2_000, "2024-03-03");
    Cli.Result half = tenure.run("2024-03-04");
    assertThat(half.code()).as(half.toString()).isZero();
    assertThat(lost(spark)).as("what came is of another day").contains(0.5);
    // The last day's file is joined to the one before.
    Path joined = tenure.events().resolve("dt=2024-03-03/1.csv");
    Files.writeString(joined, "ann,2024-03-04\n".repeat(1_000), StandardOpenOption.APPEND);
    delete(4);
    assertThat(tenure.run("2024-03-04").err()).doesNotContain("gone from the input");
    assertThat(lost(spark)).contains(0.0);
    delete(3);
    write("2024-03-05", 1_500, "2024-03-04");
    assertThat(tenure.run("2024-03-05").code()).isZero();
    assertThat(lost(spark)).contains(0.5);
  }

  @Test
  void a_log_that_ends_before_the_current_run_is_not_taken_for_all_there_is() throws IOException {
    assertThat(tenure.run("2024-03-04").code()).isZero();
    String runId = tenure.output().resolve("current").toRealPath().getFileName().toString();
    Files.delete(tenure.events().resolve("dt=2024-03-04/1.csv"));
    Files.delete(tenure.events().resolve("dt=2024-03-04"));

    Cli.Result refused = tenure.withConfig("run");
    assertThat(refused.code()).as(refused.toString()).isEqualTo(4);
    assertThat(refused.err())
        .endsWith(
            """
            error: The input covers days up to 2024-03-03 (the last folder is 2024-03-03), and run %s is as of a later one, 2024-03-04: the last days are gone from %s, or that run was told a day beyond them.
            Nothing was published. If days are gone, restore the files or correct input.path. To have the tables of 2024-03-03 all the same, add --as-of 2024-03-03.
            """
                .formatted(runId, tenure.events()));
    assertThat(tenure.run("2024-03-03").code()).isZero();
  }

  @Test
  void days_whose_files_are_gone_are_told_however_few_rows_they_had() throws IOException {
    write("2024-03-02", 5, "2024-03-02");
    assertThat(tenure.run("2024-03-04").err()).doesNotContain("warning");
    String runId = tenure.output().resolve("current").toRealPath().getFileName().toString();
    delete(2);
    assertThat(tenure.run("2024-03-04").err())
        .contains(
            "warning: files that run "
                + runId
                + " knew are gone from the input, with rows of 2024-03-02, and none came for these"
                + " days: the numbers are as if what they held had never been.");
    write("2024-03-02", 5, "2024-03-02");
    tenure.run("2024-03-04");
    delete(2);
    // Joined with another file, nothing is lost.
    Files.writeString(
        tenure.events().resolve("dt=2024-03-03/1.csv"),
        "id,day\n" + "ann,2024-03-02\n".repeat(5) + "ann,2024-03-03\n".repeat(1_000));
    assertThat(tenure.run("2024-03-04").err()).doesNotContain("warning");
  }

  @Test
  void a_day_that_has_not_arrived_is_not_published_as_one_without_users() throws IOException {
    String[] atMost = {"--set", "quality.max-missing-days=1"};
    Cli.Result late = tenure.run("2024-03-06", atMost);
    assertThat(late.code()).as(late.toString()).isEqualTo(4);
    assertThat(late.err())
        .endsWith(
            """
            error: No row of %s that counts or is rejected is of a day from 2024-03-05 to 2024-03-06; quality.max-missing-days is 1.
            Nothing was published. Run again when they have arrived; or say --as-of 2024-03-04.
            """
                .formatted(tenure.events()));
    assertThat(tenure.output().resolve("_current.json")).doesNotExist();
    assertThat(tenure.run("2024-03-05", atMost).code()).isZero();
    assertThat(tenure.run("2024-03-06").code()).isZero();
  }

  @Test
  void of_a_small_log_any_share_may_go(SparkSession spark) throws IOException {
    for (int day = 2; day <= 4; day++) {
      delete(day);
    }
    write("2024-03-01", 999, "2024-03-01");
    tenure.run("2024-03-04");
    write("2024-03-01", 1, "2024-03-01");
    Cli.Result result = tenure.run("2024-03-04");
    assertThat(result.code()).as(result.toString()).isZero();
    assertThat(result.err()).contains("warning: 998 of the 999 rows that run");
    assertThat(lost(spark)).contains(998.0 / 999);
  }

  @Test
  void what_a_run_as_of_an_earlier_day_does_not_open_is_not_lost(SparkSession spark)
      throws IOException {
    write("2024-03-04", 9_000, "2024-03-02");
    tenure.run("2024-03-04");
    Cli.Result back = tenure.run("2024-03-02");
    assertThat(back.code()).as(back.toString()).isZero();
    assertThat(back.err()).doesNotContain("warning");
    assertThat(lost(spark)).contains(0.0);
  }

  @Test
  void events_years_before_all_others_are_a_warning() throws IOException {
    write("2022-03-01", 100, "2022-03-01");
    Cli.Result result = tenure.run("2024-03-04");
    String warning =
        "there is no event from 2022-03-02 to 2024-02-29, and events before it: tables have rows for"
            + " these 730 days, and users of before are old. If the earlier events have a wrong"
            + " date, say input.earliest: 2024-03-01.";
    assertThat(result.err()).contains("warning: " + warning + "\n");
    assertThat(tenure.output().resolve("current/run.json")).content().contains(warning);
    assertThat(tenure.run("2024-03-04", "--set", "input.earliest=2024-03-01").code()).isEqualTo(4);
    assertThat(
            tenure
                .run(
                    "2024-03-04",
                    "--set",
                    "input.earliest=2024-03-01",
                    "--set",
                    "quality.max-rejected-ratio=0.1")
                .err())
        .doesNotContain("no event from");
  }

  @Test
  void an_activity_that_no_event_is_of_is_a_warning(SparkSession spark) throws IOException {
    String[] misspelt = {
      "--set", "activities={late: \"day >= '2024-03-04'\", never: \"id = 'Ann'\", all: 'true'}"
    };
    Cli.Result early = tenure.run("2024-03-03", misspelt);
    assertThat(early.code()).as(early.toString()).isZero();
    assertThat(early.err())
        .contains(
            "warning: no event up to 2024-03-03 is of activities.late (day >= '2024-03-04'),"
                + " activities.never (id = 'Ann'): nobody is counted by it. Is it written as in the"
                + " log?\n");
    // The day after it has come, and stays there for runs that read nothing of that day.
    String never = "no event up to 2024-03-04 is of activities.never (id = 'Ann'): nobody";
    assertThat(tenure.run("2024-03-04", misspelt).err()).contains("warning: " + never);
    Cli.Result again = tenure.run("2024-03-04", misspelt);
    assertThat(again.err()).contains("0 days to make anew").contains("warning: " + never);
    assertThat(
            tenure
                .table(spark, "quality")
                .where(
                    "check = 'input_warning_1' AND meaning LIKE '"
                        + never.replace("'", "\\'")
                        + "%'")
                .count())
        .isOne();
    assertThat(tenure.run("2024-03-04").err()).doesNotContain("warning");
  }

  @Test
  void a_contract_whose_term_nobody_has_told_is_a_warning() {
    String[] subscriptions = {
      "--set", "churn={mode: cancellation, events: {start: 'true', cancel: 'false'}}",
      "--set", "segments=[{contract: \"'yearly'\"}]"
    };
    Cli.Result unknown = tenure.run("2024-03-04", subscriptions);
    assertThat(unknown.code()).as(unknown.toString()).isZero();
    assertThat(unknown.err())
        .contains(
            "warning: churn.contract does not say how long terms are of 'yearly': nobody with such a"
                + " contract counts in could_leave_users. Is it written as in the log?\n");
    subscriptions[3] = "churn.contract={yearly: 12}";
    Cli.Result without = tenure.run("2024-03-04", subscriptions);
    assertThat(without.err())
        .contains(
            "warning: churn.contract has no effect: none of the dimensions (segments) is named"
                + " 'contract'.\n");
    Cli.Result known =
        tenure.run(
            "2024-03-04",
            "--set",
            subscriptions[1],
            "--set",
            subscriptions[3],
            "--set",
            "segments=[{contract: \"'yearly'\"}]");
    assertThat(known.err()).doesNotContain("churn.contract");
  }
}
