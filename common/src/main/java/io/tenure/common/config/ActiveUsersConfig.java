package io.tenure.common.config;

import java.io.Serializable;
import java.util.List;
import java.util.TreeSet;

/**
 * Which trailing windows are computed.
 *
 * @param windows lengths in days; {@code [1, 7, 28]} are DAU, WAU and MAU and always there
 */
public record ActiveUsersConfig(List<Integer> windows) implements Serializable {
  private static final int WEEK = 7;
  private static final int MONTH = 28;

  /** The windows of more than one day, ascending: those configured, and WAU and MAU. */
  public int[] trailing() {
    TreeSet<Integer> lengths = new TreeSet<>(windows);
    lengths.addAll(List.of(WEEK, MONTH));
    lengths.remove(1);
    return lengths.stream().mapToInt(Integer::intValue).toArray();
  }

  /** The days of the window that a column counts; 0 if it counts none. */
  public static int days(String column) {
    return switch (column) {
      case "dau" -> 1;
      case "wau" -> WEEK;
      case "mau" -> MONTH;
      default ->
          column.matches("active_\\d+d")
              ? Integer.parseInt(column.substring("active_".length(), column.length() - 1))
              : 0;
    };
  }

  /** The column that counts a window. */
  public static String column(int window) {
    return switch (window) {
      case 1 -> "dau";
      case WEEK -> "wau";
      case MONTH -> "mau";
      default -> "active_" + window + "d";
    };
  }
}
