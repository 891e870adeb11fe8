package io.tenure.common.calendar;

import java.io.Serializable;
import java.time.DayOfWeek;
import java.time.LocalDate;

/**
 * The numbered periods of one grain: which period a day lies in, and where a period starts.
 *
 * <p>Days are epoch days (days since 1970-01-01 in the configured zone). A period {@code p} is the
 * half-open range of days {@code [start(p), start(p + 1))}. Week 0 is the week that holds
 * 1970-01-01; month, quarter and year 0 start on it.
 */
public final class Periods implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Grain grain;
  private final DayOfWeek weekStart;

  /** The day on which week 0 starts: at most 1970-01-01, a Thursday. */
  private final int firstWeekStart;

  Periods(Grain grain, DayOfWeek weekStart) {
    this.grain = grain;
    this.weekStart = weekStart;
    this.firstWeekStart = -Math.floorMod(DayOfWeek.THURSDAY.getValue() - weekStart.getValue(), 7);
  }

  public Grain grain() {
    return grain;
  }

  public DayOfWeek weekStart() {
    return weekStart;
  }

  /** The period that {@code day} lies in. */
  public int of(int day) {
    return switch (grain) {
      case DAY -> day;
      case WEEK -> Math.floorDiv(day - firstWeekStart, 7);
      case MONTH -> MonthTable.monthOf(day);
      case QUARTER, YEAR -> Math.floorDiv(MonthTable.monthOf(day), grain.monthsPerPeriod());
    };
  }

  /** The first day of {@code period}; also the end (exclusive) of the period before. */
  public int start(int period) {
    return switch (grain) {
      case DAY -> period;
      case WEEK -> firstWeekStart + 7 * period;
      case MONTH, QUARTER, YEAR ->
          MonthTable.start(Math.multiplyExact(period, grain.monthsPerPeriod()));
    };
  }

  /** The first day after {@code period}. */
  public int end(int period) {
    return start(period + 1);
  }

  /**
   * Month numbers by day and days by month, looked up: the calendar arithmetic costs more than the
   * rest of a fold.
   */
  private static final class MonthTable {
    private static final int FIRST = (int) LocalDate.of(1900, 1, 1).toEpochDay();
    private static final int END = (int) LocalDate.of(2200, 1, 1).toEpochDay();
    private static final short[] MONTHS = months();
    private static final int FIRST_MONTH = MONTHS[0];
    private static final int[] STARTS = starts();

    private static short[] months() {
      short[] months = new short[END - FIRST];
      for (int day = FIRST; day < END; day++) {
        months[day - FIRST] = (short) Grain.monthsSinceEpoch(LocalDate.ofEpochDay(day));
      }
      return months;
    }

    private static int[] starts() {
      int[] starts = new int[MONTHS[MONTHS.length - 1] - FIRST_MONTH + 1];
      for (int month = 0; month < starts.length; month++) {
        starts[month] = computedStart(FIRST_MONTH + month);
      }
      return starts;
    }

    private static int computedStart(int month) {
      return Math.toIntExact(LocalDate.EPOCH.plusMonths(month).toEpochDay());
    }

    static int start(int month) {
      int at = month - FIRST_MONTH;
      return at >= 0 && at < STARTS.length ? STARTS[at] : computedStart(month);
    }

    static int monthOf(int day) {
      return day >= FIRST && day < END
          ? MONTHS[day - FIRST]
          : Grain.monthsSinceEpoch(LocalDate.ofEpochDay(day));
    }
  }
}
