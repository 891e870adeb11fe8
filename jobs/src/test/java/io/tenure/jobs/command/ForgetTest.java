package io.tenure.jobs.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.common.config.ConfigLoader;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.store.Output;
import io.tenure.common.store.Output.Step;
import io.tenure.common.store.Pointer;
import io.tenure.common.store.RunRecord;
import io.tenure.jobs.Cli;
import io.tenure.jobs.SparkTest;
import io.tenure.jobs.fold.Fold;
import io.tenure.jobs.publish.RunDictionary;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Who was erased is in no run any more, and in none to come. */
@ExtendWith(SparkTest.class)
class ForgetTest {
  private static final Consumer<Step> NO_CRASH = step -> {};

  @TempDir Path folder;
  private Cli tenure;
  private UncheckedRuns runs;

  @BeforeEach
  void write_a_log(SparkSession spark) throws IOException {
    tenure =
        Cli.in(folder)
            .at("2024-04-01T00:00:00Z")
            .config(
                """
                input: {path: <in>, format: csv, options: {header: true}, user: user, time: day}
                output: <out>
                retention: [{grains: {day: 2}}]
                quality: {max-rejected-ratio: 0.5}
                """);
    runs = new UncheckedRuns(tenure);
    Files.createDirectories(tenure.events());
    write("1", "ann,2024-03-01", "bob,2024-03-01", "ann,2024-03-02", "ann,soon", "cid,soon");
  }

  private void write(String file, String... rows) throws IOException {
    Files.writeString(
        tenure.events().resolve(file + ".csv"), "user,day\n" + String.join("\n", rows) + "\n");
  }

  private Cli.Result forget(String... ids) throws IOException {
    Path users = Files.writeString(folder.resolve("users.txt"), String.join("\n", ids) + "\n");
    return tenure.withConfig("forget", "--users", users.toString());
  }

  private Output output() {
    return output(NO_CRASH);
  }

  private Output output(Consumer<Step> before) {
    return Output.open(tenure.output().toString(), new Configuration(), before);
  }

  private List<String> kept() {
    return output().current().orElseThrow().runs();
  }

  private List<String> directories() throws IOException {
    try (Stream<Path> all = Files.list(tenure.output().resolve("runs"))) {
      return all.map(run -> run.getFileName().toString()).sorted().toList();
    }
  }

  private List<String> users(SparkSession spark) {
    return spark
        .read()
        .schema(Fold.STATE)
        .parquet(output().state(output().current().orElseThrow().runId()))
        .where("user IS NOT NULL")
        .orderBy("user")
        .collectAsList()
        .stream()
        .map(row -> row.getString(0))
        .toList();
  }

  @Test
  void it_says_what_it_changed_and_every_identity_holds(SparkSession spark) throws IOException {
    runs.run("2024-03-02");
    write("2", "bob,2024-03-03", "cid,2024-03-03");
    runs.run("2024-03-03");

    Cli.Result result = forget("ann", "", "zed", "ann");

    // ann: two active days and a broken row. All three cells of the first two days know of her.
    assertThat(result.code()).as(result.toString()).isZero();
    assertThat(result.out())
        .startsWith(
            """
            erased   1 of 2 users: 2 active days, 1 rejected rows
            unknown  1 users, left out should they come: 'zed'
            restated active_periods:""")
        .contains("restated cohorts: ")
        .contains("removed  what held them: runs 20240302T230000Z, 20240303T230000Z\n")
        .contains("published run 20240401T000000Z as of 2024-03-03: ");
    assertThat(kept()).containsExactly("20240401T000000Z");
    assertThat(directories()).containsExactly("20240401T000000Z");
    assertThat(users(spark)).containsExactly("bob", "cid");
    assertThat(tenure.table(spark, "at_risk_users").select("user").collectAsList())
        .extracting(row -> row.getString(0))
        .containsExactlyInAnyOrder("bob", "cid");
    assertThat(tenure.table(spark, "restatements").where("table = 'at_risk_users'").count())
        .isZero();
    assertThat(tenure.table(spark, "rejected_events").select("row").collectAsList())
        .extracting(row -> row.getString(0))
        .containsExactly("{\"user\":\"cid\",\"time\":\"soon\"}");
    assertThat(tenure.table(spark, "restatements").select("cause").distinct().collectAsList())
        .extracting(row -> row.getString(0))
        .containsExactly("erased_users");
    // Row by row this is what ann did, so it goes to no database.
    assertThat(
            RunDictionary.rows(spark, output(), output().current().orElseThrow(), "restatements")
                .count())
        .isZero();
    RunRecord record = output().record("20240401T000000Z");
    assertThat(record.reading().mode()).isEqualTo("erasure");
    assertThat(record.rows().read()).isZero();
    assertThat(record.erased().users()).isEqualTo(2);
    assertThat(tenure.table(spark, "runs").select("run_id", "mode").collectAsList())
        .extracting(Row::toString)
        .containsExactly("[20240401T000000Z,erasure]");
    assertThat(Files.readString(tenure.output().resolve("_erased.json"))).doesNotContain("ann");

    Cli.Result back = tenure.withConfig("rollback", "--to", "20240303T230000Z");
    assertThat(back.code()).as(back.toString()).isEqualTo(2);

    // Their rows are still in the input: read, and left out.
    runs.rebuild("2024-03-03");
    RunRecord rebuilt = output().record(output().current().orElseThrow().runId());
    assertThat(rebuilt.rows().leftOutBy()).containsEntry("erased_user", 3L);
    assertThat(rebuilt.rows().read())
        .isEqualTo(
            rebuilt.rows().accepted() + rebuilt.rows().rejected() + rebuilt.rows().leftOut());
    assertThat(output().current().orElseThrow().tables()).containsEntry("restatements", 0L);
  }

  @Test
  void an_id_that_nobody_has_costs_no_run_and_is_kept_out_should_it_come(SparkSession spark)
      throws IOException {
    runs.run("2024-03-02");
    Forgotten forgotten = runs.forget("2024-04-01", "zed");
    assertThat(forgotten.found()).isZero();
    assertThat(forgotten.unknown()).containsExactly("zed");
    assertThat(kept()).containsExactly("20240302T230000Z", "20240401T000000Z");

    // Back to a run that knew nothing of the list.
    assertThat(tenure.withConfig("rollback", "--to", "20240302T230000Z").code()).isZero();
    write("2", "zed,2024-03-03", "dan,2024-03-03");
    Pointer next = runs.run("2024-03-03");
    assertThat(output().record(next.runId()).reading().mode()).isEqualTo("incremental");
    assertThat(output().record(next.runId()).rows().leftOutBy()).containsEntry("erased_user", 1L);
    assertThat(users(spark)).containsExactly("ann", "bob", "dan");
  }

  @Test
  void before_the_first_run_it_only_says_whom_to_leave_out(SparkSession spark) throws IOException {
    Cli.Result result = forget("ann");
    assertThat(result.code()).as(result.toString()).isZero();
    assertThat(result.out())
        .isEqualTo(
            """
            erased   0 of 1 users: 0 active days, 0 rejected rows
            unknown  1 users, left out should they come: 'ann'
            nothing was published in file:%s yet; no run to come will count them
            """
                .formatted(tenure.output()));
    runs.run("2024-03-02");
    assertThat(users(spark)).containsExactly("bob");
  }

  @Test
  void a_list_that_is_lost_stops_runs_that_would_count_these_people_again() throws IOException {
    runs.run("2024-03-02");
    forget("ann");
    Path list = tenure.output().resolve("_erased.json");
    Path backup = Files.move(list, folder.resolve("backup.json"));
    for (String how : List.of("--full", "--set=keep-runs=3")) {
      Cli.Result lost = tenure.withConfig("run", "--as-of", "2024-03-02", how);
      assertThat(lost.code()).as(lost.toString()).isEqualTo(5);
      assertThat(lost.err())
          .contains(" left out 1 erased users, and the list in file:" + tenure.output() + " has 0:")
          .endsWith("Restore _erased.json there from a backup.\n");
    }
    assertThat(tenure.withConfig("plan", "--as-of", "2024-03-02").code()).isEqualTo(5);
    // Nor does a list begun anew take its place.
    assertThat(forget("bob").code()).isEqualTo(5);
    assertThat(list).doesNotExist();
    Files.move(backup, list);
    runs.run("2024-03-02");
  }

  @Test
  void a_lost_list_is_missed_as_long_as_any_run_knows_of_it() throws IOException {
    write("1", "bob,2024-03-01");
    runs.run("2024-03-01");
    String before = kept().get(0);
    forget("ann");
    Files.delete(tenure.output().resolve("_erased.json"));
    Cli.Result back = tenure.withConfig("rollback", "--to", before);
    assertThat(back.code()).as(back.toString()).isEqualTo(5);
    assertThat(back.err()).endsWith("Restore _erased.json there from a backup.\n");
    assertThat(forget("bob").code()).isEqualTo(5);
  }

  @Test
  void what_cannot_be_done_is_refused_and_nothing_is_changed(SparkSession spark)
      throws IOException {
    runs.run("2024-03-02");
    Map<String, List<String>> before = PublishedTables.of(spark, output());
    assertRefused(forget("", " "), "Nobody to erase: the users '");
    assertRefused(
        forget("ann", "bob"),
        "Cannot erase all users of run 20240302T230000Z: nobody would be left to publish");
    Path users = Files.write(folder.resolve("latin.txt"), new byte[] {'J', (byte) 0xFC, 'r', 'g'});
    assertRefused(
        tenure.withConfig("forget", "--users", users.toString()),
        "Cannot read the users '%s': line 1 is not UTF-8.".formatted(users));
    assertRefused(
        tenure.withConfig("forget", "--users", folder.resolve("none").toString()),
        "Cannot read the users '");
    assertRefused(
        tenure.withConfig("forget", "--users", users("ann"), "--set", "week-start=sunday"),
        "Cannot take anybody out of run 20240302T230000Z: the definition changed since the current"
            + " run. `run` with this config first");
    assertThat(PublishedTables.of(spark, output())).isEqualTo(before);
    assertThat(kept()).containsExactly("20240302T230000Z");
    assertThat(tenure.output().resolve("_erased.json")).doesNotExist();
  }

  private String users(String... ids) throws IOException {
    return Files.writeString(folder.resolve("users.txt"), String.join("\n", ids)).toString();
  }

  private static void assertRefused(Cli.Result result, String error) {
    assertThat(result.code()).as(result.toString()).isEqualTo(2);
    assertThat(result.err()).contains("error: " + error);
  }

  /** A run that is made in tasks would bring the person back when it is published. */
  @Test
  void a_run_that_was_pending_is_given_up(SparkSession spark) throws IOException {
    runs.run("2024-03-02");
    assertThat(tenure.withConfig("ingest", "--as-of", "2024-03-02").code()).isZero();
    runs.forget("2024-04-01", "ann");
    assertThat(tenure.withConfig("compute").code()).isEqualTo(2);
    assertThat(directories()).isEqualTo(kept()).hasSize(1);

    // As if it had been pended by one who was suspended meanwhile.
    assertThat(tenure.withConfig("ingest", "--as-of", "2024-03-02").code()).isZero();
    Path pending = tenure.output().resolve("_pending.json");
    String record = Files.readString(pending);
    String stale = record.replaceFirst("\"list_hash\" : \"[^\"]+\"", "\"list_hash\" : \"x\"");
    assertThat(stale).isNotEqualTo(record);
    Files.writeString(pending, stale);
    assertRefused(tenure.withConfig("compute"), "Cannot compute run ");
    assertThat(tenure.withConfig("publish").err()).contains("users were erased since it was");
  }

  private static final class Crash extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** Cut short at any step, the output is as before or as after, and the next run finishes it. */
  @Test
  void a_crash_leaves_the_run_before_or_the_new_one_and_the_next_run_finishes(SparkSession spark)
      throws IOException {
    runs.run("2024-03-01");
    runs.run("2024-03-02");
    Map<String, List<String>> with = PublishedTables.of(spark, output());
    crash(Step.WRITE_RECORD, "ann");
    assertThat(PublishedTables.of(spark, output())).isEqualTo(with);
    assertThat(kept()).containsExactly("20240301T230000Z", "20240302T230000Z");
    assertRefused(
        tenure.withConfig("rollback", "--to", "20240301T230000Z"),
        "Cannot go back to run 20240301T230000Z: users were erased since, and it may hold them.");

    Pointer next = runs.run("2024-03-02");

    assertThat(users(spark)).containsExactly("bob");
    assertThat(output().record(next.runId()).reading().mode()).isEqualTo("incremental");
    assertThat(tenure.table(spark, "restatements").select("cause").distinct().head().getString(0))
        .isEqualTo("erased_users");
    // What held ann is gone, so nobody can go back to it.
    assertThat(directories()).isEqualTo(kept()).containsExactly(next.runId());
    Map<String, List<String>> without = PublishedTables.of(spark, output());
    runs.rebuild("2024-03-02");
    assertThat(PublishedTables.of(spark, output())).isEqualTo(without);
    assertThat(tenure.withConfig("rollback", "--to", next.runId()).code()).isZero();

    write("2", "dan,2024-03-02");
    Pointer withDan = runs.run("2024-03-02");
    crash(Step.LINK, "dan");
    assertThat(PublishedTables.of(spark, output())).isEqualTo(without);
    assertThat(kept()).contains(next.runId()).doesNotContain(withDan.runId());
    assertThat(directories()).contains(withDan.runId());
    runs.forget("2024-04-01", "dan");
    assertThat(directories())
        .containsExactlyInAnyOrderElementsOf(kept())
        .doesNotContain(withDan.runId());
    assertThat(PublishedTables.of(spark, output())).isEqualTo(without);
  }

  private void crash(Step step, String id) throws IOException {
    TenureConfig config =
        ConfigLoader.load(Files.readString(tenure.configFile()), "tenure.yaml", List.of());
    SparkSession session = Session.open("test", config.timezone());
    InstantSource clock = InstantSource.fixed(Instant.parse("2024-03-05T00:00:00Z"));
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
    Pipeline pipeline =
        new Pipeline(
            session,
            config,
            output(
                reached -> {
                  if (reached == step) {
                    throw new Crash();
                  }
                }),
            scope -> List.of(),
            clock,
            new Progress(session.sparkContext(), nowhere, clock));
    assertThatThrownBy(() -> pipeline.forget(Set.of(id))).isInstanceOf(Crash.class);
  }
}
