package io.tenure.jobs.metric;

import io.tenure.common.calendar.KnownDates;
import java.time.LocalDate;

/**
 * Tenure in whole months, as {@link LocalDate#plusMonths} counts them: the end of a month clamps.
 */
final class Tenures {
  /** The most days from one such month's end to the next. */
  static final int DAYS_OF_MONTH = 31;

  private Tenures() {}

  /**
   * Tenure in months and days, as a number that grows with it: {@link #DAYS_OF_MONTH} times the
   * whole months, and the days since they were full, 0 to 30.
   *
   * @param birth an epoch day
   * @param day an epoch day, not before birth
   */
  static int monthsAndDays(int birth, int day) {
    int months = months(birth, day);
    int full = Math.toIntExact(KnownDates.of(birth).plusMonths(months).toEpochDay());
    return DAYS_OF_MONTH * months + day - full;
  }

  /**
   * The greatest k for which {@code birth} plus k months is not after {@code day}: 1 from 31
   * January to 28 February. Negative before birth.
   *
   * @param birth an epoch day
   * @param day an epoch day
   */
  static int months(int birth, int day) {
    LocalDate from = KnownDates.of(birth);
    LocalDate to = KnownDates.of(day);
    int months = (to.getYear() - from.getYear()) * 12 + to.getMonthValue() - from.getMonthValue();
    // The day that so many months lead to: that of the birth, or the last of a shorter month.
    int anniversary = Math.min(from.getDayOfMonth(), to.lengthOfMonth());
    return anniversary > to.getDayOfMonth() ? months - 1 : months;
  }
}
