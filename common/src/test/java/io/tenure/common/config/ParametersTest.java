package io.tenure.common.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ParametersTest {
  private static Map<String, String> of(String yaml) {
    return Parameters.of(
        ConfigLoader.load(
            "input: {path: in, user: u, time: t}\noutput: out\n" + yaml, "test.yaml", List.of()));
  }

  @Test
  void defaults_in_words() {
    assertThat(of(""))
        .containsEntry("timezone", "UTC")
        .containsEntry("week-start", "monday")
        .containsEntry("active", "any event")
        .containsEntry("segments", "none in this config")
        .containsEntry("active-users.windows", "1, 7, 28")
        .containsEntry("churn", "on the day after 28 full days without activity")
        .containsEntry("churn.stages", "early [0,3), mid [3,12), late from 12")
        .containsEntry("churn.bands", "healthy below 5 %, watch from there to 10 %, alert above")
        .containsEntry(
            "retention",
            "default (cohort first, start active: any event, return active: any event,"
                + " day 0 to 30, week 0 to 26, month 0 to 24)")
        .containsEntry("quality.max-rejected-ratio", "1 %");
  }

  @Test
  void a_subscription_log_is_left_by_cancelling() {
    assertThat(
            of(
                """
                timezone: Asia/Kathmandu
                week-start: sunday
                activities: {active: "kind = 'visit'"}
                segments: [country, plan]
                churn:
                  mode: cancellation
                  events: {start: "kind = 'subscribed'", cancel: "kind = 'left'"}
                  bands: {watch: 0.025, alert: 0.2}
                """))
        .containsEntry("timezone", "Asia/Kathmandu")
        .containsEntry("week-start", "sunday")
        .containsEntry("active", "kind = 'visit'")
        .containsEntry("segments", "country, plan")
        .containsEntry("churn", "on the day of the event cancel (kind = 'left')")
        .containsEntry("churn.contract", "monthly 1, annual 12")
        .containsEntry("churn.bands", "healthy below 2.5 %, watch from there to 20 %, alert above");
  }

  @Test
  void funnels_in_words() {
    assertThat(of("")).containsEntry("funnels", "");
    assertThat(
            of(
                """
                activities: {buy: "kind = 'buy'"}
                funnels:
                  - {name: buying, steps: [active, buy], window: 24 hours}
                  - {name: again, steps: [buy, buy], entry: any, window: 90 minutes}
                """))
        .containsEntry(
            "funnels",
            "buying (active > buy, within 1 day of the first entry);"
                + " again (buy > buy, within 90 minutes of any entry)");
  }
}
