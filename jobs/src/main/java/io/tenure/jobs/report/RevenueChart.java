package io.tenure.jobs.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Revenue retention for the terminal: a line for each month, with the money lost to the left of an
 * axis and the money gained to the right of it.
 *
 * <p>The axis stands alone where the month is open.
 *
 * @param rows rows of revenue_retention by column, of one segment value, in any order
 */
public record RevenueChart(List<Map<String, Object>> rows) {
  private static final List<String> HEADERS =
      List.of(
          "month",
          "lost ░ │ █ new ▓ grown ▒ back",
          "opening",
          "closing",
          "gross rate",
          "net rate",
          "kept",
          "lost",
          "won");

  private static final int HALF = 14;

  /** The drawing: lines that end in a line feed. */
  public String draw(Canvas canvas) {
    if (rows.isEmpty()) {
      return "No revenue.\n";
    }
    List<Map<String, Object>> months =
        rows.stream()
            .sorted(Comparator.comparing(row -> row.get("period_start").toString()))
            .toList();
    Fitting<Map<String, Object>> fitting = Fitting.last(months, canvas, "months");
    months = fitting.lines();
    long longest = 1;
    for (Map<String, Object> month : months) {
      longest = Math.max(longest, Math.max(lost(month), gained(month)));
    }
    List<List<Object>> lines = new ArrayList<>();
    for (Map<String, Object> month : months) {
      List<Object> cells = new ArrayList<>();
      cells.add(month.get("period_start"));
      cells.add(bar(month, longest));
      cells.add(rounded(month, "opening"));
      cells.add(rounded(month, "closing"));
      cells.add(month.get("gross_revenue_retention"));
      cells.add(month.get("net_revenue_retention"));
      List.of("kept_users", "lost_users", "won_users")
          .forEach(count -> cells.add(month.get(count)));
      lines.add(cells);
    }
    return new TextTable(HEADERS, Set.of("gross rate", "net rate"), lines).draw(canvas.width())
        + fitting.leftOut();
  }

  private static String bar(Map<String, Object> month, long longest) {
    String left = Bars.stacked(List.of(lost(month)), "░", longest, HALF);
    String right =
        Bars.stacked(
            List.of(cents(month, "new"), cents(month, "expansion"), cents(month, "reactivation")),
            "█▓▒",
            longest,
            HALF);
    return Bars.beside(left, right, HALF);
  }

  private static long lost(Map<String, Object> month) {
    return cents(month, "churned") + cents(month, "contraction");
  }

  private static long gained(Map<String, Object> month) {
    return cents(month, "new") + cents(month, "expansion") + cents(month, "reactivation");
  }

  private static BigDecimal rounded(Map<String, Object> month, String column) {
    return month.get(column) instanceof BigDecimal money
        ? money.setScale(2, RoundingMode.HALF_EVEN)
        : null;
  }

  /** In hundredths, for the length of a bar; 0 where it is not known. */
  private static long cents(Map<String, Object> month, String column) {
    BigDecimal money = rounded(month, column);
    return money == null ? 0 : money.movePointRight(2).longValueExact();
  }
}
