package io.tenure.jobs.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Habits of use for the terminal: a line for each segment value, with the users of the last 28 days
 * divided by how often they came.
 *
 * @param rows rows of usage_habit by column, in any order
 */
public record UsageHabitChart(List<Map<String, Object>> rows) {
  private static final List<String> HABITS = List.of("core", "regular", "casual", "infrequent");
  private static final String INKS = "█▓▒░";
  private static final int BAR = 20;

  /** The drawing: lines that end in a line feed. */
  public String draw(Canvas canvas) {
    if (rows.isEmpty()) {
      return "No habits.\n";
    }
    List<Map<String, Object>> values =
        rows.stream()
            .sorted(
                Comparator.comparing((Map<String, Object> row) -> row.get("segment").toString())
                    .thenComparing(row -> row.get("segment_value").toString()))
            .toList();
    Fitting<Map<String, Object>> fitting = Fitting.first(values, canvas, "segment values");
    List<List<Object>> lines = fitting.lines().stream().map(UsageHabitChart::line).toList();
    List<String> headers =
        List.of(
            "segment",
            "value",
            "28 days " + INKS,
            "users",
            "core",
            "regular",
            "casual",
            "infreq.",
            "share below monthly");
    return new TextTable(headers, Set.of("share below monthly"), lines).draw(canvas.width())
        + fitting.leftOut();
  }

  private static List<Object> line(Map<String, Object> row) {
    List<Object> cells = new ArrayList<>();
    cells.add(row.get("segment"));
    cells.add(row.get("segment_value"));
    cells.add(bar(row));
    cells.add(row.get("users_28d"));
    HABITS.forEach(habit -> cells.add(row.get(habit)));
    cells.add(row.get("share_below_monthly"));
    return cells;
  }

  /** Nothing, while the habits are not yet known. */
  private static String bar(Map<String, Object> row) {
    if (row.get("users_28d") == null) {
      return "";
    }
    List<Long> parts = HABITS.stream().map(habit -> ((Number) row.get(habit)).longValue()).toList();
    return Bars.stacked(parts, INKS, ((Number) row.get("users_28d")).longValue(), BAR);
  }
}
