package io.tenure.jobs.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Growth for the terminal: a line for each period, with the users lost to the left of an axis and
 * the users gained to the right of it.
 *
 * <p>The axis stands alone where churn is not yet known, and its count is a dot. A line below says
 * which period is not over.
 *
 * @param rows rows of growth by column, of one grain and one segment value, in any order
 */
public record GrowthChart(List<Map<String, Object>> rows) {
  private static final List<String> COUNTS =
      List.of("active_users", "new_users", "resurrected_users", "retained_users", "churned_users");

  private static final int HALF = 11;

  /** The drawing: lines that end in a line feed. */
  public String draw(Canvas canvas) {
    if (rows.isEmpty()) {
      return "No growth.\n";
    }
    List<Map<String, Object>> periods =
        rows.stream()
            .sorted(Comparator.comparing(row -> row.get("period_start").toString()))
            .toList();
    Fitting<Map<String, Object>> fitting = Fitting.last(periods, canvas, "periods");
    periods = fitting.lines();
    long longest = 1;
    for (Map<String, Object> period : periods) {
      longest = Math.max(longest, Math.max(lost(period), gained(period)));
    }
    List<List<Object>> lines = new ArrayList<>();
    for (Map<String, Object> period : periods) {
      List<Object> cells = new ArrayList<>();
      cells.add(period.get("period_start"));
      cells.add(bar(period, longest));
      COUNTS.forEach(count -> cells.add(period.get(count)));
      cells.add(period.get("retention_rate"));
      cells.add(period.get("quick_ratio"));
      lines.add(cells);
    }
    List<String> headers =
        List.of(
            "period",
            "lost ░ │ █ new ▒ back",
            "active",
            "new",
            "back",
            "retained",
            "churned",
            "retention rate",
            "quick");
    return new TextTable(headers, Set.of("retention rate"), lines).draw(canvas.width())
        + open(periods)
        + fitting.leftOut();
  }

  /** Its users are fewer than those of the others, and that says nothing yet. */
  private static String open(List<Map<String, Object>> periods) {
    Map<String, Object> last = periods.get(periods.size() - 1);
    return Boolean.FALSE.equals(last.get("is_complete"))
        ? "\n%s is not over: its users are those so far.\n".formatted(last.get("period_start"))
        : "";
  }

  private static String bar(Map<String, Object> period, long longest) {
    String left = Bars.stacked(List.of(lost(period)), "░", longest, HALF);
    String right =
        Bars.stacked(
            List.of(count(period, "new_users"), count(period, "resurrected_users")),
            "█▒",
            longest,
            HALF);
    return Bars.beside(left, right, HALF);
  }

  private static long lost(Map<String, Object> period) {
    return count(period, "churned_users");
  }

  private static long gained(Map<String, Object> period) {
    return count(period, "new_users") + count(period, "resurrected_users");
  }

  private static long count(Map<String, Object> period, String column) {
    return ((Number) Objects.requireNonNullElse(period.get(column), 0L)).longValue();
  }
}
