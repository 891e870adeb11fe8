package io.tenure.jobs.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.UserError;
import io.tenure.common.config.Scope;
import io.tenure.common.config.TenureConfig;
import io.tenure.jobs.metric.TestLog;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Every identity of revenue holds of a log, and notices a number that is wrong. */
class RevenueIdentitiesTest {
  private static final TenureConfig CONFIG =
      TestLog.config(
          """
          input: {path: in, user: user, time: time, amount: amount}
          output: out
          segments: [plan]
          retention: [{grains: {week: 4, month: 6}}]
          """);

  private static final String AS_OF = "2024-05-09";

  private static final TestLog LOG =
      TestLog.of(
          """
          user | time       | amount | plan
          ann  | 2024-01-05 | 10     | free
          ann  | 2024-02-05 | 30     | free
          ann  | 2024-03-20 | 20     | paid
          ann  | 2024-05-01 | 1      | -
          bob  | 2024-01-06 | 5      | -
          bob  | 2024-03-08 | 7      | -
          bob  | 2024-04-08 | 7      | -
          cid  | 2024-02-09 | 4      | free
          cid  | 2024-03-09 | -9     | free
          dan  | 2024-04-09 | 3      | free
          """);

  /**
   * @param row the row that is changed: values of these columns
   * @param value what stands there: money, or a count
   */
  private record Fault(
      String identity, String table, Map<String, String> row, String column, Object value) {}

  private static Map<String, String> month(String start, String value) {
    return Map.of("period_start", start, "segment_value", value);
  }

  private static Map<String, String> cohort(String grain, String start, String period) {
    return Map.of(
        "grain", grain, "cohort_start", start, "period", period, "segment_value", "(all)");
  }

  private static final List<Fault> FAULTS =
      List.of(
          fault("revenue_movements_add_up", month("2024-02-01", "(all)"), "churned", "6"),
          fault("revenue_movements_add_up", month("2024-03-01", "(all)"), "net_refunds", "8.9999"),
          fault("revenue_users_add_up", month("2024-03-01", "(all)"), "kept_users", 2L),
          fault("revenue_users_add_up", month("2024-03-01", "(all)"), "won_users", 3L),
          fault("revenue_opening_is_closing", month("2024-03-01", "paid"), "net_moved", "29"),
          fault("revenue_opening_is_closing", month("2024-03-01", "(all)"), "net_moved", "1"),
          fault(
              "gross_is_at_most_opening_and_net",
              month("2024-03-01", "(all)"),
              "contraction",
              "40"),
          fault(
              "revenue_retention_segments_sum_to_the_whole",
              month("2024-03-01", "paid"),
              "revenue",
              "21"),
          new Fault(
              "revenue_cohorts_segments_sum_to_the_whole",
              "revenue_cohorts",
              cohort("month", "2024-01-01", "0"),
              "paying_users",
              1L),
          new Fault(
              "cumulative_revenue_adds_up",
              "revenue_cohorts",
              cohort("month", "2024-01-01", "1"),
              "cumulative_revenue",
              new BigDecimal("44.0000")),
          new Fault(
              "cumulative_revenue_adds_up",
              "revenue_cohorts",
              cohort("week", "2024-01-01", "0"),
              "paying_users",
              3L),
          new Fault(
              "cohorts_bring_all_revenue",
              "revenue_cohorts",
              cohort("month", "2024-02-01", "1"),
              "revenue",
              new BigDecimal("-8.0000")));

  private static Fault fault(
      String identity, Map<String, String> row, String column, Object value) {
    return new Fault(
        identity,
        "revenue_retention",
        row,
        column,
        value instanceof String money ? new BigDecimal(money).setScale(4) : value);
  }

  private final Scope scope =
      new Scope(
          CONFIG,
          (int) LocalDate.parse("2024-01-05").toEpochDay(),
          (int) LocalDate.parse(AS_OF).toEpochDay());

  private final List<Identity> identities = RevenueIdentities.of(scope);

  @Test
  void they_hold_of_a_log() {
    List<Judgement.Outcome> outcomes =
        Judgement.of(identities, WrongNumber.tables(LOG, scope, AS_OF));
    assertThat(outcomes).hasSameSizeAs(identities).allMatch(Judgement.Outcome::holds);
  }

  @Test
  void each_of_them_notices_a_wrong_number_and_tells_table_key_and_both() {
    Map<String, List<TableLine>> right = WrongNumber.tables(LOG, scope, AS_OF);
    TreeSet<String> noticed = new TreeSet<>();
    for (Fault fault : FAULTS) {
      Map<String, List<TableLine>> wrong = new LinkedHashMap<>(right);
      wrong.put(fault.table(), corrupted(right.get(fault.table()), fault));
      Judgement.Outcome outcome =
          Judgement.of(identities, wrong).stream()
              .filter(its -> its.identity().name().equals(fault.identity()))
              .findFirst()
              .orElseThrow();
      assertThat(outcome.holds()).as("%s", fault).isFalse();
      assertThat(outcome.told()).as("%s", fault).anyMatch(told -> told.contains("expected"));
      noticed.add(fault.identity());
      assertThat(error(List.of(outcome))).contains(fault.identity(), fault.table());
    }
    assertThat(noticed)
        .containsExactlyElementsOf(new TreeSet<>(identities.stream().map(Identity::name).toList()));
  }

  private static String error(List<Judgement.Outcome> outcomes) {
    try {
      Judgement.require(outcomes);
    } catch (UserError e) {
      return e.getMessage();
    }
    throw new AssertionError("No error");
  }

  private static List<TableLine> corrupted(List<TableLine> lines, Fault fault) {
    List<TableLine> corrupted = new ArrayList<>();
    int changed = 0;
    for (TableLine line : lines) {
      if (fault.row().entrySet().stream()
          .allMatch(key -> key.getValue().equals(line.text(key.getKey())))) {
        assertThat(line.value(fault.column())).as("%s", fault).isNotNull();
        assertThat(line.value(fault.column())).as("%s", fault).isNotEqualTo(fault.value());
        Map<String, Object> values = new LinkedHashMap<>(line.values());
        values.put(fault.column(), fault.value());
        corrupted.add(new TableLine(values));
        changed++;
      } else {
        corrupted.add(line);
      }
    }
    assertThat(changed).as("rows of %s", fault).isEqualTo(1);
    return corrupted;
  }
}
