package io.tenure.common.calendar;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.Locale;

/**
 * The length of a period. A period is named by one integer, counted from the period that holds (or
 * starts at) 1970-01-01, so that the age of a user is a subtraction.
 */
public enum Grain {
  DAY,
  WEEK,
  MONTH,
  QUARTER,
  YEAR;

  /** The name in configuration and in tables: {@code day}, {@code week}, … */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The periods of this grain.
   *
   * @param weekStart the first day of a week; other grains do not look at it
   */
  public Periods periods(DayOfWeek weekStart) {
    return new Periods(this, weekStart);
  }

  /**
   * The months of a period.
   *
   * @throws IllegalStateException of days and weeks
   */
  public int monthsPerPeriod() {
    return switch (this) {
      case MONTH -> 1;
      case QUARTER -> 3;
      case YEAR -> 12;
      case DAY, WEEK -> throw new IllegalStateException(label() + " is not counted in months");
    };
  }

  static int monthsSinceEpoch(LocalDate date) {
    return (date.getYear() - 1970) * 12 + date.getMonthValue() - 1;
  }
}
