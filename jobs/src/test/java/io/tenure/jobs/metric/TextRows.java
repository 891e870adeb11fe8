package io.tenure.jobs.metric;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Rows held against an aligned text table that names only the columns that matter.
 *
 * <p>{@code -} is NULL; a double is written to four decimals, without zeros at the end. Text after
 * # is a comment.
 */
public final class TextRows {
  private TextRows() {}

  /** Holds all of the rows, in their order, against the table. */
  static void assertRows(List<Map<String, Object>> rows, String table) {
    List<List<String>> lines = parse(table);
    List<String> columns = lines.get(0);
    assertThat(rows.stream().map(row -> line(row, columns)).collect(Collectors.joining("\n")))
        .isEqualTo(
            lines.stream()
                .skip(1)
                .map(line -> String.join(" | ", line))
                .collect(Collectors.joining("\n")));
  }

  /** The rows in which these columns have these values, written as in the table. */
  public static List<Map<String, Object>> where(
      List<Map<String, Object>> rows, String column, String value) {
    return rows.stream().filter(row -> text(row.get(column)).equals(value)).toList();
  }

  static List<List<String>> parse(String table) {
    return table
        .lines()
        .map(line -> line.replaceFirst("#.*", ""))
        .filter(line -> !line.isBlank())
        .map(line -> Arrays.stream(line.split("\\|")).map(String::strip).toList())
        .toList();
  }

  /** The chosen columns of a row, as the table has them. */
  static String line(Map<String, Object> row, List<String> columns) {
    for (String column : columns) {
      assertThat(row).containsKey(column);
    }
    return columns.stream().map(column -> text(row.get(column))).collect(Collectors.joining(" | "));
  }

  private static String text(Object value) {
    if (value == null) {
      return "-";
    }
    if (value instanceof Double number) {
      double rounded = Math.round(number * 10_000) / 10_000.0;
      return rounded == Math.rint(rounded) ? Long.toString((long) rounded) : "" + rounded;
    }
    return value.toString();
  }
}
