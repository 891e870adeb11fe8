package io.tenure.jobs.fold;

import io.tenure.common.calendar.LocalDays;
import io.tenure.jobs.fold.JudgedRow.Clock;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.vectorized.ColumnVector;

/** What the numbers in a column of times mean: the local day, and the order within it. */
final class EventClock {
  private final Clock clock;
  private final LocalDays days;

  EventClock(JudgedRow.Layout layout) {
    this.clock = layout.clock();
    this.days = new LocalDays(layout.zone());
  }

  /** The number in a row: microseconds, or days of a DATE. */
  long raw(InternalRow row, int column) {
    return clock == Clock.LOCAL_DAY ? row.getInt(column) : row.getLong(column);
  }

  long raw(ColumnVector column, int row) {
    return clock == Clock.LOCAL_DAY ? column.getInt(row) : column.getLong(row);
  }

  /** The local day, an epoch day. */
  int day(long raw) {
    return switch (clock) {
      case INSTANT -> days.ofInstant(raw);
      case LOCAL_TIME -> LocalDays.ofLocal(raw);
      case LOCAL_DAY -> (int) raw;
    };
  }

  /**
   * The instant of an event, in microseconds since 1970-01-01T00:00Z: a time without zone is one of
   * the configured zone, and a DATE the start of the day there. Of a day whose last hour the zone
   * leaves out, what is said to be in it is at the day's end, and not in the next day.
   *
   * @param order as {@link #order} says
   */
  long instant(int day, long order) {
    return switch (clock) {
      case INSTANT -> order;
      case LOCAL_TIME -> days.instantWithin(day, order);
      case LOCAL_DAY -> days.start(day);
    };
  }

  /** Orders the events of a day: microseconds; events of a DATE are all at once. */
  long order(long raw) {
    return clock == Clock.LOCAL_DAY ? 0 : raw;
  }
}
