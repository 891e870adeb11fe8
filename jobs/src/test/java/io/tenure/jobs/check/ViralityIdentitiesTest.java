package io.tenure.jobs.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.config.Scope;
import io.tenure.common.config.TenureConfig;
import io.tenure.jobs.metric.TestLog;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class ViralityIdentitiesTest {
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
          user | time       | is            | country
          ann  | 2024-01-05 | active invite | RO
          bob  | 2024-01-06 | active joined | DE
          cid  | 2024-01-09 | invite        | DE
          """);

  @Test
  void each_notices_a_wrong_number() {
    Scope scope =
        new Scope(
            CONFIG,
            (int) LocalDate.parse("2024-01-05").toEpochDay(),
            (int) LocalDate.parse("2024-02-29").toEpochDay());
    List<Identity> identities =
        WrongNumber.andSegmentSums(ViralityIdentities.of(CONFIG), scope, "virality");
    assertThat(identities).hasSize(3);
    String january = "grain = month AND period_start = 2024-01-01";
    WrongNumber.assertNoticed(
        identities,
        WrongNumber.tables(LOG, scope, "2024-02-29"),
        List.of(
            new WrongNumber(
                "virality_is_of_active_users",
                "virality",
                january + " AND segment = (all)",
                "active_users",
                3L,
                "month, 2024-01-01, (all), (all): expected 2, found 3"),
            new WrongNumber(
                "inviting_users_have_invitations",
                "virality",
                january + " AND segment_value = RO",
                "invitations",
                0L,
                "month, 2024-01-01, country, RO: expected at least 1, found 0"),
            new WrongNumber(
                "virality_segments_sum_to_the_whole",
                "virality",
                january + " AND segment_value = DE",
                "joined_users",
                2L,
                "month, 2024-01-01, country, joined_users: expected 1, found 2")));
  }

  @Test
  void without_invitations_there_are_none() {
    assertThat(ViralityIdentities.of(TestLog.config("week-start: monday"))).isEmpty();
  }
}
