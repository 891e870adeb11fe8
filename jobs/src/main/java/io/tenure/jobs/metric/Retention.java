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
import java.util.Optional;
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

  private static final String RETENTION = RetentionTables.RETENTION.name();

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
      int[] returns = history.days(matrix.returning());
      for (int birth : matrix.births().days(history)) {
        addMember(history, part, birth, returns, cells);
      }
    }
  }

  private void addMember(History history, int part, int birth, int[] returns, Cells cells) {
    RetentionMatrix matrix = matrices.get(part);
    int[] seen = periodsSeen(birth, returns, returns.length, matrix);
    int cohort = matrix.periods().of(birth);
    int day = birth - matrix.periods().start(cohort);
    for (Cells.Segment segment : cells.segments(history, birth, dimensions)) {
      long[] sums = segment.sums(RETENTION, part, cohort, matrix.width(cohort));
      sums[RetentionMatrix.SIZE]++;
      sums[matrix.born(day)]++;
      addReturns(matrix, seen, 1, sums);
    }
  }

  /**
   * Where nothing changed of what the earlier run knew, members whose returns are no more than it
   * knew stand as they did. Of another past, cells do not tell which sums came from it.
   */
  @Override
  public Optional<Onward> onward(Onward.Earlier earlier) {
    if (earlier.sameUntil() < earlier.knownUntil()) {
      return Optional.empty();
    }
    int known = earlier.knownUntil();
    return Optional.of(
        new Onward(cell -> cell, (history, cells) -> addSince(history, known, cells)));
  }

  /** Adds what a user's days from {@code known} on make other than it was. */
  private void addSince(History history, int known, Cells cells) {
    for (int part = 0; part < matrices.size(); part++) {
      RetentionMatrix matrix = matrices.get(part);
      int[] returns = history.days(matrix.returning());
      int before = SortedDays.from(returns, known);
      for (int birth : matrix.births().days(history)) {
        if (birth >= known) {
          addMember(history, part, birth, returns, cells);
        } else if (before < returns.length) {
          int[] seen = periodsSeen(birth, returns, returns.length, matrix);
          int[] seenBefore = periodsSeen(birth, returns, before, matrix);
          int cohort = matrix.periods().of(birth);
          for (Cells.Segment segment : cells.segments(history, birth, dimensions)) {
            long[] sums = segment.sums(RETENTION, part, cohort, matrix.width(cohort));
            addReturns(matrix, seen, 1, sums);
            addReturns(matrix, seenBefore, -1, sums);
          }
        }
      }
    }
  }

  /**
   * The periods since birth with a return, ascending, each once; of those that the matrix does not
   * show, the last one only.
   *
   * @param end of the returns that are looked at, a position
   */
  private static int[] periodsSeen(int birth, int[] returns, int end, RetentionMatrix matrix) {
    Periods periods = matrix.periods();
    int cohort = periods.of(birth);
    int at = SortedDays.from(returns, birth);
    int shownEnd = periods.start(cohort + matrix.shown());
    int[] seen = new int[Math.max(0, Math.min(end - at, matrix.shown() + 1))];
    int size = 0;
    for (; at < end && returns[at] < shownEnd; at++) {
      int period = periods.of(returns[at]) - cohort;
      if (size == 0 || seen[size - 1] != period) {
        seen[size++] = period;
      }
    }
    if (at < end) {
      seen[size++] = periods.of(returns[end - 1]) - cohort;
    }
    return Arrays.copyOf(seen, size);
  }

  /**
   * @param users 1 to add the returns of one member, -1 to take them away
   */
  private static void addReturns(RetentionMatrix matrix, int[] seen, int users, long[] sums) {
    for (int period : seen) {
      if (period > matrix.horizon()) {
        break;
      }
      sums[matrix.retained(period)] += users;
    }
    if (seen.length > 0) {
      int last = seen[seen.length - 1];
      sums[matrix.lastSeen(Math.min(last, matrix.horizon()))] += users;
      for (int bracket = 0; bracket < matrix.brackets(); bracket++) {
        if (last >= matrix.bracketStart(bracket)) {
          sums[matrix.retainedSinceBracket(bracket)] += users;
        }
        if (seenInBracket(matrix, bracket, seen)) {
          sums[matrix.retainedInBracket(bracket)] += users;
        }
      }
    }
  }

  /** Whether the periods of a cohort before {@code to}, by number since birth, are over. */
  private boolean isMature(RetentionMatrix matrix, int cohort, int to) {
    return matrix.periods().start(cohort + to) <= end;
  }

  private static boolean seenInBracket(RetentionMatrix matrix, int bracket, int[] seen) {
    int at = SortedDays.from(seen, matrix.bracketStart(bracket));
    return at < seen.length && seen[at] < matrix.bracketEnd(bracket);
  }

  /** Curves and cohorts are read off the cohorts of the matrix. */
  @Override
  public String cellsOf(String table) {
    return RETENTION;
  }

  @Override
  public boolean followsCells(String table) {
    return table.equals(RETENTION);
  }

  /** A curve pools all cohorts of a segment value. */
  @Override
  public boolean joinsCells(String table) {
    return table.equals(RetentionTables.CURVE.name());
  }

  @Override
  public Cell.Key together(Cell.Key key) {
    return key.ofValue();
  }

  @Override
  public void rows(Cell cell, Consumer<Object[]> rows) {
    rows(List.of(cell), rows);
  }

  @Override
  public void rows(List<Cell> cells, Consumer<Object[]> rows) {
    Cell first = cells.get(0);
    RetentionMatrix matrix = matrices.get(first.part());
    switch (first.key().table()) {
      case "retention" -> retentionRows(matrix, first, rows);
      case "retention_curve" -> curveRows(matrix, cells, rows);
      case "cohorts" -> cohortRow(matrix, first, rows);
      default -> throw new IllegalArgumentException("Not a table of retention: " + first.key());
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
    boolean mature = isMature(matrix, cohort, to);
    long users = cell.sum(RetentionMatrix.SIZE);
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

  private void curveRows(RetentionMatrix matrix, List<Cell> cohorts, Consumer<Object[]> rows) {
    for (int period = 0; period <= matrix.horizon(); period++) {
      rows.accept(curveRow(matrix, cohorts, null, period, period + 1, matrix.retained(period)));
    }
    for (int bracket = 0; bracket < matrix.brackets(); bracket++) {
      int from = matrix.bracketStart(bracket);
      int to = matrix.bracketEnd(bracket);
      int retained = matrix.retainedInBracket(bracket);
      rows.accept(curveRow(matrix, cohorts, label(from, to), from, to, retained));
    }
  }

  /** Pooled over the cohorts for which all of it is over. */
  private Object[] curveRow(
      RetentionMatrix matrix, List<Cell> cohorts, String bracket, int from, int to, int place) {
    long eligible = 0;
    long retained = 0;
    for (Cell cohort : cohorts) {
      if (isMature(matrix, cohort.index(), to)) {
        eligible = Math.addExact(eligible, cohort.sum(RetentionMatrix.SIZE));
        retained = Math.addExact(retained, cohort.sum(place));
      }
    }
    boolean mature = eligible > 0;
    Proportion rate = Proportion.of(retained, eligible);
    Cell any = cohorts.get(0);
    return new Object[] {
      matrix.retention().name(),
      matrix.periods().grain().label(),
      any.dimension(),
      any.value(),
      Segments.BIRTH,
      from,
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
    long[] births = Arrays.copyOfRange(cell.sums(), matrix.born(0), matrix.width(cell.index()));
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
          // Not the size, which other tables show: one is checked against the other.
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
