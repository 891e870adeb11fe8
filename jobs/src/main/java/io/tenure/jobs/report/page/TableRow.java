package io.tenure.jobs.report.page;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Map;

/**
 * A row of a published table. A column that is not there reads as NULL: an older run may lack it.
 *
 * @param index position of each column
 */
record TableRow(Map<String, Integer> index, Object[] values) {
  private Object get(String column) {
    Integer at = index.get(column);
    return at == null ? null : values[at];
  }

  boolean isNull(String column) {
    return get(column) == null;
  }

  String text(String column) {
    return (String) get(column);
  }

  /** A count; null where the table says NULL. */
  Long count(String column) {
    return get(column) instanceof Number number ? Long.valueOf(number.longValue()) : null;
  }

  int integer(String column) {
    return Math.toIntExact(count(column));
  }

  /** A ratio; null where the table says NULL. */
  Double rate(String column) {
    return get(column) instanceof Number number ? Double.valueOf(number.doubleValue()) : null;
  }

  /** Money; null where the table says NULL. */
  BigDecimal money(String column) {
    return (BigDecimal) get(column);
  }

  LocalDate day(String column) {
    return (LocalDate) get(column);
  }

  /** Whether the column says true; NULL does not. */
  boolean is(String column) {
    return Boolean.TRUE.equals(get(column));
  }

  Segment segment() {
    return new Segment(text("segment"), text("segment_value"));
  }
}
