package io.tenure.jobs.metric;

import io.tenure.common.calendar.Grain;
import io.tenure.common.calendar.KnownDates;
import io.tenure.common.calendar.Periods;
import io.tenure.common.config.Scope;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.config.ViralityConfig;
import io.tenure.common.history.History;
import io.tenure.common.table.Contract;
import java.util.List;
import java.util.function.Consumer;

/**
 * How many users the users of a period bring: invitations that each sends, those that come of an
 * invitation, and their product, the K-factor. An invitation is not followed to whom it brings: who
 * joins in a period may have been invited before.
 *
 * <p>Weeks and months are those of the configured zone; of the open one the counts are so far. A
 * user counts under the segment value as of the last day of the period.
 */
public final class Virality implements Metric {
  private static final long serialVersionUID = 1L;

  // Where the sums of a period stand.
  private static final int ACTIVE = 0;
  private static final int INVITING = 1;
  private static final int INVITATIONS = 2;
  private static final int JOINED = 3;
  private static final int WIDTH = 4;

  private static final String TABLE = ViralityTable.VIRALITY.name();
  private static final List<Grain> GRAINS = List.of(Grain.WEEK, Grain.MONTH);

  private final int active;
  private final int joined;
  private final List<String> dimensions;
  private final List<Periods> grains;
  private final int logStart;
  private final int end;

  /** The log's first period, by grain. */
  private final int[] first;

  public Virality(Scope scope, ViralityConfig virality) {
    TenureConfig config = scope.config();
    this.active = config.activityIndex("active");
    this.joined = config.activityIndex(virality.joined());
    this.dimensions = config.dimensions();
    this.grains = GRAINS.stream().map(config::periods).toList();
    this.logStart = scope.logStart();
    this.end = scope.end();
    this.first = grains.stream().mapToInt(grain -> grain.of(scope.logStart())).toArray();
  }

  @Override
  public List<Contract> tables() {
    return List.of(ViralityTable.VIRALITY);
  }

  @Override
  public void add(History history, Cells cells) {
    int join = 0;
    while (join < history.size() && !history.has(join, joined)) {
      join++;
    }
    for (int grain = 0; grain < grains.size(); grain++) {
      add(history, grain, join, cells);
    }
  }

  /**
   * @param join the place of the day on which the user joined by an invitation
   */
  private void add(History history, int grain, int join, Cells cells) {
    Periods periods = grains.get(grain);
    for (int at = 0; at < history.size(); ) {
      int period = periods.of(history.day(at));
      int periodEnd = periods.end(period);
      boolean isActive = false;
      long invitations = 0;
      boolean joins = false;
      for (; at < history.size() && history.day(at) < periodEnd; at++) {
        isActive |= history.has(at, active);
        invitations += history.count(0, at);
        joins |= at == join;
      }
      if (isActive || invitations > 0 || joins) {
        int place = (period - first[grain]) * WIDTH;
        int lastDay = Math.min(periodEnd, end) - 1;
        for (Cells.Segment segment : cells.segments(history, lastDay, dimensions)) {
          long[] sums = segment.sums(TABLE, grain, 0, place + WIDTH);
          sums[place + ACTIVE] += isActive ? 1 : 0;
          sums[place + INVITING] += invitations > 0 ? 1 : 0;
          sums[place + INVITATIONS] += invitations;
          sums[place + JOINED] += joins ? 1 : 0;
        }
      }
    }
  }

  @Override
  public void rows(Cell cell, Consumer<Object[]> rows) {
    Periods periods = grains.get(cell.part());
    int last = periods.of(end - 1) - first[cell.part()];
    for (int period = cell.firstSum() / WIDTH; period <= last; period++) {
      rows.accept(row(cell, periods, first[cell.part()] + period, period * WIDTH));
    }
  }

  private Object[] row(Cell cell, Periods periods, int period, int at) {
    int periodEnd = periods.end(period);
    boolean complete = periodEnd <= end;
    long users = cell.sum(at + ACTIVE);
    long invitations = cell.sum(at + INVITATIONS);
    long joiners = cell.sum(at + JOINED);
    PoissonRate conversion = complete ? PoissonRate.of(joiners, invitations) : PoissonRate.UNKNOWN;
    PoissonRate factor = complete ? PoissonRate.of(joiners, users) : PoissonRate.UNKNOWN;
    return new Object[] {
      periods.grain().label(),
      KnownDates.of(periods.start(period)),
      KnownDates.of(periodEnd),
      cell.dimension(),
      cell.value(),
      Segments.AS_OF,
      users,
      cell.sum(at + INVITING),
      invitations,
      joiners,
      complete && users > 0 ? (double) invitations / users : null,
      conversion.rate(),
      conversion.low(),
      conversion.high(),
      factor.rate(),
      factor.low(),
      factor.high(),
      complete,
      periods.start(period) >= logStart
    };
  }
}
