package io.tenure.jobs.report.page;

import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Figures as the page's sentences write them. */
final class Words {
  private static final DateTimeFormatter MONTH =
      DateTimeFormatter.ofPattern("MMMM uuuu", Locale.ENGLISH);
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("d MMMM uuuu", Locale.ENGLISH);

  private static final DateTimeFormatter MONTH_ALONE =
      DateTimeFormatter.ofPattern("MMMM", Locale.ENGLISH);
  private static final DateTimeFormatter DAY_OF_YEAR =
      DateTimeFormatter.ofPattern("d MMMM", Locale.ENGLISH);
  private static final DateTimeFormatter DAY_ALONE =
      DateTimeFormatter.ofPattern("d", Locale.ENGLISH);

  private Words() {}

  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  static String percent(double ratio) {
    return String.format(Locale.ROOT, "%.1f\u00a0%%", ratio * 100);
  }

  /** A rate's interval. */
  static String interval(Double low, Double high) {
    return low == null || high == null
        ? "no interval"
        : String.format(Locale.ROOT, "%.1f to %.1f\u00a0%%", low * 100, high * 100);
  }

  /** The way from one ratio to another, in percentage points. */
  static String points(double before, double now) {
    return signed("%.1f", (now - before) * 100) + " points";
  }

  /** The way from one count to another, relative to the first. */
  static String change(long before, long now) {
    return before == 0
        ? signed("%,.0f", now)
        : signed("%.1f", 100.0 * (now - before) / before) + "\u00a0%";
  }

  private static String signed(String format, double number) {
    String digits = String.format(Locale.ROOT, format, Math.abs(number));
    if (digits.chars().noneMatch(digit -> digit >= '1' && digit <= '9')) {
      return "±0";
    }
    return (number < 0 ? "−" : "+") + digits;
  }

  static String month(LocalDate day) {
    return MONTH.format(day);
  }

  /** Two months, as few words as say which they are. */
  static String months(LocalDate from, LocalDate to) {
    return (from.getYear() == to.getYear() ? MONTH_ALONE.format(from) : month(from))
        + " to "
        + month(to);
  }

  /** The days from one to another, both included. */
  static String span(LocalDate from, LocalDate to) {
    DateTimeFormatter start =
        from.getYear() != to.getYear()
            ? DAY
            : from.getMonth() != to.getMonth() ? DAY_OF_YEAR : DAY_ALONE;
    return start.format(from) + " to " + day(to);
  }

  static String day(LocalDate day) {
    return DAY.format(day);
  }

  /** A reason's label as words. */
  static String plain(String label) {
    return label.replace('_', ' ');
  }
}
