package io.tenure.jobs.metric;

import io.tenure.common.calendar.Grain;
import io.tenure.common.calendar.KnownDates;
import io.tenure.common.calendar.Periods;
import io.tenure.common.config.Scope;
import java.io.Serializable;
import java.time.LocalDate;
import java.util.List;

/**
 * The periods of one grain from the log's first day to the as-of day, numbered from 0, with some
 * counts of users in each. A cell holds the counts of one segment value, in {@link Lanes}.
 *
 * <p>A user counts in a period under the value as of the period's last day, or as of the as-of day
 * in the open period.
 */
final class PeriodGrid implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Vectors grow by so many periods, so that a value without recent users stays short. */
  private static final int BLOCK = 64;

  private final Periods periods;
  private final int first;
  private final int end;
  private final int columns;

  private final int logStart;

  /**
   * By day since the log's first: its period. Looked up, for it is asked of every day of a user.
   */
  private final int[] periodOfDay;

  /** By period: the last day that is known of it. */
  private final int[] lastDays;

  /**
   * @param columns the number of counts in a period
   */
  PeriodGrid(Periods periods, Scope scope, int columns) {
    this.periods = periods;
    this.first = periods.of(scope.logStart());
    this.end = scope.end();
    this.columns = columns;
    this.logStart = scope.logStart();
    this.periodOfDay = new int[Math.max(0, end - logStart)];
    for (int day = 0; day < periodOfDay.length; day++) {
      periodOfDay[day] = periods.of(logStart + day) - first;
    }
    this.lastDays = new int[Math.max(0, periods.of(scope.asOf()) - first + 1)];
    for (int period = 0; period < lastDays.length; period++) {
      lastDays[period] = Math.min(end(period), end) - 1;
    }
  }

  Grain grain() {
    return periods.grain();
  }

  int size() {
    return lastDays.length;
  }

  /** The number of the period that an epoch day lies in: a day of the log. */
  int of(int day) {
    return periodOfDay[day - logStart];
  }

  /** The first day of a period, an epoch day. */
  int start(int period) {
    return periods.start(first + period);
  }

  /** The first day after a period, an epoch day. */
  int end(int period) {
    return periods.end(first + period);
  }

  LocalDate startDate(int period) {
    return KnownDates.of(start(period));
  }

  LocalDate endDate(int period) {
    return KnownDates.of(end(period));
  }

  /** The first period that is not over when a day begins; at most their number. */
  int firstOpen(int day) {
    return Math.min(periods.of(day) - first, lastDays.length);
  }

  /** What a cell says of the periods before one. */
  Cell before(int period, Cell cell) {
    return new Cell(cell.key(), Lanes.first(cell.sums(), period * columns));
  }

  /** The days of a period up to the as-of day. */
  int daysElapsed(int period) {
    return lastDays[period] + 1 - start(period);
  }

  /** Whether all of a period is known. */
  boolean isOver(int period) {
    return end(period) <= end;
  }

  /** What happened to one user: counts to raise by one, ascending, at most one in a period. */
  static final class Marks {
    private final int[] periods;
    private final int[] columns;
    private int size;

    Marks(int capacity) {
      periods = new int[capacity];
      columns = new int[capacity];
    }

    boolean isEmpty() {
      return size == 0;
    }

    void add(int period, int column) {
      periods[size] = period;
      columns[size] = column;
      size++;
    }
  }

  /** Adds one user, each mark under the value that the user has as of its period. */
  void add(Marks marks, List<Span> spans, String table, int part) {
    int next = 0;
    int reached = Integer.MAX_VALUE;
    for (Span span : spans) {
      // Those of a dimension are ascending, and so are the marks: each is passed once.
      int from = span.from() < reached ? 0 : next;
      while (from < marks.size && lastDays[marks.periods[from]] < span.from()) {
        from++;
      }
      int to = span.to() == Integer.MAX_VALUE ? marks.size : from;
      while (to < marks.size && lastDays[marks.periods[to]] < span.to()) {
        to++;
      }
      next = to;
      reached = span.to();
      if (from < to) {
        long[] sums = span.segment().sums(table, part, 0, width(marks.periods[to - 1]));
        for (int at = from; at < to; at++) {
          Lanes.add(sums, marks.periods[at] * columns + marks.columns[at], 1);
        }
      }
    }
  }

  private int width(int period) {
    return Lanes.width(Math.min((period / BLOCK + 1) * BLOCK, lastDays.length) * columns);
  }

  /** A count of a finished cell. */
  long count(Cell cell, int period, int column) {
    return Lanes.get(cell.sums(), period * columns + column);
  }

  /**
   * The first period that has rows: for the whole the log's first, for a value the first in which
   * anybody counts. The number of periods if there is none.
   */
  int firstPeriod(Cell cell) {
    if (cell.dimension().equals(Segments.ALL)) {
      return 0;
    }
    for (int lane = 0; lane < lastDays.length * columns; lane++) {
      if (Lanes.get(cell.sums(), lane) != 0) {
        return lane / columns;
      }
    }
    return lastDays.length;
  }
}
