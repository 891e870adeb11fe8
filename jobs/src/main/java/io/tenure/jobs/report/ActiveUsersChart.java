package io.tenure.jobs.report;

import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Active users for the terminal: a line for each segment value, with the course of dau and the
 * counts of the last day.
 *
 * @param rows rows of active_users by column, in any order
 */
public record ActiveUsersChart(List<Map<String, Object>> rows) {
  private static final List<String> COUNTS =
      List.of("dau", "wau", "mau", "new_users", "stickiness", "stickiness_avg");

  /** What the columns beside the course take, about. */
  private static final int COUNTS_WIDTH = 76;

  private static final int SHORTEST_COURSE = 14;

  /** The days that a line has room for. */
  public static int days(Canvas canvas) {
    return Math.max(SHORTEST_COURSE, canvas.width() - COUNTS_WIDTH);
  }

  /** The drawing: lines that end in a line feed. */
  public String draw(Canvas canvas) {
    if (rows.isEmpty()) {
      return "No active users.\n";
    }
    Map<String, List<Map<String, Object>>> byValue = new TreeMap<>();
    for (Map<String, Object> row : rows) {
      String key = row.get("segment") + "\u0000" + row.get("segment_value");
      byValue.computeIfAbsent(key, unseen -> new ArrayList<>()).add(row);
    }
    TreeSet<LocalDate> known = new TreeSet<>();
    rows.forEach(row -> known.add(day(row)));
    int longest = (int) known.first().until(known.last(), ChronoUnit.DAYS) + 1;
    int shown = Math.min(days(canvas), longest);
    List<String> headers =
        new ArrayList<>(List.of("segment", "value", "dau of " + shown + " days"));
    headers.addAll(COUNTS);
    List<List<Object>> lines = new ArrayList<>();
    for (List<Map<String, Object>> course : byValue.values()) {
      lines.add(line(course, known.last(), shown));
    }
    return new TextTable(headers, Set.of("stickiness", "stickiness_avg"), lines)
        .draw(canvas.width());
  }

  private static LocalDate day(Map<String, Object> row) {
    return LocalDate.parse(row.get("day").toString());
  }

  /**
   * The course and the counts of a value.
   *
   * @param last the last day of all values: one that has no row of it has no counts
   */
  private static List<Object> line(List<Map<String, Object>> course, LocalDate last, int days) {
    Map<LocalDate, Map<String, Object>> byDay = new TreeMap<>();
    course.forEach(row -> byDay.put(day(row), row));
    List<Object> cells = new ArrayList<>();
    cells.add(course.get(0).get("segment"));
    cells.add(course.get(0).get("segment_value"));
    List<Number> numbers = new ArrayList<>();
    for (LocalDate day = last.minusDays(days - 1L); !day.isAfter(last); day = day.plusDays(1)) {
      Map<String, Object> row = byDay.get(day);
      if (row != null || !numbers.isEmpty()) {
        numbers.add(row == null ? null : (Number) row.get("dau"));
      }
    }
    String line = Bars.sparkline(numbers);
    // Values begin on different days.
    cells.add(" ".repeat(days - line.length()) + line);
    Map<String, Object> now = byDay.getOrDefault(last, Map.of());
    COUNTS.forEach(count -> cells.add(now.get(count)));
    return cells;
  }
}
