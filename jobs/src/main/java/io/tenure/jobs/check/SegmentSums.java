package io.tenure.jobs.check;

import io.tenure.common.table.Column;
import io.tenure.common.table.ColumnType;
import io.tenure.common.table.Contract;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The identity that the values of a dimension sum to the whole, for every table whose contract says
 * of counts or money that they may be summed over segment values.
 */
final class SegmentSums {
  private static final String SEGMENT = "segment";
  private static final String VALUE = "segment_value";

  /** Sums of these are exact; what else is additive follows from them. */
  private static final Set<ColumnType> EXACT =
      Set.of(ColumnType.BIGINT, ColumnType.INT, ColumnType.MONEY);

  private SegmentSums() {}

  /**
   * @param tables contracts of any kind
   * @param dimensions the dimensions that the run is split by
   */
  static List<Identity> of(List<Contract> tables, List<String> dimensions) {
    if (dimensions.isEmpty()) {
      return List.of();
    }
    return tables.stream()
        .filter(table -> !counts(table).isEmpty())
        .map(table -> of(table.name(), keys(table), counts(table), dimensions))
        .toList();
  }

  private static List<String> counts(Contract table) {
    return table.columns().stream()
        .filter(column -> column.sumsOver().contains(VALUE) && EXACT.contains(column.type()))
        .map(Column::name)
        .toList();
  }

  private static List<String> keys(Contract table) {
    return table.grain().stream()
        .filter(key -> !key.equals(SEGMENT) && !key.equals(VALUE))
        .toList();
  }

  /**
   * @param keys the columns that, with segment and value, identify a row
   * @param counts the columns that add up; NULL of the whole is NULL in every value
   */
  private static Identity of(
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
                  ledger.actual(number, key(row, line.text(SEGMENT), count));
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
