package io.tenure.jobs.metric;

import io.tenure.common.calendar.Grain;
import io.tenure.common.config.Scope;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.history.History;
import io.tenure.common.table.Contract;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * How many users were active on exactly k days of a calendar month. A user counts once a month,
 * under the segment value as of the month's last day.
 */
public final class UsageFrequency implements Metric {
  private static final long serialVersionUID = 1L;

  private static final int LONGEST_MONTH = 31;

  private final int logStart;
  private final int active;
  private final List<String> dimensions;
  private final PeriodGrid months;

  public UsageFrequency(Scope scope) {
    TenureConfig config = scope.config();
    this.logStart = scope.logStart();
    this.active = config.activityIndex("active");
    this.dimensions = config.dimensions();
    this.months = new PeriodGrid(config.periods(Grain.MONTH), scope, LONGEST_MONTH);
  }

  @Override
  public List<Contract> tables() {
    return List.of(UsageTables.FREQUENCY);
  }

  @Override
  public void add(History history, Cells cells) {
    add(history, 0, cells);
  }

  /** What happens in a month follows from its days and those before. */
  @Override
  public Optional<Onward> onward(Onward.Earlier earlier) {
    int from = months.firstOpen(earlier.sameUntil());
    return Optional.of(
        new Onward(
            cell -> months.before(from, cell), (history, cells) -> add(history, from, cells)));
  }

  /** Adds the days of one user from some month on. */
  private void add(History history, int from, Cells cells) {
    int[] days = history.days(active);
    int first = from == 0 ? 0 : SortedDays.from(days, months.start(from));
    if (first == days.length) {
      return;
    }
    PeriodGrid.Marks marks = new PeriodGrid.Marks(days.length - first);
    int since = first;
    for (int at = first; at < days.length; at++) {
      int month = months.of(days[at]);
      if (at + 1 == days.length || months.of(days[at + 1]) != month) {
        marks.add(month, at - since);
        since = at + 1;
      }
    }
    months.add(marks, cells.spans(history, dimensions), UsageTables.FREQUENCY.name(), 0);
  }

  @Override
  public void rows(Cell cell, Consumer<Object[]> rows) {
    for (int month = months.firstPeriod(cell); month < months.size(); month++) {
      long atLeast = 0;
      for (int column = 0; column < LONGEST_MONTH; column++) {
        atLeast += months.count(cell, month, column);
      }
      int length = months.end(month) - months.start(month);
      for (int activeDays = 1; activeDays <= length; activeDays++) {
        long users = months.count(cell, month, activeDays - 1);
        boolean possible = activeDays <= months.daysElapsed(month);
        rows.accept(
            new Object[] {
              months.startDate(month),
              months.endDate(month),
              cell.dimension(),
              cell.value(),
              Segments.AS_OF,
              activeDays,
              possible ? users : null,
              possible ? atLeast : null,
              months.isOver(month) && months.start(month) >= logStart
            });
        atLeast -= users;
      }
    }
  }
}
