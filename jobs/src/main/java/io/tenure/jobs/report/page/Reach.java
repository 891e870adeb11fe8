package io.tenure.jobs.report.page;

import java.time.LocalDate;
import java.util.List;

/**
 * How far back the page looks. A chart of ten years of days is no chart; what is older is in the
 * tables, and the page says from when on it shows.
 */
record Reach(LocalDate asOf, LocalDate logStart) {
  private static final int DAYS = 400;
  private static final int DAILY_PERIODS = 92;
  private static final int WEEKS = 53;
  private static final int MONTHS = 36;

  /** The first day of the series by day. */
  LocalDate days() {
    return asOf.minusDays(DAYS - 1L);
  }

  LocalDate months() {
    return asOf.withDayOfMonth(1).minusMonths(MONTHS - 1L);
  }

  /** The first period start of a grain. */
  LocalDate of(String grain) {
    return switch (grain) {
      case "day" -> asOf.minusDays(DAILY_PERIODS - 1L);
      case "week" -> asOf.minusWeeks(WEEKS);
      default -> months();
    };
  }

  List<Choice.Span> spans(String column) {
    return List.of("day", "week", "month").stream()
        .map(grain -> new Choice.Span(grain, column, of(grain)))
        .toList();
  }

  /** The day from which rows are shown, if that leaves any out; else null. */
  String cut(LocalDate from) {
    return from.isAfter(logStart) ? from.toString() : null;
  }
}
