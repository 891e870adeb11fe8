package io.tenure.jobs.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.store.Output;
import io.tenure.jobs.Cli;
import io.tenure.jobs.SparkTest;
import io.tenure.jobs.report.Palette;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(SparkTest.class)
class CommandsTest {
  @TempDir Path folder;
  private Cli tenure;

  @BeforeEach
  void write_a_config() {
    tenure =
        Cli.in(folder)
            .at("2026-01-15T12:00:00Z")
            .config(
                """
                input: {path: <in>, user: user_id, time: event_time, partition: dt}
                output: <out>
                segments: [country]
                retention: [{grains: {week: 2}, brackets: [0, 2]}]
                funnels: [{name: twice, steps: [active, active]}]
                """);
  }

  private void assertFails(Cli.Result result, int code, String error) {
    assertThat(result.err()).isEqualTo("error: " + error + "\n");
    assertThat(result.code()).isEqualTo(code);
    assertThat(result.out()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run",
        "ingest",
        "compute",
        "publish",
        "validate",
        "plan",
        "show",
        "runs",
        "rollback",
        "forget",
        "outcome",
        "sample",
        "demo"
      })
  void every_command_explains_itself(String command) {
    Cli.Result help = tenure.execute(command, "--help");
    assertThat(help.code()).isZero();
    assertThat(help.out()).startsWith("Usage: tenure " + command).contains("--help");
    assertThat(help.err()).isEmpty();
    assertThat(tenure.execute("--help").out()).containsPattern("(?m)^ +" + command + " +[A-Z]");
  }

  @Test
  void what_cannot_be_is_refused_with_its_place() throws IOException {
    for (String command : new String[] {"run", "plan", "ingest"}) {
      Files.createDirectories(tenure.events());
      Files.write(tenure.events().resolve("1.csv"), List.of("a,2026-01-01"));
      Cli.Result day =
          tenure.withConfig(
              command,
              "--as-of",
              "+10000-01-01",
              "--set",
              "input={path: %s, format: csv, user: _c0, time: _c1}".formatted(tenure.events()),
              "--set",
              "segments=[]");
      assertFails(
          day,
          2,
          "Invalid --as-of +10000-01-01: days are those from 0001-01-01 to 2299-12-31. Name one of"
              + " them.");
    }
    Path latin = folder.resolve("latin.yaml");
    Files.write(latin, "name: ok\n# J\u00fcrg\n".getBytes(StandardCharsets.ISO_8859_1));
    assertFails(
        tenure.execute("validate", "-c", latin.toString()),
        2,
        "Cannot read the config '%s': line 2 is not UTF-8. Convert the file, and try again."
            .formatted(latin));
    assertFails(
        tenure.execute("sample", "--users", "1", "--out", latin + "/a/b"),
        2,
        "Cannot write a sample log to %s/a/b: %s is a file; give --out a new or empty directory"
            .formatted(latin, latin));
    assertFails(
        tenure.execute("demo", "--dir", folder.resolve("a[1]").toString()),
        2,
        "Cannot use --dir '%s/a[1]': with [ ] { } * ? or \\ a path is a pattern of paths. Choose"
                .formatted(folder)
            + " another.");
    assertFails(
        tenure.withConfig("validate", "--set", "output=" + tenure.events() + "/out"),
        2,
        "Invalid output: '%s/out' is in input.path '%s', so its tables would be read as events. Put the output elsewhere."
            .formatted(tenure.events(), tenure.events()));
  }

  @Test
  void a_demo_leaves_what_is_not_its_own() throws IOException {
    Path own = folder.resolve("own");
    Files.createDirectories(own);
    Files.writeString(own.resolve("tenure.yaml"), "# mine\n");
    assertFails(
        tenure.execute("demo", "--dir", own.toString()),
        2,
        "%s/tenure.yaml is there, and it is not the demo's: nothing was changed. Choose another --dir, or remove the file."
            .formatted(own));
    assertThat(own.resolve("tenure.yaml")).hasContent("# mine");
    Path log = folder.resolve("log");
    Files.createDirectories(log.resolve("events"));
    Files.writeString(log.resolve("events/_SUCCESS"), "");
    assertFails(
        tenure.execute("demo", "--dir", log.toString()),
        2,
        "The events in %s/events are not the demo's, which has a tenure.yaml beside them: choose another --dir."
            .formatted(log));
  }

  @Test
  void rows_are_those_of_a_table() {
    assertFails(
        tenure.withConfig("show", "--limit", "1"),
        2,
        "--where and --limit are of the rows of a table: name one, such as `show retention`.");
  }

  @Test
  void the_version_is_told_with_that_of_java() {
    Cli.Result version = tenure.execute("--version");
    assertThat(version.code()).isZero();
    assertThat(version.out()).isEqualTo("tenure development\nJava " + Runtime.version() + "\n");
  }

  @Test
  void a_command_line_that_is_not_understood_says_where_help_is() {
    assertFails(tenure.execute(), 2, "Say a command; `--help` lists them.");
    assertFails(
        tenure.withConfig("run", "--asof", "2024-03-01"),
        2,
        "Unknown options: '--asof', '2024-03-01'\n`tenure run --help` says more.");
    assertFails(
        tenure.execute("run"),
        2,
        "Give the config with -c FILE: there is no tenure.yaml in this directory.");
    Cli.Result date = tenure.withConfig("run", "--as-of", "yesterday");
    assertThat(date.code()).isEqualTo(2);
    assertThat(date.err()).startsWith("error: Invalid value for option '--as-of': ");
    Cli.Result command = tenure.execute("rum");
    assertThat(command.code()).isEqualTo(2);
    assertThat(command.err()).startsWith("error: Unmatched argument at index 0: 'rum'");
  }

  @Test
  void a_config_that_is_not_there_is_named(SparkSession spark) {
    Cli.Result result = tenure.execute("run", "-c", folder.resolve("none.yaml").toString());
    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err())
        .startsWith("error: Cannot read the config '" + folder.resolve("none.yaml") + "': ")
        .hasLineCount(1);
  }

  @Test
  void sample_plan_run_and_show_follow_each_other(SparkSession spark) throws IOException {
    String[] sample = {
      "sample", "--out", tenure.events().toString(), "--users", "60", "--days", "30"
    };
    Cli.Result sampled = tenure.execute(sample);
    assertThat(sampled.code()).as(sampled.toString()).isZero();
    assertThat(sampled.out())
        .endsWith(" events of 60 users, " + span() + ", in " + tenure.events() + "\n");
    assertFails(
        tenure.execute(sample),
        2,
        "Cannot write a sample log to %s: it exists and is not empty; give --out a new or empty"
                .formatted(tenure.events())
            + " directory");
    assertFails(
        tenure.withConfig("show", "retention"),
        3,
        "Cannot show retention: nothing was published in file:%s. Start with `run`."
            .formatted(tenure.output()));

    Cli.Result plan = tenure.withConfig("plan");
    assertThat(plan.code()).as(plan.toString()).isZero();
    assertThat(plan.out())
        .contains("(the last folder is ", "whole and by country\n", "retention, retention_curve")
        .contains("write    file:" + tenure.output());
    assertThat(tenure.output()).doesNotExist();

    Cli.Result run = tenure.withConfig("run");
    assertThat(run.code()).as(run.toString()).isZero();
    assertThat(run.out())
        .startsWith("published run 20260115T120000Z as of ")
        .endsWith(" tables in " + tenure.output().resolve("current") + "\n");
    assertThat(Files.readSymbolicLink(tenure.output().resolve("current")))
        .isEqualTo(Path.of("runs/20260115T120000Z"));

    Cli.Result shown =
        tenure.withConfig("show", "cohorts", "--where", "segment = '(all)'", "--limit", "1");
    assertThat(shown.code()).as(shown.toString()).isZero();
    assertThat(shown.out())
        .contains("cohort_start", "(all)")
        .doesNotContain("run_id")
        .endsWith("first 1 rows; --limit shows more, --where others\n");
    Output output =
        Output.open(tenure.output().toString(), spark.sparkContext().hadoopConfiguration());
    assertThat(
            ShowCommand.described(spark, output, output.current().orElseThrow(), "survival")
                .shares())
        .as("by their units: names do not tell")
        .containsExactlyInAnyOrder("survival", "std_err", "ci_low", "ci_high");
    Cli.Result later =
        tenure.withConfig("show", "retention", "--where", "grain = 'week' AND period > 0");
    assertThat(later.code()).as(later.toString()).isZero();
    assertThat(later.out())
        .as("period 0 is left out, and period 1 does not take its place")
        .containsPattern("\\n\\d{4}-\\d\\d-\\d\\d +\\d+ {6,}\\d")
        .contains("The pooled row is of the cells that --where leaves.");
    assertThat(tenure.withConfig("show", "retention", "--where", "bracket IS NOT NULL").err())
        .startsWith("error: No matrix of retention to show: --where leaves brackets alone");
    Cli.Result users = tenure.withConfig("show", "at_risk_users", "--limit", "2");
    assertThat(users.code()).as(users.toString()).isZero();
    // The name, no risk known in a month, and why: before all else, whatever the width.
    assertThat(users.out())
        .containsPattern("^[\\d,]+ users on 2025-01-30; risk is of churn within \\d+ days\n\n")
        .containsPattern("\nuser +risk ");
    Cli.Result funnel = tenure.withConfig("show", "funnel");
    assertThat(funnel.code()).as(funnel.toString()).isZero();
    assertThat(funnel.out())
        .contains("twice   1 active  █")
        .contains("twice: most leave after step 1");
    Cli.Result triangle = tenure.withConfig("show", "retention");
    assertThat(triangle.code()).as(triangle.toString()).isZero();
    assertThat(triangle.out()).contains("week").contains("100");
    Cli.Result tables = tenure.withConfig("show");
    assertThat(tables.code()).as(tables.toString()).isZero();
    assertThat(tables.out()).startsWith("table ").containsPattern("\ngrowth +\\w");
    Cli.Result meanings = tenure.withConfig("show", "definitions", "--where", "table = 'growth'");
    assertThat(meanings.out())
        .startsWith("table = growth\n\ncolumn ")
        .containsPattern("\nquick_ratio +\\(?\\w");
    assertThat(tenure.withConfig("show", "retentoin").err())
        .isEqualTo(
            "error: No table 'retentoin' in run 20260115T120000Z; did you mean 'retention'?\n");
    assertThat(tenure.withConfig("show", "retentoin").code()).isEqualTo(2);
    Cli.Result where = tenure.withConfig("show", "cohorts", "--where", "grian = 'week'");
    assertThat(where.code()).isEqualTo(2);
    assertThat(where.err()).startsWith("error: Invalid --where \"grian = 'week'\": ");
    assertThat(where.err()).endsWith(". Did you mean the column 'grain'?\n");
    assertThat(tenure.withConfig("show", "cohorts", "--where", "grain = month").err())
        .endsWith(". Write a text in quotes, as 'month'.\n");
    for (String day : new String[] {"cohort_start > 2025-06-01", "cohort_start > 'June'"}) {
      assertThat(tenure.withConfig("show", "cohorts", "--where", day).err())
          .startsWith("error: Invalid --where \"" + day + "\": [")
          .endsWith(". Write a day as '2025-06-01', in quotes.\n");
    }
    assertThat(tenure.withConfig("show", "cohorts", "--where", "segment =").err())
        .startsWith("error: Invalid --where \"segment =\": [PARSE_SYNTAX_ERROR]");
    Cli.Result value = tenure.withConfig("show", "cohorts", "--where", "segment_value > 10");
    assertThat(value.code()).as(value.toString()).isEqualTo(2);
    assertThat(value.err()).startsWith("error: Invalid --where \"segment_value > 10\": ");
    assertThat(tenure.withConfig("show", "cohorts", "--limit", "0").err())
        .startsWith("error: Invalid --limit 0: give a number of rows, 1 to 2147483646.");

    Path definitions = tenure.output().resolve("current/definitions");
    Dataset<Row> read = spark.read().parquet(definitions.toString());
    read.withColumnRenamed("table", "table_name")
        .write()
        .parquet(definitions.resolveSibling("named_otherwise").toString());
    Files.move(definitions, definitions.resolveSibling("named_as_now"));
    Files.move(definitions.resolveSibling("named_otherwise"), definitions);
    for (String[] command : new String[][] {{"show"}, {"show", "cohorts"}}) {
      Cli.Result old = tenure.withConfig(command);
      assertThat(old.code()).isEqualTo(5);
      assertThat(old.err())
          .isEqualTo(
              "error: Cannot show tables of run 20260115T120000Z: its table definitions is missing or"
                  + " has other columns, because another version of Tenure wrote it. `run` again.\n");
    }
    assertThat(tenure.withConfig("show", "retention").code()).isZero();
  }

  /** Thirty days up to where the default log ends. */
  private static String span() {
    var start = io.tenure.jobs.sample.SampleOptions.DEFAULTS.start();
    return start + " to " + start.plusDays(29);
  }

  @Test
  void an_outcome_takes_the_place_of_none_but_an_outcome() throws IOException {
    Path home = Files.createDirectories(folder.resolve("kept/below"));
    Files.writeString(home.resolve("data"), "data");
    Path other = Files.writeString(folder.resolve("notes.txt"), "data");
    for (Path path : new Path[] {home.getParent(), other}) {
      Cli.Result refused =
          tenure.execute(
              "--outcome", path.toString(), "runs", "-c", tenure.configFile().toString());
      assertThat(refused.code()).as(refused.toString()).isEqualTo(2);
      assertThat(refused.err())
          .startsWith("error: Cannot use '%s' for the outcome of a command: ".formatted(path))
          .contains("it is there, and no outcome of a command");
    }
    // Nor where the rest of the command line is wrong.
    assertThat(tenure.execute("--outcome", other.toString(), "runs", "--bogus").code())
        .isEqualTo(2);
    assertThat(home.resolve("data")).hasContent("data");
    assertThat(other).hasContent("data");
    Path empty = Files.writeString(folder.resolve("empty"), "");
    assertThat(tenure.execute("--outcome", empty.toString(), "runs", "--bogus").code())
        .isEqualTo(2);
    assertThat(tenure.execute("outcome", empty.toString()).code()).isEqualTo(2);
  }

  @Test
  void paths_that_cannot_be_are_the_users_mistakes() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertFails(
        tenure.withConfig("runs", "--set", "output=" + file),
        2,
        "Cannot use output '%s': it is a file. Name a folder, or one that is not there yet."
            .formatted(file));
    Cli.Result sample = tenure.execute("sample", "--out", "s3a:bucket/x");
    assertThat(sample.code()).as(sample.toString()).isEqualTo(2);
    assertThat(sample.err()).startsWith("error: Cannot write a sample log to 's3a:bucket/x': ");
  }

  @Test
  void how_a_command_ended_is_told_to_whom_its_exit_code_does_not_reach() throws IOException {
    String file = folder.resolve("told/outcome.json").toString();
    String missing = tenure.configFile().resolveSibling("gone.yaml").toString();
    Cli.Result never = tenure.execute("outcome", file);
    assertFails(
        never,
        5,
        "No outcome in '%s': the command has not ended, or died before it could say how. Look for its process, then run it again."
            .formatted(file));

    Cli.Result failed = tenure.execute("--outcome", file, "validate", "-c", missing);
    assertThat(failed.code()).isEqualTo(2);
    Cli.Result told = tenure.execute("outcome", file);
    assertThat(told.code()).isEqualTo(2);
    assertThat(told.err()).isEqualTo(failed.err()).startsWith("error: Cannot read the config '");
    assertThat(told.out())
        .isEqualTo("exit code 2, from 2026-01-15T12:00:00Z to 2026-01-15T12:00:00Z\n");

    // The same file again: what stood there is gone when the next one begins.
    assertThat(tenure.execute("--outcome", file, "runs", "-c", tenure.configFile().toString()))
        .extracting(Cli.Result::code)
        .isEqualTo(0);
    assertThat(tenure.execute("outcome", file))
        .isEqualTo(
            new Cli.Result(
                0, "exit code 0, from 2026-01-15T12:00:00Z to 2026-01-15T12:00:00Z\n", ""));

    Cli.Result misused = tenure.execute("--outcome", file, "runs", "--colour");
    assertThat(misused.code()).isEqualTo(2);
    assertThat(tenure.execute("outcome", file).err())
        .isEqualTo("error: " + misused.err().lines().findFirst().orElseThrow().substring(7) + "\n");

    for (String none : List.of("", "nowhere://x/outcome.json")) {
      Cli.Result unusable =
          tenure.execute("--outcome", none, "runs", "-c", tenure.configFile().toString());
      assertThat(unusable.code()).as(unusable.toString()).isEqualTo(2);
      assertThat(unusable.err())
          .startsWith("error: Cannot use '" + none + "' for the outcome of a command: ")
          .hasLineCount(1);
    }

    // A file that cannot be: below another file.
    String nowhere = tenure.configFile() + "/outcome.json";
    Cli.Result untold =
        tenure.execute("--outcome", nowhere, "runs", "-c", tenure.configFile().toString());
    assertThat(untold.code()).isEqualTo(5);
    assertThat(untold.err()).startsWith("error: Cannot ").contains(nowhere).hasLineCount(1);
  }

  @Test
  void what_nobody_got_is_no_success_unless_the_reader_left() {
    assertThat(codeOnto("No space left on device")).isEqualTo(5);
    assertThat(codeOnto("Broken pipe")).isZero();
  }

  @Test
  void folders_that_spark_cannot_make_are_told_before_it_begins() {
    System.setProperty("spark.local.dir", tenure.configFile() + "/scratch");
    try {
      assertFails(
          tenure.withConfig("runs"),
          5,
          "Cannot make spark.local.dir '%s/scratch': this user may not write there, or something on the way is no folder. Name another place."
              .formatted(tenure.configFile()));
    } finally {
      System.clearProperty("spark.local.dir");
    }
  }

  @Test
  void a_folder_for_temporary_files_that_is_none_is_told_before_spark_ends_the_process()
      throws IOException, InterruptedException {
    Path nowhere = tenure.configFile().resolve("tmp");
    Process process =
        new ProcessBuilder(OwnProcess.command(nowhere, List.of(), "runs"))
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isEqualTo(5);
    assertThat(said)
        .contains("error: Cannot make temporary files in '%s': ".formatted(nowhere))
        .doesNotContain("Exception");
  }

  /** The exit code of a command whose output meets an error. */
  private int codeOnto(String error) {
    OutputStream failing =
        new OutputStream() {
          @Override
          public void write(int one) throws IOException {
            throw new IOException(error);
          }
        };
    PrintStream out = new PrintStream(new ReaderMayLeave(failing), true, StandardCharsets.UTF_8);
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    int code =
        Commands.execute(
            new Console(
                out,
                new PrintStream(err, true, StandardCharsets.UTF_8),
                100,
                Palette.NONE,
                InstantSource.system(),
                Map.of()),
            "runs",
            "-c",
            tenure.configFile().toString());
    assertThat(err.toString(StandardCharsets.UTF_8))
        .startsWith(code == 0 ? "" : "error: Cannot write to the standard output: ")
        .hasLineCount(code == 0 ? 0 : 1);
    return code;
  }
}
