package io.tenure.jobs.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Drivers for the terminal: what is compared, and a line for each comparison, the surest first,
 * with rates below those of all others to the left of an axis and rates above them to the right. A
 * difference that chance may make is drawn hollow.
 *
 * @param rows rows of drivers by column, in any order
 */
public record DriversChart(List<Map<String, Object>> rows) {
  private static final List<String> HEADERS =
      List.of(
          "outcome",
          "segment",
          "value",
          "verdict",
          "lower ░ │ █ higher",
          "users",
          "rate",
          "others' rate",
          "p adjusted",
          "points, 95 %");

  private static final int HALF = 8;

  /** How probable it may be at most that chance makes such a difference. */
  private static final double LEVEL = 0.05;

  private static final double SMALLEST_P = 0.001;

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
    Fitting<Map<String, Object>> fitting = Fitting.first(compared, canvas, "comparisons");
    double longest =
        compared.stream().mapToDouble(row -> Math.abs(number(row, "difference"))).max().orElse(0);
    List<List<Object>> lines = new ArrayList<>();
    for (Map<String, Object> row : fitting.lines()) {
      List<Object> cells = new ArrayList<>();
      List.of("outcome", "segment", "segment_value").forEach(key -> cells.add(row.get(key)));
      cells.add(isBeyondChance(row) ? "beyond chance" : "within chance");
      cells.add(bar(row, longest));
      List.of("users", "rate", "rest_rate").forEach(column -> cells.add(row.get(column)));
      cells.add(probability(adjusted(row)));
      cells.add(points(row));
      lines.add(cells);
    }
    return questions(compared)
        + "\n\n"
        + new TextTable(HEADERS, Set.of("rate", "others' rate"), lines).draw(canvas.width())
        + "\n□ within chance: p, adjusted for the number of comparisons, is not 0.05 or less.\n"
        + fitting.leftOut();
  }

  /** What the outcomes are of, each once. */
  private static String questions(List<Map<String, Object>> compared) {
    return TextTable.printable(
        compared.stream().map(DriversChart::question).distinct().collect(Collectors.joining("; ")));
  }

  private static String question(Map<String, Object> row) {
    if (row.get("outcome").equals("churn")) {
      return "churn in " + row.get("period_start").toString().substring(0, "2024-01".length());
    }
    return "%s: back in %s %s, question %s"
        .formatted(row.get("outcome"), row.get("grain"), row.get("period"), row.get("retention"));
  }

  /** What is not known to be more than chance counts as chance. */
  private static boolean isBeyondChance(Map<String, Object> row) {
    return adjusted(row) != null && adjusted(row) <= LEVEL;
  }

  private static String probability(Double p) {
    if (p == null) {
      return null;
    }
    return p < SMALLEST_P ? "<0.001" : String.format(Locale.ROOT, " %.3f", p);
  }

  private static Double adjusted(Map<String, Object> row) {
    return (Double) row.get("p_adjusted");
  }

  private static double number(Map<String, Object> row, String column) {
    return (Double) row.get(column);
  }

  private static String bar(Map<String, Object> row, double longest) {
    double difference = number(row, "difference");
    int length = longest == 0 ? 0 : (int) Math.round(Math.abs(difference) / longest * HALF);
    String ink = isBeyondChance(row) ? difference < 0 ? "░" : "█" : "□";
    String drawn = ink.repeat(length);
    return difference < 0 ? Bars.beside(drawn, "", HALF) : Bars.beside("", drawn, HALF);
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
