package io.tenure.jobs.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.UserError;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.NotSerializableException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.file.AccessDeniedException;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkException;
import org.apache.spark.SparkIllegalArgumentException;
import org.junit.jupiter.api.Test;

class FailuresTest {
  @Test
  void amounts_beyond_what_can_be_added_up_are_the_users_also_if_a_task_tells() {
    Exception overflow = new ArithmeticException("long overflow");
    for (Throwable thrown :
        new Throwable[] {
          overflow,
          new IllegalStateException(overflow),
          new IllegalStateException("Lost task 0.0: java.lang.ArithmeticException: long overflow")
        }) {
      assertThat(Failures.userError(thrown))
          .hasValueSatisfying(
              error -> {
                assertThat(error.kind()).isEqualTo(UserError.Kind.INPUT);
                assertThat(error)
                    .hasMessageContaining("922,337,203,685,477.5807")
                    .hasMessageContaining("input.amount");
              });
    }
    assertThat(Failures.userError(new ArithmeticException("/ by zero"))).isEmpty();
  }

  @Test
  void an_application_that_the_cluster_did_not_start_may_start_next_time() {
    for (String text :
        List.of(
            "The YARN application has already ended! It might have been killed",
            "Application a_1 failed 2 times due to AM Container for a_1 exited with exitCode: -104",
            "External scheduler cannot be instantiated")) {
      assertThat(Failures.userError(new SparkException(text)).orElseThrow().kind())
          .as(text)
          .isEqualTo(UserError.Kind.STORAGE);
    }
  }

  @Test
  void a_library_that_cannot_be_unpacked_is_a_matter_of_the_temporary_folder() {
    for (Throwable thrown :
        List.of(
            new UnsatisfiedLinkError("no snappyjava in java.library.path"),
            new NoClassDefFoundError("Could not initialize class org.xerial.snappy.Snappy"),
            new ExceptionInInitializerError(
                "Cannot unpack libzstd-jni-1.5.7-6: No space left on device"),
            new NoClassDefFoundError(
                "Could not initialize class com.github.luben.zstd.RecyclingBufferPool"),
            new IllegalStateException(
                "java.lang.UnsatisfiedLinkError: no snappyjava in java.library.path (of class x)"))) {
      UserError error = Failures.userError(new SparkException("Job aborted", thrown)).orElseThrow();
      assertThat(error.kind()).isEqualTo(UserError.Kind.STORAGE);
      assertThat(error)
          .hasMessageContaining(System.getProperty("java.io.tmpdir") + ": ")
          .hasMessageContaining("-Djava.io.tmpdir");
    }
  }

  @Test
  void a_file_that_was_replaced_is_read_by_another_run_and_a_broken_one_is_not() {
    for (Throwable cause :
        List.of(
            new FileNotFoundException("File file:/in/1.parquet does not exist"),
            new RuntimeException(new ConnectException("Connection refused")),
            new SocketTimeoutException("Read timed out"))) {
      assertThat(Failures.userError(unread(cause)).orElseThrow().kind())
          .as("%s", cause)
          .isEqualTo(UserError.Kind.STORAGE);
    }
    for (Throwable cause :
        List.of(
            new FileNotFoundException("/in/1.parquet (Permission denied)"),
            new AccessDeniedException("s3a://b/1.parquet"),
            new EOFException("Reached the end of stream"),
            new IllegalStateException("can not read class"))) {
      assertThat(Failures.userError(unread(cause)).orElseThrow().kind())
          .as("%s", cause)
          .isEqualTo(UserError.Kind.INPUT);
    }
  }

  private static Throwable unread(Throwable cause) {
    return new SparkException(
        "FAILED_READ_FILE.NO_HINT",
        new scala.collection.immutable.Map.Map1<>("path", "file:/in/1.parquet"),
        cause);
  }

  @Test
  void a_file_whose_compression_nobody_knows_is_not_damaged() {
    IOException codec =
        new IOException("Class org.apache.hadoop.io.compress.BrotliCodec was not found");
    assertThat(Failures.userError(unread(codec)).orElseThrow())
        .hasMessageEndingWith(
            "(%s). Write the file with zstd or snappy, or put a library for its compression on the class path."
                .formatted(codec.getMessage()));
    assertThat(Failures.userError(unread(new IOException("bad page"))).orElseThrow())
        .hasMessageEndingWith("(bad page). Repair or remove the file.");
  }

  @Test
  void what_cannot_be_sent_is_a_bug() {
    assertThat(
            Failures.userError(
                new SparkException("Task not serializable", new NotSerializableException("x"))))
        .isEmpty();
  }

  @Test
  void too_little_memory_is_no_bug_and_is_not_mended_by_a_retry() {
    for (Throwable thrown :
        List.of(
            new IllegalStateException(new OutOfMemoryError("Java heap space")),
            new SparkException(
                "Job aborted due to stage failure: java.lang.OutOfMemoryError: Java heap space"),
            new SparkIllegalArgumentException(
                "INVALID_DRIVER_MEMORY",
                Map.of("systemMemory", "1", "minSystemMemory", "2", "config", "spark.x")))) {
      UserError error = Failures.userError(thrown).orElseThrow();
      assertThat(error.kind()).isEqualTo(UserError.Kind.USAGE);
      assertThat(error.getMessage())
          .startsWith("Too little memory: ")
          .contains("TENURE_JAVA_OPTS=-Xmx")
          .hasLineCount(1);
    }
  }

  @Test
  void machines_that_go_away_are_no_bug_and_another_run_may_do() {
    for (String said :
        List.of(
            "Job aborted due to stage failure: Task 3 in stage 2.0 failed 4 times, most recent"
                + " failure: Lost task 3.3 in stage 2.0 (TID 9) (host executor 1):"
                + " ExecutorLostFailure (executor 1 exited caused by one of the running tasks)",
            "Job 4 cancelled because SparkContext was shut down",
            "Job aborted due to stage failure: ShuffleMapStage 7 has failed the maximum allowable"
                + " number of times: 4.",
            "Cannot call methods on a stopped SparkContext.")) {
      UserError error =
          Failures.userError(new IllegalStateException(new SparkException(said))).orElseThrow();
      assertThat(error.kind()).isEqualTo(UserError.Kind.STORAGE);
      assertThat(error)
          .hasMessageStartingWith("The cluster failed: ")
          .hasMessageContaining("again");
    }
    assertThat(
            Failures.userError(
                    new SparkException(
                        "ExecutorLostFailure: Container killed by YARN for exceeding physical memory"
                            + " limits."))
                .orElseThrow()
                .kind())
        .isEqualTo(UserError.Kind.USAGE);
    assertThat(Failures.userError(new SparkException("Job aborted due to stage failure")))
        .isEmpty();
  }
}
