package io.tenure.jobs.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.common.UserError;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LogTotalsTest {
  @Test
  void a_share_at_the_limit_is_tolerated_and_a_row_more_is_not() {
    for (int percent = 1; percent < 100; percent++) {
      double limit = Double.parseDouble("0.%02d".formatted(percent));
      LogTotals at = new LogTotals(100, Map.of("missing_user", (long) percent));
      LogTotals above = new LogTotals(100, Map.of("missing_user", percent + 1L));
      assertThatCode(() -> at.requireAtMost(limit, "table"))
          .as("" + percent)
          .doesNotThrowAnyException();
      assertThatThrownBy(() -> above.requireAtMost(limit, "the table"))
          .as("" + percent)
          .isInstanceOfSatisfying(
              UserError.class, error -> assertThat(error.kind().exitCode()).isEqualTo(4))
          .hasMessageStartingWith(
              "Rejected %d of 100 rows (%d.00 %%): missing_user %d; quality.max-rejected-ratio is %s."
                  .formatted(percent + 1, percent + 1, percent + 1, limit))
          .hasMessageContaining("Nothing was published. The rows are in the table until");
    }
  }
}
