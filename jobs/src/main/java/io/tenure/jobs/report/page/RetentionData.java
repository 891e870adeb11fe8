package io.tenure.jobs.report.page;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The triangles of the table retention, each with its curve of the table retention_curve. */
record RetentionData(List<Triangle> triangles) {
  /** More columns than this are no longer read as a picture. */
  private static final int MOST_PERIODS = 60;

  /**
   * One triangle.
   *
   * @param segment position in the segments shown
   * @param since the first cohort shown, if older ones are left out; else null
   * @param lastPeriod the last period that is computed, though no cohort may have reached it yet
   */
  record Triangle(
      String question,
      String grain,
      int segment,
      String since,
      int lastPeriod,
      List<Cohort> cohorts,
      List<Point> curve) {}

  /**
   * One cohort.
   *
   * @param retained by period from 0; null: not yet known, or hidden
   * @param hidden the periods that are hidden
   * @param maturesOn when its first unknown period is known; null: there is none
   */
  record Cohort(
      String start, Long users, List<Long> retained, List<Integer> hidden, String maturesOn) {}

  /** One period of the curve. */
  record Point(Long eligible, Long retained, BigDecimal rate, BigDecimal low, BigDecimal high) {}

  private record Key(String question, String grain, int segment) {}

  /**
   * @param questions the names of the questions, the first to be shown first
   */
  static RetentionData of(
      List<String> questions, PublishedTables tables, ShownSegments shown, Reach reach) {
    Map<Segment, Integer> positions = new LinkedHashMap<>();
    shown.segments().forEach(segment -> positions.put(segment, positions.size()));
    Choice chosen = Choice.ALL.of(shown.set()).withoutBrackets();
    Map<Key, Map<LocalDate, TreeMap<Integer, TableRow>>> cells = new LinkedHashMap<>();
    for (TableRow row :
        tables.rows(
            "retention",
            chosen.since(reach.spans("cohort_start")),
            List.of(
                "retention",
                "grain",
                "segment",
                "segment_value",
                "cohort_start",
                "period",
                "bracket",
                "cohort_users",
                "retained_users",
                "is_mature",
                "matures_on"))) {
      cells
          .computeIfAbsent(key(row, positions), unseen -> new TreeMap<>())
          .computeIfAbsent(row.day("cohort_start"), unseen -> new TreeMap<>())
          .put(row.integer("period"), row);
    }
    Map<Key, TreeMap<Integer, TableRow>> curves = new LinkedHashMap<>();
    for (TableRow row :
        tables.rows(
            "retention_curve",
            chosen,
            List.of(
                "retention",
                "grain",
                "segment",
                "segment_value",
                "period",
                "bracket",
                "eligible_users",
                "retained_users",
                "retention_rate",
                "ci_low",
                "ci_high"))) {
      curves
          .computeIfAbsent(key(row, positions), unseen -> new TreeMap<>())
          .put(row.integer("period"), row);
    }
    List<Triangle> triangles = new ArrayList<>();
    cells.forEach(
        (key, cohorts) ->
            triangles.add(
                triangle(key, cohorts, curves.getOrDefault(key, new TreeMap<>()), reach)));
    // As the config has the questions; the first one is what is shown first.
    triangles.sort(
        Comparator.comparingInt(
            triangle ->
                questions.contains(triangle.question())
                    ? questions.indexOf(triangle.question())
                    : questions.size()));
    return new RetentionData(triangles);
  }

  private static Key key(TableRow row, Map<Segment, Integer> positions) {
    return new Key(row.text("retention"), row.text("grain"), positions.get(row.segment()));
  }

  private static Triangle triangle(
      Key key,
      Map<LocalDate, TreeMap<Integer, TableRow>> cohorts,
      TreeMap<Integer, TableRow> curve,
      Reach reach) {
    int known = knownPeriods(cohorts, curve);
    List<Cohort> rows = new ArrayList<>();
    cohorts.forEach((start, periods) -> rows.add(cohort(start, periods, known)));
    List<Point> points = curve.headMap(known).values().stream().map(RetentionData::point).toList();
    int last = curve.isEmpty() ? known - 1 : curve.lastKey();
    return new Triangle(
        key.question(),
        key.grain(),
        key.segment(),
        reach.cut(reach.of(key.grain())),
        last,
        rows,
        points);
  }

  /** The periods up to the last that any cohort has lived through. */
  private static int knownPeriods(
      Map<LocalDate, TreeMap<Integer, TableRow>> cohorts, TreeMap<Integer, TableRow> curve) {
    int known = 1;
    List<TreeMap<Integer, TableRow>> all = new ArrayList<>(cohorts.values());
    all.add(curve);
    for (TreeMap<Integer, TableRow> periods : all) {
      for (TableRow row : periods.values()) {
        if (!row.isNull("retained_users")) {
          known = Math.max(known, row.integer("period") + 1);
        }
      }
    }
    return Math.min(known, MOST_PERIODS + 1);
  }

  private static Cohort cohort(LocalDate start, TreeMap<Integer, TableRow> periods, int known) {
    List<Long> retained = new ArrayList<>();
    List<Integer> hidden = new ArrayList<>();
    String maturesOn = null;
    for (TableRow row : periods.headMap(known).values()) {
      Long users = row.count("retained_users");
      retained.add(users);
      if (users == null && row.is("is_mature")) {
        hidden.add(row.integer("period"));
      } else if (users == null && maturesOn == null) {
        maturesOn = String.valueOf(row.day("matures_on"));
      }
    }
    return new Cohort(
        start.toString(),
        periods.firstEntry().getValue().count("cohort_users"),
        retained,
        hidden,
        maturesOn);
  }

  private static Point point(TableRow row) {
    return new Point(
        row.count("eligible_users"),
        row.count("retained_users"),
        Rounded.of(row.rate("retention_rate")),
        Rounded.of(row.rate("ci_low")),
        Rounded.of(row.rate("ci_high")));
  }
}
