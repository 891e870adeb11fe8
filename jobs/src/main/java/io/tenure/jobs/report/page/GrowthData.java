package io.tenure.jobs.report.page;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The table growth, by grain and segment shown. */
record GrowthData(List<Series> series) {
  private static final List<String> COLUMNS =
      List.of(
          "grain",
          "period_start",
          "segment",
          "segment_value",
          "active_users",
          "new_users",
          "retained_users",
          "resurrected_users",
          "churned_users",
          "quick_ratio",
          "is_complete",
          "birth_observed");

  /**
   * The periods of one grain and segment.
   *
   * @param segment position in the segments shown
   * @param since the first period shown, if earlier ones are left out; else null
   */
  record Series(String grain, int segment, String since, List<Period> periods) {}

  /** One period. */
  record Period(
      String start,
      Long active,
      Long fresh,
      Long retained,
      Long resurrected,
      Long churned,
      BigDecimal quickRatio,
      boolean complete,
      boolean birthObserved) {}

  private record Key(String grain, int segment) {}

  static GrowthData of(PublishedTables tables, ShownSegments shown, Reach reach) {
    Map<Key, List<TableRow>> byKey = new LinkedHashMap<>();
    Choice chosen = Choice.ALL.of(shown.set()).since(reach.spans("period_start"));
    for (TableRow row : tables.rows("growth", chosen, COLUMNS)) {
      Key key = new Key(row.text("grain"), shown.segments().indexOf(row.segment()));
      byKey.computeIfAbsent(key, unseen -> new ArrayList<>()).add(row);
    }
    List<Series> series = new ArrayList<>();
    byKey.forEach(
        (key, rows) -> {
          rows.sort(Comparator.comparing(row -> row.day("period_start")));
          series.add(
              new Series(
                  key.grain(),
                  key.segment(),
                  reach.cut(reach.of(key.grain())),
                  rows.stream().map(GrowthData::period).toList()));
        });
    return new GrowthData(series);
  }

  private static Period period(TableRow row) {
    return new Period(
        row.day("period_start").toString(),
        row.count("active_users"),
        row.count("new_users"),
        row.count("retained_users"),
        row.count("resurrected_users"),
        row.count("churned_users"),
        Rounded.of(row.rate("quick_ratio")),
        row.is("is_complete"),
        row.is("birth_observed"));
  }
}
