package io.tenure.jobs.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.common.UserError;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TargetsTest {
  private final List<String> done = new ArrayList<>();
  private final List<String> told = new ArrayList<>();

  private Runnable works(String name) {
    return () -> done.add(name);
  }

  private static Runnable fails(RuntimeException failure) {
    return () -> {
      throw failure;
    };
  }

  @Test
  void a_target_that_fails_keeps_the_run_from_no_other() {
    UserError first = UserError.storage("no answer", null);
    UserError second = UserError.storage("no room", null);
    assertThatThrownBy(
            () ->
                Targets.each(
                    List.of(works("a"), fails(first), works("b"), fails(second)), told::add))
        .isSameAs(first);
    assertThat(done).containsExactly("a", "b");
    assertThat(told).containsExactly("no room");
  }

  @Test
  void a_bug_is_thrown_and_what_else_failed_is_told() {
    NullPointerException bug = new NullPointerException("bug");
    UserError error = UserError.storage("no answer", null);
    assertThatThrownBy(() -> Targets.each(List.of(fails(error), fails(bug), works("a")), told::add))
        .isSameAs(bug);
    assertThat(done).containsExactly("a");
    assertThat(told).containsExactly("no answer");
  }

  @Test
  void nothing_is_told_where_nothing_fails() {
    Targets.each(List.of(works("a"), works("b")), told::add);
    assertThat(done).containsExactly("a", "b");
    assertThat(told).isEmpty();
  }
}
