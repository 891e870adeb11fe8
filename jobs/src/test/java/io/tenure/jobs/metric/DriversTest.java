package io.tenure.jobs.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tenure.common.config.TenureConfig;
import io.tenure.jobs.check.DriversChecked;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DriversTest {
  private static final TenureConfig CONFIG =
      TestLog.config(
          """
          segments: [plan, country]
          churn: {inactive-days: 10}
          retention: [{grains: {week: 4, month: 2}}]
          """);

  /** Of the free users nobody stays in February, of the paying ones two of three. */
  private static final TestLog LOG =
      TestLog.of(
          """
          user | time       | plan | country
          ann  | 2024-01-28 | free | RO
          bob  | 2024-01-29 | free | RO
          cid  | 2024-01-30 | paid | RO
          cid  | 2024-02-05 | paid | RO
          dan  | 2024-01-25 | paid | RO
          dan  | 2024-02-01 | paid | RO
          dan  | 2024-02-10 | paid | RO
          dan  | 2024-02-19 | paid | RO
          dan  | 2024-02-25 | paid | RO
          eve  | 2024-01-30 | paid | RO
          eve  | 2024-02-09 | paid | RO
          eve  | 2024-02-18 | paid | RO
          eve  | 2024-02-27 | paid | RO
          """);

  private static List<Map<String, Object>> drivers(String asOf) {
    return LOG.table("drivers", CONFIG, asOf);
  }

  @Test
  void a_value_is_compared_with_all_others_of_its_dimension() {
    TextRows.assertRows(
        TextRows.where(drivers("2024-03-04"), "outcome", "churn"),
        """
        segment | segment_value | segment_basis | grain | period_start | users | outcome_users | rate   | rest_users | rest_outcome_users | rest_rate | difference | ratio | comparisons | retention | period
        country | RO            | as_of         | month | 2024-02-01   | 5     | 3             | 0.6    | 0          | 0                  | -         | -          | -     | 2           | -         | -
        plan    | free          | as_of         | month | 2024-02-01   | 2     | 2             | 1      | 3          | 1                  | 0.3333    | 0.6667     | 3     | 2           | -         | -
        plan    | paid          | as_of         | month | 2024-02-01   | 3     | 1             | 0.3333 | 2          | 2                  | 1         | -0.6667    | 0.3333 | 2          | -         | -
        """);
    TextRows.assertRows(
        TextRows.where(drivers("2024-03-04"), "outcome", "retention"),
        """
        segment | segment_value | segment_basis | retention | grain | period | users | outcome_users | rest_users | rest_outcome_users | period_start
        country | RO            | birth         | default   | month | 1      | 5     | 3             | 0          | 0                  | -
        plan    | free          | birth         | default   | month | 1      | 2     | 0             | 3          | 3                  | -
        plan    | paid          | birth         | default   | month | 1      | 3     | 3             | 2          | 0                  | -
        """);
  }

  /** A recurring question has a user in a cohort of every month with a start: in several. */
  @Test
  void a_recurring_question_is_passed_over_for_the_next_one() {
    TenureConfig config =
        TestLog.config(
            """
            segments: [plan]
            retention:
              - {name: again, cohort: recurring, grains: {month: 2}}
              - {name: once, grains: {month: 2}}
            """);
    TextRows.assertRows(
        TextRows.where(LOG.table("drivers", config, "2024-03-04"), "outcome", "retention"),
        """
        segment_value | retention | users | outcome_users
        free          | once      | 2     | 0
        paid          | once      | 3     | 3
        """);
  }

  @Test
  void who_comes_back_on_the_day_after_period_1_has_not_come_back_in_it() {
    TestLog log =
        TestLog.of(
            """
            user | time       | plan | country
            ann  | 2024-01-30 | free | RO
            ann  | 2024-02-29 | free | RO
            bob  | 2024-01-30 | paid | RO
            bob  | 2024-03-01 | paid | RO
            """);
    TextRows.assertRows(
        TextRows.where(
            TextRows.where(log.table("drivers", CONFIG, "2024-03-04"), "outcome", "retention"),
            "segment",
            "plan"),
        """
        segment_value | users | outcome_users
        free          | 1     | 1
        paid          | 1     | 0
        """);
  }

  @Test
  void p_values_are_adjusted_for_their_number() {
    List<Map<String, Object>> rows = TextRows.where(drivers("2024-03-04"), "outcome", "churn");
    // Of the 10 ways in which 3 of 5 churn, 3 have both free users among them.
    assertThat((Double) rows.get(1).get("p_value")).isCloseTo(0.4, within(1e-12));
    assertThat(rows.get(0).get("p_value")).isNull();
    assertThat(rows.get(0).get("p_adjusted")).isNull();
    assertThat((Double) rows.get(1).get("p_adjusted")).isCloseTo(0.4, within(1e-12));
  }

  @Test
  void adjusted_p_values_are_those_of_benjamini_and_hochberg() {
    // The 15 p-values of their paper (1995, section 3.1): four are significant at 0.05.
    double[] paper = {
      0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262,
      0.5719, 0.6528, 0.7590, 1.0
    };
    double[] adjusted = Drivers.adjusted(paper);
    for (int at = 0; at < paper.length; at++) {
      assertThat(adjusted[at] <= 0.05).as("p-value %d", at).isEqualTo(at < 4);
    }
    assertThat(adjusted[3]).isCloseTo(0.0095 * 15 / 4, within(1e-15));
    // What is larger for its rank takes the value of the next: 0.0278 * 15 / 6 > 0.0344 * 15 / 8.
    assertThat(adjusted[5]).isEqualTo(adjusted[6]).isCloseTo(0.0298 * 15 / 7, within(1e-15));
    double[] turned = {0.04, 0.01, 0.03};
    assertThat(Drivers.adjusted(turned))
        .containsExactly(new double[] {0.04, 0.03, 0.04}, within(1e-15));
    assertThat(Drivers.adjusted(new double[0])).isEmpty();
  }

  @Test
  void a_log_without_a_complete_month_has_no_churn_to_compare() {
    assertThat(TextRows.where(drivers("2024-02-20"), "outcome", "churn")).isEmpty();
    assertThat(TextRows.where(drivers("2024-02-20"), "outcome", "retention")).isEmpty();
  }

  @Test
  void a_month_begins_after_the_log_and_ends_before_the_open_one() {
    TextRows.assertRows(
        TextRows.where(drivers("2024-02-29"), "outcome", "churn").subList(1, 3),
        """
        segment_value | period_start | users | outcome_users
        free          | 2024-02-01   | 2     | 2
        paid          | 2024-02-01   | 3     | 1
        """);
  }

  @Test
  void random_logs_agree_with_churn_and_the_curve() {
    for (long seed = 0; seed < 20; seed++) {
      LocalDate from = LocalDate.parse("2024-01-02");
      RandomLog random = new RandomLog(seed, ZoneId.of("Africa/Cairo"));
      for (int user = 0; user < 40; user++) {
        random.user("user" + user, from, from.plusDays(120), 1 + user % 30);
      }
      TenureConfig config =
          TestLog.config(
              """
              timezone: Africa/Cairo
              segments: [country, plan]
              churn: {inactive-days: 9}
              retention: [{grains: {day: 3, week: 4, month: 2}}]
              """);
      String asOf = from.plusDays(75 + seed * 2).toString();
      DriversChecked.assertHold(TestLog.of(random.events()), config, asOf, "seed " + seed);
    }
  }
}
