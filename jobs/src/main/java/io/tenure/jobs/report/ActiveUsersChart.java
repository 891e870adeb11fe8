package io.tenure.jobs.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

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
    int longest = byValue.values().stream().mapToInt(List::size).max().orElse(0);
    int shown = Math.min(days(canvas), longest);
    List<String> headers =
        new ArrayList<>(List.of("segment", "value", "dau of " + shown + " days"));
    headers.addAll(COUNTS);
    List<List<Object>> lines = new ArrayList<>();
    for (List<Map<String, Object>> course : byValue.values()) {
      lines.add(line(course, shown));
    }
    return new TextTable(headers, Set.of("stickiness", "stickiness_avg"), lines)
        .draw(canvas.width());
  }

  private static List<Object> line(List<Map<String, Object>> course, int days) {
    course.sort(Comparator.comparing(row -> row.get("day").toString()));
    Map<String, Object> last = course.get(course.size() - 1);
    List<Object> cells = new ArrayList<>();
    cells.add(last.get("segment"));
    cells.add(last.get("segment_value"));
    String line =
        Bars.sparkline(
            course.subList(Math.max(0, course.size() - days), course.size()).stream()
                .map(row -> (Number) row.get("dau"))
                .toList());
    // Values begin on different days and end on the same.
    cells.add(" ".repeat(days - line.length()) + line);
    COUNTS.forEach(count -> cells.add(last.get(count)));
    return cells;
  }
}
