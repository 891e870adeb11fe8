package io.tenure.jobs.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.store.HeldOutput;
import io.tenure.common.store.Output;
import io.tenure.jobs.Cli;
import io.tenure.jobs.SparkTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Published runs are listed, and any of them can be made the one that readers see. */
@ExtendWith(SparkTest.class)
class RollbackTest {
  @TempDir Path folder;
  private Cli tenure;
  private UncheckedRuns runs;

  @BeforeEach
  void write_a_day(SparkSession spark) throws IOException {
    tenure =
        Cli.in(folder)
            .config(
                """
                input: {path: <in>, format: csv, options: {header: true}, user: user, time: day}
                output: <out>
                retention: [{grains: {day: 2}}]
                keep-runs: 3
                """);
    runs = new UncheckedRuns(tenure);
    Files.createDirectories(tenure.events());
    write("2024-03-01", "ann", "bob");
  }

  private void write(String day, String... users) throws IOException {
    StringBuilder text = new StringBuilder("user,day\n");
    for (String user : users) {
      text.append(user).append(',').append(day).append('\n');
    }
    Files.writeString(tenure.events().resolve(day + ".csv"), text);
  }

  private Output output() {
    return Output.open(tenure.output().toString(), new org.apache.hadoop.conf.Configuration());
  }

  @Test
  void runs_lists_what_is_kept_and_what_readers_see() throws IOException {
    assertThat(tenure.withConfig("runs"))
        .isEqualTo(
            new Cli.Result(
                0,
                "nothing was published in file:%s yet; `run` is what does\n"
                    .formatted(tenure.output()),
                ""));
    runs.run("2024-03-01");
    write("2024-03-02", "ann", "cid");
    runs.run("2024-03-02");
    Map<String, Long> first = output().record("20240301T230000Z").tables();
    Map<String, Long> second = output().record("20240302T230000Z").tables();

    Cli.Result listed = tenure.withConfig("runs");

    assertThat(listed.err()).isEmpty();
    assertThat(listed.out())
        .isEqualTo(
            """
            run               readers  as of       started               mode         rows read  rows published
            20240301T230000Z           2024-03-01  2024-03-01T23:00:00Z  full                 2  %14s
            20240302T230000Z  current  2024-03-02  2024-03-02T23:00:00Z  incremental          2  %14s
            """
                .formatted(sum(first), sum(second)));
    assertThat(listed.out().lines().mapToInt(String::length).max().orElse(0))
        .isLessThanOrEqualTo(100);
  }

  private static String sum(Map<String, Long> rows) {
    return String.format("%,d", rows.values().stream().mapToLong(Long::longValue).sum());
  }

  @Test
  void a_run_that_is_not_kept_is_no_place_to_go_back_to() throws IOException {
    assertThat(tenure.withConfig("rollback", "--to", "x").err())
        .isEqualTo(
            "error: No run 'x' in file:%s: nothing was published there.\n"
                .formatted(tenure.output()));
    runs.run("2024-03-01");
    Cli.Result result = tenure.withConfig("rollback", "--to", "20240301T230001Z");
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err())
        .isEqualTo(
            ("error: No run '20240301T230001Z' in file:%s; did you mean '20240301T230000Z'? It keeps"
                    + " 20240301T230000Z.\n")
                .formatted(tenure.output()));
    Cli.Result far = tenure.withConfig("rollback", "--to", "yesterday");
    assertThat(far.code()).isEqualTo(2);
    assertThat(far.err())
        .endsWith(
            "No run 'yesterday' in file:%s: it keeps 20240301T230000Z.\n"
                .formatted(tenure.output()));
  }

  @Test
  void a_run_going_on_keeps_the_pointer_where_it_is() throws IOException {
    runs.run("2024-03-01");
    HeldOutput held = output().lock("process 4711, since noon", InstantSource.system());
    try {
      Cli.Result result = tenure.withConfig("rollback", "--to", "20240301T230000Z");
      assertThat(result.code()).isEqualTo(5);
      assertThat(result.err()).contains("a run is going on (process 4711, since noon)");
    } finally {
      held.close();
    }
  }

  @Test
  void the_next_run_adds_to_the_one_pointed_at_and_equals_a_rebuild(SparkSession spark)
      throws IOException {
    runs.run("2024-03-01");
    write("2024-03-02", "ann", "cid");
    runs.run("2024-03-02");
    // A day that came broken, and is put right after going back.
    write("2024-03-03", "eve", "eve");
    runs.run("2024-03-03");

    Cli.Result back = tenure.withConfig("rollback", "--to", "20240302T230000Z");

    assertThat(back.code()).as(back.toString()).isZero();
    assertThat(back.out())
        .isEqualTo(
            "run 20240302T230000Z as of 2024-03-02 is current instead of 20240303T230000Z: %s\n"
                .formatted(tenure.output().resolve("current")));
    assertThat(tenure.table(spark, "cohorts").select("run_id").distinct().head().getString(0))
        .isEqualTo("20240302T230000Z");
    assertThat(tenure.withConfig("runs").out())
        .containsPattern("(?m)^20240302T230000Z  current ")
        .containsPattern("(?m)^20240303T230000Z +2024-03-03 ");

    write("2024-03-03", "ann", "dan");
    runs.run("2024-03-04");

    assertThat(output().current().orElseThrow().runs())
        .containsExactly("20240302T230000Z", "20240303T230000Z", "20240304T230000Z");
    assertThat(output().record("20240304T230000Z").reading().mode()).isEqualTo("incremental");
    Map<String, List<String>> added = PublishedTables.of(spark, output());
    runs.rebuild("2024-03-04");
    assertThat(added).isEqualTo(PublishedTables.of(spark, output()));
  }

  @Test
  void what_else_is_published_to_still_has_the_other_run_and_it_is_said() throws IOException {
    runs.run("2024-03-01");
    write("2024-03-02", "cid");
    runs.run("2024-03-02");
    String said = "what `publish` fills besides the files still has the run that it had";
    String[] back = {"rollback", "--to", "20240301T230000Z", "--set", "publish.catalog.name=lake"};

    assertThat(tenure.withConfig(back).err()).startsWith(said);
    // It is current already: nothing changed.
    assertThat(tenure.withConfig(back).err()).isEmpty();
    assertThat(tenure.withConfig("rollback", "--to", "20240302T230000Z").err()).isEmpty();
  }

  @Test
  void a_pointer_that_is_lost_is_made_anew_and_no_run_is() throws IOException {
    runs.run("2024-03-01");
    write("2024-03-02", "ann", "cid");
    runs.run("2024-03-02");
    String kept = "20240301T230000Z, 20240302T230000Z";
    Files.delete(tenure.output().resolve("_current.json"));

    for (String command : List.of("runs", "show", "report", "plan")) {
      Cli.Result list = tenure.withConfig(command);
      assertThat(list.code()).as(list.toString()).isEqualTo(5);
      assertThat(list.err())
          .endsWith("Restore it, or `rollback --to` one of " + kept + ", which makes it anew.\n");
    }
    assertThat(tenure.withConfig("run", "--as-of", "2024-03-02").err())
        .contains("Restore _current.json, or `rollback --to` a run, which makes it anew;");
    assertThat(tenure.withConfig("rollback", "--to", "20240303T230000Z").code()).isEqualTo(2);

    Cli.Result back = tenure.withConfig("rollback", "--to", "20240302T230000Z");
    assertThat(back.code()).as(back.toString()).isZero();
    assertThat(back.out())
        .startsWith(
            "run 20240302T230000Z as of 2024-03-02 is current; the pointer was lost, and is to "
                + kept
                + " now: ");
    write("2024-03-03", "ann");
    assertThat(tenure.withConfig("run", "--as-of", "2024-03-03").err())
        .contains("incremental: 1 files new");
    assertThat(output().current().orElseThrow().runs()).hasSize(3);
  }
}
