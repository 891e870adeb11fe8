package io.tenure.jobs.metric;

import io.tenure.common.Proportion;
import io.tenure.common.calendar.KnownDates;
import io.tenure.common.calendar.Periods;
import io.tenure.common.config.Scope;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.history.History;
import io.tenure.common.table.Contract;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Cohort retention: of the users born in a period, how many come back in the k-th period after it.
 *
 * <p>A user is in cohort C = the period of the birth day, under the segment values of the birth
 * day. Cell (C, k) counts users with a return activity, on or after the birth day, in period C + k.
 * It is mature once period C + k is over: then every member has lived through all of it.
 */
public final class Retention implements Metric {
  private static final long serialVersionUID = 1L;

  /** The day that starts when knowledge ends. */
  private final int end;

  /** The first day from which births are certain. */
  private final int historyStarts;

  private final List<String> dimensions;

  /** The position of each is the part of its cells. */
  private final List<RetentionMatrix> matrices;

  public Retention(Scope scope) {
    TenureConfig config = scope.config();
    this.end = scope.end();
    this.historyStarts = scope.historyStarts();
    this.dimensions = config.dimensions();
    this.matrices = RetentionMatrix.all(config);
  }

  @Override
  public List<Contract> tables() {
    return List.of(RetentionTables.RETENTION, RetentionTables.CURVE, RetentionTables.COHORTS);
  }

  @Override
  public void add(History history, Cells cells) {
    for (int part = 0; part < matrices.size(); part++) {
      RetentionMatrix matrix = matrices.get(part);
      int[] births = matrix.births().days(history);
      int[] returns = history.days(matrix.returning());
      for (int birth : births) {
        int[] seen = periodsSeen(birth, returns, matrix.periods());
        int cohort = matrix.periods().of(birth);
        for (Cells.Segment segment : cells.segments(history, birth, dimensions)) {
          addToCohort(matrix, seen, segment.sums("retention", part, cohort, matrix.width()));
          addToCurve(
              matrix, cohort, seen, segment.sums("retention_curve", part, 0, matrix.curveWidth()));
          addBirth(segment.sums("cohorts", part, cohort, daysOf(matrix, cohort)), birth, matrix);
        }
      }
    }
  }

  /** The periods since birth with a return, ascending, each once. */
  private static int[] periodsSeen(int birth, int[] returns, Periods periods) {
    int cohort = periods.of(birth);
    int found = Arrays.binarySearch(returns, birth);
    int from = found >= 0 ? found : -found - 1;
    int[] seen = new int[returns.length - from];
    int size = 0;
    for (int at = from; at < returns.length; at++) {
      int period = periods.of(returns[at]) - cohort;
      if (size == 0 || seen[size - 1] != period) {
        seen[size++] = period;
      }
    }
    return Arrays.copyOf(seen, size);
  }

  private static void addToCohort(RetentionMatrix matrix, int[] seen, long[] sums) {
    sums[0]++;
    for (int period : seen) {
      if (period > matrix.horizon()) {
        break;
      }
      sums[matrix.retained(period)]++;
    }
    if (seen.length > 0) {
      int last = seen[seen.length - 1];
      sums[matrix.lastSeen(Math.min(last, matrix.horizon()))]++;
      for (int bracket = 0; bracket < matrix.brackets(); bracket++) {
        if (last >= matrix.bracketStart(bracket)) {
          sums[matrix.retainedSinceBracket(bracket)]++;
        }
        if (seenInBracket(matrix, bracket, seen)) {
          sums[matrix.retainedInBracket(bracket)]++;
        }
      }
    }
  }

  private void addToCurve(RetentionMatrix matrix, int cohort, int[] seen, long[] sums) {
    int lastMature = lastMaturePeriod(matrix, cohort);
    if (lastMature >= 0) {
      sums[matrix.eligibleUpTo(Math.min(lastMature, matrix.horizon()))]++;
    }
    for (int period : seen) {
      if (period > matrix.horizon() || period > lastMature) {
        break;
      }
      sums[matrix.pooled(period)]++;
    }
    for (int bracket = 0; bracket < matrix.brackets(); bracket++) {
      if (matrix.bracketEnd(bracket) - 1 <= lastMature) {
        sums[matrix.eligibleInBracket(bracket)]++;
        if (seenInBracket(matrix, bracket, seen)) {
          sums[matrix.pooledInBracket(bracket)]++;
        }
      }
    }
  }

  /** The last period of a cohort that is over on the as-of day; negative if none is. */
  private int lastMaturePeriod(RetentionMatrix matrix, int cohort) {
    return matrix.periods().of(end) - 1 - cohort;
  }

  private static boolean seenInBracket(RetentionMatrix matrix, int bracket, int[] seen) {
    int found = Arrays.binarySearch(seen, matrix.bracketStart(bracket));
    int at = found >= 0 ? found : -found - 1;
    return at < seen.length && seen[at] < matrix.bracketEnd(bracket);
  }

  /** Births by day of the cohort: their sum is its size, the ends its first and last day. */
  private static void addBirth(long[] sums, int birth, RetentionMatrix matrix) {
    sums[birth - matrix.periods().start(matrix.periods().of(birth))]++;
  }

  private static int daysOf(RetentionMatrix matrix, int cohort) {
    return matrix.periods().end(cohort) - matrix.periods().start(cohort);
  }

  @Override
  public boolean followsCells(String table) {
    return table.equals(RetentionTables.RETENTION.name());
  }

  @Override
  public void rows(Cell cell, Consumer<Object[]> rows) {
    RetentionMatrix matrix = matrices.get(cell.part());
    switch (cell.key().table()) {
      case "retention" -> retentionRows(matrix, cell, rows);
      case "retention_curve" -> curveRows(matrix, cell, rows);
      case "cohorts" -> cohortRow(matrix, cell, rows);
      default -> throw new IllegalArgumentException("Not a table of retention: " + cell.key());
    }
  }

  private void retentionRows(RetentionMatrix matrix, Cell cell, Consumer<Object[]> rows) {
    long[] sums = cell.sums();
    long[] orLater = new long[matrix.horizon() + 2];
    for (int period = matrix.horizon(); period >= 0; period--) {
      orLater[period] = orLater[period + 1] + sums[matrix.lastSeen(period)];
    }
    for (int period = 0; period <= matrix.horizon(); period++) {
      long retained = sums[matrix.retained(period)];
      rows.accept(retentionRow(matrix, cell, null, period, period + 1, retained, orLater[period]));
    }
    for (int bracket = 0; bracket < matrix.brackets(); bracket++) {
      int from = matrix.bracketStart(bracket);
      int to = matrix.bracketEnd(bracket);
      long retained = sums[matrix.retainedInBracket(bracket)];
      long since = sums[matrix.retainedSinceBracket(bracket)];
      rows.accept(retentionRow(matrix, cell, label(from, to), from, to, retained, since));
    }
  }

  private Object[] retentionRow(
      RetentionMatrix matrix,
      Cell cell,
      String bracket,
      int from,
      int to,
      long retained,
      long orLater) {
    Periods periods = matrix.periods();
    int cohort = cell.index();
    int maturesOn = periods.start(cohort + to);
    boolean mature = maturesOn <= end;
    long users = cell.sums()[0];
    Proportion rate = mature ? Proportion.of(retained, users) : Proportion.UNKNOWN;
    return new Object[] {
      matrix.retention().name(),
      periods.grain().label(),
      cell.dimension(),
      cell.value(),
      Segments.BIRTH,
      date(periods.start(cohort)),
      from,
      date(periods.start(cohort + from)),
      date(maturesOn),
      bracket,
      users,
      mature ? retained : null,
      mature ? orLater : null,
      rate.rate(),
      rate.low(),
      rate.high(),
      mature,
      date(maturesOn)
    };
  }

  private static void curveRows(RetentionMatrix matrix, Cell cell, Consumer<Object[]> rows) {
    long[] sums = cell.sums();
    long[] eligible = new long[matrix.horizon() + 2];
    for (int period = matrix.horizon(); period >= 0; period--) {
      eligible[period] = eligible[period + 1] + sums[matrix.eligibleUpTo(period)];
    }
    for (int period = 0; period <= matrix.horizon(); period++) {
      long retained = sums[matrix.pooled(period)];
      rows.accept(curveRow(matrix, cell, null, period, eligible[period], retained));
    }
    for (int bracket = 0; bracket < matrix.brackets(); bracket++) {
      int from = matrix.bracketStart(bracket);
      String label = label(from, matrix.bracketEnd(bracket));
      long pool = sums[matrix.eligibleInBracket(bracket)];
      long retained = sums[matrix.pooledInBracket(bracket)];
      rows.accept(curveRow(matrix, cell, label, from, pool, retained));
    }
  }

  private static Object[] curveRow(
      RetentionMatrix matrix, Cell cell, String bracket, int period, long eligible, long retained) {
    boolean mature = eligible > 0;
    Proportion rate = Proportion.of(retained, eligible);
    return new Object[] {
      matrix.retention().name(),
      matrix.periods().grain().label(),
      cell.dimension(),
      cell.value(),
      Segments.BIRTH,
      period,
      bracket,
      eligible,
      mature ? retained : null,
      rate.rate(),
      rate.low(),
      rate.high(),
      mature
    };
  }

  private void cohortRow(RetentionMatrix matrix, Cell cell, Consumer<Object[]> rows) {
    long[] births = cell.sums();
    int first = 0;
    while (births[first] == 0) {
      first++;
    }
    int last = births.length - 1;
    while (births[last] == 0) {
      last--;
    }
    Periods periods = matrix.periods();
    int start = periods.start(cell.index());
    rows.accept(
        new Object[] {
          matrix.retention().name(),
          periods.grain().label(),
          cell.dimension(),
          cell.value(),
          Segments.BIRTH,
          date(start),
          date(periods.end(cell.index())),
          date(start + first),
          date(start + last),
          Arrays.stream(births).sum(),
          periods.end(cell.index()) <= end,
          start >= historyStarts
        });
  }

  private static String label(int from, int to) {
    return "[" + from + "," + to + ")";
  }

  private static LocalDate date(int day) {
    return KnownDates.of(day);
  }
}
