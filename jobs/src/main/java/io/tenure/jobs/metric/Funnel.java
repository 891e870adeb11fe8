package io.tenure.jobs.metric;

import io.tenure.common.Proportion;
import io.tenure.common.calendar.Grain;
import io.tenure.common.calendar.KnownDates;
import io.tenure.common.calendar.LocalDays;
import io.tenure.common.calendar.Periods;
import io.tenure.common.config.FunnelConfig;
import io.tenure.common.config.Scope;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.history.History;
import io.tenure.common.table.Contract;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * How far users get in the steps of a funnel, within a window of elapsed time from the first one,
 * its end included.
 *
 * <p>A user enters when they first take the first step: in the log, and once more in every week and
 * month. From there they go on to the first later event of the next step; one event serves one
 * step. So every user counts once, and what is said of them is final when their window is over.
 * Until then who got no further is pending, not lost; rates are of users whose window is over.
 *
 * <p>A user counts under the segment value of the day on which they enter. Instants of events order
 * them and are what a window is of; days are only those of entries.
 */
public final class Funnel implements Metric {
  private static final long serialVersionUID = 1L;

  private static final String WHOLE_LOG = FunnelTables.FUNNEL.name();
  private static final String PERIODS = FunnelTables.PERIODS.name();
  private static final List<Grain> GRAINS = List.of(Grain.WEEK, Grain.MONTH);

  // Where the sums of a step stand: in the whole log, and in a period.
  private static final int CLOSED = 0;
  private static final int OPEN = 1;
  private static final int REACHED = 0;
  private static final int PENDING = 1;
  private static final int WIDTH = 2;

  /** Index of the cell of a funnel's sums; those of the times to a step follow. */
  private static final int SUMS = 0;

  private static final int TIMES = Elapsed.NUMBERS;

  private final List<FunnelConfig> funnels;
  private final List<List<Integer>> steps;
  private final List<String> dimensions;
  private final List<Periods> grains;
  private final ZoneId zone;
  private final int asOf;

  /** The log's first period, by grain. */
  private final int[] first;

  /** The instant at which knowledge ends, in microseconds since 1970-01-01T00:00Z. */
  private final long end;

  public Funnel(Scope scope) {
    TenureConfig config = scope.config();
    this.funnels = config.funnels();
    this.steps =
        funnels.stream()
            .map(funnel -> funnel.steps().stream().map(config::activityIndex).toList())
            .toList();
    this.dimensions = config.dimensions();
    this.grains = GRAINS.stream().map(config::periods).toList();
    this.zone = config.timezone();
    this.asOf = scope.asOf();
    this.first = grains.stream().mapToInt(grain -> grain.of(scope.logStart())).toArray();
    this.end = new LocalDays(zone).start(scope.end());
  }

  @Override
  public List<Contract> tables() {
    return List.of(FunnelTables.FUNNEL, FunnelTables.PERIODS);
  }

  @Override
  public void add(History history, Cells cells) {
    for (int funnel = 0; funnel < funnels.size(); funnel++) {
      FunnelEvents events = FunnelEvents.of(history, steps.get(funnel));
      int first = events.entry(0);
      if (first >= 0) {
        addWholeLog(funnel, history, attempt(funnel, events, first, Integer.MAX_VALUE), cells);
        for (int grain = 0; grain < grains.size(); grain++) {
          addPeriods(funnel, grain, history, events, first, cells);
        }
      }
    }
  }

  /**
   * What counts of a user.
   *
   * @param day on which they entered, an epoch day
   * @param reached the instants of the steps; beyond {@code steps} nothing is said
   * @param steps how many were reached
   * @param closed whether nothing more can come of any entry that might have counted
   */
  private record Attempt(int day, long[] reached, int steps, boolean closed) {
    boolean isPending() {
      return steps < reached.length && !closed;
    }
  }

  /**
   * The attempt that counts among those that begin in some days.
   *
   * @param first the first event of these days that can begin one
   * @param endDay the first day after them
   */
  private Attempt attempt(int funnel, FunnelEvents events, int first, int endDay) {
    long window = funnels.get(funnel).windowMicros();
    long[] reached = new long[steps.get(funnel).size()];
    boolean any = funnels.get(funnel).entry() == FunnelConfig.Entry.ANY;
    int entry = any ? events.furthestEntry(first, endDay, reached.length, window) : first;
    int last = any ? events.lastEntry(endDay) : first;
    int count = events.follow(entry, window, reached);
    // The end of a window is still within it.
    boolean closed = events.instant(last) + window < end;
    return new Attempt(events.day(entry), reached, count, closed);
  }

  private void addWholeLog(int funnel, History history, Attempt attempt, Cells cells) {
    long[] reached = attempt.reached();
    for (Cells.Segment segment : cells.segments(history, attempt.day(), dimensions)) {
      long[] sums = segment.sums(WHOLE_LOG, funnel, SUMS, WIDTH * reached.length);
      for (int step = 0; step < attempt.steps(); step++) {
        sums[WIDTH * step + (attempt.closed() ? CLOSED : OPEN)]++;
        if (attempt.closed()) {
          int time = Elapsed.number(reached[step] - reached[0]);
          segment.sums(WHOLE_LOG, funnel, 1 + step * TIMES + time, 1)[0]++;
        }
      }
    }
  }

  private void addPeriods(
      int funnel, int grain, History history, FunnelEvents events, int firstEntry, Cells cells) {
    Periods periods = grains.get(grain);
    int part = funnel * GRAINS.size() + grain;
    int width = WIDTH * steps.get(funnel).size();
    int before = Integer.MIN_VALUE;
    for (int entry = firstEntry; entry >= 0; entry = events.entry(entry + 1)) {
      int period = periods.of(events.day(entry));
      if (period == before) {
        continue;
      }
      before = period;
      Attempt attempt = attempt(funnel, events, entry, periods.end(period));
      int at = (period - first[grain]) * width;
      for (Cells.Segment segment : cells.segments(history, attempt.day(), dimensions)) {
        long[] sums = segment.sums(PERIODS, part, SUMS, at + width);
        for (int step = 0; step < attempt.steps(); step++) {
          sums[at + WIDTH * step + REACHED]++;
        }
        sums[at + WIDTH * (attempt.steps() - 1) + PENDING] += attempt.isPending() ? 1 : 0;
      }
    }
  }

  @Override
  public boolean joinsCells(String table) {
    return true;
  }

  /** The sums of a funnel and segment value stand apart from the times that its users took. */
  @Override
  public Cell.Key together(Cell.Key key) {
    return new Cell.Key(key.table(), key.dimension(), key.value(), key.part(), SUMS);
  }

  @Override
  public void rows(List<Cell> cells, Consumer<Object[]> rows) {
    NavigableMap<Integer, Cell> byIndex = new TreeMap<>();
    cells.forEach(cell -> byIndex.put(cell.index(), cell));
    Cell sums = byIndex.remove(SUMS);
    if (sums.key().table().equals(PERIODS)) {
      rows(sums, rows);
    } else {
      firstRows(sums, byIndex, rows);
    }
  }

  private void firstRows(Cell cell, NavigableMap<Integer, Cell> times, Consumer<Object[]> rows) {
    FunnelConfig funnel = funnels.get(cell.part());
    int size = funnel.steps().size();
    long[] closed = new long[size + 1];
    long[] open = new long[size + 1];
    int largest = 0;
    for (int step = size - 1; step >= 0; step--) {
      closed[step] = cell.sums()[WIDTH * step + CLOSED];
      open[step] = cell.sums()[WIDTH * step + OPEN];
    }
    for (int step = 1; step < size - 1; step++) {
      if (dropped(closed, step) > dropped(closed, largest)) {
        largest = step;
      }
    }
    for (int step = 0; step < size; step++) {
      boolean last = step == size - 1;
      Proportion before =
          step == 0 ? Proportion.UNKNOWN : Proportion.of(closed[step], closed[step - 1]);
      Proportion overall = Proportion.of(closed[step], closed[0]);
      rows.accept(
          new Object[] {
            funnel.name(),
            cell.dimension(),
            cell.value(),
            Segments.AS_OF,
            step + 1,
            funnel.steps().get(step),
            closed[step] + open[step],
            last ? 0L : dropped(closed, step),
            last ? 0L : open[step] - open[step + 1],
            !last && step == largest && dropped(closed, step) > 0,
            closed[step],
            step == 0 ? null : closed[step - 1],
            closed[0],
            before.rate(),
            before.low(),
            before.high(),
            overall.rate(),
            overall.low(),
            overall.high(),
            median(times, step, closed[step])
          });
    }
  }

  private static long dropped(long[] closed, int step) {
    return closed[step] - closed[step + 1];
  }

  /**
   * The median time to a step: the mean of the middle two, which are the same if users are odd.
   *
   * @param times cells by their index
   */
  private static Double median(NavigableMap<Integer, Cell> times, int step, long users) {
    if (users == 0) {
      return null;
    }
    int from = 1 + step * TIMES;
    long lower = (users - 1) / 2;
    long upper = users / 2;
    long passed = 0;
    Long lowerTime = null;
    for (Map.Entry<Integer, Cell> time : times.subMap(from, from + TIMES).entrySet()) {
      passed += time.getValue().sums()[0];
      long seconds = Elapsed.seconds(time.getKey() - from);
      if (lowerTime == null && passed > lower) {
        lowerTime = seconds;
      }
      if (passed > upper) {
        return (lowerTime + seconds) / 2.0;
      }
    }
    throw new IllegalStateException(passed + " times of " + users + " users");
  }

  @Override
  public void rows(Cell cell, Consumer<Object[]> rows) {
    FunnelConfig funnel = funnels.get(cell.part() / GRAINS.size());
    int grain = cell.part() % GRAINS.size();
    Periods periods = grains.get(grain);
    LocalDays days = new LocalDays(zone);
    int size = funnel.steps().size();
    int lastPeriod = periods.of(asOf) - first[grain];
    for (int at = cell.firstSum() / (WIDTH * size); at <= lastPeriod; at++) {
      Step[] found = new Step[size];
      for (int step = 0; step < size; step++) {
        found[step] = Step.of(cell, (at * size + step) * WIDTH);
      }
      int period = first[grain] + at;
      LocalDate maturesOn = maturesOn(days, periods.end(period), funnel.windowMicros());
      for (int step = 0; step < size; step++) {
        rows.accept(periodRow(cell, funnel, periods, period, found, step, maturesOn));
      }
    }
  }

  private Object[] periodRow(
      Cell cell,
      FunnelConfig funnel,
      Periods periods,
      int period,
      Step[] found,
      int step,
      LocalDate maturesOn) {
    boolean mature = maturesOn.toEpochDay() <= asOf + 1L;
    boolean last = step == found.length - 1;
    long users = found[step].reached();
    Long previous = step == 0 ? null : Long.valueOf(found[step - 1].reached());
    long entered = found[0].reached();
    Proportion before =
        mature && previous != null ? Proportion.of(users, previous) : Proportion.UNKNOWN;
    Proportion overall = mature ? Proportion.of(users, entered) : Proportion.UNKNOWN;
    return new Object[] {
      funnel.name(),
      periods.grain().label(),
      KnownDates.of(periods.start(period)),
      KnownDates.of(periods.end(period)),
      cell.dimension(),
      cell.value(),
      Segments.AS_OF,
      step + 1,
      funnel.steps().get(step),
      users,
      last ? 0L : users - found[step + 1].reached() - found[step].pending(),
      found[step].pending(),
      previous,
      entered,
      before.rate(),
      before.low(),
      before.high(),
      overall.rate(),
      overall.low(),
      overall.high(),
      mature,
      maturesOn
    };
  }

  private record Step(long reached, long pending) {
    static Step of(Cell cell, int at) {
      return new Step(cell.sum(at + REACHED), cell.sum(at + PENDING));
    }
  }

  /** The first day that begins when, or after, the last window of a period is over. */
  private static LocalDate maturesOn(LocalDays days, int periodEnd, long window) {
    long over = days.start(periodEnd) + window;
    int day = days.ofInstant(over);
    return KnownDates.of(days.start(day) < over ? day + 1 : day);
  }
}
