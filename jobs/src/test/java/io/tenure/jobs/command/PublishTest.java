package io.tenure.jobs.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.common.config.ConfigLoader;
import io.tenure.common.config.Scope;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.store.HeldOutput;
import io.tenure.common.store.Output;
import io.tenure.common.store.Output.Step;
import io.tenure.common.store.Pointer;
import io.tenure.jobs.Cli;
import io.tenure.jobs.SparkTest;
import io.tenure.jobs.check.Identity;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A reader sees the old run or the new one, whole, whatever happens in between. */
@ExtendWith(SparkTest.class)
class PublishTest {
  /** What must hold between tables has tests of its own. */
  private static final Function<Scope, List<Identity>> NO_IDENTITIES = scope -> List.of();

  private static final Consumer<Step> NO_CRASH = step -> {};

  @TempDir Path folder;
  private Cli tenure;

  @BeforeEach
  void write_a_log_with_a_new_user_a_day() throws IOException {
    tenure =
        Cli.in(folder)
            .config(
                """
                input: {path: <in>, format: csv, options: {header: true}, user: user, time: day}
                output: <out>
                retention: [{grains: {day: 1}}]
                keep-runs: 2
                """);
    Files.createDirectories(tenure.events());
    Files.writeString(
        tenure.events().resolve("log.csv"),
        """
        user,day,kind
        ann,2024-03-01,web
        bob,2024-03-02,web
        bob,2024-03-03,web
        cid,2024-03-03,ios
        """);
  }

  private static final class Crash extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Runs up to a day; crashes where a step says so, or once a line begins with a text. */
  private Pointer run(String asOf, Consumer<Step> before, String lastLine) throws IOException {
    TenureConfig config =
        ConfigLoader.load(Files.readString(tenure.configFile()), "tenure.yaml", List.of());
    SparkSession spark = Session.open("test", config.timezone());
    InstantSource clock = InstantSource.fixed(Instant.parse(asOf + "T23:00:00Z"));
    PrintStream lines =
        new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8) {
          @Override
          public void println(String line) {
            if (lastLine != null && line.strip().startsWith(lastLine)) {
              throw new Crash();
            }
          }
        };
    Output output =
        Output.open(config.output(), spark.sparkContext().hadoopConfiguration(), before);
    Progress progress = new Progress(spark.sparkContext(), lines, clock);
    return new Pipeline(spark, config, output, NO_IDENTITIES, clock, progress)
        .run(LocalDate.parse(asOf), false);
  }

  /** The users that readers of {@code current/} see: one for each day up to the as-of day. */
  private long usersOfLink(SparkSession spark) {
    return tenure.table(spark, "cohorts").selectExpr("sum(cohort_users)").head().getLong(0);
  }

  /** The users that readers of {@code _current.json} see. */
  private long usersOfPointer(SparkSession spark) {
    Output output = output(spark);
    String run = output.current().orElseThrow().runId();
    return spark
        .read()
        .parquet(output.table(run, "cohorts"))
        .selectExpr("sum(cohort_users)")
        .head()
        .getLong(0);
  }

  private Output output(SparkSession spark) {
    return Output.open(tenure.output().toString(), spark.sparkContext().hadoopConfiguration());
  }

  private List<String> runs() throws IOException {
    try (Stream<Path> runs = Files.list(tenure.output().resolve("runs"))) {
      return runs.map(run -> run.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void a_crash_at_any_moment_leaves_a_whole_run_to_every_reader(SparkSession spark)
      throws IOException {
    run("2024-03-01", NO_CRASH, null);
    Path pointer = tenure.output().resolve("_current.json");
    String first = Files.readString(pointer);

    for (String stage : List.of("fold", "compute", "write", "check", "restate")) {
      assertThatThrownBy(() -> run("2024-03-02", NO_CRASH, stage))
          .as("after " + stage)
          .isInstanceOf(Crash.class);
      assertThat(pointer).as("after " + stage).hasContent(first);
      assertThat(usersOfLink(spark)).as("after " + stage).isEqualTo(1);
      assertThat(usersOfPointer(spark)).as("after " + stage).isEqualTo(1);
      assertThat(runs()).containsExactly("20240301T230000Z", "20240302T230000Z");
    }

    // Committed: who follows the link sees the old run until the next one begins.
    assertThatThrownBy(
            () ->
                run(
                    "2024-03-02",
                    step -> {
                      if (step == Step.LINK) {
                        throw new Crash();
                      }
                    },
                    null))
        .isInstanceOf(Crash.class);
    assertThat(usersOfPointer(spark)).isEqualTo(2);
    assertThat(usersOfLink(spark)).isEqualTo(1);

    Pointer last = run("2024-03-03", NO_CRASH, null);
    assertThat(usersOfPointer(spark)).isEqualTo(3);
    assertThat(usersOfLink(spark)).isEqualTo(3);
    assertThat(last.runs()).containsExactly("20240302T230000Z", "20240303T230000Z");
    assertThat(runs()).isEqualTo(last.runs());
    try (Stream<Path> files = Files.list(tenure.output())) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("_current.json", "_lock", "current", "runs");
    }
  }

  @Test
  void a_second_run_of_the_same_output_is_refused_and_told_who_is_there(SparkSession spark) {
    HeldOutput held = output(spark).lock("process 4711, since noon", InstantSource.system());
    try {
      Cli.Result result = tenure.withConfig("run");
      assertThat(result.code()).isEqualTo(5);
      assertThat(result.err())
          .endsWith(
              "error: Cannot lock %s: a run is going on (process 4711, since noon). Wait for it to"
                      .formatted(tenure.output())
                  + " end, or end it.\n");
    } finally {
      held.close();
    }
    output(spark).lock("the next one", InstantSource.system()).close();
  }

  @Test
  void a_rerun_whose_filter_empties_a_cohort_leaves_no_row_of_it(SparkSession spark) {
    String cohorts = "segment = '(all)' AND cohort_start = DATE'2024-03-03'";
    assertThat(tenure.withConfig("run", "--as-of", "2024-03-03").code()).isZero();
    assertThat(tenure.table(spark, "cohorts").where(cohorts).count()).isEqualTo(1);

    Cli.Result rerun =
        tenure.withConfig("run", "--as-of", "2024-03-03", "--set", "input.where=\"kind = 'web'\"");

    assertThat(rerun.code()).as(rerun.toString()).isZero();
    assertThat(tenure.table(spark, "cohorts").where(cohorts).count()).isZero();
    assertThat(tenure.table(spark, "retention").where(cohorts).count()).isZero();
    assertThat(usersOfLink(spark)).isEqualTo(2);
  }

  @Test
  void an_output_that_cannot_be_written_is_one_line_and_safe_to_retry(SparkSession spark)
      throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "not a folder");
    Cli.Result result = tenure.withConfig("run", "--set", "output=" + file.resolve("out"));
    assertThat(result.code()).isEqualTo(5);
    assertThat(result.err().lines().filter(line -> line.startsWith("error: ")))
        .singleElement()
        .asString()
        .isEqualTo(
            "error: Cannot look for file:%s/out/_current.json: Not a directory. It is safe to run again."
                .formatted(file));
    assertThat(result.err()).doesNotContain("\tat ");
    assertThat(file).hasContent("not a folder");
  }
}
