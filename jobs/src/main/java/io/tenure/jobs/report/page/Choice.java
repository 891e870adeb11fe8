package io.tenure.jobs.report.page;

import java.time.LocalDate;
import java.util.List;
import java.util.Set;

/**
 * Which rows of a table the page needs.
 *
 * @param segments rows of these; empty: of all
 * @param spans rows that lie in any of these; empty: all
 * @param periodsOnly leaves out rows of brackets
 */
record Choice(Set<Segment> segments, List<Span> spans, boolean periodsOnly) {
  static final Choice ALL = new Choice(Set.of(), List.of(), false);

  /**
   * Rows from a day on.
   *
   * @param grain rows of this grain; null: the table has none
   * @param column the day of a row
   */
  record Span(String grain, String column, LocalDate from) {
    private boolean holds(TableRow row) {
      return (grain == null || grain.equals(row.text("grain"))) && !row.day(column).isBefore(from);
    }
  }

  Choice {
    segments = Set.copyOf(segments);
    spans = List.copyOf(spans);
  }

  Choice of(Set<Segment> chosen) {
    return new Choice(chosen, spans, periodsOnly);
  }

  Choice since(List<Span> chosen) {
    return new Choice(segments, chosen, periodsOnly);
  }

  Choice since(String column, LocalDate from) {
    return since(List.of(new Span(null, column, from)));
  }

  Choice withoutBrackets() {
    return new Choice(segments, spans, true);
  }

  boolean holds(TableRow row) {
    return (segments.isEmpty() || segments.contains(row.segment()))
        && (spans.isEmpty() || spans.stream().anyMatch(span -> span.holds(row)))
        && (!periodsOnly || row.isNull("bracket"));
  }
}
