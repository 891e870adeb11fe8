package io.tenure.jobs.metric;

import io.tenure.common.calendar.Grain;
import io.tenure.common.config.Scope;
import io.tenure.common.history.History;
import io.tenure.common.table.Contract;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;

/**
 * Whether the values of a dimension differ in survival: the {@link LogRank} test over first spells,
 * in days and in whole months, with the tenures of {@link Survival}.
 */
public final class SurvivalComparison implements Metric {
  private static final long serialVersionUID = 1L;

  private static final List<Grain> UNITS = List.of(Grain.DAY, Grain.MONTH);

  /** What is counted at each tenure. */
  private static final int CHURNED = 0;

  private static final int CENSORED = 1;
  private static final int COUNTS = 2;

  private final SpellRule rule;
  private final List<String> dimensions;
  private final int end;

  public SurvivalComparison(Scope scope) {
    this.rule = SpellRule.of(scope);
    this.dimensions = scope.config().dimensions();
    this.end = scope.end();
  }

  @Override
  public List<Contract> tables() {
    return List.of(SurvivalTables.TEST);
  }

  @Override
  public void add(History history, Cells cells) {
    Spells spells = cells.spells(history, rule);
    if (spells.size() == 0) {
      return;
    }
    int birth = spells.birth();
    int until = Math.min(spells.churn(0), end);
    int fate = spells.churn(0) == Spells.ALIVE ? CENSORED : CHURNED;
    for (int dimension = 0; dimension < dimensions.size(); dimension++) {
      Cells.Segment segment =
          cells.segment(dimensions.get(dimension), history.segment(dimension, birth));
      count(segment, Grain.DAY, until - birth, fate);
      count(segment, Grain.MONTH, Tenures.months(birth, until), fate);
    }
  }

  private static void count(Cells.Segment segment, Grain unit, int tenure, int fate) {
    int at = tenure * COUNTS;
    segment.sums(SurvivalTables.TEST.name(), UNITS.indexOf(unit), 0, at + COUNTS)[at + fate]++;
  }

  @Override
  public boolean joinsCells(String table) {
    return true;
  }

  @Override
  public void rows(Cell cell, Consumer<Object[]> rows) {
    rows(List.of(cell), rows);
  }

  @Override
  public void rows(List<Cell> values, Consumer<Object[]> rows) {
    // In one order, so that the last digits are the same in every run.
    List<LogRank.Group> groups =
        values.stream()
            .sorted(Comparator.comparing(Cell::value))
            .map(SurvivalComparison::group)
            .toList();
    long churned = groups.stream().mapToLong(group -> sum(group.churned())).sum();
    long censored = groups.stream().mapToLong(group -> sum(group.censored())).sum();
    LogRank test = LogRank.of(groups);
    rows.accept(
        new Object[] {
          UNITS.get(values.get(0).part()).label(),
          values.get(0).dimension(),
          Segments.ALL,
          Segments.BIRTH,
          (long) groups.size(),
          churned + censored,
          churned,
          test == null ? null : test.chiSquare(),
          test == null ? null : test.degreesOfFreedom(),
          test == null ? null : test.pValue()
        });
  }

  private static LogRank.Group group(Cell cell) {
    int reach = cell.sums().length / COUNTS;
    long[] churned = new long[reach];
    long[] censored = new long[reach];
    for (int tenure = 0; tenure < reach; tenure++) {
      churned[tenure] = cell.sums()[tenure * COUNTS + CHURNED];
      censored[tenure] = cell.sums()[tenure * COUNTS + CENSORED];
    }
    return new LogRank.Group(churned, censored);
  }

  private static long sum(long[] counts) {
    long sum = 0;
    for (long count : counts) {
      sum = Math.addExact(sum, count);
    }
    return sum;
  }
}
