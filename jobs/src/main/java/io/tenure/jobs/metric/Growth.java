package io.tenure.jobs.metric;

import io.tenure.common.Proportion;
import io.tenure.common.calendar.Grain;
import io.tenure.common.config.Scope;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.history.History;
import io.tenure.common.table.Contract;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Users active in calendar periods: how many, where they come from, and who of the period before is
 * gone.
 *
 * <p>A user active in a period is <em>new</em> if never active before, <em>retained</em> if active
 * in the period before, else <em>resurrected</em>. A user active in the period before and not in
 * this one is <em>churned</em> in this one.
 *
 * <p>Every count of a row takes users under one and the same value, that as of the row's period;
 * also the users of the period before, whom the row divides into retained and churned. So the
 * arithmetic of a row holds in every segment, and a rate is one of people to themselves, whoever
 * moves between values: a user who moves is retained in the value moved to. Only then does {@code
 * previous_active_users} differ from {@code active_users} one row earlier, by {@code
 * net_moved_users}.
 */
public final class Growth implements Metric {
  private static final long serialVersionUID = 1L;

  private static final int NEW = 0;
  private static final int RETAINED = 1;
  private static final int RESURRECTED = 2;
  private static final int CHURNED = 3;
  private static final int COLUMNS = 4;

  private final int logStart;
  private final int historyStarts;
  private final boolean logComplete;
  private final int active;
  private final List<String> dimensions;

  /** By part. */
  private final List<PeriodGrid> grids;

  public Growth(Scope scope) {
    TenureConfig config = scope.config();
    this.logStart = scope.logStart();
    this.historyStarts = scope.historyStarts();
    this.logComplete = scope.isLogComplete();
    this.active = config.activityIndex("active");
    this.dimensions = config.dimensions();
    this.grids =
        Stream.of(Grain.DAY, Grain.WEEK, Grain.MONTH)
            .map(grain -> new PeriodGrid(config.periods(grain), scope, COLUMNS))
            .toList();
  }

  @Override
  public List<Contract> tables() {
    return List.of(ActivityTables.ACTIVE_PERIODS, GrowthTable.GROWTH);
  }

  @Override
  public void add(History history, Cells cells) {
    add(history, new int[grids.size()], cells);
  }

  /** What happens in a period follows from its days and those before. */
  @Override
  public Optional<Onward> onward(Onward.Earlier earlier) {
    int[] from = grids.stream().mapToInt(grid -> grid.firstOpen(earlier.sameUntil())).toArray();
    return Optional.of(
        new Onward(
            cell -> grids.get(cell.part()).before(from[cell.part()], cell),
            (history, cells) -> add(history, from, cells)));
  }

  /**
   * Adds what happens to one user from some period on.
   *
   * @param from the period, by part
   */
  private void add(History history, int[] from, Cells cells) {
    int[] days = history.days(active);
    if (days.length == 0) {
      return;
    }
    List<Span> spans = cells.spans(history, dimensions);
    for (int part = 0; part < grids.size(); part++) {
      PeriodGrid grid = grids.get(part);
      PeriodGrid.Marks marks = marks(days, from[part], grid);
      if (!marks.isEmpty()) {
        grid.add(marks, spans, GrowthTable.GROWTH.name(), part);
      }
    }
  }

  private static PeriodGrid.Marks marks(int[] days, int from, PeriodGrid grid) {
    int at = from == 0 ? 0 : SortedDays.from(days, grid.start(from));
    PeriodGrid.Marks marks = new PeriodGrid.Marks(2 * (days.length - at) + 1);
    int before;
    if (at == 0) {
      before = grid.of(days[0]);
      marks.add(before, NEW);
    } else {
      before = grid.of(days[at - 1]);
    }
    for (; at < days.length; at++) {
      int period = grid.of(days[at]);
      if (period == before + 1) {
        marks.add(period, RETAINED);
      } else if (period > before) {
        if (before + 1 >= from) {
          marks.add(before + 1, CHURNED);
        }
        marks.add(period, RESURRECTED);
      }
      before = period;
    }
    if (before + 1 >= from && before + 1 < grid.size()) {
      marks.add(before + 1, CHURNED);
    }
    return marks;
  }

  /** Who is active in a period came from somewhere. */
  @Override
  public String cellsOf(String table) {
    return GrowthTable.GROWTH.name();
  }

  @Override
  public void rows(Cell cell, Consumer<Object[]> rows) {
    if (cell.key().table().equals(GrowthTable.GROWTH.name())) {
      growthRows(cell, rows);
    } else if (grids.get(cell.part()).grain() != Grain.DAY) {
      activeRows(cell, rows);
    }
  }

  private static long active(PeriodGrid grid, Cell cell, int period) {
    return grid.count(cell, period, NEW)
        + grid.count(cell, period, RETAINED)
        + grid.count(cell, period, RESURRECTED);
  }

  private void activeRows(Cell cell, Consumer<Object[]> rows) {
    PeriodGrid grid = grids.get(cell.part());
    boolean begun = cell.dimension().equals(Segments.ALL);
    for (int period = grid.firstPeriod(cell); period < grid.size(); period++) {
      long active = active(grid, cell, period);
      // A value may lose users whom it never had active.
      begun |= active > 0;
      if (begun) {
        rows.accept(
            new Object[] {
              grid.grain().label(),
              grid.startDate(period),
              grid.endDate(period),
              cell.dimension(),
              cell.value(),
              Segments.AS_OF,
              active,
              grid.isOver(period) && grid.start(period) >= logStart
            });
      }
    }
  }

  private void growthRows(Cell cell, Consumer<Object[]> rows) {
    PeriodGrid grid = grids.get(cell.part());
    long activeBefore = 0;
    for (int period = grid.firstPeriod(cell); period < grid.size(); period++) {
      long activeNow = active(grid, cell, period);
      rows.accept(growthRow(grid, cell, period, activeNow, activeBefore));
      activeBefore = activeNow;
    }
  }

  private Object[] growthRow(
      PeriodGrid grid, Cell cell, int period, long activeNow, long activeBefore) {
    long fresh = grid.count(cell, period, NEW);
    long retained = grid.count(cell, period, RETAINED);
    long resurrected = grid.count(cell, period, RESURRECTED);
    long churned = grid.count(cell, period, CHURNED);
    long previous = retained + churned;
    boolean birthObserved = grid.start(period) >= historyStarts;
    boolean previousKnown = logComplete || grid.start(period - 1) >= logStart;
    boolean complete = grid.isOver(period);
    boolean outcomeKnown = complete && previousKnown;
    Proportion rate = outcomeKnown ? Proportion.of(retained, previous) : Proportion.UNKNOWN;
    return new Object[] {
      grid.grain().label(),
      grid.startDate(period),
      grid.endDate(period),
      cell.dimension(),
      cell.value(),
      Segments.AS_OF,
      activeNow,
      fresh,
      retained,
      resurrected,
      outcomeKnown ? churned : null,
      previousKnown ? previous : null,
      previousKnown ? previous - activeBefore : null,
      outcomeKnown && churned > 0 ? (double) (fresh + resurrected) / churned : null,
      rate.rate(),
      rate.low(),
      rate.high(),
      complete,
      grid.start(period) >= logStart,
      birthObserved
    };
  }
}
