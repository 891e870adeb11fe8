package io.tenure.jobs.check;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The identity that the values of a dimension sum to the whole, for one table. */
final class SegmentSums {
  private SegmentSums() {}

  /**
   * @param keys the columns that, with segment and value, identify a row
   * @param counts the columns that add up; NULL of the whole is NULL in every value
   * @param dimensions the dimensions that the run is split by
   */
  static Identity of(
      String table, List<String> keys, List<String> counts, List<String> dimensions) {
    return new Identity(
        table + "_segments_sum_to_the_whole",
        "the values of a dimension sum to the whole in " + table,
        // A value has no rows before its first user: none stand for 0.
        Relation.EQUAL_OR_UNKNOWN,
        Map.of(
            table,
            (line, ledger) -> {
              boolean whole = line.isWhole();
              Object[] row = new Object[keys.size()];
              for (int at = 0; at < row.length; at++) {
                row[at] = line.value(keys.get(at));
              }
              for (String count : counts) {
                Long number = line.number(count);
                if (!whole) {
                  ledger.actual(number, key(row, line.text("segment"), count));
                  continue;
                }
                for (String dimension : dimensions) {
                  ledger.expected(number, key(row, dimension, count));
                }
              }
            }));
  }

  private static Object[] key(Object[] row, String dimension, String count) {
    Object[] key = Arrays.copyOf(row, row.length + 2);
    key[row.length] = dimension;
    key[row.length + 1] = count;
    return key;
  }
}
