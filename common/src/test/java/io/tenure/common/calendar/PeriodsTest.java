package io.tenure.common.calendar;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAdjusters;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PeriodsTest {
  private static final LocalDate EPOCH = LocalDate.EPOCH;

  @ParameterizedTest
  @EnumSource(DayOfWeek.class)
  void a_week_starts_on_its_week_start_and_week_0_holds_the_first_of_january_1970(
      DayOfWeek weekStart) {
    Periods weeks = Grain.WEEK.periods(weekStart);

    assertThat(weeks.of(0)).isZero();
    for (int day : days()) {
      LocalDate start = LocalDate.ofEpochDay(day).with(TemporalAdjusters.previousOrSame(weekStart));
      assertThat(weeks.start(weeks.of(day))).isEqualTo(day(start));
      assertThat(weeks.end(weeks.of(day))).isEqualTo(day(start.plusWeeks(1)));
    }
  }

  @Test
  void a_month_a_quarter_and_a_year_are_those_of_the_calendar() {
    for (int day : days()) {
      LocalDate date = LocalDate.ofEpochDay(day);
      LocalDate month = date.withDayOfMonth(1);
      LocalDate quarter = month.withMonth(month.getMonth().firstMonthOfQuarter().getValue());
      LocalDate year = date.withDayOfYear(1);
      assertPeriod(Grain.MONTH, day, month, month.plusMonths(1));
      assertPeriod(Grain.QUARTER, day, quarter, quarter.plusMonths(3));
      assertPeriod(Grain.YEAR, day, year, year.plusYears(1));
      assertThat(periods(Grain.MONTH).of(day))
          .isEqualTo((int) ChronoUnit.MONTHS.between(EPOCH, month));
      assertThat(periods(Grain.YEAR).of(day))
          .isEqualTo((int) ChronoUnit.YEARS.between(EPOCH, year));
    }
  }

  @Test
  void the_month_before_1970_is_month_minus_one() {
    Periods months = periods(Grain.MONTH);

    assertThat(months.of(day(LocalDate.of(1970, 1, 31)))).isZero();
    assertThat(months.of(day(LocalDate.of(1969, 12, 31)))).isEqualTo(-1);
    assertThat(months.of(day(LocalDate.of(1969, 12, 1)))).isEqualTo(-1);
    assertThat(months.of(day(LocalDate.of(1969, 11, 30)))).isEqualTo(-2);
    assertThat(periods(Grain.QUARTER).of(-1)).isEqualTo(-1);
    assertThat(periods(Grain.YEAR).of(-1)).isEqualTo(-1);
  }

  @Test
  void a_day_is_its_own_period() {
    assertPeriod(Grain.DAY, -1, LocalDate.of(1969, 12, 31), EPOCH);
  }

  private static void assertPeriod(Grain grain, int day, LocalDate start, LocalDate end) {
    Periods periods = periods(grain);
    assertThat(periods.start(periods.of(day))).isEqualTo(day(start));
    assertThat(periods.end(periods.of(day))).isEqualTo(day(end));
  }

  private static Periods periods(Grain grain) {
    return grain.periods(DayOfWeek.MONDAY);
  }

  private static int day(LocalDate date) {
    return (int) date.toEpochDay();
  }

  /** From 1696 to 2243: on both sides of the months that are looked up. */
  private static int[] days() {
    return new Random(1).ints(3000, -100_000, 100_000).toArray();
  }
}
