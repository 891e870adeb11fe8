package io.tenure.jobs.check;

import java.time.LocalDate;
import java.util.Map;

/** A row of {@link io.tenure.jobs.metric.TestLog#table}. */
public record TableLine(Map<String, Object> values) implements Line {
  @Override
  public String text(String column) {
    Object value = value(column);
    return value == null ? null : value.toString();
  }

  @Override
  public LocalDate day(String column) {
    return (LocalDate) value(column);
  }

  @Override
  public Long number(String column) {
    Number value = (Number) value(column);
    return value == null ? null : value.longValue();
  }

  @Override
  public boolean flag(String column) {
    return (Boolean) value(column);
  }

  private Object value(String column) {
    if (!values.containsKey(column)) {
      throw new AssertionError("No column " + column + " in " + values.keySet());
    }
    return values.get(column);
  }
}
