package io.tenure.jobs.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.common.UserError;
import io.tenure.common.config.ConfigLoader;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.store.ErasureList;
import io.tenure.common.store.Output;
import io.tenure.common.store.Pointer;
import io.tenure.common.store.RunRecord;
import io.tenure.jobs.Cli;
import io.tenure.jobs.SparkTest;
import io.tenure.jobs.read.EventLog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a run reads may change what the runs before it read; then it says so and reads all. */
@ExtendWith(SparkTest.class)
class ChangedInputTest {
  @TempDir Path folder;
  private Cli tenure;
  private UncheckedRuns runs;

  private void config(String input, String rest) throws IOException {
    tenure =
        Cli.in(folder)
            .config(
                "input: {path: <in>, %s}\noutput: <out>\nretention: [{grains: {day: 2}}]\n%s\n"
                    .formatted(input, rest));
    runs = new UncheckedRuns(tenure);
    Files.createDirectories(tenure.events());
  }

  private void write(String file, String text) throws IOException {
    Path path = tenure.events().resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private Output output() {
    return Output.open(tenure.output().toString(), new Configuration());
  }

  private RunRecord.Reading reading(Pointer run) {
    return output().record(run.runId()).reading();
  }

  /** The current run has what a rebuild has. */
  private void assertAsRebuilt(SparkSession spark, String asOf) throws IOException {
    Map<String, List<String>> tables = PublishedTables.of(spark, output());
    runs.rebuild(asOf);
    assertThat(tables).isEqualTo(PublishedTables.of(spark, output()));
  }

  /** Numbers that one file writes as 7.0 are 7.0 in all files: who was 7 is 7.0 now. */
  @Test
  void columns_of_another_type_have_every_day_read_again(SparkSession spark) throws IOException {
    config("format: json, user: id, time: day", "");
    write("1.json", "{\"id\": 7, \"day\": \"2024-03-01\"}\n");
    runs.run("2024-03-01");
    write("2.json", "{\"id\": 7.0, \"day\": \"2024-03-02\"}\n");
    Pointer changed = runs.run("2024-03-02");
    assertThat(reading(changed).mode()).isEqualTo("full");
    assertThat(reading(changed).why())
        .isEqualTo(
            "columns have another type than in the current run, by which all rows are read:"
                + " id DOUBLE, was BIGINT");
    assertThat(tenure.table(spark, "cohorts").where("grain = 'day'").count()).isOne();
    write("3.json", "{\"id\": 8.0, \"day\": \"2024-03-03\", \"more\": true}\n");
    assertThat(reading(runs.run("2024-03-03")).mode()).isEqualTo("incremental");
    assertAsRebuilt(spark, "2024-03-03");
  }

  @Test
  void types_are_those_of_all_files_together(SparkSession spark) throws IOException {
    config("format: csv, options: {header: true, inferSchema: true}, user: id, time: day", "");
    write("1.csv", "id,day\n00123,2024-03-01\n");
    assertThat(types(spark)).containsEntry("id", "INT").containsEntry("day", "DATE");
    write("2.csv", "id,day\nA7,2024-03-01\n");
    assertThat(types(spark)).containsEntry("id", "STRING");
  }

  @Test
  void types_of_folders_are_of_their_names(SparkSession spark) throws IOException {
    config("format: csv, options: {header: true}, user: id, time: day", "segments: [region]");
    write("region=2024-03-01/1.csv", "id,day\na,2024-03-01\n");
    assertThat(types(spark)).containsEntry("region", "DATE");
    write("region=01/1.csv", "id,day\na,2024-03-01\n");
    assertThat(types(spark)).containsEntry("region", "STRING");
  }

  @Test
  void a_column_called_event_is_told_from_the_config_s_name_of_it(SparkSession spark)
      throws IOException {
    config(
        "user: id, time: day, event: name",
        "activities: {buy: \"event = 'buy'\"}\nsegments: [{upper: \"upper(id)\"}]");
    parquet(spark, "1", "'a' AS id, DATE'2024-03-01' AS day, 'buy' AS name");
    assertThat(types(spark)).containsOnlyKeys("id", "day", "name");
    parquet(spark, "2", "'a' AS id, DATE'2024-03-01' AS day, 'buy' AS name, 'x' AS event");
    assertThat(types(spark)).containsOnlyKeys("id", "day", "name");
  }

  @Test
  void wider_numbers_are_another_type(SparkSession spark) throws IOException {
    config("user: id, time: day", "segments: [{half: \"pmod(hash(id), 2)\"}]");
    parquet(spark, "1", "CAST(7 AS INT) AS id, DATE'2024-03-01' AS day");
    assertThat(types(spark)).containsEntry("id", "INT");
    parquet(spark, "2", "CAST(7 AS BIGINT) AS id, DATE'2024-03-01' AS day");
    assertThat(types(spark)).containsEntry("id", "BIGINT");
  }

  private void parquet(SparkSession spark, String name, String columns) {
    spark
        .sql("SELECT " + columns)
        .write()
        .parquet(tenure.events().resolve("part=" + name).toString());
  }

  private TenureConfig config() throws IOException {
    return ConfigLoader.load(Files.readString(tenure.configFile()), "tenure.yaml", List.of());
  }

  private Map<String, String> types(SparkSession spark) throws IOException {
    return EventLog.open(spark, config(), ErasureList.NONE).types();
  }

  @Test
  void days_before_1970_are_days(SparkSession spark) throws IOException {
    config("format: csv, options: {header: true}, user: id, time: day, earliest: 1950-01-01", "");
    write("1.csv", "id,day\nann,1965-05-01\nbob,1969-12-31\nbob,1970-01-01\ncid,1970-01-02\n");
    runs.run("1970-01-02");
    write("2.csv", "id,day\ncid,1970-01-03\nbob,1969-12-30\n");
    assertThat(reading(runs.run("1970-01-03")).mode()).isEqualTo("incremental");
    assertAsRebuilt(spark, "1970-01-03");
    assertThat(runs.forget("1970-01-04", "cid").days()).isEqualTo(2);
    assertAsRebuilt(spark, "1970-01-03");
  }

  /** With folders by arrival, what came late is not known as of the days before it came. */
  @Test
  void going_back_counts_nothing_of_folders_that_a_rebuild_does_not_open(SparkSession spark)
      throws IOException {
    config("format: csv, options: {header: true}, user: id, time: day, partition: dt", "");
    write("dt=2024-03-08/1.csv", "id,day\nann,2024-03-08\n");
    write("dt=2024-03-15/1.csv", "id,day\nann,2024-03-15\n");
    runs.run("2024-03-15");
    // Nothing is late yet.
    assertThat(reading(runs.run("2024-03-10")).mode()).isEqualTo("incremental");
    write("dt=2024-03-20/1.csv", "id,day\nbob,2024-03-08\nann,2024-03-20\n");
    runs.run("2024-03-20");
    Pointer back = runs.run("2024-03-10");
    assertThat(reading(back).mode()).isEqualTo("full");
    assertThat(reading(back).why())
        .startsWith("folders of later days, such as that of ")
        .contains("dt=2024-03-20")
        .endsWith(" may hold events up to 2024-03-10");
    // Nothing came or went: other folders were opened.
    List<String> causes = List.of("other_as_of");
    assertThat(causes(spark)).isEqualTo(causes);
    assertAsRebuilt(spark, "2024-03-10");
    runs.run("2024-03-20");
    assertThat(causes(spark)).isEqualTo(causes);
  }

  private List<String> causes(SparkSession spark) {
    return tenure.table(spark, "restatements").select("cause").distinct().collectAsList().stream()
        .map(row -> row.getString(0))
        .toList();
  }

  @Test
  void a_file_that_comes_while_a_run_begins_is_not_read_unknown(SparkSession spark)
      throws IOException {
    FailingDisk.mount(spark.sparkContext().hadoopConfiguration());
    tenure =
        Cli.in(folder)
            .config(
                """
                input: {path: "failing://<in>", format: csv, options: {header: true}, user: id, time: day}
                output: <out>
                """);
    Files.createDirectories(tenure.events());
    write("1.csv", "id,day\nann,2024-03-01\n");
    assertStopped(
        () -> write("2.csv", "id,day\nbob,2024-03-01\n"),
        "events/2.csv was added to the input while this run began. Run again.");
  }

  private interface Change {
    void make() throws IOException;
  }

  /** What changes once Tenure has listed the input, and Spark has not, stops the run. */
  private void assertStopped(Change change, String error) {
    AtomicInteger listings = new AtomicInteger();
    FailingDisk.listing =
        directory -> {
          if (directory.getName().equals("events") && listings.incrementAndGet() == 2) {
            try {
              change.make();
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
        };
    try {
      Cli.Result result = tenure.withConfig("run", "--as-of", "2024-03-01");
      assertThat(listings).hasValueGreaterThan(1);
      assertThat(result.code()).as(result.toString()).isEqualTo(5);
      assertThat(result.err()).contains(error);
    } finally {
      FailingDisk.listing = directory -> {};
    }
    assertThat(tenure.withConfig("run", "--as-of", "2024-03-01").code()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"csv, options: {header: true}", "parquet"})
  void a_file_that_goes_while_a_run_begins_is_not_left_out(String format, SparkSession spark)
      throws IOException {
    FailingDisk.mount(spark.sparkContext().hadoopConfiguration());
    tenure =
        Cli.in(folder)
            .config(
                """
                input: {path: "failing://<in>", format: %s, user: id, time: day}
                output: <out>
                """
                    .formatted(format));
    for (String user : List.of("ann", "bob")) {
      if (format.equals("parquet")) {
        parquet(spark, user, "'%s' AS id, DATE'2024-03-01' AS day".formatted(user));
      } else {
        write("part=" + user + "/1.csv", "id,day\n%s,2024-03-01\n".formatted(user));
      }
    }
    Path leaving;
    try (Stream<Path> files = Files.list(tenure.events().resolve("part=bob"))) {
      leaving =
          files.filter(file -> file.toString().matches(".*/[^._][^/]*")).findFirst().orElseThrow();
    }
    assertStopped(
        () -> Files.delete(leaving),
        leaving
            + " was removed or replaced while this run began: it had more rows when it was listed. Run again.");
  }

  @Test
  void a_copied_config_does_not_take_over_the_output_of_another_log() throws IOException {
    config("format: csv, options: {header: true}, user: id, time: day", "name: shop");
    write("1.csv", "id,day\nann,2024-03-01\n");
    write("app/1.csv", "id,day\nbob,2024-03-01\n");
    Pointer shop = runs.run("2024-03-01", "input.path=" + tenure.events().resolve("1.csv"));
    String[] app = {"name=app", "input.path=" + tenure.events().resolve("app")};
    assertThatThrownBy(() -> runs.run("2024-03-01", app))
        .isInstanceOfSatisfying(
            UserError.class, error -> assertThat(error.kind()).isEqualTo(UserError.Kind.USAGE))
        .hasMessageStartingWith("Output file:" + tenure.output() + " holds runs of 'shop', which")
        .hasMessageContaining("and this is 'app', which reads " + tenure.events().resolve("app"))
        .hasMessageEndingWith("or say --full, if this log takes the place of that one.");
    assertThat(output().current()).contains(shop);
    // Whoever gives a log another name goes on, and whoever names its folder.
    runs.run("2024-03-01", "name=app", "input.path=" + tenure.events().resolve("1.csv"));
    assertThatThrownBy(() -> runs.run("2024-03-01", app))
        .hasMessageContaining("holds runs of 'app', which reads")
        .hasMessageContaining("and this is 'app', which reads");
    runs.run("2024-03-01", "name=app", "input.path=" + tenure.events());
    runs.run("2024-03-01", app);
    runs.rebuild("2024-03-01");
  }

  /** It would take a file that the other one read for one that is gone. */
  @Test
  void a_run_that_another_one_overtook_begins_again(SparkSession spark) throws IOException {
    config("format: csv, options: {header: true}, user: id, time: day", "");
    write("1.csv", "id,day\nann,2024-03-01\n");
    SparkSession session = Session.open("test", config().timezone());
    InstantSource clock = InstantSource.fixed(Instant.parse("2024-03-05T00:00:00Z"));
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    Work work =
        new Work(
            session,
            config(),
            output(),
            clock,
            new Progress(session.sparkContext(), new PrintStream(said), clock));
    IngestStage late = IngestStage.open(work, LocalDate.parse("2024-03-01"), false);
    Pointer first = runs.run("2024-03-01");
    assertThatThrownBy(() -> late.run(false))
        .isInstanceOfSatisfying(
            UserError.class, error -> assertThat(error.kind()).isEqualTo(UserError.Kind.STORAGE))
        .hasMessageStartingWith("Run " + first.runId() + " became current in ")
        .hasMessageEndingWith("Run again.");

    IngestStage.open(work, LocalDate.parse("2024-02-28"), false);
    assertThat(said.toString())
        .endsWith(
            "as of 2024-02-28 (as told)%n            takes the place of run %s, which is as of a later day, 2024-03-01%n"
                .formatted(first.runId()));
  }
}
