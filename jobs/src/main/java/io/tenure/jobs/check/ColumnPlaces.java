package io.tenure.jobs.check;

import java.util.List;

/**
 * Where the columns of a row stand. Identities ask for them by names that are the same objects for
 * every row, so that a name is mostly found by where it is, not by its letters.
 */
final class ColumnPlaces {
  private static final int SLOTS = 1 << 8;

  private final List<String> columns;
  private final String[] asked = new String[SLOTS];
  private final int[] places = new int[SLOTS];

  /** Not for several threads at once. */
  ColumnPlaces(List<String> columns) {
    this.columns = columns;
  }

  /**
   * The position of a column.
   *
   * @throws IllegalArgumentException if there is no such column
   */
  int of(String column) {
    int slot = System.identityHashCode(column) & SLOTS - 1;
    if (asked[slot] != column) {
      int place = columns.indexOf(column);
      if (place < 0) {
        throw new IllegalArgumentException("No column " + column + " in " + columns);
      }
      places[slot] = place;
      asked[slot] = column;
    }
    return places[slot];
  }
}
