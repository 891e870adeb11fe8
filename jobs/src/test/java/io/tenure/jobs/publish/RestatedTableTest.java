package io.tenure.jobs.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.config.Scope;
import io.tenure.common.table.Contract;
import io.tenure.common.table.Protection;
import io.tenure.jobs.metric.Metrics;
import io.tenure.jobs.metric.TestLog;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class RestatedTableTest {
  private static final LocalDate DAY = LocalDate.parse("2024-03-04");

  private static final List<Contract> TABLES =
      Metrics.tables(
          Metrics.of(
              new Scope(
                  TestLog.config(
                      "input: {path: in, user: user, time: time, amount: amount}\noutput: out"),
                  0,
                  10)));

  private static Contract table(String name) {
    return TABLES.stream().filter(table -> table.name().equals(name)).findFirst().orElseThrow();
  }

  /** Counts and money of a user are measures, but their rows would name who was erased. */
  @Test
  void what_names_users_is_never_repeated() {
    Contract users = table("at_risk_users");
    assertThat(users.measures())
        .containsExactly("similar_users", "similar_churned_users", "value_at_risk");
    assertThat(new RestatedTable(users, DAY, true).isComparable()).isFalse();
    Contract unnamed = users.hiding(Protection.of(Protection.Rule.INSIDE));
    assertThat(new RestatedTable(unnamed, DAY, true).isComparable()).isTrue();
  }

  @Test
  void rows_as_of_different_days_say_different_things() {
    Contract habits = table("usage_habit");
    assertThat(new RestatedTable(habits, DAY, true).isComparable()).isTrue();
    assertThat(new RestatedTable(habits, DAY, false).isComparable()).isFalse();
    assertThat(new RestatedTable(table("risk_backtest"), DAY, false).isComparable()).isTrue();
  }

  /** When the day on which a row matures begins, all that it counts is over. */
  @Test
  void a_row_is_final_when_knowledge_reaches_the_day_on_which_it_matures() {
    RestatedTable backtest = new RestatedTable(table("risk_backtest"), DAY, false);
    assertThat(backtest.differences(row(7, DAY), row(8, DAY)))
        .containsExactly(
            new RestatedTable.Difference(
                "{\"as_of\":\"2024-01-31\",\"segment\":\"(all)\",\"segment_value\":\"(all)\",\"threshold\":0.5}",
                "users",
                new BigDecimal("7.0000"),
                new BigDecimal("8.0000")));
    LocalDate next = DAY.plusDays(1);
    assertThat(backtest.differences(row(7, next), row(8, next))).isEmpty();
  }

  /** The grain of the backtest, its four measures, and when it matures. */
  private static Object[] row(long users, LocalDate maturesOn) {
    return new Object[] {
      LocalDate.parse("2024-01-31"), "(all)", "(all)", 0.5, users, null, null, null, maturesOn
    };
  }
}
