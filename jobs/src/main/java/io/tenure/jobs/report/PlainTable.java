package io.tenure.jobs.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Rows of a published table as text, so that their numbers are seen in a terminal of usual width.
 *
 * <p>A column with one value in all rows is said once, above them, but not the only numbers. Of the
 * others those come first that tell rows apart, then counts and rates in the order of the table, so
 * that a rate stands after what it is of, then bounds of intervals, then the rest. Where there is
 * no room for a single number beside what tells rows apart, a row is as many lines as it has
 * columns.
 *
 * @param headers column names, at least one
 * @param keys the columns that tell rows apart, in order
 * @param shares the columns whose numbers are shares, 0 to 1
 * @param rows cells by column; a cell may be null
 */
public record PlainTable(
    List<String> headers, List<String> keys, Set<String> shares, List<List<Object>> rows) {
  private static final Set<String> BOUNDS = Set.of("ci_low", "ci_high", "std_err");

  /** The rank of numbers; those of keys are below. */
  private static final int NUMBERS = 1_000;

  /** The drawing: lines that end in a line feed. */
  public String draw(int width) {
    List<Integer> same = new ArrayList<>();
    List<Integer> apart = new ArrayList<>();
    boolean numbersDiffer =
        IntStream.range(0, headers.size()).anyMatch(column -> isNumber(column) && !isSame(column));
    for (int column = 0; column < headers.size(); column++) {
      boolean once = isSame(column) && (numbersDiffer || !isNumber(column));
      (once ? same : apart).add(column);
    }
    if (apart.isEmpty() || rows.size() == 1) {
      return inLines(IntStream.range(0, headers.size()).boxed().toList(), width);
    }
    apart.sort(Comparator.comparingInt(this::rank));
    StringBuilder drawing = new StringBuilder();
    if (!same.isEmpty()) {
      drawing.append(String.join("\n", TextTable.wrapped(title(same), width))).append("\n\n");
    }
    TextTable table =
        new TextTable(
            apart.stream().map(headers::get).toList(),
            shares,
            rows.stream().map(row -> cells(row, apart)).toList());
    long identity = apart.stream().filter(column -> rank(column) < NUMBERS).count();
    boolean saysNothing = table.shown(width) <= identity && identity < apart.size();
    return drawing.append(saysNothing ? inLines(apart, width) : table.draw(width)).toString();
  }

  private String title(List<Integer> same) {
    List<String> known = new ArrayList<>();
    List<String> unknown = new ArrayList<>();
    for (int column : same) {
      String header = headers.get(column);
      if (rows.get(0).get(column) == null) {
        unknown.add(header);
      } else {
        known.add(header + " = " + text(rows.get(0), column));
      }
    }
    String title = String.join(", ", known);
    String dots = unknown.isEmpty() ? "" : "· in " + String.join(", ", unknown);
    return title + (title.isEmpty() || dots.isEmpty() ? "" : "; ") + dots;
  }

  /** Of one row everything is the same, and without rows nothing. */
  private boolean isSame(int column) {
    return !rows.isEmpty()
        && rows.stream().map(row -> row.get(column)).distinct().limit(2).count() == 1;
  }

  private int rank(int column) {
    String header = headers.get(column);
    int key = keys.indexOf(header);
    if (key >= 0) {
      return key;
    }
    List<Object> known =
        rows.stream().map(row -> row.get(column)).filter(Objects::nonNull).toList();
    if (known.isEmpty() || !known.stream().allMatch(Number.class::isInstance)) {
      return NUMBERS + 2;
    }
    return BOUNDS.stream().anyMatch(header::endsWith) ? NUMBERS + 1 : NUMBERS;
  }

  private boolean isNumber(int column) {
    List<Object> known =
        rows.stream().map(row -> row.get(column)).filter(Objects::nonNull).toList();
    return !keys.contains(headers.get(column))
        && !known.isEmpty()
        && known.stream().allMatch(Number.class::isInstance);
  }

  private String text(List<Object> row, int column) {
    return TextTable.text(row.get(column), shares.contains(headers.get(column)));
  }

  private static List<Object> cells(List<Object> row, List<Integer> columns) {
    List<Object> cells = new ArrayList<>();
    columns.forEach(column -> cells.add(row.get(column)));
    return cells;
  }

  private String inLines(List<Integer> columns, int width) {
    int longest =
        columns.stream().mapToInt(column -> headers.get(column).length()).max().orElse(0) + 2;
    StringBuilder lines = new StringBuilder();
    for (List<Object> row : rows) {
      lines.append(lines.isEmpty() ? "" : "\n");
      for (int column : columns) {
        String name = headers.get(column) + ":";
        List<String> parts =
            TextTable.wrapped(text(row, column), Math.max(width - longest, longest));
        IntStream.range(0, parts.size())
            .forEach(
                part ->
                    lines
                        .append(part == 0 ? name : " ".repeat(name.length()))
                        .append(" ".repeat(longest - name.length()))
                        .append(parts.get(part))
                        .append('\n'));
      }
    }
    return lines.toString();
  }
}
