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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is full, or closed to writers, leaves the run before as it was. */
@ExtendWith(SparkTest.class)
class FailingStorageTest {
  @TempDir Path folder;
  private Cli tenure;
  private Configuration hadoop;
  private Map<String, List<String>> before;
  private String pointer;

  @BeforeEach
  void publish_a_run(SparkSession spark) throws IOException {
    hadoop = spark.sparkContext().hadoopConfiguration();
    FailingDisk.mount(hadoop);
    tenure =
        Cli.in(folder)
            .config(
                """
                input: {path: <in>, format: csv, options: {header: true}, user: user, time: day}
                output: failing://<out>
                retention: [{grains: {day: 2}}]
                """);
    Files.createDirectories(tenure.events());
    Files.writeString(
        tenure.events().resolve("1.csv"), "user,day\nann,2024-03-01\nbob,2024-03-02\n");
    assertThat(run().code()).isZero();
    before = PublishedTables.of(spark, output());
    pointer = Files.readString(tenure.output().resolve("_current.json"));
    Files.writeString(tenure.events().resolve("2.csv"), "user,day\ncid,2024-03-02\n");
  }

  @AfterEach
  void repair() {
    FailingDisk.ROOM.set(Long.MAX_VALUE);
    FailingDisk.closed = null;
    FailingDisk.fixed = null;
  }

  private Cli.Result run() {
    return tenure.withConfig("run", "--as-of", "2024-03-03");
  }

  private Output output() {
    return Output.open("failing://" + tenure.output(), hadoop);
  }

  private void assertStopped(Cli.Result result, String where, String why) throws IOException {
    assertThat(result.code()).as(result.toString()).isEqualTo(5);
    assertThat(result.err().lines().filter(line -> line.startsWith("error: ")))
        .singleElement()
        .asString()
        .startsWith("error: Cannot ")
        .containsPattern("failing:" + where)
        .containsPattern(why + "$");
    assertThat(result.err()).doesNotContain("\tat ");
    assertThat(tenure.output().resolve("_current.json")).hasContent(pointer);
  }

  @Test
  void a_full_disk_is_told_with_the_path_and_the_run_before_stays(SparkSession spark)
      throws IOException {
    String runs = tenure.output() + "/runs/\\S+/";
    String full = "No space left on device\\. Make room there, and run again\\.";
    // In the histories; in the tables; in the last of all files before the pointer.
    FailingDisk.ROOM.set(600);
    assertStopped(run(), runs + "_state/histories", full);
    FailingDisk.ROOM.set(20_000);
    assertStopped(run(), runs + "\\w+", full);
    assertThat(PublishedTables.of(spark, output())).isEqualTo(before);

    repair();
    assertThat(run().code()).isZero();
    assertThat(PublishedTables.of(spark, output()).get("cohorts"))
        .isNotEqualTo(before.get("cohorts"));
  }

  @Test
  void a_place_that_is_closed_is_told_with_the_path_and_the_run_before_stays(SparkSession spark)
      throws IOException {
    String closed =
        "Permission denied: .*\\. Let the user that Tenure runs as write there, and run again\\.";
    FailingDisk.closed = "/growth/";
    assertStopped(run(), tenure.output() + "/runs/\\S+/growth", closed);
    FailingDisk.closed = "/run.json";
    assertStopped(run(), tenure.output() + "/runs/\\S+/run.json", closed);
    FailingDisk.closed = "/_current.json";
    assertStopped(run(), tenure.output() + "/_current.json", closed);
    assertThat(PublishedTables.of(spark, output())).isEqualTo(before);
  }

  @Test
  void an_erasure_that_cannot_remove_a_run_fails_until_it_can(SparkSession spark)
      throws IOException {
    Path bob = Files.writeString(folder.resolve("users"), "bob\n");
    String run = output().current().orElseThrow().runId();
    FailingDisk.fixed = run;
    for (int attempt = 0; attempt < 2; attempt++) {
      Cli.Result result = tenure.withConfig("forget", "--users", bob.toString());
      assertThat(result.code()).as(result.toString()).isEqualTo(5);
      assertThat(result.err())
          .contains("error: Cannot remove failing:" + tenure.output() + "/runs/" + run + ": ");
      assertThat(result.out()).contains("erased ").doesNotContain("removed ");
    }
    assertThat(output().current().orElseThrow().runs()).doesNotContain(run);
    // What is left is no reason to keep new days from readers.
    Cli.Result next = run();
    assertThat(next.code()).as(next.toString()).isZero();
    assertThat(next.err()).contains("  warning: Cannot remove failing:");
    repair();
    tenure = tenure.at("2024-06-16T12:00:00Z");
    assertThat(run().err()).doesNotContain("warning: ");
    assertThat(tenure.output().resolve("runs").resolve(run)).doesNotExist();
  }

  @Test
  void nothing_but_records_that_are_replaced_is_renamed(SparkSession spark) throws IOException {
    FailingDisk.RENAMED.clear();
    assertThat(run().code()).isZero();
    Path cid = Files.writeString(folder.resolve("users"), "cid\n");
    assertThat(tenure.withConfig("forget", "--users", cid.toString()).code()).isZero();
    assertThat(tenure.withConfig("run", "--full", "--as-of", "2024-03-03").code()).isZero();
    assertThat(PublishedTables.of(spark, output())).isEqualTo(before);
    assertThat(FailingDisk.RENAMED)
        .extracting(path -> path.getName().replaceFirst("(_lock)\\..*", "$1"))
        .contains("_current.json.new", "report.html.new")
        .isSubsetOf("_current.json.new", "_erased.json.new", "_lock", "report.html.new");
  }
}
