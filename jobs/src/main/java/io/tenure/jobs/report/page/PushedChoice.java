package io.tenure.jobs.report.page;

import static org.apache.parquet.filter2.predicate.FilterApi.and;
import static org.apache.parquet.filter2.predicate.FilterApi.binaryColumn;
import static org.apache.parquet.filter2.predicate.FilterApi.eq;
import static org.apache.parquet.filter2.predicate.FilterApi.gtEq;
import static org.apache.parquet.filter2.predicate.FilterApi.in;
import static org.apache.parquet.filter2.predicate.FilterApi.intColumn;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.parquet.filter2.predicate.FilterApi;
import org.apache.parquet.filter2.predicate.FilterPredicate;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;

/**
 * A choice as far as Parquet can make it by itself, which spares reading the thousands of values
 * that are not shown. It may let more rows through than the choice, never fewer.
 */
final class PushedChoice {
  private PushedChoice() {}

  static Optional<FilterPredicate> of(Choice choice, MessageType schema) {
    List<FilterPredicate> all = new ArrayList<>();
    if (!choice.segments().isEmpty()) {
      all.add(oneOf("segment", choice.segments(), Segment::dimension));
      all.add(oneOf("segment_value", choice.segments(), Segment::value));
    }
    choice.spans().stream().map(PushedChoice::span).reduce(FilterApi::or).ifPresent(all::add);
    if (choice.periodsOnly() && schema.containsField("bracket")) {
      all.add(eq(binaryColumn("bracket"), null));
    }
    return all.stream().reduce(FilterApi::and);
  }

  private static FilterPredicate oneOf(
      String column, Set<Segment> segments, Function<Segment, String> part) {
    return in(
        binaryColumn(column),
        segments.stream().map(part).map(Binary::fromString).collect(Collectors.toSet()));
  }

  private static FilterPredicate span(Choice.Span span) {
    FilterPredicate late =
        gtEq(intColumn(span.column()), Math.toIntExact(span.from().toEpochDay()));
    return span.grain() == null
        ? late
        : and(eq(binaryColumn("grain"), Binary.fromString(span.grain())), late);
  }
}
