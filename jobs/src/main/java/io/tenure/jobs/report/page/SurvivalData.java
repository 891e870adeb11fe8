package io.tenure.jobs.report.page;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tables survival, survival_by_stage and survival_test, by segment shown. */
record SurvivalData(List<Curve> curves, List<Test> tests) {
  /**
   * One Kaplan-Meier curve: its steps only, for between them nothing changes, and its last tenure.
   *
   * @param unit day or month
   * @param segment position in the segments shown
   * @param medianTenure in the unit; null: more than half outlive what is observed
   */
  record Curve(String unit, int segment, Long medianTenure, List<Step> steps) {}

  /** One tenure. */
  record Step(
      int tenure,
      Long atRisk,
      Long churned,
      BigDecimal survival,
      BigDecimal low,
      BigDecimal high) {}

  /** Whether the values of a dimension differ: the log-rank test. */
  record Test(String unit, String dimension, Long values, BigDecimal pValue) {}

  private record Key(String unit, Segment segment) {}

  static SurvivalData of(PublishedTables tables, ShownSegments shown) {
    Choice chosen = Choice.ALL.of(shown.set());
    Map<Key, Long> medians = new LinkedHashMap<>();
    for (TableRow row :
        tables.rows(
            "survival_by_stage",
            chosen,
            List.of("tenure_unit", "segment", "segment_value", "stage", "median_tenure"))) {
      if (row.text("stage").equals(Segment.WHOLE.value())) {
        medians.put(key(row), row.count("median_tenure"));
      }
    }
    Map<Key, List<TableRow>> byKey = new LinkedHashMap<>();
    for (TableRow row :
        tables.rows(
            "survival",
            chosen,
            List.of(
                "tenure_unit",
                "segment",
                "segment_value",
                "tenure",
                "at_risk",
                "churned",
                "survival",
                "ci_low",
                "ci_high"))) {
      byKey.computeIfAbsent(key(row), unseen -> new ArrayList<>()).add(row);
    }
    List<Curve> curves = new ArrayList<>();
    byKey.forEach(
        (key, rows) ->
            curves.add(
                new Curve(
                    key.unit(),
                    shown.segments().indexOf(key.segment()),
                    medians.get(key),
                    steps(rows))));
    return new SurvivalData(curves, tests(tables));
  }

  private static List<Step> steps(List<TableRow> rows) {
    rows.sort(Comparator.comparing(row -> row.count("tenure")));
    TableRow last = rows.get(rows.size() - 1);
    return rows.stream()
        .filter(
            row ->
                row == last
                    || row.integer("tenure") == 0 // where all are at risk
                    || row.isNull("churned")
                    || row.count("churned") > 0)
        .map(SurvivalData::step)
        .toList();
  }

  private static Step step(TableRow row) {
    return new Step(
        row.integer("tenure"),
        row.count("at_risk"),
        row.count("churned"),
        Rounded.of(row.rate("survival")),
        Rounded.of(row.rate("ci_low")),
        Rounded.of(row.rate("ci_high")));
  }

  private static List<Test> tests(PublishedTables tables) {
    return tables
        .rows("survival_test", Choice.ALL, List.of("tenure_unit", "segment", "values", "p_value"))
        .stream()
        .map(
            row ->
                new Test(
                    row.text("tenure_unit"),
                    row.text("segment"),
                    row.count("values"),
                    Rounded.of(row.rate("p_value"))))
        .toList();
  }

  private static Key key(TableRow row) {
    return new Key(row.text("tenure_unit"), row.segment());
  }
}
