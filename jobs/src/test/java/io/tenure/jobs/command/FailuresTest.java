package io.tenure.jobs.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.UserError;
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
}
