package io.tenure.jobs.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tenure.common.config.TenureConfig;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ViralityTest {
  private static final TenureConfig CONFIG =
      TestLog.config(
          """
          activities: {active: active, invite: invite, joined: joined}
          segments: [country]
          virality: {invitation: invite, joined: joined}
          """);

  private static final TestLog LOG =
      TestLog.of(
          """
          user | time             | is            | country
          ann  | 2024-01-05T10:00 | active        | RO
          ann  | 2024-01-05T10:01 | invite        | -
          ann  | 2024-01-05T10:01 | invite        | -    # two at one instant are two
          ann  | 2024-01-20       | active invite | DE   # of the month under the value at its end
          bob  | 2024-01-07       | active joined | RO
          bob  | 2024-02-07       | active joined | RO   # who has joined joins no more
          cid  | 2024-01-08       | invite        | RO   # invites without being active
          dan  | 2024-02-09       | active joined | RO   # invited in January
          """);

  private static List<String> lines(String asOf, String... columns) {
    return TextRows.where(LOG.table("virality", CONFIG, asOf), "grain", "month").stream()
        .map(row -> TextRows.line(row, List.of(columns)))
        .toList();
  }

  @Test
  void invitations_and_those_who_come_of_them() {
    assertThat(
            lines(
                "2024-02-29",
                "period_start",
                "segment_value",
                "active_users",
                "inviting_users",
                "invitations",
                "joined_users",
                "invitations_per_user",
                "conversion",
                "k_factor"))
        .containsExactly(
            "2024-01-01 | (all) | 2 | 2 | 4 | 1 | 2 | 0.25 | 0.5",
            "2024-01-01 | DE | 1 | 1 | 3 | 0 | 3 | 0 | 0",
            "2024-01-01 | RO | 1 | 1 | 1 | 1 | 1 | 1 | 1",
            "2024-02-01 | (all) | 2 | 0 | 0 | 1 | 0 | - | 0.5",
            "2024-02-01 | DE | 0 | 0 | 0 | 0 | - | - | -",
            "2024-02-01 | RO | 2 | 0 | 0 | 1 | 0 | - | 0.5");
  }

  @Test
  void of_an_open_month_there_are_counts_and_no_ratios() {
    assertThat(
            lines("2024-01-20", "segment_value", "invitations", "k_factor", "is_complete").get(0))
        .isEqualTo("(all) | 4 | - | false");
  }

  @Test
  void an_interval_is_that_of_a_count() {
    PoissonRate ten = PoissonRate.of(10, 100);
    assertThat(ten.rate()).isEqualTo(0.1);
    // (10 - l)^2 = z^2 l at both ends.
    for (double end : List.of(ten.low() * 100, ten.high() * 100)) {
      assertThat((10 - end) * (10 - end)).isCloseTo(3.841458820694124 * end, within(1e-9));
    }
    assertThat(ten.low()).isLessThan(0.1);
    assertThat(ten.high()).isGreaterThan(0.1);
    assertThat(PoissonRate.of(0, 10).low()).isZero();
    assertThat(PoissonRate.of(3, 0)).isEqualTo(PoissonRate.UNKNOWN);
  }

  @Test
  void a_log_without_them_has_only_active_users() {
    Map<String, Object> row =
        TestLog.of("user | time | is\nann | 2024-01-05 | active")
            .table("virality", CONFIG, "2024-01-31")
            .get(0);
    assertThat(row)
        .containsEntry("active_users", 1L)
        .containsEntry("invitations", 0L)
        .containsEntry("k_factor", 0.0)
        .containsEntry("conversion", null);
  }
}
