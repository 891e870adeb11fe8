package io.tenure.jobs.check;

import java.util.Map;

/** A row of {@link io.tenure.jobs.metric.TestLog#table}. */
public record TableLine(Map<String, Object> values) implements Line {
  @Override
  public Object value(String column) {
    if (!values.containsKey(column)) {
      throw new AssertionError("No column " + column + " in " + values.keySet());
    }
    Object value = values.get(column);
    return value instanceof Integer number ? Long.valueOf(number) : value;
  }
}
