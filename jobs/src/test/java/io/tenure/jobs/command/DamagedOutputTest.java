package io.tenure.jobs.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.common.UserError;
import io.tenure.common.store.Output;
import io.tenure.common.store.Pointer;
import io.tenure.jobs.Cli;
import io.tenure.jobs.SparkTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Parts of published runs that are lost or damaged cost a rebuild, and never a wrong number. */
@ExtendWith(SparkTest.class)
class DamagedOutputTest {
  @TempDir Path folder;
  private Cli tenure;
  private UncheckedRuns runs;

  @BeforeEach
  void publish_two_runs(SparkSession spark) throws IOException {
    tenure =
        Cli.in(folder)
            .config(
                """
                input: {path: <in>, format: csv, options: {header: true}, user: user, time: day}
                output: <out>
                retention: [{grains: {day: 2}}]
                """);
    runs = new UncheckedRuns(tenure);
    Files.createDirectories(tenure.events());
    write("1", "ann,2024-03-01\nbob,2024-03-01\ncid,2024-03-01\n");
    runs.run("2024-03-01");
    write("2", "ann,2024-03-02\n");
    runs.run("2024-03-02");
    write("3", "bob,2024-03-03\n");
  }

  private void write(String file, String rows) throws IOException {
    Files.writeString(tenure.events().resolve(file + ".csv"), "user,day\n" + rows);
  }

  private Output output() {
    return Output.open(tenure.output().toString(), new Configuration());
  }

  private Path run(String runId) {
    return tenure.output().resolve("runs").resolve(runId);
  }

  private static void remove(Path tree) throws IOException {
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  @Test
  void histories_that_lost_a_part_are_made_anew(SparkSession spark) throws IOException {
    Path lost;
    try (Stream<Path> files = Files.list(run("20240302T230000Z").resolve("_state/histories"))) {
      lost = files.filter(file -> file.toString().endsWith(".parquet")).findFirst().orElseThrow();
    }
    Files.delete(lost);

    Pointer next = runs.run("2024-03-03");

    assertThat(output().record(next.runId()).reading().why())
        .isEqualTo("of the histories of the current run, " + lost.getFileName() + " is gone");
    Map<String, List<String>> tables = PublishedTables.of(spark, output());
    runs.rebuild("2024-03-03");
    assertThat(tables).isEqualTo(PublishedTables.of(spark, output()));
  }

  @Test
  void histories_that_cannot_be_read_any_more_say_how_they_are_made_anew(SparkSession spark)
      throws IOException {
    try (Stream<Path> files = Files.list(run("20240302T230000Z").resolve("_state/histories"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".parquet")).toList()) {
        byte[] bytes = Files.readAllBytes(file);
        Arrays.fill(bytes, 4, bytes.length / 2, (byte) 0xFF);
        Files.write(file, bytes);
      }
    }

    Cli.Result next = tenure.withConfig("run", "--as-of", "2024-03-03");

    assertThat(next.code()).as(next.toString()).isEqualTo(5);
    assertThat(next.err())
        .contains("error: Cannot read ")
        .endsWith(
            " If it fails again, the histories are damaged: a run with --full writes them anew.\n");
    assertThat(output().current().orElseThrow().runId()).isEqualTo("20240302T230000Z");
    // What Spark reads of a run is no input either.
    Files.writeString(folder.resolve("erase"), "cid\n");
    Cli.Result forget = tenure.withConfig("forget", "--users", folder.resolve("erase").toString());
    assertThat(forget.code()).as(forget.toString()).isEqualTo(5);
    assertThat(forget.err())
        .contains("error: Cannot read what a run has written: ", "/runs/20240302T230000Z/_state/")
        .endsWith(
            "the file is damaged: go back to another run with `rollback`, or `run --full`.\n");

    runs.rebuild("2024-03-03");
    assertThat(output().current().orElseThrow().asOf()).isEqualTo("2024-03-03");
  }

  @Test
  void a_run_whose_folder_was_removed_leaves_the_list_and_stops_nobody() throws IOException {
    remove(run("20240301T230000Z"));
    Cli.Result listed = tenure.withConfig("runs");
    assertThat(listed.code()).as(listed.toString()).isZero();
    assertThat(listed.err())
        .isEqualTo(
            "warning: run 20240301T230000Z is lost, file:%s has no record any more; the next run takes it off the list\n"
                .formatted(run("20240301T230000Z")));
    assertThat(listed.out()).contains("20240302T230000Z").doesNotContain("20240301T230000Z");
    runs.run("2024-03-03");
    assertThat(output().current().orElseThrow().runs())
        .containsExactly("20240302T230000Z", "20240303T230000Z");

    // The current one, too.
    remove(run("20240303T230000Z"));
    Pointer next = runs.run("2024-03-04");
    assertThat(next.runs()).containsExactly("20240302T230000Z", "20240304T230000Z");
    assertThat(output().record(next.runId()).reading().mode()).isEqualTo("full");
  }

  @Test
  void rejected_rows_that_were_removed_are_made_anew_and_other_tables_are_missed()
      throws IOException {
    remove(run("20240302T230000Z").resolve("rejected_events"));
    Cli.Result shown = tenure.withConfig("show", "rejected_events");
    assertThat(shown.code()).as(shown.toString()).isEqualTo(5);
    assertThat(shown.err())
        .startsWith("error: Cannot read what a run has written: ")
        .endsWith(" Restore it; or go back to another run with `rollback`, or `run --full`.\n");
    Pointer next = runs.run("2024-03-03");
    assertThat(output().record(next.runId()).reading().why())
        .isEqualTo("the rejected rows of the current run are gone");
  }

  @Test
  void damaged_records_are_named_with_the_remedy_and_a_rebuild_does_without() throws IOException {
    Files.writeString(run("20240302T230000Z").resolve("_state/files.json"), "");
    assertDamageIsTold("_state/files.json");
    runs.rebuild("2024-03-03");
    Files.writeString(run("20240303T230000Z").resolve("run.json"), "{");
    assertDamageIsTold("run.json");
    Pointer next = runs.rebuild("2024-03-04");
    assertThat(next.runs())
        .containsExactly("20240301T230000Z", "20240302T230000Z", "20240304T230000Z");
  }

  private void assertDamageIsTold(String file) {
    assertThatThrownBy(() -> runs.run("2024-03-04"))
        .isInstanceOfSatisfying(
            UserError.class, error -> assertThat(error.kind()).isEqualTo(UserError.Kind.STORAGE))
        .hasMessageContaining(file + ": it is no record of Tenure (")
        .hasMessageEndingWith("`run --full`.");
  }
}
