package io.tenure.jobs.describe;

import static io.tenure.common.table.Column.required;
import static io.tenure.common.table.ColumnType.BOOLEAN;
import static io.tenure.common.table.ColumnType.DATE;
import static io.tenure.common.table.ColumnType.INT;
import static io.tenure.common.table.ColumnType.STRING;

import io.tenure.common.calendar.Grain;
import io.tenure.common.calendar.Periods;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.table.Column;
import io.tenure.common.table.Contract;
import io.tenure.common.table.Protection;
import io.tenure.common.table.Unit;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The table {@code dates}: the days that a run speaks of, and the periods they lie in. */
public final class Dates {
  private static final List<Grain> CALENDAR =
      List.of(Grain.WEEK, Grain.MONTH, Grain.QUARTER, Grain.YEAR);

  public static final Contract CONTRACT =
      Contract.result(
              "dates",
              "A day from the first one of the log to the as-of day, and the periods it lies in",
              List.of("day"),
              List.of(
                  required("day", DATE, "A local day of {timezone}"),
                  required(
                      "week_start", DATE, "First day of its week; weeks begin on {week-start}"),
                  required("month_start", DATE, "First day of its month"),
                  required("quarter_start", DATE, "First day of its quarter"),
                  required("year_start", DATE, "First day of its year"),
                  required("year", INT, "Its calendar year").in(Unit.NUMBER),
                  required("quarter", INT, "Its quarter in the year, 1 to 4").in(Unit.NUMBER),
                  required("month", INT, "Its month in the year, 1 to 12").in(Unit.NUMBER),
                  required("day_of_month", INT, "Its place in the month, from 1").in(Unit.NUMBER),
                  required(
                          "day_of_week",
                          INT,
                          "Its place in the week that begins on {week-start}, 1 to 7")
                      .in(Unit.NUMBER),
                  required("weekday", STRING, "Name of the day: Monday to Sunday"),
                  required("days_ago", INT, "Days from it to the as-of day, which is 0")
                      .in(Unit.DAYS),
                  isComplete("week"),
                  isComplete("month"),
                  isComplete("quarter"),
                  isComplete("year")))
          .hiding(Protection.of(Protection.Rule.NOBODY));

  private Dates() {}

  private static Column isComplete(String grain) {
    return required(
        "is_%s_complete".formatted(grain),
        BOOLEAN,
        "Whether its %s is over on the as-of day and begins inside the log".formatted(grain));
  }

  /**
   * The rows, ascending.
   *
   * @param first the first day of the log, an epoch day
   * @param asOf the last day, an epoch day
   */
  public static List<Object[]> rows(TenureConfig config, int first, int asOf, String runId) {
    List<Object[]> rows = new ArrayList<>();
    for (int day = first; day <= asOf; day++) {
      LocalDate date = LocalDate.ofEpochDay(day);
      List<Object> row = new ArrayList<>();
      row.add(date);
      for (Grain grain : CALENDAR) {
        Periods periods = config.periods(grain);
        row.add(LocalDate.ofEpochDay(periods.start(periods.of(day))));
      }
      row.add(date.getYear());
      row.add((date.getMonthValue() + 2) / 3);
      row.add(date.getMonthValue());
      row.add(date.getDayOfMonth());
      row.add(dayOfWeek(date, config.weekStart()));
      row.add(date.getDayOfWeek().getDisplayName(TextStyle.FULL, Locale.ENGLISH));
      row.add(asOf - day);
      for (Grain grain : CALENDAR) {
        Periods periods = config.periods(grain);
        int period = periods.of(day);
        row.add(periods.start(period) >= first && periods.end(period) <= asOf + 1);
      }
      row.add(runId);
      rows.add(row.toArray());
    }
    return rows;
  }

  private static int dayOfWeek(LocalDate date, DayOfWeek weekStart) {
    return Math.floorMod(date.getDayOfWeek().getValue() - weekStart.getValue(), 7) + 1;
  }
}
