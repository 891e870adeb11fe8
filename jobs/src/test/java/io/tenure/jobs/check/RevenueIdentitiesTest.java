package io.tenure.jobs.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.UserError;
import io.tenure.common.config.Scope;
import io.tenure.common.config.TenureConfig;
import io.tenure.jobs.metric.TestLog;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.assertj.core.api.SoftAssertions;
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

  private static WrongNumber month(
      String identity, String month, String value, String column, Object wrong, String told) {
    return new WrongNumber(
        identity,
        "revenue_retention",
        "period_start = %s AND segment_value = %s".formatted(month, value),
        column,
        wrong,
        told);
  }

  private static WrongNumber cohort(
      String identity, String grain, String period, String column, Object wrong, String told) {
    return new WrongNumber(
        identity,
        "revenue_cohorts",
        "segment = (all) AND grain = %s AND cohort_start = 2024-01-01 AND period = %s"
            .formatted(grain, period),
        column,
        wrong,
        told);
  }

  private static BigDecimal money(String amount) {
    return new BigDecimal(amount).setScale(4);
  }

  /** For each identity, what breaks it; money is told in ten-thousandths. */
  private static final List<WrongNumber> FAULTS =
      List.of(
          month(
              "revenue_movements_add_up",
              "2024-02-01",
              "(all)",
              "churned",
              money("6"),
              "(all), (all), 2024-02-01, closing: expected 330000, found 340000"),
          month(
              "revenue_movements_add_up",
              "2024-03-01",
              "(all)",
              "net_refunds",
              money("8.9999"),
              "(all), (all), 2024-03-01, closing of revenue: expected 269999, found 270000"),
          month(
              "revenue_users_add_up",
              "2024-03-01",
              "(all)",
              "kept_users",
              2L,
              "closing_users: expected 3, found 2; (all), (all), 2024-03-01, opening_users: expected 3, found 2"),
          month(
              "revenue_users_add_up",
              "2024-03-01",
              "(all)",
              "won_users",
              3L,
              "closing_users: expected 4, found 2; (all), (all), 2024-03-01, won_users: expected 1, found 3"),
          month(
              "revenue_opening_is_closing",
              "2024-03-01",
              "paid",
              "net_moved",
              money("29"),
              "plan, paid, 2024-03-01, opening: expected 290000, found 300000"),
          month(
              "revenue_opening_is_closing",
              "2024-03-01",
              "(all)",
              "net_moved",
              money("1"),
              "(all), (all), 2024-03-01, net_moved: expected 0, found 10000"),
          month(
              "gross_is_at_most_opening_and_net",
              "2024-03-01",
              "(all)",
              "contraction",
              money("40"),
              "(all), (all), 2024-03-01, lost money: expected at most 340000, found 440000"),
          month(
              "gross_is_at_most_opening_and_net",
              "2024-03-01",
              "(all)",
              "expansion",
              money("-1"),
              "(all), (all), 2024-03-01, expansion: expected at least 0, found -10000"),
          month(
              "revenue_retention_segments_sum_to_the_whole",
              "2024-03-01",
              "paid",
              "revenue",
              money("21"),
              "2024-03-01, plan, revenue: expected 180000, found 190000"),
          cohort(
              "revenue_cohorts_segments_sum_to_the_whole",
              "month",
              "0",
              "paying_users",
              1L,
              "default, month, 2024-01-01, 0, plan, paying_users: expected 1, found 2"),
          cohort(
              "cumulative_revenue_adds_up",
              "month",
              "1",
              "cumulative_revenue",
              money("44"),
              "default, month, (all), (all), 2024-01-01, 1: expected 450000, found 440000"),
          cohort(
              "cumulative_revenue_adds_up",
              "week",
              "0",
              "paying_users",
              3L,
              "default, week, (all), (all), 2024-01-01, 0: expected at most 2, found 3"),
          cohort(
              "cohorts_bring_all_revenue",
              "month",
              "1",
              "revenue",
              money("29"),
              "default, 2024-02-01: expected 340000, found 330000"),
          cohort(
              "cohorts_have_all_paying_users",
              "month",
              "1",
              "paying_users",
              7L,
              "default, 2024-02-01: expected "));

  private final Scope scope =
      new Scope(
          CONFIG,
          (int) LocalDate.parse("2024-01-05").toEpochDay(),
          (int) LocalDate.parse(AS_OF).toEpochDay());

  private final List<Identity> identities =
      WrongNumber.andSegmentSums(
          RevenueIdentities.of(scope), scope, "revenue_retention", "revenue_cohorts");

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
    SoftAssertions softly = new SoftAssertions();
    for (WrongNumber wrong : FAULTS) {
      Identity identity =
          identities.stream()
              .filter(its -> its.name().equals(wrong.identity()))
              .findFirst()
              .orElseThrow();
      softly
          .assertThatThrownBy(
              () -> Judgement.require(Judgement.of(List.of(identity), wrong.in(right))))
          .as(wrong.toString())
          .isInstanceOf(UserError.class)
          .hasMessageContaining(wrong.table())
          .hasMessageContaining(wrong.told());
      noticed.add(wrong.identity());
    }
    softly.assertAll();
    assertThat(noticed)
        .containsExactlyElementsOf(new TreeSet<>(identities.stream().map(Identity::name).toList()));
  }

  @Test
  void without_amounts_nothing_is_asked_of_money() {
    assertThat(RevenueIdentities.of(new Scope(TestLog.config("segments: [plan]"), 0, 100)))
        .isEmpty();
  }
}
