package io.tenure.jobs.check;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The identity that the values of a dimension sum to the whole, for one table. */
final class SegmentSums {
  private SegmentSums() {}

  /**
   * @param keys the columns that, with segment and value, identify a row; may be none
   * @param counts the columns that add up; NULL of the whole is NULL in every value
   */
  static Identity of(String table, List<String> keys, List<String> counts) {
    String keyList = keys.stream().map(key -> key + ", ").collect(Collectors.joining());
    String sums =
        counts.stream()
            .map(count -> "sum(%1$s) AS %1$s".formatted(count))
            .collect(Collectors.joining(", "));
    String pairs =
        counts.stream()
            .map(count -> "'%1$s', w.%1$s, s.%1$s".formatted(count))
            .collect(Collectors.joining(", "));
    String join =
        Stream.concat(Stream.of("segment"), keys.stream()).collect(Collectors.joining(", "));
    // Each dimension has to add up to each row of the whole; a value has no rows before its first
    // user, so no rows stand for 0.
    String violations =
        """
        WITH whole AS (SELECT * EXCEPT (segment) FROM %1$s WHERE segment = '(all)'),
          expectations AS (
            SELECT w.*, d.segment
            FROM whole w CROSS JOIN
              (SELECT DISTINCT segment FROM %1$s WHERE segment <> '(all)') d),
          sums AS (
            SELECT %2$s segment, %3$s FROM %1$s WHERE segment <> '(all)' GROUP BY %2$s segment)
        SELECT concat_ws(', ', %2$s segment, count) AS breach_key, expected, actual
        FROM (SELECT %2$s segment, stack(%4$d, %5$s) AS (count, expected, actual)
          FROM expectations w FULL OUTER JOIN sums s USING (%6$s))
        WHERE (expected IS NULL AND actual IS NOT NULL) OR expected <> coalesce(actual, 0)
        """
            .formatted(table, keyList, sums, counts.size(), pairs, join);
    return new Identity(
        table + "_segments_sum_to_the_whole",
        "the values of a dimension sum to the whole in " + table,
        List.of(table),
        violations);
  }
}
