package io.tenure.jobs.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.common.UserError;
import io.tenure.common.store.HeldOutput;
import io.tenure.common.store.Output;
import io.tenure.common.store.Pointer;
import io.tenure.jobs.Cli;
import io.tenure.jobs.SparkTest;
import io.tenure.jobs.command.PublishedTables;
import io.tenure.jobs.command.UncheckedRuns;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * The very artifact reads from and publishes to an S3 store through S3A, without one copy of an
 * object: the tables are those of runs of the same log on a local disk.
 */
@ExtendWith(SparkTest.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ObjectStoreIT {
  private static final String OUT = "s3a://data/out";
  private static final org.apache.hadoop.fs.Path LOCK =
      new org.apache.hadoop.fs.Path(OUT + "/_lock");

  @TempDir static Path folder;
  private static ObjectStore store;
  private static Cli local;
  private static Configuration hadoop;
  private static FileSystem files;
  private static final Map<String, Map<String, List<String>>> LOCAL = new TreeMap<>();

  @BeforeAll
  static void start(SparkSession spark) throws IOException, InterruptedException {
    store = ObjectStore.start(folder);
    local = Cli.in(folder).config(config("<in>", "<out>"));
    Cli.Result written =
        local.execute(
            "sample", "--out", local.events().toString(), "--users", "200", "--days", "25");
    assertThat(written.code()).as(written.toString()).isZero();
    hadoop = spark.sparkContext().hadoopConfiguration();
    store.mount(hadoop);
    files = FileSystem.get(LOCK.toUri(), hadoop);
    files.copyFromLocalFile(
        new org.apache.hadoop.fs.Path(local.events().toUri()),
        new org.apache.hadoop.fs.Path("s3a://data/events"));
    Files.writeString(folder.resolve("s3.yaml"), config("s3a://data/events", OUT));
  }

  @AfterAll
  static void stop() throws IOException {
    if (files != null) {
      files.close();
    }
    if (store != null) {
      store.close();
    }
  }

  private static String config(String input, String output) {
    return """
        name: objects
        input:
          path: %s
          user: user_id
          time: event_time
          event: event_name
          event-id: event_id
          amount: amount
          partition: dt
        output: %s
        segments: [plan]
        retention: [{grains: {day: 7, week: 4}}]
        """
        .formatted(input, output);
  }

  private static Output output() {
    return Output.open(OUT, hadoop);
  }

  private static Pointer current() {
    return output().current().orElseThrow();
  }

  private static JvmProcess run(String... arguments) throws IOException, InterruptedException {
    return runAs(ObjectStore.OWNER, ObjectStore.SECRET, arguments);
  }

  private static JvmProcess runAs(String user, String secret, String... arguments)
      throws IOException, InterruptedException {
    List<String> line = new ArrayList<>(List.of("run", "-c", folder.resolve("s3.yaml") + ""));
    line.addAll(Arrays.asList(arguments));
    return store.tenure(user, secret, line.toArray(String[]::new));
  }

  private static void assertSucceeds(JvmProcess started) throws InterruptedException {
    try (started) {
      assertThat(started.exitCode()).as("%s", started).isZero();
    }
  }

  private static void assertRefused(String why, JvmProcess started) throws InterruptedException {
    try (started) {
      assertThat(started.exitCode()).as("%s", started).isEqualTo(5);
      assertThat(started.toString().lines().filter(line -> line.startsWith("error: ")))
          .singleElement()
          .asString()
          .containsPattern(why);
      assertThat(started.toString()).doesNotContain("\tat ", ObjectStore.SECRET, "canary");
    }
  }

  /** The tables of the current run are those of a full run on the local disk, cell for cell. */
  private static void assertPublished(SparkSession spark, String asOf) throws IOException {
    assertThat(current().asOf()).isEqualTo(asOf);
    if (!LOCAL.containsKey(asOf)) {
      new UncheckedRuns(local).rebuild(asOf);
      LOCAL.put(asOf, tables(spark, Output.open(local.output().toString(), hadoop)));
    }
    assertThat(LOCAL.get(asOf).get("retention")).hasSizeGreaterThan(100);
    assertThat(tables(spark, output())).isEqualTo(LOCAL.get(asOf));
  }

  /** The current tables; where rows say what file they were found in, without the input's path. */
  private static Map<String, List<String>> tables(SparkSession spark, Output output) {
    Map<String, List<String>> tables = PublishedTables.of(spark, output);
    tables.computeIfPresent(
        "rejected_events",
        (name, rows) ->
            rows.stream()
                .map(row -> row.replaceAll("(file|s3a):[^,]*/events/", ""))
                .sorted()
                .toList());
    return tables;
  }

  /** What readers of the current run may come to: each object, as it was written last. */
  private static List<String> published() throws IOException {
    List<String> objects = new ArrayList<>();
    for (String run : current().runs()) {
      list("/runs/" + run, objects);
    }
    list("/_current.json", objects);
    assertThat(objects).hasSizeGreaterThan(20);
    return objects;
  }

  private static void list(String part, List<String> objects) throws IOException {
    RemoteIterator<LocatedFileStatus> each =
        files.listFiles(new org.apache.hadoop.fs.Path(OUT + part), true);
    while (each.hasNext()) {
      LocatedFileStatus file = each.next();
      objects.add("%s %d %d".formatted(file.getPath(), file.getLen(), file.getModificationTime()));
    }
  }

  private static List<String> runs() throws IOException {
    return Arrays.stream(files.listStatus(new org.apache.hadoop.fs.Path(OUT + "/runs")))
        .map(run -> run.getPath().getName())
        .toList();
  }

  @Test
  @Order(1)
  void a_run_publishes_what_one_on_a_local_disk_does(SparkSession spark)
      throws IOException, InterruptedException {
    assertSucceeds(run("--as-of", "2025-01-17"));
    assertPublished(spark, "2025-01-17");
    assertThat(files.exists(LOCK)).isFalse();
  }

  @Test
  @Order(2)
  void the_next_run_adds_to_it(SparkSession spark) throws IOException, InterruptedException {
    assertSucceeds(run("--as-of", "2025-01-18"));
    assertThat(output().record(current().runId()).reading().mode()).isEqualTo("incremental");
    assertPublished(spark, "2025-01-18");
  }

  @Test
  @Order(3)
  void of_two_that_create_an_object_one_succeeds() throws IOException {
    assertThat(files.hasPathCapability(LOCK, conditional())).isTrue();
    create();
    assertThatThrownBy(ObjectStoreIT::create).hasMessageContaining("412");
    assertThat(files.delete(LOCK, false)).isTrue();
    try (HeldOutput held = output().lock("the test", InstantSource.system())) {
      assertThatThrownBy(() -> output().lock("another", InstantSource.system()))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("a run is going on (the test;");
      held.requireHeld();
    }
    assertThat(files.exists(LOCK)).isFalse();
  }

  @Test
  @Order(3)
  void a_rename_would_have_been_noticed() throws IOException {
    create();
    assertThatThrownBy(() -> files.rename(LOCK, LOCK.suffix(".new")))
        .hasStackTraceContaining("A copy: CopyObjectRequest");
    assertThat(files.delete(LOCK, false)).isTrue();
  }

  private static String conditional() {
    return org.apache.hadoop.fs.Options.CreateFileOptionKeys.FS_OPTION_CREATE_CONDITIONAL_OVERWRITE;
  }

  private static void create() throws IOException {
    var builder = files.createFile(LOCK).overwrite(false);
    builder.opt(conditional(), true);
    builder.build().close();
  }

  @Test
  @Order(4)
  void killed_in_the_middle_it_leaves_the_run_before_and_the_next_one_goes_on(SparkSession spark)
      throws IOException, InterruptedException {
    Pointer before = current();
    List<String> published = published();
    try (JvmProcess killed = run("--as-of", "2025-01-19")) {
      killed.await("^  fold  ");
      killed.kill();
      assertThat(killed.exitCode()).isEqualTo(128 + 9);
    }
    assertThat(runs()).hasSize(before.runs().size() + 1).containsAll(before.runs());
    assertThat(published()).isEqualTo(published);

    String lock = "_lock is taken over 5 minutes after it was last heard of";
    assertRefused(lock, run("--as-of", "2025-01-19"));
    assertThat(published()).isEqualTo(published);

    sixMinutesLater();
    assertSucceeds(run("--as-of", "2025-01-19"));
    assertThat(output().record(current().runId()).reading().mode()).isEqualTo("incremental");
    assertPublished(spark, "2025-01-19");
    assertThat(runs()).containsExactlyInAnyOrderElementsOf(current().runs());
  }

  /** The lock, as if its holder had been gone for that long. */
  private static void sixMinutesLater() throws IOException {
    String lease;
    try (FSDataInputStream in = files.open(LOCK)) {
      lease = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    String then = Instant.now().minusSeconds(6 * 60).toString();
    String older = lease.replaceAll("\\d{4}-\\d\\d-\\d\\dT[^\"]+Z", then);
    assertThat(older).contains(then);
    try (FSDataOutputStream out = files.create(LOCK, true)) {
      out.write(older.getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  @Order(5)
  void who_is_refused_by_the_store_exits_with_5_and_changes_nothing()
      throws IOException, InterruptedException {
    List<String> published = published();
    String asOf = "--as-of=2025-01-20";
    // Whoever cannot read the input is told of that, with another code.
    String localInput = "--set=input.path=" + local.events();
    JvmProcess unknown = runAs(ObjectStore.OWNER, "canary", asOf, localInput);
    JvmProcess guest = runAs(ObjectStore.GUEST, ObjectStore.SECRET, asOf);
    assertRefused("Cannot read s3a://data/out/\\S+: .* Give Tenure credentials that ", unknown);
    assertRefused("Cannot write s3a://data/out/_lock: ", guest);
    Cli.Result nowhere =
        local.withConfig("run", asOf, localInput, "--set=output=s3a://nowhere/out");
    assertThat(nowhere.code()).as(nowhere.toString()).isEqualTo(5);
    assertThat(nowhere.err())
        .containsPattern("error: Cannot .*s3a://nowhere/out.* Make the bucket or correct its name");
    assertThat(published()).isEqualTo(published);
  }
}
