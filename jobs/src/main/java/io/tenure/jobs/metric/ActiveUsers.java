package io.tenure.jobs.metric;

import io.tenure.common.Proportion;
import io.tenure.common.calendar.KnownDates;
import io.tenure.common.config.Scope;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.history.History;
import io.tenure.common.table.Contract;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Users active on a day and in the windows that trail it: a user is in the window of w days of day
 * d if some active day lies in (d - w, d], and counts under the segment value as of d.
 *
 * <p>The active days of a user make runs of overlapping windows. A run adds one on its first day
 * and takes it away on the day after its last, and so it does where the user's segment value
 * changes; sums over days then give the series. So a window of 90 days costs what one of 7 does.
 *
 * <p>A window is known when it lies inside the log, which begins with its first day: {@code
 * input.history-starts} says from when births are certain, not from when activity is.
 */
public final class ActiveUsers implements Metric {
  private static final long serialVersionUID = 1L;

  static final String TABLE = "active_users";

  /** The window of MAU in days: the longest that is always there. */
  private static final int MONTH = 28;

  private static final int WEEK = 7;

  // The counts of a day: users, and from WINDOWS on by how many a window gains or loses.
  private static final int DAU = 0;
  private static final int NEW = 1;
  private static final int WINDOWS = 2;

  /** Vectors grow by so many days, so that a value without recent users stays short. */
  private static final int BLOCK = 64;

  private final int logStart;

  /** The day that starts when knowledge ends. */
  private final int end;

  private final int historyStarts;
  private final int active;
  private final List<String> dimensions;

  /** Lengths in days, ascending, without the window of one day. */
  private final int[] windows;

  private final int columns;
  private final Contract contract;

  public ActiveUsers(Scope scope) {
    TenureConfig config = scope.config();
    this.logStart = scope.logStart();
    this.end = scope.end();
    this.historyStarts = scope.historyStarts();
    this.active = config.activityIndex("active");
    this.dimensions = config.dimensions();
    this.windows = config.activeUsers().trailing();
    this.columns = WINDOWS + windows.length;
    this.contract = ActivityTables.activeUsers(furtherWindows());
  }

  private int[] furtherWindows() {
    return Arrays.stream(windows).filter(window -> window != WEEK && window != MONTH).toArray();
  }

  @Override
  public List<Contract> tables() {
    return List.of(contract);
  }

  @Override
  public void add(History history, Cells cells) {
    add(history, logStart, cells);
  }

  /** What happens on a day follows from that day and those before it. */
  @Override
  public Optional<Onward> onward(Onward.Earlier earlier) {
    int from = earlier.sameUntil();
    return Optional.of(
        new Onward(
            cell -> new Cell(cell.key(), Lanes.first(cell.sums(), lane(from, 0))),
            (history, cells) -> add(history, from, cells)));
  }

  /**
   * Adds what happens to one user from a day on.
   *
   * @param since the first day that is told of, at least the log's first
   */
  private void add(History history, int since, Cells cells) {
    int[] days = history.days(active);
    if (days.length == 0) {
      return;
    }
    int lastOut = days[days.length - 1] + windows[windows.length - 1];
    if (lastOut < since) {
      return;
    }
    int[][] runs = new int[windows.length][];
    for (int window = 0; window < windows.length; window++) {
      runs[window] = runs(days, windows[window], since);
    }
    for (Span span : cells.spans(history, dimensions)) {
      int from = Math.max(span.from(), days[0]);
      int out = Math.min(span.to(), lastOut);
      if (from < out && out >= since) {
        long[] sums = span.segment().sums(TABLE, 0, 0, width(Math.min(out, end - 1)));
        addDays(days, span, since, sums);
        for (int window = 0; window < windows.length; window++) {
          addRuns(runs[window], WINDOWS + window, span, since, sums);
        }
      }
    }
  }

  /**
   * Runs of overlapping windows, ascending: the first day of each, and the day after its last.
   * Those that end before {@code since} may be missing, and the first may begin too late; it begins
   * before {@code since} then.
   */
  private static int[] runs(int[] days, int window, int since) {
    int first = SortedDays.from(days, since - window);
    int[] runs = new int[2 * (days.length - first)];
    int size = 0;
    for (int at = first; at < days.length; at++) {
      int day = days[at];
      if (size > 0 && day <= runs[size - 1]) {
        runs[size - 1] = day + window;
      } else {
        runs[size++] = day;
        runs[size++] = day + window;
      }
    }
    return Arrays.copyOf(runs, size);
  }

  private void addDays(int[] days, Span span, int since, long[] sums) {
    int from = Math.max(span.from(), since);
    if (days[0] >= from && days[0] < span.to()) {
      Lanes.add(sums, lane(days[0], NEW), 1);
    }
    for (int at = SortedDays.from(days, from); at < days.length; at++) {
      if (days[at] >= span.to()) {
        break;
      }
      Lanes.add(sums, lane(days[at], DAU), 1);
    }
  }

  private void addRuns(int[] runs, int column, Span span, int since, long[] sums) {
    for (int run = 0; run < runs.length; run += 2) {
      int in = Math.max(runs[run], span.from());
      int out = Math.min(runs[run + 1], span.to());
      if (in < out) {
        if (in >= since) {
          Lanes.add(sums, lane(in, column), 1);
        }
        if (out >= since && out < end) {
          Lanes.add(sums, lane(out, column), -1);
        }
      }
    }
  }

  private int lane(int day, int column) {
    return (day - logStart) * columns + column;
  }

  private int width(int lastDay) {
    int days = ((lastDay - logStart) / BLOCK + 1) * BLOCK;
    return Lanes.width(Math.min(days, end - logStart) * columns);
  }

  @Override
  public void rows(Cell cell, Consumer<Object[]> rows) {
    int[] counts = new int[columns];
    int[] daily = new int[end - logStart];
    long dailyOfMonth = 0;
    boolean begun = cell.dimension().equals(Segments.ALL);
    for (int day = logStart; day < end; day++) {
      for (int column = 0; column < columns; column++) {
        int change = Lanes.get(cell.sums(), lane(day, column));
        counts[column] = column < WINDOWS ? change : counts[column] + change;
      }
      int since = day - logStart;
      daily[since] = counts[DAU];
      dailyOfMonth += counts[DAU] - (since < MONTH ? 0 : daily[since - MONTH]);
      // The longest window holds everybody whom any window holds.
      begun |= counts[columns - 1] > 0;
      if (begun) {
        rows.accept(row(cell, day, counts, dailyOfMonth));
      }
    }
  }

  private Object[] row(Cell cell, int day, int[] counts, long dailyOfMonth) {
    Long monthly = windowCount(day, MONTH, counts);
    Proportion stickiness =
        monthly == null ? Proportion.UNKNOWN : Proportion.of(counts[DAU], monthly);
    Double average =
        monthly == null || monthly == 0 ? null : (double) dailyOfMonth / MONTH / monthly;
    Object[] row = new Object[contract.columns().size() - 1];
    int next = 0;
    row[next++] = KnownDates.of(day);
    row[next++] = cell.dimension();
    row[next++] = cell.value();
    row[next++] = Segments.AS_OF;
    row[next++] = (long) counts[DAU];
    row[next++] = windowCount(day, WEEK, counts);
    row[next++] = monthly;
    for (int window : furtherWindows()) {
      row[next++] = windowCount(day, window, counts);
    }
    row[next++] = (long) counts[NEW];
    row[next++] = stickiness.rate();
    row[next++] = stickiness.low();
    row[next++] = stickiness.high();
    row[next++] = average;
    row[next++] = isInsideLog(day, MONTH);
    row[next++] = day >= historyStarts;
    return row;
  }

  /** Users in a window; null when it reaches back before the log: who was there is not known. */
  private Long windowCount(int day, int window, int[] counts) {
    int column = WINDOWS + Arrays.binarySearch(windows, window);
    return isInsideLog(day, window) ? (long) counts[column] : null;
  }

  private boolean isInsideLog(int day, int window) {
    return day - window + 1 >= logStart;
  }
}
