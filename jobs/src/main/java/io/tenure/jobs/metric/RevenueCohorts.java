package io.tenure.jobs.metric;

import io.tenure.common.Proportion;
import io.tenure.common.calendar.KnownDates;
import io.tenure.common.calendar.Periods;
import io.tenure.common.config.RetentionConfig;
import io.tenure.common.config.Scope;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.history.History;
import io.tenure.common.table.Contract;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * What a cohort has brought, period by period and in all: lifetime value to date.
 *
 * <p>Cohorts, periods, segment values and maturity are those of {@link Retention}. The money of
 * period k is the amounts on days of period C + k on or after the birth day, refunds taken off.
 */
public final class RevenueCohorts implements Metric {
  private static final long serialVersionUID = 1L;

  private static final String TABLE = RevenueTables.COHORTS;

  /** The day that starts when knowledge ends. */
  private final int end;

  private final List<String> dimensions;

  /** The position of each is the part of its cells. */
  private final List<RetentionMatrix> matrices;

  public RevenueCohorts(Scope scope) {
    TenureConfig config = scope.config();
    this.end = scope.end();
    this.dimensions = config.dimensions();
    this.matrices = RetentionMatrix.all(config);
  }

  @Override
  public List<Contract> tables() {
    boolean recurring =
        matrices.stream()
            .anyMatch(matrix -> matrix.retention().cohort() == RetentionConfig.Cohort.RECURRING);
    return List.of(RevenueTables.cohorts(recurring));
  }

  @Override
  public void add(History history, Cells cells) {
    for (int part = 0; part < matrices.size(); part++) {
      RetentionMatrix matrix = matrices.get(part);
      for (int birth : matrix.births().days(history)) {
        long[] amounts = amounts(history, birth, matrix);
        int cohort = matrix.periods().of(birth);
        for (Cells.Segment segment : cells.segments(history, birth, dimensions)) {
          add(amounts, segment.sums(TABLE, part, cohort, width(matrix)), matrix);
        }
      }
    }
  }

  /** By period since birth: what the user brought in it, as far as the last one with any. */
  private static long[] amounts(History history, int birth, RetentionMatrix matrix) {
    Periods periods = matrix.periods();
    int cohort = periods.of(birth);
    int known = periods.of(history.day(history.size() - 1)) - cohort;
    long[] amounts = new long[Math.min(known, matrix.horizon()) + 1];
    // A user may be born in every period of a long history: none walks beyond its own horizon.
    int until = periods.end(cohort + amounts.length - 1);
    for (int at = history.sizeBefore(birth); at < history.size(); at++) {
      if (history.day(at) >= until) {
        break;
      }
      int period = periods.of(history.day(at)) - cohort;
      amounts[period] = Math.addExact(amounts[period], history.amount(at));
    }
    return amounts;
  }

  private static void add(long[] amounts, long[] sums, RetentionMatrix matrix) {
    sums[0]++;
    for (int period = 0; period < amounts.length; period++) {
      sums[revenue(period)] = Math.addExact(sums[revenue(period)], amounts[period]);
      sums[payers(matrix, period)] += amounts[period] > 0 ? 1 : 0;
    }
  }

  // Where the sums of a cohort stand in its vector: users, then money, then who brought it.

  private static int revenue(int period) {
    return 1 + period;
  }

  private static int payers(RetentionMatrix matrix, int period) {
    return 2 + matrix.horizon() + period;
  }

  private static int width(RetentionMatrix matrix) {
    return 3 + 2 * matrix.horizon();
  }

  @Override
  public boolean followsCells(String table) {
    return true;
  }

  @Override
  public void rows(Cell cell, Consumer<Object[]> rows) {
    RetentionMatrix matrix = matrices.get(cell.part());
    long[] sums = cell.sums();
    long cumulative = 0;
    for (int period = 0; period <= matrix.horizon(); period++) {
      cumulative = Math.addExact(cumulative, sums[revenue(period)]);
      rows.accept(row(matrix, cell, period, cumulative));
    }
  }

  private Object[] row(RetentionMatrix matrix, Cell cell, int period, long cumulative) {
    Periods periods = matrix.periods();
    int cohort = cell.index();
    int maturesOn = periods.end(cohort + period);
    long users = cell.sums()[0];
    Object[] key = {
      matrix.retention().name(),
      periods.grain().label(),
      cell.dimension(),
      cell.value(),
      Segments.BIRTH,
      KnownDates.of(periods.start(cohort)),
      period,
      KnownDates.of(periods.start(cohort + period)),
      KnownDates.of(maturesOn),
      users
    };
    boolean mature = maturesOn <= end;
    Object[] row = Arrays.copyOf(key, key.length + 10);
    if (mature) {
      long revenue = cell.sums()[revenue(period)];
      long payers = cell.sums()[payers(matrix, period)];
      Proportion rate = Proportion.of(payers, users);
      Object[] outcome = {
        Money.of(revenue),
        Money.of(cumulative),
        Money.each(Money.of(revenue), users),
        Money.each(Money.of(cumulative), users),
        payers,
        rate.rate(),
        rate.low(),
        rate.high()
      };
      System.arraycopy(outcome, 0, row, key.length, outcome.length);
    }
    row[row.length - 2] = mature;
    row[row.length - 1] = KnownDates.of(maturesOn);
    return row;
  }
}
