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
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A log whose files are deleted after some time, while what was read of them stays. */
@ExtendWith(SparkTest.class)
class DeletedFilesTest {
  /** Days of the second user and of rows without a user, as folders have them. */
  private static final int DAYS = 8;

  @TempDir Path folder;
  private Cli kept;
  private Cli whole;

  @BeforeEach
  void config() throws IOException {
    kept = log("kept", "deleted-files: kept, ");
    whole = log("whole", "");
  }

  private Cli log(String name, String more) throws IOException {
    Path home = Files.createDirectories(folder.resolve(name));
    return Cli.in(home)
        .config(
            """
            input: {path: <in>, format: csv, options: {header: true}, user: id, time: at, %spartition: dt}
            output: <out>
            timezone: Europe/Bucharest
            segments: [plan]
            quality: {max-rejected-ratio: 1}
            retention: [{grains: {day: 3, week: 1}}]
            """
                .formatted(more));
  }

  /** The events of a UTC day: the last one is on the next local day. */
  private static String events(int day) {
    String date = "2024-03-%02d".formatted(day);
    return "id,at,plan\n"
        + "ann,%sT08:00:00Z,free\n".formatted(date)
        + (day % 2 == 0 ? "bob,%sT23:30:00Z,paid\n".formatted(date) : "")
        + ",%sT09:00:00Z,free\n".formatted(date);
  }

  private static Path file(Cli log, int day, String name) {
    return log.events().resolve("dt=2024-03-%02d".formatted(day)).resolve(name);
  }

  private static void write(Cli log, int day, String name, String text) throws IOException {
    Path file = file(log, day, name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static Cli.Result run(Cli log, int day, String... options) {
    return log.run("2024-03-%02d".formatted(day), options);
  }

  private static Map<String, List<String>> tables(SparkSession spark, Cli log) {
    Map<String, List<String>> tables =
        PublishedTables.of(spark, Output.open(log.output().toString(), new Configuration()));
    tables
        .get("rejected_events")
        .replaceAll(row -> row.replace(log.events().toUri().getPath(), "/"));
    return tables;
  }

  @Test
  void days_whose_files_are_gone_stay_as_they_were_read(SparkSession spark) throws IOException {
    for (int day = 1; day <= DAYS; day++) {
      write(kept, day, "1.csv", events(day));
      write(whole, day, "1.csv", events(day));
      if (day > 3) {
        Files.delete(file(kept, day - 3, "1.csv"));
      }
      Cli.Result result = run(kept, day);
      assertThat(result.code()).as(result.toString()).isZero();
      assertThat(result.err())
          .doesNotContain("warning: new or changed")
          .doesNotContain("gone from");
    }
    assertThat(run(whole, DAYS).code()).isZero();
    assertThat(tables(spark, kept)).isEqualTo(tables(spark, whole));
    assertThat(kept.table(spark, "rejected_events").count()).isEqualTo(DAYS);

    // As of an earlier day, too.
    assertThat(run(kept, 5).code()).isZero();
    assertThat(run(whole, 5).code()).isZero();
    assertThat(tables(spark, kept)).isEqualTo(tables(spark, whole));

    // Late events of such a day cannot be counted; those of a day that is there can.
    String late = "id,at,plan\ncid,%sT08:00:00Z,paid\n";
    write(kept, DAYS, "late.csv", late.formatted("2024-03-02") + "cid,2024-03-07T08:00:00Z,paid\n");
    write(whole, DAYS, "late.csv", late.formatted("2024-03-07"));
    Cli.Result result = run(kept, DAYS);
    assertThat(result.err())
        .contains("0 deleted, 5 gone and kept;")
        .contains(
            "warning: new or changed files hold events of days whose files are gone"
                + " (2024-03-02/2024-03-02): these days stay as they were read, and what has come is"
                + " left out (input.deleted-files: kept).\n");
    run(whole, DAYS);
    assertThat(tables(spark, kept)).isEqualTo(tables(spark, whole));

    // People can be erased.
    Path left = Files.writeString(folder.resolve("left.txt"), "bob\n");
    for (Cli log : List.of(kept, whole)) {
      assertThat(log.withConfig("forget", "--users", left.toString()).code()).isZero();
    }
    assertThat(tables(spark, kept)).isEqualTo(tables(spark, whole));
    // A file that comes back is read again, but for days of which others are still gone.
    write(kept, 1, "1.csv", events(1) + "dan,2024-03-01T10:00:00Z,free\n");
    write(whole, 1, "1.csv", events(1) + "dan,2024-03-01T10:00:00Z,free\n");
    assertThat(run(kept, DAYS).err()).doesNotContain("warning: new or changed");
    assertThat(run(whole, DAYS).code()).isZero();
    assertThat(tables(spark, kept)).isEqualTo(tables(spark, whole));
  }

  @Test
  void what_would_lose_such_days_is_refused(SparkSession spark) throws IOException {
    for (int day = 1; day <= 4; day++) {
      write(kept, day, "1.csv", events(day));
    }
    assertThat(run(kept, 4).code()).isZero();
    Files.delete(file(kept, 1, "1.csv"));
    Files.delete(file(kept, 2, "1.csv"));
    Map<String, List<String>> before = tables(spark, kept);
    String told =
        " and 2 files that the current run knows are gone, which held 2024-03-01/2024-03-03: these"
            + " days would be lost. Undo the change; or, to lose them, add --set"
            + " input.deleted-files=removed to one run.\n";
    Cli.Result full = run(kept, 4, "--full");
    assertThat(full.code()).as(full.toString()).isEqualTo(2);
    assertThat(full.err())
        .contains("error: This run would read everything anew (--full),")
        .endsWith(told);
    for (String command : List.of("run", "plan", "ingest")) {
      Cli.Result other =
          kept.withConfig(command, "--as-of", "2024-03-04", "--set", "churn.inactive-days=3");
      assertThat(other.code()).as(other.toString()).isEqualTo(2);
      assertThat(other.err())
          .contains("(the definition changed since the current run),")
          .endsWith(told);
    }
    assertThat(tables(spark, kept)).isEqualTo(before);
    assertThat(run(kept, 4).code()).isZero();
    assertThat(tables(spark, kept)).isEqualTo(before);

    Cli.Result removed = run(kept, 4, "--set", "input.deleted-files=removed");
    assertThat(removed.code()).as(removed.toString()).isZero();
    assertThat(removed.err()).contains("2 deleted; ").contains("gone from the input (50.0 %)");
    write(whole, 3, "1.csv", events(3));
    write(whole, 4, "1.csv", events(4));
    assertThat(run(whole, 4).code()).isZero();
    assertThat(tables(spark, kept)).isEqualTo(tables(spark, whole));
    assertThat(run(kept, 4, "--full").code()).isZero();
  }

  @Test
  void a_run_that_never_read_such_days_is_not_gone_back_to() throws IOException {
    for (int day = 1; day <= 4; day++) {
      write(kept, day, "1.csv", events(day));
      if (day > 2) {
        assertThat(run(kept, day).code()).isZero();
      }
    }
    List<String> runs = runs();
    Files.delete(file(kept, 1, "1.csv")); // which both have read
    assertThat(rollBack(runs.get(0)).code()).isZero();
    assertThat(rollBack(runs.get(1)).code()).isZero();
    Files.delete(file(kept, 4, "1.csv"));
    Cli.Result back = rollBack(runs.get(0));
    assertThat(back.code()).as(back.toString()).isEqualTo(2);
    assertThat(back.err())
        .isEqualTo(
            "error: Cannot go back to run %s: it has not read 1 files as run %s did, and they are gone, which held 2024-03-04/2024-03-05, and input.deleted-files is kept: the next run would lose these days. Restore the files; or, to lose them, add --set input.deleted-files=removed.%n"
                .formatted(runs.get(0), runs.get(1)));
    assertThat(rollBack(runs.get(0), "--set", "input.deleted-files=removed").code()).isZero();
    assertThat(rollBack(runs.get(1)).code()).isZero();

    // Which files are gone is not known where a run has lost the list of its files.
    Files.writeString(
        kept.output().resolve("runs/%s/_state/files.json".formatted(runs.get(1))), "{");
    Cli.Result full = run(kept, 4, "--full");
    assertThat(full.code()).as(full.toString()).isEqualTo(2);
    assertThat(full.err())
        .contains(
            "which files run %s was made of cannot be read: days whose files are gone by now would be lost."
                .formatted(runs.get(1)));
  }

  /**
   * The last events of a folder are of the next local day: run as of its day, they do not count.
   */
  @Test
  void days_that_were_read_and_not_yet_counted_are_not_lost(SparkSession spark) throws IOException {
    for (int day = 1; day <= 5; day++) {
      write(kept, day, "1.csv", events(day));
      write(whole, day, "1.csv", events(day));
    }
    assertThat(run(kept, 2).code()).isZero();
    assertThat(run(kept, 5).code()).isZero();
    assertThat(run(whole, 5).code()).isZero();
    String first = runs().get(0);
    assertThat(rollBack(first).code()).isZero();
    Files.delete(file(kept, 2, "1.csv"));
    for (String command : List.of("run", "plan", "ingest")) {
      Cli.Result refused = kept.withConfig(command, "--as-of", "2024-03-05");
      assertThat(refused.code()).as(refused.toString()).isEqualTo(2);
      assertThat(refused.err())
          .endsWith(
              ("error: Files are gone that held 2024-03-03/2024-03-03, and run %s, which this one would go on from, counted no day after 2024-03-02: these days would be without their events."
                      + " Restore the files; or `rollback` to a run that counted them; or, to go on without them, put files without rows in their places.%n")
                  .formatted(first));
    }
    // As it is, where the events of such a file have moved.
    write(kept, 2, "moved.csv", events(2));
    assertThat(run(kept, 5).code()).isZero();
    for (String table : List.of("active_users", "retention", "growth")) {
      assertThat(tables(spark, kept).get(table)).isEqualTo(tables(spark, whole).get(table));
    }
    // Or where they are given up.
    assertThat(rollBack(first).code()).isZero();
    Files.delete(file(kept, 2, "moved.csv"));
    write(kept, 2, "1.csv", "id,at,plan\n");
    assertThat(run(kept, 5).code()).isZero();
  }

  private Cli.Result rollBack(String run, String... options) {
    String[] all = new String[options.length + 3];
    System.arraycopy(new String[] {"rollback", "--to", run}, 0, all, 0, 3);
    System.arraycopy(options, 0, all, 3, options.length);
    return kept.withConfig(all);
  }

  private List<String> runs() throws IOException {
    try (var runs = Files.list(kept.output().resolve("runs"))) {
      return runs.map(run -> run.getFileName().toString()).sorted().toList();
    }
  }
}
