package io.tenure.jobs.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Drivers for the terminal: a line for each comparison, the surest first, with rates below those of
 * all others to the left of an axis and rates above them to the right.
 *
 * @param rows rows of drivers by column, in any order
 */
public record DriversChart(List<Map<String, Object>> rows) {
  private static final List<String> HEADERS =
      List.of(
          "outcome",
          "segment",
          "value",
          "lower ░ │ █ higher",
          "users",
          "rate",
          "others' rate",
          "p adjusted",
          "points, 95 %");

  private static final int HALF = 8;

  private static final Comparator<Map<String, Object>> SUREST_FIRST =
      Comparator.comparing((Map<String, Object> row) -> row.get("outcome").toString())
          .thenComparing(DriversChart::adjusted, Comparator.nullsLast(Comparator.naturalOrder()))
          .thenComparing(row -> row.get("segment").toString())
          .thenComparing(row -> row.get("segment_value").toString());

  /** The drawing: lines that end in a line feed. */
  public String draw(Canvas canvas) {
    List<Map<String, Object>> compared =
        rows.stream().filter(row -> row.get("difference") != null).sorted(SUREST_FIRST).toList();
    if (compared.isEmpty()) {
      return "Nothing to compare: no dimension has two values with users at stake.\n";
    }
    double longest =
        compared.stream().mapToDouble(row -> Math.abs(number(row, "difference"))).max().orElse(0);
    List<List<Object>> lines = new ArrayList<>();
    for (Map<String, Object> row : compared) {
      List<Object> cells = new ArrayList<>();
      List.of("outcome", "segment", "segment_value").forEach(key -> cells.add(row.get(key)));
      cells.add(bar(number(row, "difference"), longest));
      List.of("users", "rate", "rest_rate").forEach(column -> cells.add(row.get(column)));
      cells.add(adjusted(row));
      cells.add(points(row));
      lines.add(cells);
    }
    return new TextTable(HEADERS, Set.of("rate", "others' rate"), lines).draw(canvas.width());
  }

  private static Double adjusted(Map<String, Object> row) {
    return (Double) row.get("p_adjusted");
  }

  private static double number(Map<String, Object> row, String column) {
    return (Double) row.get(column);
  }

  private static String bar(double difference, double longest) {
    int length = longest == 0 ? 0 : (int) Math.round(Math.abs(difference) / longest * HALF);
    return difference < 0
        ? Bars.beside("░".repeat(length), "", HALF)
        : Bars.beside("", "█".repeat(length), HALF);
  }

  private static String points(Map<String, Object> row) {
    return String.format(
        Locale.ROOT,
        "%+.1f (%+.1f to %+.1f)",
        100 * number(row, "difference"),
        100 * number(row, "difference_ci_low"),
        100 * number(row, "difference_ci_high"));
  }
}
