package io.tenure.jobs.report;

import java.util.List;

/** Numbers as lengths and heights of block characters. */
final class Bars {
  private static final String EIGHTHS = "▁▂▃▄▅▆▇█";
  private static final String UNKNOWN = "·";

  private Bars() {}

  /**
   * A column a number, from 0 to the largest: what is not known is a dot, nothing is a space, and
   * something is at least an eighth.
   */
  static String sparkline(List<? extends Number> numbers) {
    double largest = 0;
    for (Number number : numbers) {
      largest = number == null ? largest : Math.max(largest, number.doubleValue());
    }
    StringBuilder line = new StringBuilder();
    for (Number number : numbers) {
      if (number == null) {
        line.append(UNKNOWN);
      } else if (number.doubleValue() <= 0) {
        line.append(' ');
      } else {
        int eighths = (int) Math.ceil(number.doubleValue() / largest * EIGHTHS.length());
        line.append(EIGHTHS.charAt(eighths - 1));
      }
    }
    return line.toString();
  }

  /**
   * A bar divided in parts, each with an ink of its own.
   *
   * @param parts at least 0 each
   * @param whole what the full width stands for; nothing is drawn when it is 0
   */
  static String stacked(List<Long> parts, String inks, long whole, int width) {
    StringBuilder bar = new StringBuilder();
    long sum = 0;
    for (int part = 0; part < parts.size() && whole > 0; part++) {
      sum += parts.get(part);
      // Ends are rounded, not lengths, so that the parts together are as long as their sum.
      int end = (int) Math.round((double) sum / whole * width);
      bar.append(inks.substring(part, part + 1).repeat(Math.max(0, end - bar.length())));
    }
    return bar.toString();
  }

  /**
   * Two bars on either side of an axis.
   *
   * @param left as it reads, its end at the axis; at most {@code half} characters
   * @param half room for a bar
   */
  static String beside(String left, String right, int half) {
    return " ".repeat(half - left.length()) + left + "│" + right;
  }
}
