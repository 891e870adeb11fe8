package io.tenure.jobs.report;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A table as aligned text.
 *
 * <p>Nulls are a dot; numbers stand to the right, with separated thousands; doubles are percentages
 * with one decimal in columns of shares, and have three decimals elsewhere; dates and instants are
 * ISO.
 *
 * @param headers column names, at least one
 * @param shares the columns whose numbers are shares, 0 to 1
 * @param rows cells by column; a cell may be null
 */
public record TextTable(List<String> headers, Set<String> shares, List<List<Object>> rows) {
  private static final String UNKNOWN = "·";
  private static final String GAP = "  ";

  public TextTable {
    headers = List.copyOf(headers);
    shares = Set.copyOf(shares);
    if (headers.isEmpty()) {
      throw new IllegalArgumentException("Invalid table: no columns");
    }
    List<List<Object>> copies = new ArrayList<>();
    for (List<Object> row : rows) {
      if (row.size() != headers.size()) {
        throw new IllegalArgumentException(
            "Invalid row: " + row.size() + " cells for " + headers.size() + " columns");
      }
      // Cells may be null, which List.copyOf does not take.
      copies.add(Collections.unmodifiableList(new ArrayList<>(row)));
    }
    rows = Collections.unmodifiableList(copies);
  }

  /**
   * The table: lines that end in a line feed. The first columns that fit are shown, always at least
   * one; a last line names those left out.
   *
   * @param width columns of the terminal, at least 1
   */
  public String draw(int width) {
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < headers.size(); i++) {
      columns.add(column(i));
    }
    int shown = fitting(columns, width);
    StringBuilder lines = new StringBuilder();
    for (int line = 0; line <= rows.size(); line++) {
      StringBuilder text = new StringBuilder();
      for (Column column : columns.subList(0, shown)) {
        text.append(text.isEmpty() ? "" : GAP).append(column.aligned(line));
      }
      lines.append(text.toString().stripTrailing()).append('\n');
    }
    if (rows.isEmpty()) {
      lines.append("No rows.\n");
    }
    if (shown < columns.size()) {
      lines
          .append("Left out, for want of width: ")
          .append(String.join(", ", headers.subList(shown, headers.size())))
          .append(".\n");
    }
    return lines.toString();
  }

  private static int fitting(List<Column> columns, int width) {
    int used = columns.get(0).width;
    int shown = 1;
    while (shown < columns.size()) {
      used += GAP.length() + columns.get(shown).width;
      if (used > width) {
        break;
      }
      shown++;
    }
    return shown;
  }

  private Column column(int index) {
    String header = headers.get(index);
    List<Object> cells = rows.stream().map(row -> row.get(index)).toList();
    List<Object> known = cells.stream().filter(Objects::nonNull).toList();
    boolean numbers = !known.isEmpty() && known.stream().allMatch(Number.class::isInstance);
    Stream<String> texts = cells.stream().map(cell -> text(cell, shares.contains(header)));
    return new Column(Stream.concat(Stream.of(printable(header)), texts).toList(), numbers);
  }

  private static String text(Object cell, boolean isShare) {
    if (cell == null) {
      return UNKNOWN;
    }
    if (cell instanceof Double || cell instanceof Float) {
      double number = ((Number) cell).doubleValue();
      return isShare
          ? String.format(Locale.ROOT, "%.1f %%", number * 100)
          : String.format(Locale.ROOT, "%,.3f", number);
    }
    if (cell instanceof BigDecimal decimal) {
      return String.format(Locale.ROOT, "%,." + Math.max(0, decimal.scale()) + "f", decimal);
    }
    if (cell instanceof Number number) {
      return String.format(Locale.ROOT, "%,d", number);
    }
    return printable(cell.toString());
  }

  /** Values come from the log: a control character in one must not steer the terminal. */
  public static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}|[\\x{80}-\\x{9f}]", "\ufffd");
  }

  /** A column's lines, the header first, and their width in characters. */
  private static final class Column {
    private final List<String> texts;
    private final boolean toTheRight;
    private final int width;

    Column(List<String> texts, boolean toTheRight) {
      this.texts = texts;
      this.toTheRight = toTheRight;
      this.width = texts.stream().mapToInt(Column::length).max().orElse(0);
    }

    String aligned(int line) {
      String text = texts.get(line);
      String space = " ".repeat(width - length(text));
      return toTheRight ? space + text : text + space;
    }

    private static int length(String text) {
      return text.codePointCount(0, text.length());
    }
  }
}
