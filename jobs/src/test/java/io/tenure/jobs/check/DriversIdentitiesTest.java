package io.tenure.jobs.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.config.Scope;
import io.tenure.common.config.TenureConfig;
import io.tenure.jobs.metric.TestLog;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class DriversIdentitiesTest {
  private static final TenureConfig CONFIG =
      TestLog.config(
          """
          segments: [plan]
          churn: {inactive-days: 10}
          retention: [{grains: {month: 2}}]
          """);

  private static final String AS_OF = "2024-03-04";

  private static final TestLog LOG =
      TestLog.of(
          """
          user | time       | plan
          ann  | 2024-01-28 | free
          bob  | 2024-01-29 | free
          cid  | 2024-01-30 | paid
          cid  | 2024-02-05 | paid
          dan  | 2024-01-31 | paid
          dan  | 2024-02-10 | paid
          dan  | 2024-02-20 | paid
          dan  | 2024-02-28 | paid
          """);

  private static final List<WrongNumber> FAULTS =
      List.of(
          new WrongNumber(
              "drivers_are_churn_of_the_month",
              "drivers",
              "outcome = churn AND segment_value = free",
              "outcome_users",
              1L,
              "plan, free, 2024-02-01, outcome_users: expected 2, found 1"),
          new WrongNumber(
              "drivers_are_pooled_retention",
              "drivers",
              "outcome = retention AND segment_value = paid",
              "users",
              3L,
              "default, month, plan, paid, 1, users: expected 2, found 3"),
          new WrongNumber(
              "drivers_compare_all_values",
              "drivers",
              "outcome = churn AND segment_value = paid",
              "rest_users",
              1L,
              "churn, plan, users: expected 4, found 3"));

  @Test
  void each_notices_a_wrong_number_and_tells_table_key_and_both() {
    Scope scope =
        new Scope(
            CONFIG,
            (int) LocalDate.parse("2024-01-28").toEpochDay(),
            (int) LocalDate.parse(AS_OF).toEpochDay());
    List<Identity> identities = DriversIdentities.of(CONFIG);
    assertThat(identities).hasSize(3);
    WrongNumber.assertNoticed(identities, WrongNumber.tables(LOG, scope, AS_OF), FAULTS);
  }

  @Test
  void without_dimensions_there_is_nothing_to_compare() {
    assertThat(DriversIdentities.of(TestLog.config(""))).isEmpty();
  }
}
