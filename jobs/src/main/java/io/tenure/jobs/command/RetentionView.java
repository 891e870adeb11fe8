package io.tenure.jobs.command;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.countDistinct;

import io.tenure.common.UserError;
import io.tenure.common.table.Contract;
import io.tenure.jobs.report.Canvas;
import io.tenure.jobs.report.CurvePoint;
import io.tenure.jobs.report.TextTable;
import io.tenure.jobs.report.Triangle;
import io.tenure.jobs.report.TriangleRow;
import java.io.PrintStream;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Shows one matrix of the table retention, with its pooled curve. */
final class RetentionView {
  /** A coarser grain is shown first, if it has this many cohorts: a triangle of two says little. */
  private static final int COHORTS_WORTH_SHOWING = 4;

  private static final List<String> COARSE_FIRST = List.of("month", "week", "day");

  private final Dataset<Row> retention;
  private final Dataset<Row> curve;
  private final boolean chosen;

  /**
   * @param retention rows of the table
   * @param curve all rows of the table retention_curve
   * @param chosen whether some rows of the table were left out
   */
  RetentionView(Dataset<Row> retention, Dataset<Row> curve, boolean chosen) {
    this.retention = retention;
    this.curve = curve;
    this.chosen = chosen;
  }

  void show(PrintStream out, Canvas canvas) {
    List<Row> matrices = matrices();
    Row question = choose(matrices);
    Column same =
        col("retention")
            .equalTo(question.getString(0))
            .and(col("grain").equalTo(question.getString(1)))
            .and(col("segment").equalTo(question.getString(2)))
            .and(col("segment_value").equalTo(question.getString(3)))
            .and(col("bracket").isNull());
    List<Row> cells =
        retention
            .where(same)
            .orderBy("cohort_start", "period")
            .select("cohort_start", "cohort_users", "period", "retention_rate", "retained_users")
            .collectAsList();
    List<CurvePoint> ofAll =
        curve
            .where(same)
            .orderBy("period")
            .select("eligible_users", "retention_rate")
            .collectAsList()
            .stream()
            .map(point -> new CurvePoint(point.getLong(0), rate(point, 1)))
            .toList();
    // What is known depends on the days of the log, not on the rows that --where leaves.
    int known = knownPeriods(ofAll);
    List<CurvePoint> pooled = chosen ? pooled(cells) : ofAll;
    String segment =
        question.getString(2).equals(Contract.WHOLE)
            ? "all users"
            : TextTable.printable(question.getString(2) + " = " + question.getString(3));
    out.printf("retention %s, by %s, %s%n%n", question.get(0), question.get(1), segment);
    out.println(
        new Triangle(question.getString(1), rows(cells, known), cut(pooled, known)).draw(canvas));
    if (known < ofAll.size()) {
      out.printf("No cohort has lived through periods %d to %d yet.%n", known, ofAll.size() - 1);
    }
    if (chosen) {
      out.println("The pooled row is of the cells that --where leaves.");
    }
    if (matrices.size() > 1) {
      out.printf(
          "1 of %,d matrices; --where \"grain = 'week' AND segment_value = '…'\" shows another.%n",
          matrices.size());
    }
  }

  /** The cohorts, of each the periods up to those that are known of any. */
  private static List<TriangleRow> rows(List<Row> cells, int known) {
    Map<LocalDate, Long> users = new TreeMap<>();
    Map<LocalDate, List<OptionalDouble>> rates = new TreeMap<>();
    Map<LocalDate, Set<Integer>> leftOut = new TreeMap<>();
    for (Row cell : cells) {
      LocalDate cohort = cell.getAs(0);
      users.put(cohort, cell.getLong(1));
      List<OptionalDouble> told = rates.computeIfAbsent(cohort, start -> new ArrayList<>());
      Set<Integer> blank = leftOut.computeIfAbsent(cohort, start -> new HashSet<>());
      // A period that --where leaves out is not shown, and those after it stay in their places.
      while (told.size() < cell.getInt(2)) {
        blank.add(told.size());
        told.add(OptionalDouble.empty());
      }
      told.add(rate(cell, 3));
    }
    return users.entrySet().stream()
        .map(
            cohort ->
                new TriangleRow(
                    cohort.getKey(),
                    cohort.getValue(),
                    cut(rates.get(cohort.getKey()), known),
                    leftOut.get(cohort.getKey())))
        .toList();
  }

  /** The curve of some cells: the retained of those that are known over the users of these. */
  private static List<CurvePoint> pooled(List<Row> cells) {
    int periods = cells.stream().mapToInt(cell -> cell.getInt(2) + 1).max().orElse(0);
    long[] eligible = new long[periods];
    long[] retained = new long[periods];
    for (Row cell : cells) {
      if (!cell.isNullAt(4)) {
        eligible[cell.getInt(2)] += cell.getLong(1);
        retained[cell.getInt(2)] += cell.getLong(4);
      }
    }
    return IntStream.range(0, periods)
        .mapToObj(
            period ->
                new CurvePoint(
                    eligible[period],
                    eligible[period] == 0
                        ? OptionalDouble.empty()
                        : OptionalDouble.of((double) retained[period] / eligible[period])))
        .toList();
  }

  /** The periods up to the last one that any cohort has lived through, and the one it is in. */
  private static int knownPeriods(List<CurvePoint> curve) {
    int known = 1;
    for (int period = 0; period < curve.size(); period++) {
      known = curve.get(period).rate().isPresent() ? period + 1 : known;
    }
    return known;
  }

  private static <T> List<T> cut(List<T> list, int size) {
    return list.subList(0, Math.min(size, list.size()));
  }

  private static OptionalDouble rate(Row row, int column) {
    return row.isNullAt(column) ? OptionalDouble.empty() : OptionalDouble.of(row.getDouble(column));
  }

  /** What can be shown, the whole first, and how many cohorts each has. */
  private List<Row> matrices() {
    List<Row> matrices =
        retention
            .where(col("bracket").isNull())
            .groupBy("retention", "grain", "segment", "segment_value")
            .agg(countDistinct("cohort_start"))
            .orderBy("retention", "segment", "segment_value")
            .collectAsList();
    if (matrices.isEmpty() && !retention.isEmpty()) {
      throw UserError.usage(
          "No matrix of retention to show: --where leaves brackets alone, which are no cells of one. Their rows are in the table; a matrix has those with \"bracket IS NULL\".");
    }
    if (matrices.isEmpty()) {
      throw UserError.usage(
          "No rows of retention to show: --where leaves none. Of a segment, there are the values that"
              + " users are born with.");
    }
    return matrices;
  }

  /** The matrix to show: of several the first one, whole and coarse. */
  private static Row choose(List<Row> matrices) {
    Row first = matrices.get(0);
    List<Row> grains =
        matrices.stream()
            .filter(
                row ->
                    row.get(0).equals(first.get(0))
                        && row.get(2).equals(first.get(2))
                        && row.get(3).equals(first.get(3)))
            .toList();
    for (String grain : COARSE_FIRST) {
      for (Row row : grains) {
        if (row.getString(1).equals(grain) && row.getLong(4) >= COHORTS_WORTH_SHOWING) {
          return row;
        }
      }
    }
    return grains.get(0);
  }
}
