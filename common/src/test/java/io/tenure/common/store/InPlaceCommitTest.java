package io.tenure.common.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.common.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.hadoop.mapreduce.JobContext;
import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.hadoop.mapreduce.TaskAttemptID;
import org.apache.hadoop.mapreduce.TaskType;
import org.apache.hadoop.mapreduce.task.TaskAttemptContextImpl;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.internal.io.FileNameSpec;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.Option;
import scala.collection.immutable.Seq;

/** Real Spark tasks, which may be tried three times, write to a disk where nothing is renamed. */
class InPlaceCommitTest {
  private static SparkSession spark;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    spark =
        SparkSession.builder()
            .master("local[2,3]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .config("spark.driver.host", "127.0.0.1")
            .getOrCreate();
    spark.sparkContext().setLogLevel("OFF"); // what fails here is meant to
    FarDisk.hadoop()
        .forEach(
            known ->
                spark.sparkContext().hadoopConfiguration().set(known.getKey(), known.getValue()));
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @BeforeEach
  void forget() {
    FarDisk.RENAMED.clear();
  }

  /** As a process that dies: it leaves what it wrote. */
  public static class Killed extends InPlaceCommit {
    private static final long serialVersionUID = 1L;

    public Killed(String job, String folder) {
      super(job, folder);
    }

    @Override
    public void abortTask(TaskAttemptContext context) {
      // Dead.
    }
  }

  /** After the write, a copy of a file appears: that of an attempt which nobody waits for. */
  public static class Haunted extends InPlaceCommit {
    private static final long serialVersionUID = 1L;

    private final String folder;

    public Haunted(String job, String folder) {
      super(job, folder);
      this.folder = folder;
    }

    @Override
    public void commitJob(JobContext context, Seq<TaskCommitMessage> tasks) {
      super.commitJob(context, tasks);
      try {
        Path file = parts(Path.of(URI.create(folder).getPath())).get(0);
        Files.copy(file, file.resolveSibling("part-00000-late-99-c000.snappy.parquet"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** The first attempts at each split give all its rows, then fail. */
  private static Iterator<Long> failing(Iterator<Long> rows, int attempts) {
    List<Long> all = new ArrayList<>();
    rows.forEachRemaining(all::add);
    Iterator<Long> each = all.iterator();
    boolean fails = TaskContext.get().attemptNumber() < attempts;
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        if (fails && !each.hasNext()) {
          throw new IllegalStateException("after all rows");
        }
        return each.hasNext();
      }

      @Override
      public Long next() {
        return each.next();
      }
    };
  }

  private static Dataset<Long> rows() {
    return spark.range(0, 1000, 1, 4).as(Encoders.LONG());
  }

  private static Dataset<Long> failingRows(int attempts) {
    MapPartitionsFunction<Long, Long> failing = rows -> failing(rows, attempts);
    return rows().mapPartitions(failing, Encoders.LONG());
  }

  private static void write(Dataset<Long> rows, Class<?> protocol, String target) {
    spark.conf().set("spark.sql.sources.commitProtocolClass", protocol.getName());
    rows.toDF("id").write().parquet(target);
  }

  private static List<Path> parts(Path table) throws IOException {
    try (Stream<Path> files = Files.list(table)) {
      return files.filter(file -> file.toString().endsWith(".parquet")).sorted().toList();
    }
  }

  private static void assertHoldsTheRows(Path table) {
    assertThat(spark.read().parquet(table.toString()).as(Encoders.LONG()).collectAsList())
        .containsExactlyInAnyOrderElementsOf(LongStream.range(0, 1000).boxed().toList());
  }

  @Test
  void each_split_is_a_file_that_was_written_where_it_is() throws IOException {
    Path table = folder.resolve("t");
    write(rows(), InPlaceCommit.class, FarDisk.at(table).toString());
    assertThat(parts(table)).hasSize(4);
    assertThat(parts(table).get(3).getFileName().toString())
        .matches("part-00003-[-0-9a-f]{36}-\\d+-c000\\.snappy\\.parquet");
    assertThat(table)
        .isDirectoryNotContaining(file -> !file.toString().matches(".*(parquet|/_committed.json)"));
    assertHoldsTheRows(table);
    assertThat(FarDisk.RENAMED).isEmpty();
  }

  @Test
  void attempts_that_fail_remove_what_they_wrote() throws IOException {
    Path table = folder.resolve("t");
    write(failingRows(1), InPlaceCommit.class, FarDisk.at(table).toString());
    assertThat(parts(table)).hasSize(4);
    assertHoldsTheRows(table);
    assertThat(FarDisk.RENAMED).isEmpty();
  }

  /** An attempt at the split of a task, from its beginning to its end; how it ended. */
  private static String attempt(int number, String target) {
    InPlaceCommit attempt = new InPlaceCommit("job", target);
    TaskAttemptContext context =
        new TaskAttemptContextImpl(
            FarDisk.hadoop(), new TaskAttemptID("job", 0, TaskType.MAP, 0, number));
    attempt.setupTask(context);
    String file =
        attempt.newTaskTempFile(context, Option.empty(), new FileNameSpec("", "-c000.parquet"));
    try {
      Files.createDirectories(Path.of(URI.create(target).getPath()));
      Files.createFile(Path.of(URI.create(file).getPath()));
      return Arrays.toString((String[]) attempt.commitTask(context).obj());
    } catch (Exception e) {
      return e.getClass().getSimpleName();
    }
  }

  @Test
  void of_two_attempts_at_a_split_the_second_is_refused_and_removes_what_it_wrote()
      throws IOException {
    Path table = folder.resolve("t");
    String target = FarDisk.at(table).toString();
    MapPartitionsFunction<Long, String> twoAttempts =
        rows -> List.of(attempt(1, target), attempt(2, target)).iterator();
    assertThat(
            spark.range(0, 1, 1, 1).mapPartitions(twoAttempts, Encoders.STRING()).collectAsList())
        .containsExactly("[part-00000-job-1-c000.parquet]", "CommitDeniedException");
    assertThat(parts(table)).containsExactly(table.resolve("part-00000-job-1-c000.parquet"));
  }

  @Test
  void what_attempts_left_that_were_killed_is_removed_when_the_write_ends() throws IOException {
    Path dead = folder.resolve("dead");
    assertThatThrownBy(() -> write(failingRows(3), Killed.class, FarDisk.at(dead).toString()))
        .hasStackTraceContaining("after all rows");
    // So that such files are left is shown, and that they are not left below is worth something.
    assertThat(parts(dead)).hasSizeGreaterThanOrEqualTo(3);

    Path table = folder.resolve("t");
    write(failingRows(1), Killed.class, FarDisk.at(table).toString());
    assertThat(parts(table)).hasSize(4);
    assertHoldsTheRows(table);
  }

  @Test
  void what_an_attempt_leaves_after_the_write_is_removed_before_readers_see_the_run()
      throws IOException {
    Output output = Output.open(FarDisk.at(folder).toString(), FarDisk.hadoop());
    Path histories = folder.resolve("runs/r1/_state/histories");
    try (HeldOutput held = output.lock("test", InstantSource.system())) {
      held.requireHeld();
      write(rows(), Haunted.class, output.state("r1"));
      assertThat(parts(histories)).hasSize(5);
      OutputTest.publish(held, OutputTest.record("r1"), 2);
    }
    assertThat(parts(histories)).hasSize(4);
    assertHoldsTheRows(histories);
  }

  @Test
  void what_an_attempt_leaves_after_that_is_removed_before_the_next_run_reads_it()
      throws IOException {
    Output output = Output.open(FarDisk.at(folder).toString(), FarDisk.hadoop());
    Path histories = folder.resolve("runs/r1/_state/histories");
    try (HeldOutput held = output.lock("test", InstantSource.system())) {
      held.requireHeld();
      write(rows(), InPlaceCommit.class, output.state("r1"));
      OutputTest.publish(held, OutputTest.record("r1"), 2);
    }
    Path late = histories.resolve("part-00000-late-99-c000.snappy.parquet");
    Files.copy(parts(histories).get(0), late);
    output.lock("the next run", InstantSource.system()).close();
    assertThat(late).doesNotExist();
    assertHoldsTheRows(histories);
  }

  @Test
  void a_file_that_vanished_before_the_write_ended_is_missed() throws IOException {
    Path table = folder.resolve("t");
    Storage storage = Storage.of(FarDisk.at(table), FarDisk.hadoop());
    assertThatThrownBy(
            () -> CommittedFiles.commit(storage, FarDisk.at(table), List.of("part-0.parquet")))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "Cannot write far:%s: part-0.parquet was there and is gone. It is safe to run again."
                .formatted(table));
  }
}
