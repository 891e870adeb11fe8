package io.tenure.jobs.report.page;

import java.math.BigDecimal;
import java.util.List;

/** The table usage_habit, a row per segment shown. */
record UsageData(List<Habit> habits) {
  private static final List<String> COLUMNS =
      List.of(
          "segment",
          "segment_value",
          "users_28d",
          "core",
          "regular",
          "casual",
          "infrequent",
          "users_84d",
          "users_below_monthly",
          "share_below_monthly",
          "ci_low",
          "ci_high",
          "is_forgettable");

  /**
   * One segment; what is not yet known is null.
   *
   * @param segment position in the segments shown
   */
  record Habit(
      int segment,
      Long users28,
      Long core,
      Long regular,
      Long casual,
      Long infrequent,
      Long users84,
      Long belowMonthly,
      BigDecimal share,
      BigDecimal low,
      BigDecimal high,
      boolean forgettable) {}

  static UsageData of(PublishedTables tables, ShownSegments shown) {
    return new UsageData(
        tables.rows("usage_habit", Choice.ALL.of(shown.set()), COLUMNS).stream()
            .map(row -> habit(row, shown.segments().indexOf(row.segment())))
            .sorted(java.util.Comparator.comparingInt(Habit::segment))
            .toList());
  }

  private static Habit habit(TableRow row, int segment) {
    return new Habit(
        segment,
        row.count("users_28d"),
        row.count("core"),
        row.count("regular"),
        row.count("casual"),
        row.count("infrequent"),
        row.count("users_84d"),
        row.count("users_below_monthly"),
        Rounded.of(row.rate("share_below_monthly")),
        Rounded.of(row.rate("ci_low")),
        Rounded.of(row.rate("ci_high")),
        row.is("is_forgettable"));
  }
}
