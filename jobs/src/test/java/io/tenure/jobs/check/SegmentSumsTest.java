package io.tenure.jobs.check;

import static io.tenure.common.table.Column.required;
import static io.tenure.common.table.ColumnType.BIGINT;
import static io.tenure.common.table.ColumnType.DOUBLE;
import static io.tenure.common.table.ColumnType.STRING;
import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.config.Scope;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.table.Contract;
import io.tenure.common.table.Unit;
import io.tenure.jobs.metric.TestLog;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a contract calls additive is checked, without a list of names. */
class SegmentSumsTest {
  private static final LocalDate START = LocalDate.parse("2024-01-05");

  private static final String AS_OF = "2024-05-09";

  @Test
  void counts_that_a_contract_calls_additive_are_checked_by_the_rest_of_its_key() {
    Contract table =
        Contract.table(
            "visits",
            "Visits of a day",
            List.of("day", "segment", "segment_value"),
            List.of(
                required("day", STRING, "Day"),
                required("segment", STRING, "Dimension"),
                required("segment_value", STRING, "Value"),
                required("visits", BIGINT, "Visits").in(Unit.EVENTS).sumsOver("segment_value"),
                required("visitors", BIGINT, "Visitors").in(Unit.USERS).sumsOver("day"),
                required("hours", DOUBLE, "Hours").in(Unit.NUMBER).sumsOver("segment_value")));
    List<Identity> sums = SegmentSums.of(List.of(table), List.of("plan"));

    List<Judgement.Outcome> outcomes =
        Judgement.of(
            sums,
            Map.of(
                "visits",
                List.of(
                    line("1", "(all)", "(all)", 5),
                    line("1", "plan", "free", 2),
                    line("1", "plan", "paid", 3),
                    line("2", "(all)", "(all)", 5),
                    line("2", "plan", "free", 4))));
    assertThat(outcomes).hasSize(1);
    assertThat(outcomes.get(0).identity().name()).isEqualTo("visits_segments_sum_to_the_whole");
    assertThat(outcomes.get(0).told()).containsExactly("2, plan, visits: expected 5, found 4");
    assertThat(SegmentSums.of(List.of(table), List.of())).isEmpty();
  }

  private static TableLine line(String day, String segment, String value, long visits) {
    // Neither visitors nor hours is looked at: what is not there would be an error.
    return new TableLine(
        Map.of("day", day, "segment", segment, "segment_value", value, "visits", visits));
  }

  @Test
  void impossible_events_of_all_values_are_those_of_the_whole() {
    TenureConfig config =
        TestLog.config(
            """
            segments: [contract, country]
            churn: {mode: cancellation, events: {start: a, cancel: b, pause: c, resume: d}}
            """);
    Scope scope =
        new Scope(config, (int) START.toEpochDay(), (int) LocalDate.parse(AS_OF).toEpochDay());
    Map<String, List<TableLine>> tables =
        WrongNumber.tables(TestLog.of(events(new Random(5))), scope, AS_OF);
    List<Identity> identities =
        WrongNumber.andSegmentSums(List.of(), scope, "subscription_anomalies");

    Judgement.require(Judgement.of(WrongNumber.identities(scope), tables));
    for (String count : List.of("users", "events")) {
      WrongNumber wrong =
          new WrongNumber(
              "subscription_anomalies_segments_sum_to_the_whole",
              "subscription_anomalies",
              "segment_value = RO AND anomaly = cancel_without_start",
              count,
              1_000_000L,
              "");
      assertThat(Judgement.of(identities, wrong.in(tables)).get(0).told())
          .singleElement()
          .asString()
          .startsWith("cancel_without_start, country, " + count + ": expected ");
    }
  }

  private static List<Map<String, String>> events(Random random) {
    List<Map<String, String>> events = new ArrayList<>();
    for (int user = 0; user < 40; user++) {
      for (int day = random.nextInt(20); day < 120; day += 1 + random.nextInt(20)) {
        Map<String, String> event = new HashMap<>();
        event.put("user", "u" + user);
        event.put("time", START.plusDays(day).toString());
        event.put("is", List.of("start", "cancel", "pause", "resume").get(random.nextInt(4)));
        event.put("contract", List.of("monthly", "annual", "-").get(random.nextInt(3)));
        event.put("country", List.of("RO", "DE", "-", "-").get(random.nextInt(4)));
        events.add(event);
      }
    }
    return events;
  }
}
