package io.tenure.jobs.report;

import io.tenure.common.table.Contract;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Funnels for the terminal: a line for each step, as long as the users who reached it, divided into
 * those who went on and those who stopped. They and the rates are of users whose window is over;
 * who may still go on stands apart.
 *
 * @param rows rows of funnel by column, in any order
 */
public record FunnelChart(List<Map<String, Object>> rows) {
  private static final String INKS = "█░";
  private static final int BAR = 20;

  private static final List<String> HEADERS =
      List.of(
          "step",
          "on █ stopped ░",
          "closed",
          "of entered",
          "of step before",
          "median time",
          "stopped",
          "pending");

  /** The drawing: lines that end in a line feed. */
  public String draw(Canvas canvas) {
    if (rows.isEmpty()) {
      return "Nobody took the first step.\n";
    }
    List<Map<String, Object>> sorted =
        rows.stream()
            .sorted(
                Comparator.comparing((Map<String, Object> row) -> text(row, "funnel"))
                    .thenComparing(row -> text(row, "segment"))
                    .thenComparing(row -> text(row, "segment_value"))
                    .thenComparing(row -> (Integer) row.get("step")))
            .toList();
    boolean parts = sorted.stream().anyMatch(row -> !text(row, "segment").equals(Contract.WHOLE));
    List<String> headers = new ArrayList<>(List.of("funnel"));
    if (parts) {
      headers.addAll(List.of("segment", "value"));
    }
    headers.addAll(HEADERS);
    Fitting<Map<String, Object>> fitting = Fitting.first(sorted, canvas, "steps");
    List<List<Object>> lines = new ArrayList<>();
    StringBuilder remarks = new StringBuilder();
    List<String> before = List.of();
    for (Map<String, Object> row : fitting.lines()) {
      List<String> group =
          List.of(text(row, "funnel"), text(row, "segment"), text(row, "segment_value"));
      List<Object> line = new ArrayList<>();
      line.add(group.equals(before) ? "" : group.get(0));
      before = group;
      if (parts) {
        line.add(group.get(1));
        line.add(group.get(2));
      }
      line.add(row.get("step") + " " + row.get("activity"));
      line.add(bar(row));
      List.of("closed_users", "overall_conversion", "step_conversion")
          .forEach(column -> line.add(row.get(column)));
      line.add(time((Double) row.get("median_seconds")));
      List.of("dropped", "pending").forEach(column -> line.add(row.get(column)));
      lines.add(line);
      if ((Boolean) row.get("is_largest_drop")) {
        remarks.append(remark(row, parts));
      }
    }
    return new TextTable(headers, Set.of("of entered", "of step before"), lines)
            .draw(canvas.width())
        + "\nclosed: users whose window is over; pending: others, who may still go on.\n"
        + remarks
        + fitting.leftOut();
  }

  private static String remark(Map<String, Object> row, boolean parts) {
    return String.format(
        Locale.ROOT,
        "%s%s: most leave after step %d, %s: %,d of %,d users whose window is over.\n",
        text(row, "funnel"),
        parts
            ? TextTable.printable(", " + text(row, "segment") + " = " + text(row, "segment_value"))
            : "",
        (Integer) row.get("step"),
        text(row, "activity"),
        (Long) row.get("dropped"),
        (Long) row.get("closed_users"));
  }

  private static String text(Map<String, Object> row, String column) {
    return row.get(column).toString();
  }

  private static String bar(Map<String, Object> row) {
    long closed = (Long) row.get("closed_users");
    long dropped = (Long) row.get("dropped");
    return Bars.stacked(
        List.of(closed - dropped, dropped), INKS, (Long) row.get("closed_entered_users"), BAR);
  }

  /** An elapsed time in its two largest units; null if it is not known. */
  static String time(Double seconds) {
    if (seconds == null) {
      return null;
    }
    long whole = Math.round(seconds);
    long[] lengths = {86_400, 3_600, 60, 1};
    String[] units = {"d", "h", "min", "s"};
    for (int unit = 0; unit < lengths.length - 1; unit++) {
      if (whole >= lengths[unit]) {
        return String.format(
            Locale.ROOT,
            "%d %s %02d %s",
            whole / lengths[unit],
            units[unit],
            whole % lengths[unit] / lengths[unit + 1],
            units[unit + 1]);
      }
    }
    return whole + " s";
  }
}
