package io.tenure.jobs.report.page;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The table drivers, of the segments shown that have others to be compared with. */
record DriversData(List<Comparison> comparisons) {
  private static final List<String> COLUMNS =
      List.of(
          "outcome",
          "retention",
          "grain",
          "period_start",
          "segment",
          "segment_value",
          "users",
          "outcome_users",
          "rate",
          "rest_users",
          "rest_outcome_users",
          "rest_rate",
          "difference",
          "difference_ci_low",
          "difference_ci_high",
          "p_value",
          "comparisons",
          "p_adjusted");

  /**
   * A value against all others of its dimension.
   *
   * @param of what is compared, in words
   * @param retention whose cohorts, of a return; null of a churn
   * @param start the month of a churn; null of a return
   * @param segment position in the segments shown
   * @param comparisons how many there are in the table; null if that is not shown
   */
  record Comparison(
      String outcome,
      String of,
      String retention,
      String grain,
      String start,
      int segment,
      Long users,
      Long cases,
      BigDecimal rate,
      Long restUsers,
      Long restCases,
      BigDecimal restRate,
      BigDecimal difference,
      BigDecimal low,
      BigDecimal high,
      BigDecimal p,
      Long comparisons,
      BigDecimal adjusted) {}

  static DriversData of(PublishedTables tables, ShownSegments shown) {
    List<Comparison> comparisons = new ArrayList<>();
    for (TableRow row : tables.rows("drivers", Choice.ALL.of(shown.set()), COLUMNS)) {
      if (!row.isNull("difference")) {
        comparisons.add(comparison(row, shown.segments().indexOf(row.segment())));
      }
    }
    comparisons.sort(Comparator.comparing(Comparison::outcome).thenComparing(Comparison::segment));
    return new DriversData(List.copyOf(comparisons));
  }

  private static Comparison comparison(TableRow row, int segment) {
    return new Comparison(
        row.text("outcome"),
        row.text("outcome").equals("churn")
            ? "Churn in " + Words.month(row.day("period_start"))
            : "Return in %s 1 (%s)".formatted(row.text("grain"), row.text("retention")),
        row.text("retention"),
        row.text("grain"),
        row.isNull("period_start") ? null : row.day("period_start").toString(),
        segment,
        row.count("users"),
        row.count("outcome_users"),
        Rounded.of(row.rate("rate")),
        row.count("rest_users"),
        row.count("rest_outcome_users"),
        Rounded.of(row.rate("rest_rate")),
        Rounded.of(row.rate("difference")),
        Rounded.of(row.rate("difference_ci_low")),
        Rounded.of(row.rate("difference_ci_high")),
        Rounded.of(row.rate("p_value")),
        row.count("comparisons"),
        Rounded.of(row.rate("p_adjusted")));
  }
}
