package io.tenure.jobs.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.UserError;
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
}
