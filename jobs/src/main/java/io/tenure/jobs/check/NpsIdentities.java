package io.tenure.jobs.check;

import io.tenure.common.config.TenureConfig;
import io.tenure.common.table.Contract;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What must hold of answers and of those who gave them. */
final class NpsIdentities {
  private static final String NPS = "nps";
  private static final List<String> GROUPS = List.of("promoters", "passives", "detractors");
  private static final List<String> COUNTS =
      List.of("answers", "promoters", "passives", "detractors");

  private NpsIdentities() {}

  static List<Identity> of(TenureConfig config) {
    if (config.nps().touchpoints().isEmpty()) {
      return List.of();
    }
    return List.of(PARTS, FOLLOWED, TOUCHPOINTS, QUARTERS);
  }

  private static final Identity PARTS =
      new Identity(
          "nps_groups_sum_to_the_answers",
          "promoters + passives + detractors are answers",
          Relation.EQUAL,
          Map.of(
              NPS,
              (line, ledger) ->
                  ledger.equal(
                      line.number("answers"),
                      GROUPS.stream().mapToLong(line::number).sum(),
                      key(line, line.day("period_start"), line.text("touchpoint")))));

  private static final Identity FOLLOWED =
      new Identity(
          "nps_followed_are_answers",
          "of a group followed are at most its answers, and churned at most those followed",
          Relation.AT_MOST,
          Map.of(
              NPS,
              (line, ledger) -> {
                for (String group : GROUPS) {
                  Object[] key =
                      key(line, line.day("period_start"), line.text("touchpoint"), group);
                  ledger.atMost(line.number(group), line.number(group + "_followed"), key);
                  ledger.atMost(
                      line.number(group + "_followed"), line.number(group + "_churned"), key);
                }
              }));

  private static final Identity TOUCHPOINTS =
      new Identity(
          "nps_touchpoints_sum_to_all",
          "the answers of all touchpoints are those of (all)",
          Relation.EQUAL,
          Map.of(
              NPS,
              (line, ledger) -> {
                boolean all = line.text("touchpoint").equals(Contract.WHOLE);
                for (String count : COUNTS) {
                  Object[] key = key(line, line.day("period_start"), count);
                  if (all) {
                    ledger.expected(line.number(count), key);
                  } else {
                    ledger.actual(line.number(count), key);
                  }
                }
              }));

  private static final Identity QUARTERS =
      new Identity(
          "nps_months_sum_to_quarters",
          "the answers of the months of a quarter are those of the quarter",
          Relation.EQUAL,
          Map.of(
              NPS,
              (line, ledger) -> {
                LocalDate start = line.day("period_start");
                LocalDate quarter =
                    LocalDate.of(start.getYear(), (start.getMonthValue() - 1) / 3 * 3 + 1, 1);
                for (String count : COUNTS) {
                  Object[] key = {
                    line.text("segment"),
                    line.text("segment_value"),
                    line.text("touchpoint"),
                    quarter,
                    count
                  };
                  if (line.text("grain").equals("quarter")) {
                    ledger.expected(line.number(count), key);
                  } else {
                    ledger.actual(line.number(count), key);
                  }
                }
              }));

  private static Object[] key(Line line, Object... more) {
    List<Object> key =
        new ArrayList<>(
            List.of(line.text("grain"), line.text("segment"), line.text("segment_value")));
    key.addAll(List.of(more));
    return key.toArray();
  }
}
