package io.tenure.jobs.check;

import io.tenure.common.config.TenureConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What must hold of retention. */
final class RetentionIdentities {
  private static final String[] COHORT = {
    "retention", "grain", "segment", "segment_value", "cohort_start"
  };

  private RetentionIdentities() {}

  static List<Identity> of(TenureConfig config) {
    List<Identity> identities = new ArrayList<>(List.of(RISES_NEVER, COHORTS_ARE_THEIR_ROWS));
    if (!config.dimensions().isEmpty()) {
      identities.add(
          SegmentSums.of(
              "cohorts",
              List.of("retention", "grain", "cohort_start"),
              List.of("cohort_users"),
              config.dimensions()));
      identities.add(
          SegmentSums.of(
              "retention",
              List.of("retention", "grain", "cohort_start", "bracket", "period"),
              List.of("cohort_users", "retained_users", "retained_or_later_users"),
              config.dimensions()));
    }
    return List.copyOf(identities);
  }

  private static final Identity RISES_NEVER =
      new Identity(
          "retention_rises_never",
          "retained_or_later_users never rises with period and is at least retained_users",
          Relation.AT_MOST,
          Map.of(
              "retention",
              (line, ledger) -> {
                if (line.text("bracket") != null || !line.flag("is_mature")) {
                  return;
                }
                long period = line.number("period");
                Long orLater = line.number("retained_or_later_users");
                ledger.atLeast(
                    line.number("retained_users"), orLater, cohort(line, "period", period));
                ledger.actual(orLater, cohort(line, "until period", period));
                ledger.expected(orLater, cohort(line, "until period", period + 1));
                if (period == 0) {
                  ledger.expected(line.number("cohort_users"), cohort(line, "until period", 0L));
                }
              }));

  private static final Identity COHORTS_ARE_THEIR_ROWS =
      new Identity(
          "cohorts_are_their_rows",
          "cohort_users of every row of retention is the size of its cohort in cohorts",
          Relation.EACH_EQUAL,
          Map.of(
              "cohorts",
              (line, ledger) -> ledger.expected(line.number("cohort_users"), cohort(line, "size")),
              "retention",
              (line, ledger) -> ledger.actual(line.number("cohort_users"), cohort(line, "size"))));

  private static Object[] cohort(Line line, Object... what) {
    Object[] key = new Object[COHORT.length + what.length];
    for (int at = 0; at < COHORT.length; at++) {
      key[at] = line.value(COHORT[at]);
    }
    System.arraycopy(what, 0, key, COHORT.length, what.length);
    return key;
  }
}
