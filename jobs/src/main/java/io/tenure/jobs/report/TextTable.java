package io.tenure.jobs.report;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
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

  /** Characters that hold some words in a line. */
  private static final int ROOM_FOR_WORDS = 20;

  private static final int NARROWEST_NOTE = 40;

  /** Narrower ones would need a line for every word. */
  private static final int NARROWEST_HEADER = 8;

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
   * one; for want of room a header is broken into lines, and so is a longer text where there is
   * room for some words, and a last line says which columns are left out.
   *
   * @param width columns of the terminal, at least 1
   */
  public String draw(int width) {
    List<Column> shown = fitting(width);
    StringBuilder lines = new StringBuilder();
    for (int line = 0; line <= rows.size(); line++) {
      int cell = line;
      int height = shown.stream().mapToInt(column -> column.height(cell)).max().orElse(1);
      for (int part = 0; part < height; part++) {
        StringBuilder text = new StringBuilder();
        for (Column column : shown) {
          text.append(text.isEmpty() ? "" : GAP).append(column.aligned(line, part));
        }
        lines.append(text.toString().stripTrailing()).append('\n');
      }
    }
    if (rows.isEmpty()) {
      lines.append("No rows.\n");
    }
    if (shown.size() < headers.size()) {
      lines.append(leftOut(headers.subList(shown.size(), headers.size()), width));
    }
    return lines.toString();
  }

  /** Which columns only a wider terminal shows, as lines. */
  static String leftOut(List<String> columns, int width) {
    String note =
        "A wider terminal shows %,d more %s: %s."
            .formatted(
                columns.size(),
                columns.size() == 1 ? "column" : "columns",
                String.join(", ", columns));
    return String.join("\n", wrapped(note, Math.max(width, NARROWEST_NOTE))) + "\n";
  }

  /** How many of the first columns {@link #draw} shows. */
  int shown(int width) {
    return fitting(width).size();
  }

  private List<Column> fitting(int width) {
    List<Column> columns = IntStream.range(0, headers.size()).mapToObj(this::column).toList();
    List<Column> shown = fitting(columns, width);
    if (shown.equals(columns)) {
      return shown;
    }
    List<Column> folded = columns.stream().map(Column::folded).toList();
    List<Column> most = fitting(folded, width);
    if (most.size() == columns.size()) {
      return most;
    }
    // One long text must not keep the numbers of all rows from being seen.
    int share = Math.max(ROOM_FOR_WORDS, width / 3);
    List<Column> narrow =
        fitting(
            folded.stream()
                .map(column -> column.toTheRight ? column : column.within(share))
                .toList(),
            width);
    return narrow.size() > most.size() ? narrow : most;
  }

  private static List<Column> fitting(List<Column> columns, int width) {
    List<Column> shown = new ArrayList<>(List.of(columns.get(0)));
    int used = shown.get(0).width;
    for (Column next : columns.subList(1, columns.size())) {
      int room = width - used - GAP.length();
      Column fits =
          next.width > room && !next.toTheRight && room >= ROOM_FOR_WORDS
              ? next.within(room)
              : next;
      if (fits.width > room) {
        break;
      }
      used += GAP.length() + fits.width;
      shown.add(fits);
    }
    return shown;
  }

  /**
   * The text in lines, broken at spaces; a word that is too long for a line after one of its
   * underscores, or anywhere.
   */
  static List<String> wrapped(String text, int width) {
    List<String> lines = new ArrayList<>();
    String rest = text;
    while (Column.length(rest) > width) {
      int end = rest.offsetByCodePoints(0, width);
      int space = rest.lastIndexOf(' ', end);
      int underscore = rest.lastIndexOf('_', end - 1);
      int line = space > 0 ? space : underscore > 0 ? underscore + 1 : end;
      lines.add(rest.substring(0, line));
      rest = rest.substring(space > 0 ? line + 1 : line);
    }
    lines.add(rest);
    return lines;
  }

  private Column column(int index) {
    String header = headers.get(index);
    List<Object> cells = rows.stream().map(row -> row.get(index)).toList();
    List<Object> known = cells.stream().filter(Objects::nonNull).toList();
    boolean numbers = !known.isEmpty() && known.stream().allMatch(Number.class::isInstance);
    Stream<String> texts = cells.stream().map(cell -> text(cell, shares.contains(header)));
    return Column.of(Stream.concat(Stream.of(printable(header)), texts).toList(), numbers);
  }

  /** A cell as it reads. */
  static String text(Object cell, boolean isShare) {
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

  /** A column's cells, the header first, each of one line or more, and its width in characters. */
  private static final class Column {
    private final List<List<String>> cells;
    private final boolean toTheRight;
    private final int width;

    private Column(List<List<String>> cells, boolean toTheRight) {
      this.cells = cells;
      this.toTheRight = toTheRight;
      this.width = cells.stream().flatMap(List::stream).mapToInt(Column::length).max().orElse(0);
    }

    static Column of(List<String> texts, boolean toTheRight) {
      return new Column(texts.stream().map(List::of).toList(), toTheRight);
    }

    /** The column with its texts broken into lines of at most so many characters. */
    Column within(int room) {
      return new Column(cells.stream().map(cell -> broken(cell, room)).toList(), toTheRight);
    }

    private static List<String> broken(List<String> cell, int room) {
      return cell.stream().flatMap(line -> wrapped(line, room).stream()).toList();
    }

    /** The column with its header broken into lines no longer than need be. */
    Column folded() {
      // With what ends it: an underscore stays where it is, so that the lines read as the name.
      String[] words = cells.get(0).get(0).split("(?<=[_ ])");
      int room = NARROWEST_HEADER;
      for (String word : words) {
        room = Math.max(room, length(word.strip()));
      }
      for (List<String> cell : cells.subList(1, cells.size())) {
        room = Math.max(room, length(cell.get(0)));
      }
      List<String> lines = new ArrayList<>(List.of(""));
      for (String word : words) {
        String joined = lines.get(lines.size() - 1) + word;
        if (length(joined.strip()) <= room) {
          lines.set(lines.size() - 1, joined);
        } else {
          lines.add(word);
        }
      }
      List<List<String>> folded = new ArrayList<>(cells);
      folded.set(0, lines.stream().map(String::strip).toList());
      return new Column(folded, toTheRight);
    }

    int height(int cell) {
      return cells.get(cell).size();
    }

    String aligned(int cell, int line) {
      String text = line < height(cell) ? cells.get(cell).get(line) : "";
      String space = " ".repeat(width - length(text));
      return toTheRight ? space + text : text + space;
    }

    private static int length(String text) {
      return text.codePointCount(0, text.length());
    }
  }
}
