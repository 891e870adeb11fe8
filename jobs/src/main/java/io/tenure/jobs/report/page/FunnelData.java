package io.tenure.jobs.report.page;

import io.tenure.common.config.FunnelConfig;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The tables funnel and funnel_periods, of the segments shown. Without funnels it is empty.
 *
 * @param since the first month shown, if earlier ones are left out; else null
 */
record FunnelData(String since, List<Path> paths) {
  private static final List<String> COLUMNS =
      List.of(
          "funnel",
          "segment",
          "segment_value",
          "step",
          "users",
          "dropped",
          "pending",
          "is_largest_drop",
          "closed_users",
          "closed_previous_users",
          "closed_entered_users",
          "step_conversion",
          "overall_conversion",
          "ci_low",
          "ci_high",
          "median_seconds");

  private static final List<String> PERIOD_COLUMNS =
      List.of(
          "funnel",
          "grain",
          "period_start",
          "segment",
          "segment_value",
          "step",
          "users",
          "entered_users",
          "overall_conversion",
          "ci_low",
          "ci_high",
          "is_mature");

  /**
   * One funnel.
   *
   * @param steps the activity of each
   * @param any whether any entry may count, not only the first
   * @param window in words
   */
  record Path(
      String name,
      List<String> steps,
      boolean any,
      String window,
      List<Value> values,
      List<Series> series) {}

  /** The steps of one funnel in one segment, by its position in the segments shown. */
  record Value(int segment, List<Step> steps) {}

  /** One step; what is not yet known is null. */
  record Step(
      Long users,
      Long dropped,
      Long pending,
      boolean largest,
      Long closed,
      Long closedBefore,
      Long closedEntered,
      BigDecimal fromBefore,
      BigDecimal overall,
      BigDecimal low,
      BigDecimal high,
      Double seconds) {}

  /** The months of one funnel in one segment. */
  record Series(int segment, List<Month> months) {}

  /** How many of those who entered in a month took the last step; null until that is final. */
  record Month(
      String start,
      Long entered,
      Long users,
      BigDecimal rate,
      BigDecimal low,
      BigDecimal high,
      boolean mature) {}

  static FunnelData of(
      List<FunnelConfig> funnels, PublishedTables tables, ShownSegments shown, Reach reach) {
    if (funnels.isEmpty()) {
      return new FunnelData(null, List.of());
    }
    List<TableRow> rows = tables.rows("funnel", Choice.ALL.of(shown.set()), COLUMNS);
    List<TableRow> months =
        tables.rows(
            "funnel_periods",
            Choice.ALL
                .of(shown.set())
                .since(List.of(new Choice.Span("month", "period_start", reach.months()))),
            PERIOD_COLUMNS);
    List<Path> paths = new ArrayList<>();
    for (FunnelConfig funnel : funnels) {
      Map<Integer, List<TableRow>> values = bySegment(rows, funnel, shown);
      Map<Integer, List<TableRow>> series = bySegment(months, funnel, shown);
      paths.add(
          new Path(
              funnel.name(),
              funnel.steps(),
              funnel.entry() == FunnelConfig.Entry.ANY,
              funnel.windowInWords(),
              values.entrySet().stream()
                  .map(value -> new Value(value.getKey(), steps(value.getValue())))
                  .toList(),
              series.entrySet().stream()
                  .map(
                      value ->
                          new Series(
                              value.getKey(), months(value.getValue(), funnel.steps().size())))
                  .toList()));
    }
    return new FunnelData(reach.cut(reach.months()), List.copyOf(paths));
  }

  private static Map<Integer, List<TableRow>> bySegment(
      List<TableRow> rows, FunnelConfig funnel, ShownSegments shown) {
    Map<Integer, List<TableRow>> bySegment = new TreeMap<>();
    for (TableRow row : rows) {
      if (row.text("funnel").equals(funnel.name())) {
        bySegment
            .computeIfAbsent(shown.segments().indexOf(row.segment()), unseen -> new ArrayList<>())
            .add(row);
      }
    }
    return bySegment;
  }

  private static List<Step> steps(List<TableRow> rows) {
    return rows.stream()
        .sorted(Comparator.comparing(row -> row.integer("step")))
        .map(
            row ->
                new Step(
                    row.count("users"),
                    row.count("dropped"),
                    row.count("pending"),
                    row.is("is_largest_drop"),
                    row.count("closed_users"),
                    row.count("closed_previous_users"),
                    row.count("closed_entered_users"),
                    Rounded.of(row.rate("step_conversion")),
                    Rounded.of(row.rate("overall_conversion")),
                    Rounded.of(row.rate("ci_low")),
                    Rounded.of(row.rate("ci_high")),
                    row.rate("median_seconds")))
        .toList();
  }

  private static List<Month> months(List<TableRow> rows, int lastStep) {
    return rows.stream()
        .filter(row -> row.integer("step") == lastStep)
        .sorted(Comparator.comparing(row -> row.day("period_start")))
        .map(
            row ->
                new Month(
                    row.day("period_start").toString(),
                    row.count("entered_users"),
                    row.count("users"),
                    Rounded.of(row.rate("overall_conversion")),
                    Rounded.of(row.rate("ci_low")),
                    Rounded.of(row.rate("ci_high")),
                    row.is("is_mature")))
        .toList();
  }
}
