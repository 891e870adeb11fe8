package io.tenure.jobs.check;

import io.tenure.common.table.Column;
import io.tenure.common.table.ColumnType;
import io.tenure.common.table.Contract;
import java.util.HashMap;
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
    Map<String, Object[]> parts = new HashMap<>();
    dimensions.forEach(dimension -> parts.put(dimension, parts(dimension, counts)));
    return new Identity(
        table + "_segments_sum_to_the_whole",
        "the values of a dimension sum to the whole in " + table,
        // A value has no rows before its first user: none stand for 0.
        Relation.EQUAL_OR_UNKNOWN,
        Map.of(
            table,
            (line, ledger) -> {
              Object[] key = new Object[keys.size()];
              for (int at = 0; at < key.length; at++) {
                key[at] = line.value(keys.get(at));
              }
              Long[] numbers = new Long[counts.size()];
              for (int at = 0; at < numbers.length; at++) {
                numbers[at] = line.number(counts.get(at));
              }
              if (line.isWhole()) {
                for (Object[] each : parts.values()) {
                  ledger.expectedEach(each, numbers, key);
                }
              } else {
                Object[] each = parts.get(line.text(SEGMENT));
                ledger.actualEach(
                    each == null ? parts(line.text(SEGMENT), counts) : each, numbers, key);
              }
            }));
  }

  private static Object[] parts(String dimension, List<String> counts) {
    return counts.stream().map(count -> dimension + ", " + count).toArray();
  }
}
