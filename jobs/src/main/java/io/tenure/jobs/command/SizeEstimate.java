package io.tenure.jobs.command;

import static org.apache.spark.sql.functions.approx_count_distinct;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.date_format;
import static org.apache.spark.sql.functions.min;

import io.tenure.common.store.TableReader;
import io.tenure.common.table.Contract;
import io.tenure.jobs.read.EventLog;
import io.tenure.jobs.read.Reason;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Row;

/**
 * About how many rows the longest table by day will have: days × (whole and values).
 *
 * @param days local days from the first event to the as-of day
 * @param values values by dimension, counted to within some percent
 */
record SizeEstimate(long days, Map<String, Long> values) {
  /** Rows from which a table by day is a burden for whoever reads it. */
  private static final long MANY_ROWS = 1_000_000;

  /** Reads the time and the dimensions of every row up to the as-of day. */
  static SizeEstimate of(EventLog log, LocalDate asOf, List<String> dimensions) {
    List<Column> counts = new ArrayList<>();
    counts.add(date_format(min(col("time")), "yyyy-MM-dd"));
    for (int dimension = 0; dimension < dimensions.size(); dimension++) {
      counts.add(approx_count_distinct(col("segment_" + dimension)));
    }
    Row found =
        log.judged(asOf)
            .rows()
            .where(col("reason").equalTo(Reason.ACCEPTED.ordinal()))
            .agg(counts.get(0), counts.subList(1, counts.size()).toArray(Column[]::new))
            .head();
    Map<String, Long> values = new LinkedHashMap<>();
    for (int dimension = 0; dimension < dimensions.size(); dimension++) {
      values.put(dimensions.get(dimension), found.getLong(dimension + 1));
    }
    long days =
        found.isNullAt(0)
            ? 0
            : ChronoUnit.DAYS.between(LocalDate.parse(found.getString(0)), asOf) + 1;
    return new SizeEstimate(days, values);
  }

  /**
   * That of a run that was computed.
   *
   * @param habits the table {@code usage_habit}, which has a row for each value
   */
  static SizeEstimate ofRun(long days, TableReader habits) {
    Map<String, Long> values = new TreeMap<>();
    try (TableReader.Rows rows = habits.rows(List.of("segment"), Optional.empty())) {
      rows.forEachRemaining(row -> values.merge((String) row[0], 1L, Long::sum));
    }
    values.remove(Contract.WHOLE);
    return new SizeEstimate(days, values);
  }

  /** Rows of active_users. */
  long rows() {
    return days * (1 + values.values().stream().mapToLong(Long::longValue).sum());
  }

  /** What to know before a run makes that many rows; empty if they are few. */
  Optional<String> warning() {
    return warning("active_users will have");
  }

  /** What to know of a run that has made that many rows; empty if they are few. */
  Optional<String> told() {
    return warning("active_users has");
  }

  private Optional<String> warning(String begins) {
    if (rows() < MANY_ROWS || values.isEmpty()) {
      return Optional.empty();
    }
    Map.Entry<String, Long> widest =
        values.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow();
    return Optional.of(
        String.format(
            Locale.ROOT,
            "%s about %,d rows (%,d days): dimension '%s' has about %,d values."
                + " Map it to fewer values, or leave it out of segments.",
            begins,
            rows(),
            days,
            widest.getKey(),
            widest.getValue()));
  }
}
