package io.tenure.jobs.check;

import java.util.ArrayList;
import java.util.List;

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
    List<String> sums = new ArrayList<>();
    List<String> pairs = new ArrayList<>();
    for (String count : counts) {
      sums.add(sum(count, "(all)") + " AS whole_" + count);
      for (int dimension = 0; dimension < dimensions.size(); dimension++) {
        String parts = "parts_%d_%s".formatted(dimension, count);
        sums.add(sum(count, dimensions.get(dimension)) + " AS " + parts);
        pairs.add(
            "'%1$s, %2$s', whole_%2$s, %3$s".formatted(dimensions.get(dimension), count, parts));
      }
    }
    // One aggregation without a join. A value has no rows before its first user: none stand for 0.
    String violations =
        """
        SELECT concat_ws(', ', %1$s, sum) AS breach_key, expected, actual
        FROM (SELECT %1$s, stack(%2$d, %3$s) AS (sum, expected, actual)
          FROM (SELECT %1$s, %4$s FROM %5$s GROUP BY %1$s))
        WHERE (expected IS NULL AND actual IS NOT NULL) OR expected <> coalesce(actual, 0)
        """
            .formatted(
                String.join(", ", keys),
                pairs.size(),
                String.join(", ", pairs),
                String.join(", ", sums),
                table);
    return new Identity(
        table + "_segments_sum_to_the_whole",
        "the values of a dimension sum to the whole in " + table,
        List.of(table),
        violations);
  }

  private static String sum(String count, String segment) {
    return "sum(%s) FILTER (WHERE segment = '%s')".formatted(count, segment);
  }
}
