package io.tenure.jobs.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.common.UserError;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class LossTest {
  private static Loss of(long before, long now) {
    return new Loss("a", LocalDate.parse("2024-03-04"), before, now, List.of());
  }

  @Test
  void more_than_a_hundredth_is_a_warning() {
    assertThat(of(1_000, 990).warning()).isEmpty();
    assertThat(of(1_000, 989).warning())
        .contains(
            "11 of the 1,000 rows that run a knew up to 2024-03-04 are gone from the input (1.1 %):"
                + " the numbers are as if they had never been.");
  }

  @Test
  void days_that_are_gone_are_told_the_first_few_of_many() {
    List<String> days =
        List.of("2024-01-01/2024-01-01", "2024-01-03/2024-01-05", "3/3", "4/4", "5/5", "6/6");
    assertThat(new Loss("a", LocalDate.parse("2024-03-04"), 10, 11, days).warning())
        .hasValueSatisfying(
            text ->
                assertThat(text)
                    .contains(
                        ", with rows of 2024-01-01, 2024-01-03 to 2024-01-05, 3, 4, 5, …, and"));
    assertThat(new Loss("a", LocalDate.parse("2024-03-04"), 10, 11, days).ratio()).isZero();
  }

  @Test
  void the_limit_itself_may_go_and_of_fewer_than_a_thousand_rows_all() {
    assertThatCode(() -> of(1_000, 500).requireAtMost(0.5)).doesNotThrowAnyException();
    assertThatCode(() -> of(999, 0).requireAtMost(0.5)).doesNotThrowAnyException();
    assertThatCode(() -> of(1_000, 0).requireAtMost(1)).doesNotThrowAnyException();
    assertThatThrownBy(() -> of(1_000, 499).requireAtMost(0.5))
        .isInstanceOfSatisfying(
            UserError.class, error -> assertThat(error.kind()).isEqualTo(UserError.Kind.QUALITY))
        .hasMessageStartingWith(
            "501 of the 1,000 rows that run a knew up to 2024-03-04 are gone from the input (50.1 %);"
                + " quality.max-lost-ratio is 0.5.");
  }
}
