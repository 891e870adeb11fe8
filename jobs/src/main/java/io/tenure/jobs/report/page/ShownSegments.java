package io.tenure.jobs.report.page;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The segments that the page shows: the whole, and of every dimension the values with the most
 * users. The others are in the tables, and the page says how many they are.
 *
 * @param segments the whole first, then by dimension as configured and falling size
 * @param dimensions what is shown of each dimension
 */
record ShownSegments(List<Segment> segments, List<Dimension> dimensions) {
  /** Values shown of one dimension; of many dimensions fewer, so that the page stays small. */
  private static final int MOST_VALUES = 8;

  private static final int MOST_SEGMENTS = 64;

  /**
   * One dimension.
   *
   * @param values how many it has
   * @param shown how many of them the page shows
   * @param users users active in its values in the last two months, each month by itself
   * @param usersShown of these, in the values shown
   */
  record Dimension(String name, int values, int shown, long users, long usersShown) {}

  /**
   * Chooses.
   *
   * @param dimensions as configured
   */
  static ShownSegments of(PublishedTables tables, List<String> dimensions, LocalDate asOf) {
    LocalDate lastMonth = asOf.withDayOfMonth(1).minusMonths(1);
    Map<Segment, Long> sizes = new LinkedHashMap<>();
    Choice recent = Choice.ALL.since(List.of(new Choice.Span("month", "period_start", lastMonth)));
    for (TableRow row :
        tables.rows(
            "active_periods",
            recent,
            List.of("grain", "period_start", "segment", "segment_value", "active_users"))) {
      Long users = row.count("active_users");
      sizes.merge(row.segment(), users == null ? 0 : users, Long::sum);
    }
    int most = Math.max(2, Math.min(MOST_VALUES, MOST_SEGMENTS / Math.max(1, dimensions.size())));
    List<Segment> shown = new ArrayList<>(List.of(Segment.WHOLE));
    List<Dimension> described = new ArrayList<>();
    for (String name : dimensions) {
      List<Segment> values =
          sizes.keySet().stream()
              .filter(segment -> segment.dimension().equals(name))
              .sorted(
                  Comparator.<Segment>comparingLong(sizes::get)
                      .reversed()
                      .thenComparing(Segment::value))
              .toList();
      List<Segment> top = values.subList(0, Math.min(most, values.size()));
      shown.addAll(top);
      described.add(
          new Dimension(name, values.size(), top.size(), sum(values, sizes), sum(top, sizes)));
    }
    return new ShownSegments(List.copyOf(shown), List.copyOf(described));
  }

  private static long sum(List<Segment> segments, Map<Segment, Long> sizes) {
    return segments.stream().mapToLong(sizes::get).sum();
  }

  Set<Segment> set() {
    return Set.copyOf(segments);
  }
}
