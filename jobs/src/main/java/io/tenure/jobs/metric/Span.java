package io.tenure.jobs.metric;

import io.tenure.common.history.History;
import io.tenure.common.history.Values;
import java.util.ArrayList;
import java.util.List;

/**
 * The days over which a user counts under one segment value, which is the value as of each of them.
 *
 * @param from the first day, an epoch day
 * @param to the first day after it
 */
record Span(Cells.Segment segment, int from, int to) {
  /**
   * The spans of a user: one for the whole, then those of each dimension, ascending and without
   * gaps from the user's first day on.
   */
  static List<Span> of(History history, List<String> dimensions, Cells cells) {
    List<Span> spans = new ArrayList<>(1 + dimensions.size());
    spans.add(new Span(cells.all(), Integer.MIN_VALUE, Integer.MAX_VALUE));
    for (int dimension = 0; dimension < dimensions.size(); dimension++) {
      String name = dimensions.get(dimension);
      Values values = history.values(dimension);
      for (int at = 0; at < values.size(); at++) {
        spans.add(
            new Span(cells.segment(name, values.value(at)), values.start(at), values.end(at)));
      }
    }
    return spans;
  }
}
