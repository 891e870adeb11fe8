package io.tenure.jobs.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.store.Output;
import io.tenure.jobs.Cli;
import io.tenure.jobs.SparkTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The stages of a run as tasks of their own. */
@ExtendWith(SparkTest.class)
class TasksTest {
  @TempDir Path folder;
  private Cli tenure;

  @BeforeEach
  void write_a_log(SparkSession spark) throws IOException {
    tenure =
        Cli.in(folder)
            .config(
                """
                input: {path: <in>, format: csv, options: {header: true}, user: user, time: day}
                output: <out>
                segments: [kind]
                retention: [{grains: {day: 2}}]
                quality: {max-rejected-ratio: 0.5}
                """);
    Files.createDirectories(tenure.events());
    write("1", "ann,2024-03-01,web", "bob,2024-03-01,ios", ",2024-03-01,web");
  }

  private void write(String file, String... rows) throws IOException {
    Files.writeString(
        tenure.events().resolve(file + ".csv"), "user,day,kind\n" + String.join("\n", rows) + "\n");
  }

  private void assertRefused(Cli.Result result, String error) {
    assertThat(result.err()).isEqualTo("error: " + error + "\n");
    assertThat(result.code()).isEqualTo(2);
  }

  private void succeed(String... task) {
    Cli.Result result = tenure.withConfig(task);
    assertThat(result.code()).as(result.toString()).isZero();
  }

  private Output output() {
    return Output.open(tenure.output().toString(), new Configuration());
  }

  private List<String> directories() throws IOException {
    try (Stream<Path> runs = Files.list(tenure.output().resolve("runs"))) {
      return runs.map(run -> run.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void tasks_give_what_a_run_gives_however_often_each_is_repeated(SparkSession spark)
      throws IOException {
    for (String day : List.of("2024-03-01", "2024-03-03")) {
      tenure = tenure.at(day + "T23:00:00Z");
      for (String task : List.of("ingest", "ingest", "compute", "compute", "publish", "publish")) {
        succeed(task, "--as-of", day);
      }
      // Published tables are not touched again.
      succeed("compute");
      write("2", "ann,2024-03-02,ios", "cid,2024-03-02,web", "dan,2024-03-01,web");
    }
    String run = output().current().orElseThrow().runId();
    assertThat(output().current().orElseThrow().runs()).hasSize(2);
    assertThat(directories()).isEqualTo(output().current().orElseThrow().runs());
    assertThat(output().record(run).status()).isEqualTo("complete");
    assertThat(output().record(run).reading().mode()).isEqualTo("incremental");
    assertThat(output().record(run).stages())
        .extracting(stage -> stage.name())
        .containsExactly("fold", "compute", "write", "check", "restate", "report");
    Map<String, List<String>> byTasks = PublishedTables.of(spark, output());
    long restated = tenure.table(spark, "restatements").count();
    assertThat(restated).isPositive();

    Path whole = folder.resolve("whole");
    succeed("run", "--as-of", "2024-03-03", "--set", "output=" + whole);
    assertThat(PublishedTables.of(spark, Output.open(whole.toString(), new Configuration())))
        .isEqualTo(byTasks);
  }

  @Test
  void a_task_out_of_turn_says_what_comes_first() {
    assertRefused(
        tenure.withConfig("compute"),
        "Nothing to compute in file:%s: run `ingest` first.".formatted(tenure.output()));
    assertRefused(
        tenure.withConfig("publish"),
        "Nothing to publish in file:%s: run `ingest`, then `compute` first."
            .formatted(tenure.output()));
    tenure = tenure.at("2024-03-01T23:00:00Z");
    succeed("ingest", "--as-of", "2024-03-01");
    assertRefused(
        tenure.withConfig("publish"),
        "Cannot publish run 20240301T230000Z as of 2024-03-01: its tables are not computed. Run"
            + " `compute` first.");
    assertRefused(
        tenure.withConfig("compute", "--as-of", "2024-03-02"),
        "Cannot compute as of 2024-03-02: run 20240301T230000Z, which was ingested last, is as of"
            + " 2024-03-01. Run `ingest --as-of 2024-03-02` first.");
    assertRefused(
        tenure.withConfig("compute", "--set", "timezone=Asia/Tokyo"),
        "Cannot compute run 20240301T230000Z: the definition changed since it was ingested, or Tenure did. Run"
            + " `ingest` first.");
    assertThat(output().current()).isEmpty();
  }

  @Test
  void going_back_gives_up_what_is_pending_and_no_task_takes_another_day_for_its_own()
      throws IOException {
    for (String day : List.of("2024-03-01", "2024-03-02")) {
      tenure = tenure.at(day + "T23:00:00Z");
      for (String task : List.of("ingest", "compute", "publish")) {
        succeed(task, "--as-of", day);
      }
    }
    Cli.Result back = tenure.withConfig("rollback", "--to", "20240301T230000Z");
    assertThat(back.code()).as(back.toString()).isZero();
    assertThat(back.err()).isEmpty();
    assertRefused(
        tenure.withConfig("publish", "--as-of", "2024-03-02"),
        "Cannot publish as of 2024-03-02: nothing is pending, and run 20240301T230000Z, which is"
            + " current, is as of 2024-03-01. Run `ingest --as-of 2024-03-02` first.");

    tenure = tenure.at("2024-03-03T23:00:00Z");
    succeed("ingest", "--as-of", "2024-03-03");
    succeed("compute");
    Cli.Result forth = tenure.withConfig("rollback", "--to", "20240302T230000Z");
    assertThat(forth.err())
        .isEqualTo(
            "gives up run 20240303T230000Z as of 2024-03-03, which was pending; `ingest` begins"
                + " another\n");
    assertRefused(
        tenure.withConfig("publish", "--as-of", "2024-03-03"),
        "Nothing to publish in file:%s: run `ingest`, then `compute` first."
            .formatted(tenure.output()));
    assertThat(directories()).containsExactly("20240301T230000Z", "20240302T230000Z");
  }

  @Test
  void a_run_that_is_pending_outlives_crashes_and_ends_with_the_next_one(SparkSession spark)
      throws IOException {
    tenure = tenure.at("2024-03-01T23:00:00Z");
    succeed("ingest", "--as-of", "2024-03-01");
    // What a task left that was killed while it wrote.
    Path half = tenure.output().resolve("runs/20240301T230000Z/growth/part-00000-half.parquet");
    Files.createDirectories(half.getParent());
    Files.createFile(half);
    Files.createDirectories(tenure.output().resolve("runs/20240229T230000Z"));
    succeed("compute");
    assertThat(half).doesNotExist();
    assertThat(directories()).containsExactly("20240301T230000Z");

    tenure = tenure.at("2024-03-02T23:00:00Z");
    succeed("run", "--as-of", "2024-03-01");

    assertThat(directories()).containsExactly("20240302T230000Z");
    assertRefused(
        tenure.withConfig("publish"),
        "Nothing to publish in file:%s: run `ingest`, then `compute` first."
            .formatted(tenure.output()));
    try (Stream<Path> files = Files.list(tenure.output())) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("_current.json", "_lock", "current", "runs");
    }
  }
}
