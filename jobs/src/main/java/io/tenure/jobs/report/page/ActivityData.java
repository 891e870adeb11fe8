package io.tenure.jobs.report.page;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The table active_users, by segment shown.
 *
 * @param since the first day shown, if earlier ones are left out; else null
 */
record ActivityData(String since, List<Series> series) {
  private static final List<String> COLUMNS =
      List.of(
          "day",
          "segment",
          "segment_value",
          "dau",
          "wau",
          "mau",
          "stickiness",
          "ci_low",
          "ci_high",
          "stickiness_avg",
          "is_mature");

  /**
   * One segment: a value per day from the first one; null: not yet known.
   *
   * @param from the first day; null: no days
   */
  record Series(
      String from,
      List<Long> dau,
      List<Long> wau,
      List<Long> mau,
      List<BigDecimal> stickiness,
      List<BigDecimal> low,
      List<BigDecimal> high,
      List<BigDecimal> average,
      List<Boolean> mature) {}

  static ActivityData of(PublishedTables tables, ShownSegments shown, Reach reach) {
    Map<Segment, TreeMap<LocalDate, TableRow>> days = new HashMap<>();
    Choice chosen = Choice.ALL.of(shown.set()).since("day", reach.days());
    for (TableRow row : tables.rows("active_users", chosen, COLUMNS)) {
      days.computeIfAbsent(row.segment(), unseen -> new TreeMap<>()).put(row.day("day"), row);
    }
    return new ActivityData(
        reach.cut(reach.days()),
        shown.segments().stream()
            .map(segment -> series(days.getOrDefault(segment, new TreeMap<>())))
            .toList());
  }

  private static Series series(TreeMap<LocalDate, TableRow> days) {
    Series series =
        new Series(
            days.isEmpty() ? null : days.firstKey().toString(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>());
    for (TableRow row : days.values()) {
      series.dau.add(row.count("dau"));
      series.wau.add(row.count("wau"));
      series.mau.add(row.count("mau"));
      series.stickiness.add(Rounded.of(row.rate("stickiness")));
      series.low.add(Rounded.of(row.rate("ci_low")));
      series.high.add(Rounded.of(row.rate("ci_high")));
      series.average.add(Rounded.of(row.rate("stickiness_avg")));
      series.mature.add(row.is("is_mature"));
    }
    return series;
  }
}
