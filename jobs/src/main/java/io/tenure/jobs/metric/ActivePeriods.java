package io.tenure.jobs.metric;

import io.tenure.common.calendar.Grain;
import io.tenure.common.config.Scope;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.history.History;
import io.tenure.common.table.Contract;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Users active in calendar weeks and months. A user counts under the segment value as of the
 * period's last day.
 */
public final class ActivePeriods implements Metric {
  private static final long serialVersionUID = 1L;

  private final int logStart;
  private final int active;
  private final List<String> dimensions;

  /** By part. */
  private final List<PeriodGrid> grids;

  public ActivePeriods(Scope scope) {
    TenureConfig config = scope.config();
    this.logStart = scope.logStart();
    this.active = config.activityIndex("active");
    this.dimensions = config.dimensions();
    this.grids =
        Stream.of(Grain.WEEK, Grain.MONTH)
            .map(grain -> new PeriodGrid(config.periods(grain), scope, 1))
            .toList();
  }

  @Override
  public List<Contract> tables() {
    return List.of(ActivityTables.ACTIVE_PERIODS);
  }

  @Override
  public void add(History history, Cells cells) {
    int[] days = history.days(active);
    List<Span> spans = cells.spans(history, dimensions);
    for (int part = 0; part < grids.size(); part++) {
      PeriodGrid grid = grids.get(part);
      PeriodGrid.Marks marks = new PeriodGrid.Marks(days.length);
      int before = -1;
      for (int day : days) {
        int period = grid.of(day);
        if (period != before) {
          marks.add(period, 0);
          before = period;
        }
      }
      grid.add(marks, spans, ActivityTables.ACTIVE_PERIODS.name(), part);
    }
  }

  @Override
  public void rows(Cell cell, Consumer<Object[]> rows) {
    PeriodGrid grid = grids.get(cell.part());
    for (int period = grid.firstPeriod(cell); period < grid.size(); period++) {
      rows.accept(
          new Object[] {
            grid.grain(),
            grid.startDate(period),
            grid.endDate(period),
            cell.dimension(),
            cell.value(),
            Segments.AS_OF,
            grid.count(cell, period, 0),
            grid.isOver(period) && grid.start(period) >= logStart
          });
    }
  }
}
