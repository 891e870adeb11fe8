package io.tenure.jobs.metric;

import io.tenure.common.Proportion;
import io.tenure.common.TwoProportions;
import io.tenure.common.calendar.Grain;
import io.tenure.common.calendar.KnownDates;
import io.tenure.common.calendar.Periods;
import io.tenure.common.config.RetentionConfig;
import io.tenure.common.config.Scope;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.history.History;
import io.tenure.common.table.Contract;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Who stays and who leaves: each value of each dimension against all other values of it, with as
 * many comparisons as there are in mind.
 *
 * <p>Two outcomes: churn in the last complete month, of the users there at its start, under the
 * values as of the day before it, as in {@link Churn}; and return in the first period after birth
 * at the longest grain of the first retention question in which a user is in one cohort, pooled
 * over the cohorts that have lived through it, under the values of the birth day, as in {@link
 * Retention}'s curve.
 *
 * <p>A value is compared with others of its own dimension; those of other dimensions are the same
 * users again. A difference is no cause.
 */
public final class Drivers implements Metric {
  private static final long serialVersionUID = 1L;

  private static final String TABLE = DriversTable.DRIVERS.name();

  /** The parts of cells. Those of retention hold users and who of them came back. */
  private static final int CHURN = 0;

  private static final int RETENTION = 1;

  private final SpellRule rule;
  private final ChurnFlow flow;
  private final int end;
  private final List<String> dimensions;

  /** The last complete month. */
  private final int month;

  /** The question at its longest grain; null if there is none that reaches a period 1. */
  private final RetentionMatrix matrix;

  public Drivers(Scope scope) {
    TenureConfig config = scope.config();
    Periods months = config.periods(Grain.MONTH);
    this.end = scope.end();
    this.dimensions = config.dimensions();
    this.month = months.of(end) - 1;
    this.rule = SpellRule.of(scope);
    this.flow =
        new ChurnFlow(
            TABLE,
            CHURN,
            months,
            Stages.uncut(),
            dimensions,
            new Scope(config, months.start(month), scope.asOf()));
    String first =
        config.retention().stream()
            .filter(question -> question.cohort() != RetentionConfig.Cohort.RECURRING)
            .map(RetentionConfig::name)
            .findFirst()
            .orElse(null);
    this.matrix =
        RetentionMatrix.all(config).stream()
            .filter(its -> its.retention().name().equals(first) && its.horizon() > 0)
            .max(Comparator.comparing(its -> its.periods().grain()))
            .orElse(null);
  }

  @Override
  public List<Contract> tables() {
    return List.of(DriversTable.DRIVERS);
  }

  @Override
  public void add(History history, Cells cells) {
    if (dimensions.isEmpty()) {
      return;
    }
    flow.add(history, cells.spells(history, rule), cells);
    if (matrix != null) {
      int[] returns = history.days(matrix.returning());
      for (int birth : matrix.births().days(history)) {
        addBirth(history, birth, returns, cells);
      }
    }
  }

  private void addBirth(History history, int birth, int[] returns, Cells cells) {
    Periods periods = matrix.periods();
    int next = periods.of(birth) + 1;
    if (periods.end(next) > end) {
      return;
    }
    int at = SortedDays.from(returns, periods.start(next));
    boolean returned = at < returns.length && returns[at] < periods.end(next);
    for (Cells.Segment segment : cells.segments(history, birth, dimensions)) {
      long[] sums = segment.sums(TABLE, RETENTION, 0, 2);
      sums[0]++;
      sums[1] += returned ? 1 : 0;
    }
  }

  @Override
  public boolean joinsCells(String table) {
    return true;
  }

  @Override
  public Cell.Key together(Cell.Key key) {
    return key.ofPart();
  }

  @Override
  public void rows(Cell cell, Consumer<Object[]> rows) {
    rows(List.of(cell), rows);
  }

  /** Users at stake, and those with the outcome. */
  private record Counts(long users, long cases) {
    Counts plus(Counts other) {
      return new Counts(users + other.users, cases + other.cases);
    }

    Counts less(Counts other) {
      return new Counts(users - other.users, cases - other.cases);
    }
  }

  @Override
  public void rows(List<Cell> together, Consumer<Object[]> rows) {
    List<Cell> values =
        together.stream()
            .filter(cell -> !cell.dimension().equals(Segments.ALL) && counts(cell).users() > 0)
            .sorted(Comparator.comparing(Cell::dimension).thenComparing(Cell::value))
            .toList();
    Map<String, Counts> all = new HashMap<>();
    values.forEach(cell -> all.merge(cell.dimension(), counts(cell), Counts::plus));
    List<Comparison> comparisons =
        values.stream()
            .map(cell -> Comparison.of(cell, counts(cell), all.get(cell.dimension())))
            .toList();
    double[] pValues =
        comparisons.stream()
            .filter(Comparison::isPossible)
            .mapToDouble(comparison -> comparison.result().pValue())
            .toArray();
    double[] adjusted = adjusted(pValues);
    int next = 0;
    for (Comparison comparison : comparisons) {
      Double pAdjusted = comparison.isPossible() ? Double.valueOf(adjusted[next++]) : null;
      rows.accept(row(comparison, pValues.length, pAdjusted));
    }
  }

  /**
   * A value against the others of its dimension.
   *
   * @param result null if there are no others
   */
  private record Comparison(Cell cell, Counts own, Counts rest, TwoProportions result) {
    static Comparison of(Cell cell, Counts own, Counts all) {
      Counts rest = all.less(own);
      return new Comparison(
          cell,
          own,
          rest,
          rest.users() == 0
              ? null
              : TwoProportions.of(own.cases(), own.users(), rest.cases(), rest.users()));
    }

    boolean isPossible() {
      return result != null;
    }
  }

  private Counts counts(Cell cell) {
    if (cell.part() == RETENTION) {
      return new Counts(cell.sums()[0], cell.sums()[1]);
    }
    long[] sums = flow.sums(cell, month, 0);
    return new Counts(
        sums[ChurnFlow.Sum.USERS_AT_START.ordinal()], sums[ChurnFlow.Sum.CHURNED.ordinal()]);
  }

  /**
   * Adjusted p-values: Y. Benjamini and Y. Hochberg (1995), Controlling the false discovery rate,
   * Journal of the Royal Statistical Society B 57, 289-300; as R's p.adjust(method = "BH").
   */
  static double[] adjusted(double[] pValues) {
    Integer[] order = new Integer[pValues.length];
    Arrays.setAll(order, at -> at);
    Arrays.sort(order, Comparator.comparingDouble(at -> pValues[at]));
    double[] adjusted = new double[pValues.length];
    double least = 1;
    for (int rank = pValues.length; rank > 0; rank--) {
      int at = order[rank - 1];
      least = Math.min(least, pValues[at] * pValues.length / rank);
      adjusted[at] = least;
    }
    return adjusted;
  }

  private Object[] row(Comparison comparison, int comparisons, Double pAdjusted) {
    Cell cell = comparison.cell();
    Counts own = comparison.own();
    Counts rest = comparison.rest();
    TwoProportions result = comparison.result();
    boolean churn = cell.part() == CHURN;
    boolean alone = !comparison.isPossible();
    Proportion rate = Proportion.of(own.cases(), own.users());
    Proportion restRate = Proportion.of(rest.cases(), rest.users());
    return new Object[] {
      churn ? "churn" : "retention",
      churn ? null : matrix.retention().name(),
      churn ? Grain.MONTH.label() : matrix.periods().grain().label(),
      churn ? null : 1,
      churn ? KnownDates.of(flow.periods().start(month)) : null,
      cell.dimension(),
      cell.value(),
      churn ? Segments.AS_OF : Segments.BIRTH,
      own.users(),
      own.cases(),
      rate.rate(),
      rate.low(),
      rate.high(),
      rest.users(),
      rest.cases(),
      restRate.rate(),
      restRate.low(),
      restRate.high(),
      alone ? null : result.difference(),
      alone ? null : result.differenceLow(),
      alone ? null : result.differenceHigh(),
      alone ? null : result.ratio(),
      alone ? null : result.ratioLow(),
      alone ? null : result.ratioHigh(),
      alone ? null : result.pValue(),
      comparisons,
      pAdjusted
    };
  }
}
