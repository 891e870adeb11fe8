package io.tenure.jobs.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tenure.common.store.HeldOutput;
import io.tenure.common.store.Output;
import io.tenure.jobs.Cli;
import io.tenure.jobs.SparkTest;
import io.tenure.jobs.command.PublishedTables;
import io.tenure.jobs.command.UncheckedRuns;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
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
 * The very artifact, submitted to a real cluster, reads from and publishes to a real HDFS: the
 * tables are those of an embedded run of the same log, and the caller learns how it went.
 */
@ExtendWith(SparkTest.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterIT {
  private static final String YESTERDAY = "2025-02-20";
  private static final String TODAY = "2025-02-21";

  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path folder;
  private static Hdfs hdfs;
  private static StandaloneCluster cluster;
  private static Cli local;
  private static FileSystem files;
  private static final Map<String, Map<String, List<String>>> EMBEDDED = new TreeMap<>();

  @BeforeAll
  static void start(SparkSession spark) throws IOException, InterruptedException {
    hdfs = Hdfs.start(folder.resolve("hdfs"));
    cluster = StandaloneCluster.start(folder);
    local = Cli.in(folder).config(config("<in>", "<out>"));
    Cli.Result written =
        local.execute(
            "sample", "--out", local.events().toString(), "--users", "300", "--days", "60");
    assertThat(written.code()).as(written.toString()).isZero();
    files = FileSystem.get(URI.create(hdfs.uri("/")), new Configuration());
    files.copyFromLocalFile(new org.apache.hadoop.fs.Path(local.events().toUri()), path("/events"));
    write("/tenure.yaml", config(hdfs.uri("/events"), hdfs.uri("/out")));
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
    if (hdfs != null) {
      hdfs.close();
    }
  }

  private static String config(String input, String output) {
    return """
        name: cluster
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

  private static org.apache.hadoop.fs.Path path(String path) throws InterruptedException {
    return new org.apache.hadoop.fs.Path(hdfs.uri(path));
  }

  private static void write(String path, String text) throws IOException, InterruptedException {
    try (FSDataOutputStream out = files.create(path(path))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static Output output() throws InterruptedException {
    return Output.open(hdfs.uri("/out"), new Configuration());
  }

  private static JvmProcess run(List<String> options, String... arguments)
      throws IOException, InterruptedException {
    return cluster.submit(options, Map.of(), run(arguments));
  }

  private static String[] run(String... arguments) throws InterruptedException {
    String[] all = {"run", "-c", hdfs.uri("/tenure.yaml")};
    String[] line = java.util.Arrays.copyOf(all, all.length + arguments.length);
    System.arraycopy(arguments, 0, line, all.length, arguments.length);
    return line;
  }

  /** The tables of the cluster's run are those of an embedded rebuild, cell for cell. */
  private static void assertPublished(SparkSession spark, String asOf)
      throws IOException, InterruptedException {
    assertThat(output().current().orElseThrow().asOf()).isEqualTo(asOf);
    if (!EMBEDDED.containsKey(asOf)) {
      new UncheckedRuns(local).rebuild(asOf);
      Output embedded = Output.open(local.output().toString(), new Configuration());
      EMBEDDED.put(asOf, tables(spark, embedded));
    }
    assertThat(EMBEDDED.get(asOf).get("retention")).hasSizeGreaterThan(100);
    assertThat(tables(spark, output())).isEqualTo(EMBEDDED.get(asOf));
  }

  /** The current tables; where rows say what file they were found in, without the input's path. */
  private static Map<String, List<String>> tables(SparkSession spark, Output output) {
    Map<String, List<String>> tables = PublishedTables.of(spark, output);
    tables.computeIfPresent(
        "rejected_events",
        (name, rows) ->
            rows.stream()
                .map(row -> row.replaceAll("(file|hdfs):[^,]*/events/", ""))
                .sorted()
                .toList());
    return tables;
  }

  @Test
  @Order(1)
  void in_client_mode_a_run_publishes_what_an_embedded_one_does(SparkSession spark)
      throws IOException, InterruptedException {
    try (JvmProcess submitted = run(List.of(), "--as-of", YESTERDAY)) {
      assertThat(submitted.exitCode()).as("%s", submitted).isZero();
    }
    assertPublished(spark, YESTERDAY);
  }

  @Test
  @Order(2)
  void in_cluster_mode_the_next_run_adds_to_it_on_a_worker(SparkSession spark)
      throws IOException, InterruptedException {
    List<String> options = List.of("--deploy-mode", "cluster");
    try (JvmProcess submitted = run(options, "--as-of", TODAY)) {
      assertThat(submitted.exitCode()).as("%s", submitted).isZero();
    }
    assertThat(cluster.driverState(0)).isEqualTo("FINISHED");
    String current = output().current().orElseThrow().runId();
    assertThat(output().record(current).reading().mode()).isEqualTo("incremental");
    assertPublished(spark, TODAY);
  }

  @Test
  @Order(3)
  void in_cluster_mode_the_exit_code_arrives_by_a_file() throws IOException, InterruptedException {
    String outcome = hdfs.uri("/outcome.json");
    try (JvmProcess submitted =
        cluster.submit(
            List.of("--deploy-mode", "cluster"),
            Map.of(),
            "--outcome",
            outcome,
            "run",
            "-c",
            hdfs.uri("/gone.yaml"))) {
      // Spark's choice.
      assertThat(submitted.exitCode()).as("%s", submitted).isZero();
    }
    assertThat(cluster.driverState(1)).isEqualTo("FAILED");
    Cli.Result told = local.execute("outcome", outcome);
    assertThat(told.code()).as("%s", told).isEqualTo(2);
    assertThat(told.err()).startsWith("error: Cannot read the config '" + hdfs.uri("/gone.yaml"));
  }

  private static void assertStopped(int code, String why, JvmProcess submitted)
      throws InterruptedException {
    try (submitted) {
      assertThat(submitted.exitCode()).as("%s", submitted).isEqualTo(code);
      assertThat(submitted.toString().lines().filter(line -> line.startsWith("error: ")))
          .singleElement()
          .asString()
          .contains(why);
      assertThat(submitted.toString()).doesNotContain("\tat ");
    }
  }

  @Test
  @Order(4)
  void in_client_mode_the_exit_code_arrives_at_the_caller()
      throws IOException, InterruptedException {
    String current = output().current().orElseThrow().runId();
    assertStopped(2, "unknown key", run(List.of(), "--set", "colour=red"));
    assertStopped(3, "/nowhere", run(List.of(), "--set", "input.path=" + hdfs.uri("/nowhere")));
    assertStopped(
        4,
        "max-rejected-ratio",
        run(List.of(), "--full", "--as-of", TODAY, "--set", "quality.max-rejected-ratio=0"));
    assertThat(output().current().orElseThrow().runId()).isEqualTo(current);
  }

  @Test
  @Order(5)
  void who_finds_the_output_locked_or_closed_to_him_exits_with_5()
      throws IOException, InterruptedException {
    try (HeldOutput held = output().lock("the test", InstantSource.system())) {
      assertStopped(5, "a run is going on (the test; heard of ", run(List.of(), "--as-of", TODAY));
      held.requireHeld();
    }
    assertThat(files.exists(path("/out/_lock"))).isFalse();
    assertStopped(
        5,
        "Permission denied: user=guest, access=WRITE",
        cluster.submit(List.of(), Map.of("HADOOP_USER_NAME", "guest"), run("--as-of", TODAY)));
  }

  @Test
  @Order(6)
  void an_executor_with_little_memory_spills(SparkSession spark)
      throws IOException, InterruptedException {
    spark
        .range(0, 800_000, 1, 4)
        .selectExpr(
            "md5(string(id % 400000)) AS user", "date_add(DATE'2025-01-01', int(id % 3)) AS day")
        .write()
        .parquet(hdfs.uri("/crowd"));
    Path crowd = Files.createDirectories(folder.resolve("crowd"));
    String config =
        """
        input: {path: %s, user: user, time: day}
        output: %s
        retention: [{grains: {day: 2}}]
        """;
    write("/crowd.yaml", config.formatted(hdfs.uri("/crowd"), hdfs.uri("/crowd-out")));
    Path events = Files.createDirectories(folder.resolve("spark-events"));
    try (JvmProcess submitted =
        cluster.submit(
            List.of(
                // A twentieth of what Spark may divide of 512 MB: 10 MB.
                "--conf=spark.memory.fraction=0.05",
                "--conf=spark.cores.max=1",
                "--conf=spark.eventLog.enabled=true",
                "--conf=spark.eventLog.rolling.enabled=false",
                "--conf=spark.eventLog.compress=false",
                "--conf=spark.eventLog.dir=" + events.toUri()),
            Map.of(),
            "run",
            "-c",
            hdfs.uri("/crowd.yaml"),
            "--as-of",
            "2025-01-03")) {
      assertThat(submitted.exitCode()).as("%s", submitted).isZero();
      assertThat(submitted.toString()).doesNotContain("Lost executor", "OutOfMemory");
    }
    assertThat(bytesSpilled(events)).isGreaterThan(1 << 20);
    Cli embedded = Cli.in(crowd).config(config.formatted(hdfs.uri("/crowd"), "<out>"));
    new UncheckedRuns(embedded).rebuild("2025-01-03");
    assertThat(tables(spark, Output.open(hdfs.uri("/crowd-out"), new Configuration())))
        .isEqualTo(tables(spark, Output.open(embedded.output().toString(), new Configuration())));
  }

  /** What tasks wrote to disk because memory was short, by Spark's event logs. */
  private static long bytesSpilled(Path events) throws IOException {
    long bytes = 0;
    try (DirectoryStream<Path> logs = Files.newDirectoryStream(events)) {
      for (Path log : logs) {
        for (String line : Files.readAllLines(log)) {
          if (line.startsWith("{\"Event\":\"SparkListenerTaskEnd\"")) {
            bytes += JSON.readTree(line).at("/Task Metrics/Disk Bytes Spilled").asLong();
          }
        }
      }
    }
    return bytes;
  }

  /** What scripts/tenure starts is no spark-submit: it says itself what executors need. */
  @Test
  @Order(7)
  void the_launcher_runs_on_the_cluster(SparkSession spark)
      throws IOException, InterruptedException {
    Path out = folder.resolve("by-launcher");
    Process launched =
        new ProcessBuilder(
                Path.of("..").toRealPath().resolve("scripts/tenure").toString(),
                "--master",
                cluster.url(),
                "run",
                "-c",
                local.configFile().toString(),
                "--as-of",
                YESTERDAY,
                "--set",
                "output=" + out)
            .redirectErrorStream(true)
            .start();
    String said = new String(launched.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(launched.waitFor()).as(said).isZero();
    assertThat(tables(spark, Output.open(out.toString(), new Configuration())))
        .isEqualTo(EMBEDDED.get(YESTERDAY));
  }

  @Test
  @Order(8)
  void a_worker_killed_in_the_middle_of_a_run_costs_time_and_nothing_else(SparkSession spark)
      throws IOException, InterruptedException {
    try (JvmProcess submitted = run(List.of(), "--full", "--as-of", TODAY)) {
      String application = submitted.await("with app ID (\\S+)").group(1);
      // The shuffle that removes duplicates is done; what it left on the worker is lost with it.
      String job = "Got map stage job ";
      String executor =
          submitted.await("^as of ", job, job, "Starting task .*,executor (\\d+),").group(1);
      cluster.workerOf(application, executor).kill();
      assertThat(submitted.exitCode()).as("%s", submitted).isZero();
      assertThat(submitted.toString())
          .contains("Lost executor " + executor)
          .containsPattern("Starting task \\d+\\.([1-9]\\d* in stage|0 in stage \\d+\\.[1-9])");
    }
    assertPublished(spark, TODAY);
  }
}
