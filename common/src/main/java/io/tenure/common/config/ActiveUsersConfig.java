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
