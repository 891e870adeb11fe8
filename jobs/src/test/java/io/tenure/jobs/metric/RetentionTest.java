package io.tenure.jobs.metric;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RetentionTest {
  @Test
  void an_open_period_is_null_and_a_closed_one_without_anybody_is_zero() {
    // Two users born on the 1st; one comes back on the 2nd. As of the 3rd, period 3 is open.
    List<Map<String, Object>> rows =
        TestLog.of(
                """
                user | time
                ann  | 2024-03-01
                ann  | 2024-03-02
                bob  | 2024-03-01
                """)
            .table("retention", TestLog.config("retention: [{grains: {day: 3}}]"), "2024-03-03");
    assertThat(TestLog.column(rows, "retained_users", row -> true))
        .containsExactly(2L, 1L, 0L, null);
    assertThat(TestLog.column(rows, "retention_rate", row -> true))
        .containsExactly(1.0, 0.5, 0.0, null);
    assertThat(TestLog.column(rows, "retained_or_later_users", row -> true))
        .containsExactly(2L, 1L, 0L, null);
    assertThat(TestLog.column(rows, "matures_on", row -> true))
        .containsExactly(
            LocalDate.parse("2024-03-02"),
            LocalDate.parse("2024-03-03"),
            LocalDate.parse("2024-03-04"),
            LocalDate.parse("2024-03-05"));
  }
}
