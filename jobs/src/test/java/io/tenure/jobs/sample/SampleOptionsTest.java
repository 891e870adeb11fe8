package io.tenure.jobs.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.common.UserError;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;

class SampleOptionsTest {
  private static final LocalDate START = LocalDate.of(2025, 1, 1);

  @Test
  void the_defaults_are_two_thousand_users_over_a_year_of_2025() {
    assertThat(SampleOptions.DEFAULTS).isEqualTo(new SampleOptions(2_000, 365, 1, START));
    assertThat(SampleOptions.DEFAULTS.end()).isEqualTo("2026-01-01");
  }

  @Test
  void a_value_out_of_range_is_an_error_with_the_value_and_the_remedy() {
    assertThatThrownBy(() -> new SampleOptions(0, 180, 1, START))
        .isInstanceOf(UserError.class)
        .hasMessage("Invalid sample users: 0; give --users a number from 1 to 100,000,000");
    assertThatThrownBy(() -> new SampleOptions(1, 3_661, 1, START))
        .isInstanceOf(UserError.class)
        .hasMessage("Invalid sample days: 3661; give --days a number from 1 to 3,660");
    assertThatThrownBy(() -> new SampleOptions(1, 1, 1, LocalDate.EPOCH))
        .isInstanceOf(UserError.class)
        .hasMessage(
            "Invalid sample start: 1970-01-01; give --start a day from 1971-01-01 to 2100-12-31");
  }
}
