package io.tenure.jobs.report;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.IntFunction;

/**
 * A retention triangle as a heat map for the terminal: a row per cohort, a column per period, whole
 * percentages; below it the pooled curve, in figures and as columns, and the users it stands on.
 *
 * <p>What is not yet known is a dot without colour, never a zero, and what is left out is blank. A
 * rate above zero that rounds to zero is {@code <1}, so that {@code 0} means nobody.
 *
 * @param grain the length of a period, in words: {@code day}, {@code week}, {@code month}
 * @param rows in any order; drawn by cohort
 * @param pooled the curve by period from 0
 */
public record Triangle(String grain, List<TriangleRow> rows, List<CurvePoint> pooled) {
  private static final String UNKNOWN = "·";
  private static final String POOLED = "pooled";
  private static final String USERS = "users";
  private static final int COHORT_WIDTH = LocalDate.EPOCH.toString().length();
  private static final int NARROWEST_CELL = 4;

  /** Lines of the curve's columns; each holds eight steps. */
  private static final int CURVE_LINES = 4;

  private static final String EIGHTHS = " ▁▂▃▄▅▆▇█";

  public Triangle {
    rows = rows.stream().sorted(Comparator.comparing(TriangleRow::cohort)).toList();
    pooled = List.copyOf(pooled);
  }

  /** The drawing: lines that end in a line feed. */
  public String draw(Canvas canvas) {
    if (rows.isEmpty()) {
      return "No cohorts.\n";
    }
    return new Drawing(canvas).draw();
  }

  private int periods() {
    int longest = rows.stream().mapToInt(row -> row.rates().size()).max().orElse(0);
    return Math.max(longest, pooled.size());
  }

  private OptionalDouble pooledRate(int period) {
    return period < pooled.size() ? pooled.get(period).rate() : OptionalDouble.empty();
  }

  private String eligibleUsers(int period) {
    return period < pooled.size() && !isLeftOut(period)
        ? compact(pooled.get(period).eligibleUsers())
        : "";
  }

  private boolean isLeftOut(int period) {
    return rows.stream().noneMatch(row -> row.says(period));
  }

  /** One drawing of the triangle: what of it fits, and how wide its columns are. */
  private final class Drawing {
    private final Palette palette;
    private final int usersWidth;
    private final int cellWidth;
    private final int periodsShown;
    private final List<TriangleRow> rowsShown;
    private final StringBuilder lines = new StringBuilder();

    Drawing(Canvas canvas) {
      palette = canvas.palette();
      rowsShown = rows.subList(Math.max(0, rows.size() - canvas.cohorts()), rows.size());
      int users = USERS.length();
      for (TriangleRow row : rowsShown) {
        users = Math.max(users, grouped(row.users()).length());
      }
      usersWidth = users;
      int cell = NARROWEST_CELL;
      for (int period = 0; period < pooled.size(); period++) {
        cell = Math.max(cell, eligibleUsers(period).length() + 1);
      }
      cellWidth = cell;
      int room = canvas.width() - COHORT_WIDTH - 1 - usersWidth - 1;
      periodsShown = Math.max(1, Math.min(periods(), room / cellWidth));
    }

    String draw() {
      lines.append("Retention by ").append(grain).append(": % of a cohort's users\n\n");
      line("cohort", USERS, period -> padded(Integer.toString(period)));
      for (TriangleRow row : rowsShown) {
        line(
            row.cohort().toString(),
            grouped(row.users()),
            period -> row.says(period) ? cell(row.rates().get(period)) : padded(""));
      }
      lines.append('\n');
      line(POOLED, "", period -> isLeftOut(period) ? padded("") : cell(pooledRate(period)));
      for (int level = CURVE_LINES - 1; level >= 0; level--) {
        int base = level * 8;
        String scale = level == CURVE_LINES - 1 ? "100 %" : level == 0 ? "0 %" : "";
        line("", scale, period -> padded(column(pooledRate(period), base)));
      }
      line("", USERS, period -> padded(eligibleUsers(period)));
      lines.append('\n').append(legend()).append('\n');
      if (rowsShown.size() < rows.size() || periodsShown < periods()) {
        lines.append(leftOut()).append('\n');
      }
      return lines.toString();
    }

    private void line(String cohort, String users, IntFunction<String> cells) {
      StringBuilder line = new StringBuilder();
      line.append(String.format("%-" + COHORT_WIDTH + "s %" + usersWidth + "s ", cohort, users));
      for (int period = 0; period < periodsShown; period++) {
        line.append(cells.apply(period));
      }
      lines.append(line.toString().stripTrailing()).append('\n');
    }

    /** The text to the right of its column, with a space after it where there is room. */
    private String padded(String text) {
      return String.format("%" + (cellWidth - 1) + "s ", text).substring(0, cellWidth);
    }

    private String cell(OptionalDouble rate) {
      if (rate.isEmpty()) {
        return padded(UNKNOWN);
      }
      // Most of what matters lies below 30 %: the root gives it most of the scale.
      return palette.paint(padded(percent(rate.getAsDouble())), Math.sqrt(rate.getAsDouble()));
    }

    private String legend() {
      String unknown = UNKNOWN + " not yet known";
      if (palette == Palette.NONE) {
        return unknown;
      }
      StringBuilder legend = new StringBuilder(unknown).append("   ");
      for (double rate : new double[] {0, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1}) {
        legend.append(cell(OptionalDouble.of(rate)));
      }
      return legend.append(" %").toString();
    }

    private String leftOut() {
      List<String> notes = new ArrayList<>();
      if (rowsShown.size() < rows.size()) {
        notes.add(
            "the latest "
                + grouped(rowsShown.size())
                + " of "
                + grouped(rows.size())
                + " cohorts (--limit shows more, --where others)");
      }
      if (periodsShown < periods()) {
        notes.add(
            "periods 0 to "
                + (periodsShown - 1)
                + " of 0 to "
                + (periods() - 1)
                + " (a wider terminal shows more)");
      }
      return "Showing " + String.join("; ", notes) + ".";
    }
  }

  private static String percent(double rate) {
    long rounded = Math.round(rate * 100);
    return rounded == 0 && rate > 0 ? "<1" : Long.toString(rounded);
  }

  /** Three characters of the curve's column between eighth {@code base} and the eight above it. */
  private static String column(OptionalDouble rate, int base) {
    if (rate.isEmpty()) {
      return "";
    }
    int eighths = (int) Math.round(rate.getAsDouble() * CURVE_LINES * 8);
    if (rate.getAsDouble() > 0) {
      eighths = Math.max(1, eighths);
    }
    int inLine = Math.max(0, Math.min(8, eighths - base));
    return String.valueOf(EIGHTHS.charAt(inLine)).repeat(NARROWEST_CELL - 1);
  }

  private static String grouped(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** A count in at most four characters below a billion, rounded: 999, 1.6k, 12k, 3M. */
  private static String compact(long number) {
    if (number < 1_000) {
      return Long.toString(number);
    }
    if (number < 9_950) {
      return String.format(Locale.ROOT, "%.1fk", number / 1e3);
    }
    return number < 999_500
        ? Math.round(number / 1e3) + "k"
        : grouped(Math.round(number / 1e6)) + "M";
  }
}
