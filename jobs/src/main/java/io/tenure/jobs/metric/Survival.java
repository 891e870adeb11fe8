package io.tenure.jobs.metric;

import io.tenure.common.calendar.Grain;
import io.tenure.common.calendar.Periods;
import io.tenure.common.config.ChurnConfig.SurvivalInterval;
import io.tenure.common.config.Scope;
import io.tenure.common.history.History;
import io.tenure.common.table.Contract;
import io.tenure.jobs.metric.KaplanMeier.Estimate;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/**
 * Survival by tenure: the Kaplan-Meier estimate over first spells, told by day and by whole month;
 * and whether the values of a dimension differ in it, by the {@link LogRank} test. All estimates
 * are those of the very day: months only say where the curve is read.
 *
 * <p>The tenure of a user who churned runs from birth to the churn day, on which the user is gone:
 * under inactivity that is inactive-days + 1 days after the last activity, so nobody churns with a
 * tenure of fewer days. Users alive at the end of knowledge are censored there. A user counts under
 * the segment values of the birth day.
 */
public final class Survival implements Metric {
  private static final long serialVersionUID = 1L;

  private static final List<Grain> UNITS = List.of(Grain.DAY, Grain.MONTH);

  /** What is counted at each tenure; of months at each of their days, so that no day is rounded. */
  private static final int CHURNED = 0;

  private static final int CENSORED = 1;
  private static final int CHURNED_IN_COMPLETE_MONTHS = 2;
  private static final int COUNTS = 3;

  private final SpellRule rule;
  private final Stages stages;
  private final SurvivalInterval interval;
  private final Periods months;
  private final List<String> dimensions;
  private final int end;

  public Survival(Scope scope) {
    this.rule = SpellRule.of(scope);
    this.stages = Stages.of(scope.config().churn());
    this.interval = scope.config().churn().survivalInterval();
    this.months = scope.config().periods(Grain.MONTH);
    this.dimensions = scope.config().dimensions();
    this.end = scope.end();
  }

  @Override
  public List<Contract> tables() {
    return List.of(SurvivalTables.SURVIVAL, SurvivalTables.BY_STAGE, SurvivalTables.TEST);
  }

  /** Stages and tests are read off the life tables. */
  @Override
  public String cellsOf(String table) {
    return SurvivalTables.SURVIVAL.name();
  }

  /** A test compares the values of a dimension. */
  @Override
  public boolean joinsCells(String table) {
    return table.equals(SurvivalTables.TEST.name());
  }

  @Override
  public void add(History history, Cells cells) {
    Spells spells = cells.spells(history, rule);
    if (spells.size() == 0) {
      return;
    }
    int birth = spells.birth();
    int churn = spells.churn(0);
    int until = Math.min(churn, end);
    int days = until - birth;
    int monthsAndDays = Tenures.monthsAndDays(birth, until);
    for (Cells.Segment segment : cells.segments(history, birth, dimensions)) {
      count(segment, Grain.DAY, days, churn);
      count(segment, Grain.MONTH, monthsAndDays, churn);
    }
  }

  private void count(Cells.Segment segment, Grain unit, int tenure, int churn) {
    int at = tenure * COUNTS;
    long[] sums = segment.sums(SurvivalTables.SURVIVAL.name(), UNITS.indexOf(unit), 0, at + COUNTS);
    if (churn == Spells.ALIVE) {
      sums[at + CENSORED]++;
      return;
    }
    sums[at + CHURNED]++;
    if (months.of(churn) < months.of(end)) {
      sums[at + CHURNED_IN_COMPLETE_MONTHS]++;
    }
  }

  @Override
  public void rows(Cell cell, Consumer<Object[]> rows) {
    int times = UNITS.get(cell.part()) == Grain.MONTH ? Tenures.DAYS_OF_MONTH : 1;
    KaplanMeier lives =
        new KaplanMeier(counts(cell, CHURNED), counts(cell, CENSORED), times, interval);
    if (cell.key().table().equals(SurvivalTables.SURVIVAL.name())) {
      lifeTable(cell, lives, times, rows);
      return;
    }
    if (UNITS.get(cell.part()) == Grain.MONTH) {
      for (int stage = 0; stage < stages.count(); stage++) {
        Integer to = stage + 1 < stages.count() ? stages.starts().get(stage + 1) : null;
        int from = stages.starts().get(stage);
        rows.accept(stageRow(cell, lives, stages.names().get(stage), from, to));
      }
    }
    rows.accept(stageRow(cell, lives, Stages.ALL, 0, null));
  }

  @Override
  public void rows(List<Cell> cells, Consumer<Object[]> rows) {
    Cell any = cells.get(0);
    if (!joinsCells(any.key().table())) {
      cells.forEach(cell -> rows(cell, rows));
    } else if (!any.dimension().equals(Segments.ALL)) {
      rows.accept(testRow(cells));
    }
  }

  /** Of the cells of the values of a dimension. */
  private static Object[] testRow(List<Cell> values) {
    // In one order, so that the last digits are the same in every run.
    List<LogRank.Group> groups =
        values.stream()
            .sorted(Comparator.comparing(Cell::value))
            .map(cell -> new LogRank.Group(counts(cell, CHURNED), counts(cell, CENSORED)))
            .toList();
    long churned = groups.stream().mapToLong(group -> sum(group.churned())).sum();
    long censored = groups.stream().mapToLong(group -> sum(group.censored())).sum();
    LogRank test = LogRank.of(groups);
    return new Object[] {
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
    };
  }

  private static long sum(long[] counts) {
    return LongStream.of(counts).reduce(0, Math::addExact);
  }

  private static long[] counts(Cell cell, int which) {
    long[] counts = new long[cell.sums().length / COUNTS];
    for (int tenure = 0; tenure < counts.length; tenure++) {
      counts[tenure] = cell.sums()[tenure * COUNTS + which];
    }
    return counts;
  }

  private static void lifeTable(Cell cell, KaplanMeier lives, int times, Consumer<Object[]> rows) {
    long[] inCompleteMonths = new long[lives.reach()];
    long[] atTimes = counts(cell, CHURNED_IN_COMPLETE_MONTHS);
    for (int time = 0; time < atTimes.length; time++) {
      inCompleteMonths[time / times] += atTimes[time];
    }
    Estimate[] curve = lives.curve();
    for (int tenure = 0; tenure < curve.length; tenure++) {
      rows.accept(
          new Object[] {
            UNITS.get(cell.part()).label(),
            cell.dimension(),
            cell.value(),
            Segments.BIRTH,
            tenure,
            lives.atRisk(tenure),
            lives.churned(tenure),
            lives.censored(tenure),
            inCompleteMonths[tenure],
            curve[tenure].survival(),
            curve[tenure].stdErr(),
            curve[tenure].low(),
            curve[tenure].high()
          });
    }
  }

  /**
   * One stage.
   *
   * @param to null if the stage has no end
   */
  private static Object[] stageRow(
      Cell cell, KaplanMeier lives, String stage, int from, Integer to) {
    int until = Math.max(from, to == null ? lives.reach() : Math.min(to, lives.reach()));
    long churned = 0;
    long censored = 0;
    for (int tenure = from; tenure < until; tenure++) {
      churned += lives.churned(tenure);
      censored += lives.censored(tenure);
    }
    Estimate estimate = lives.between(from, until);
    boolean followed = to == null || lives.atRisk(to) > 0;
    boolean mature = lives.atRisk(from) > 0 && (followed || estimate.survival() == 0);
    // Nobody is known to have lived through the last tenure that anybody reached.
    int lived = to != null && followed ? to : Math.max(from, lives.reach() - 1);
    return new Object[] {
      UNITS.get(cell.part()).label(),
      cell.dimension(),
      cell.value(),
      Segments.BIRTH,
      stage,
      from,
      to,
      until,
      lives.atRisk(from),
      churned,
      censored,
      mature ? estimate.survival() : null,
      mature ? estimate.stdErr() : null,
      mature ? estimate.low() : null,
      mature ? estimate.high() : null,
      lives.median(from, until),
      mature ? lives.restrictedMean(from, Math.min(lived, until)) : null,
      mature
    };
  }
}
