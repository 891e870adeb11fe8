package io.tenure.jobs.report.page;

import io.tenure.common.Proportion;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The table risk_backtest, pooled over the months whose outcome is known: sums over sums, never a
 * mean of rates. Empty if the tables shown have none.
 *
 * <p>A month that had few months to learn from says little of a rule that has a year of them: as
 * the documented query does, those with six or more are pooled; all, only where there are none.
 *
 * @param months how many months were judged
 * @param learned how many months each of them had to learn from at least; 0: any number
 * @param since the end of the first of them, and of the last; null without any
 */
record WarningData(int months, int learned, String since, String until, List<Level> levels) {
  private static final int ENOUGH_TO_LEARN_FROM = 6;

  private static final List<String> COLUMNS =
      List.of(
          "as_of",
          "threshold",
          "learned_months",
          "users",
          "flagged_users",
          "churned_users",
          "flagged_churned_users");

  /**
   * What a threshold has been good for, and whom it flags now.
   *
   * @param users users at the ends of the months, each counted for every month; likewise below
   * @param churned of them, those who left; likewise below, null if no month was judged
   * @param now users there on the as-of day
   * @param flaggedNow of them, those flagged; null if nothing is known of risks
   */
  record Level(
      BigDecimal threshold,
      long users,
      Long churned,
      Long flagged,
      Long flaggedChurned,
      BigDecimal precision,
      BigDecimal precisionLow,
      BigDecimal precisionHigh,
      BigDecimal recall,
      BigDecimal recallLow,
      BigDecimal recallHigh,
      Long now,
      Long flaggedNow) {}

  static WarningData of(PublishedTables tables, LocalDate asOf) {
    if (tables.definitions("risk_backtest").isEmpty()) {
      return new WarningData(0, 0, null, null, List.of());
    }
    Map<Double, List<TableRow>> byThreshold = new TreeMap<>();
    List<TableRow> all = tables.rows("risk_backtest", Choice.ALL, COLUMNS);
    int learned =
        all.stream().anyMatch(row -> isJudged(row, ENOUGH_TO_LEARN_FROM))
            ? ENOUGH_TO_LEARN_FROM
            : 0;
    for (TableRow row : all) {
      byThreshold.computeIfAbsent(row.rate("threshold"), unseen -> new ArrayList<>()).add(row);
    }
    List<Level> levels = new ArrayList<>();
    List<LocalDate> judged = new ArrayList<>();
    byThreshold.forEach(
        (threshold, rows) -> {
          List<TableRow> known = rows.stream().filter(row -> isJudged(row, learned)).toList();
          judged.addAll(known.stream().map(row -> row.day("as_of")).toList());
          levels.add(level(threshold, known, now(rows, asOf)));
        });
    List<LocalDate> months = judged.stream().distinct().sorted().toList();
    return new WarningData(
        months.size(),
        learned,
        months.isEmpty() ? null : months.get(0).toString(),
        months.isEmpty() ? null : months.get(months.size() - 1).toString(),
        List.copyOf(levels));
  }

  private static boolean isJudged(TableRow row, int learned) {
    Long months = row.count("learned_months");
    return !row.isNull("flagged_churned_users") && (months == null ? 0 : months) >= learned;
  }

  private static TableRow now(List<TableRow> rows, LocalDate asOf) {
    return rows.stream()
        .filter(row -> row.day("as_of").equals(asOf))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("risk_backtest has no rows of " + asOf));
  }

  private static Level level(double threshold, List<TableRow> known, TableRow now) {
    boolean judged = !known.isEmpty();
    long users = sum(known, "users");
    long churned = sum(known, "churned_users");
    long flagged = sum(known, "flagged_users");
    long both = sum(known, "flagged_churned_users");
    Proportion precision = Proportion.of(both, flagged);
    Proportion recall = Proportion.of(both, churned);
    return new Level(
        BigDecimal.valueOf(threshold),
        users,
        judged ? churned : null,
        judged ? flagged : null,
        judged ? both : null,
        Rounded.of(precision.rate()),
        Rounded.of(precision.low()),
        Rounded.of(precision.high()),
        Rounded.of(recall.rate()),
        Rounded.of(recall.low()),
        Rounded.of(recall.high()),
        now.count("users"),
        now.count("flagged_users"));
  }

  private static long sum(List<TableRow> rows, String column) {
    return rows.stream().mapToLong(row -> row.count(column)).sum();
  }
}
