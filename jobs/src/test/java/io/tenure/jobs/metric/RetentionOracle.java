package io.tenure.jobs.metric;

import io.tenure.common.calendar.Grain;
import io.tenure.common.config.RetentionConfig;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The retention tables by their definition: dates, sets and loops, nothing shared with the metric,
 * nothing fast.
 *
 * @param known the events before the end of the as-of day
 * @param end the day after the as-of day
 * @param historyStarts null when the log is complete
 */
record RetentionOracle(
    List<Event> known,
    RetentionConfig question,
    List<String> dimensions,
    ZoneId zone,
    DayOfWeek weekStart,
    LocalDate historyStarts,
    LocalDate end) {

  /** An event as the log has it. */
  record Event(
      String user, Instant time, String id, Set<String> activities, Map<String, String> values) {
    LocalDate day(ZoneId zone) {
      return time.atZone(zone).toLocalDate();
    }
  }

  /** A user in a cohort. */
  private record Member(String user, LocalDate birth) {}

  /** A cohort of the whole, or of a value of a dimension. */
  private record Cohort(Grain grain, String segment, String value, LocalDate start) {}

  /** One period, or a bracket of them. */
  private record Span(int from, int until, boolean bracket) {
    String label() {
      return bracket ? "[%d,%d)".formatted(from, until) : null;
    }
  }

  RetentionOracle {
    LocalDate last = end;
    ZoneId local = zone;
    known = known.stream().filter(event -> event.day(local).isBefore(last)).toList();
  }

  /** The rows of the table {@code retention}. */
  List<Map<String, Object>> retention() {
    List<Map<String, Object>> rows = new ArrayList<>();
    cohorts()
        .forEach(
            (cohort, members) -> {
              for (Span span : spans(cohort.grain())) {
                rows.add(cell(cohort, members, span));
              }
            });
    return rows;
  }

  /** The rows of the table {@code retention_curve}. */
  List<Map<String, Object>> curve() {
    Map<List<Object>, List<Map<String, Object>>> pools = new LinkedHashMap<>();
    for (Map<String, Object> cell : retention()) {
      List<Object> pool =
          Arrays.asList(
              cell.get("grain"),
              cell.get("segment"),
              cell.get("segment_value"),
              cell.get("period"),
              cell.get("bracket"));
      pools.computeIfAbsent(pool, key -> new ArrayList<>()).add(cell);
    }
    List<Map<String, Object>> rows = new ArrayList<>();
    for (List<Map<String, Object>> pool : pools.values()) {
      long eligible = 0;
      long retained = 0;
      boolean mature = false;
      for (Map<String, Object> cell : pool) {
        if (cell.get("is_mature").equals(true)) {
          eligible += (Long) cell.get("cohort_users");
          retained += (Long) cell.get("retained_users");
          mature = true;
        }
      }
      Map<String, Object> row = new LinkedHashMap<>();
      for (String column :
          List.of("retention", "grain", "segment", "segment_value", "segment_basis")) {
        row.put(column, pool.get(0).get(column));
      }
      row.put("period", pool.get(0).get("period"));
      row.put("bracket", pool.get(0).get("bracket"));
      row.put("eligible_users", eligible);
      row.put("retained_users", mature ? retained : null);
      putRate(row, mature, retained, eligible);
      row.put("is_mature", mature);
      rows.add(row);
    }
    return rows;
  }

  /** The rows of the table {@code cohorts}. */
  List<Map<String, Object>> cohortRows() {
    List<Map<String, Object>> rows = new ArrayList<>();
    cohorts()
        .forEach(
            (cohort, members) -> {
              TreeSet<LocalDate> births = new TreeSet<>();
              members.forEach(member -> births.add(member.birth()));
              LocalDate cohortEnd = later(cohort.grain(), cohort.start(), 1);
              Map<String, Object> row = key(cohort);
              row.put("cohort_start", cohort.start());
              row.put("cohort_end", cohortEnd);
              row.put("first_day", births.first());
              row.put("last_day", births.last());
              row.put("cohort_users", (long) members.size());
              row.put("is_complete", !cohortEnd.isAfter(end));
              row.put(
                  "birth_observed",
                  historyStarts == null || !cohort.start().isBefore(historyStarts));
              rows.add(row);
            });
    return rows;
  }

  private Map<String, Object> key(Cohort cohort) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("retention", question.name());
    row.put("grain", cohort.grain().label());
    row.put("segment", cohort.segment());
    row.put("segment_value", cohort.value());
    row.put("segment_basis", "birth");
    return row;
  }

  private List<Span> spans(Grain grain) {
    List<Span> spans = new ArrayList<>();
    for (int period = 0; period <= question.grains().get(grain); period++) {
      spans.add(new Span(period, period + 1, false));
    }
    for (int next = 1; next < question.brackets().size(); next++) {
      spans.add(new Span(question.brackets().get(next - 1), question.brackets().get(next), true));
    }
    return spans;
  }

  private Map<String, Object> cell(Cohort cohort, Set<Member> members, Span span) {
    LocalDate from = later(cohort.grain(), cohort.start(), span.from());
    LocalDate until = later(cohort.grain(), cohort.start(), span.until());
    boolean mature = !until.isAfter(end);
    long retained = 0;
    long orLater = 0;
    for (Member member : members) {
      boolean inside = false;
      boolean insideOrLater = false;
      for (LocalDate day : days(member.user(), question.returning())) {
        // In the cohort's own period a return counts from the birth day on.
        boolean counts = !day.isBefore(from) && !day.isBefore(member.birth());
        inside |= counts && day.isBefore(until);
        insideOrLater |= counts;
      }
      retained += inside ? 1 : 0;
      orLater += insideOrLater ? 1 : 0;
    }
    Map<String, Object> row = key(cohort);
    row.put("cohort_start", cohort.start());
    row.put("period", span.from());
    row.put("period_start", from);
    row.put("period_end", until);
    row.put("bracket", span.label());
    row.put("cohort_users", (long) members.size());
    row.put("retained_users", mature ? retained : null);
    row.put("retained_or_later_users", mature ? orLater : null);
    putRate(row, mature, retained, members.size());
    row.put("is_mature", mature);
    row.put("matures_on", until);
    return row;
  }

  /** Wilson's interval as the textbook has it, 95 %. */
  private static void putRate(Map<String, Object> row, boolean known, long some, long all) {
    double z = 1.959963984540054;
    double n = all;
    double p = some / n;
    double root = Math.sqrt(p * (1 - p) / n + z * z / (4 * n * n));
    row.put("retention_rate", known ? p : null);
    row.put("ci_low", known ? (p + z * z / (2 * n) - z * root) / (1 + z * z / n) : null);
    row.put("ci_high", known ? (p + z * z / (2 * n) + z * root) / (1 + z * z / n) : null);
  }

  private Map<Cohort, Set<Member>> cohorts() {
    Map<Cohort, Set<Member>> cohorts = new LinkedHashMap<>();
    for (Grain grain : question.grains().keySet()) {
      for (String user : users()) {
        for (LocalDate birth : births(user, grain)) {
          LocalDate start = periodStart(grain, birth);
          Map<String, String> segments = new LinkedHashMap<>();
          segments.put("(all)", "(all)");
          dimensions.forEach(dimension -> segments.put(dimension, value(user, dimension, birth)));
          segments.forEach(
              (segment, value) ->
                  cohorts
                      .computeIfAbsent(
                          new Cohort(grain, segment, value, start), key -> new LinkedHashSet<>())
                      .add(new Member(user, birth)));
        }
      }
    }
    return cohorts;
  }

  private Set<String> users() {
    Set<String> users = new TreeSet<>();
    known.forEach(event -> users.add(event.user()));
    return users;
  }

  private List<Event> events(String user) {
    return known.stream().filter(event -> event.user().equals(user)).toList();
  }

  /** The days on which the user did something. */
  private TreeSet<LocalDate> days(String user, String activity) {
    TreeSet<LocalDate> days = new TreeSet<>();
    for (Event event : events(user)) {
      if (event.activities().contains(activity)) {
        days.add(event.day(zone));
      }
    }
    return days;
  }

  private List<LocalDate> births(String user, Grain grain) {
    TreeSet<LocalDate> starts = days(user, question.start());
    return switch (question.cohort()) {
      case FIRST -> {
        Comparator<Event> order =
            Comparator.comparing(Event::time)
                .thenComparing(Event::id, Comparator.nullsFirst(Comparator.naturalOrder()));
        Event first = Collections.min(events(user), order);
        boolean matches =
            events(user).stream()
                .filter(event -> order.compare(event, first) == 0)
                .anyMatch(event -> event.activities().contains(question.start()));
        yield matches ? List.of(first.day(zone)) : List.of();
      }
      case FIRST_MATCHING -> starts.isEmpty() ? List.of() : List.of(starts.first());
      case RECURRING -> {
        Map<LocalDate, LocalDate> firstOfPeriod = new TreeMap<>();
        starts.forEach(day -> firstOfPeriod.putIfAbsent(periodStart(grain, day), day));
        yield List.copyOf(firstOfPeriod.values());
      }
    };
  }

  /** The value of the last event that has one, on the last day up to this one that has one. */
  private String value(String user, String dimension, LocalDate day) {
    return events(user).stream()
        .filter(event -> !event.day(zone).isAfter(day))
        .filter(event -> event.values().get(dimension) != null)
        .max(
            Comparator.comparing((Event event) -> event.day(zone))
                .thenComparing(Event::time)
                .thenComparing(Event::id, Comparator.nullsFirst(Comparator.naturalOrder()))
                .thenComparing(event -> event.values().get(dimension)))
        .map(event -> event.values().get(dimension))
        .orElse("(unknown)");
  }

  private LocalDate periodStart(Grain grain, LocalDate day) {
    return switch (grain) {
      case DAY -> day;
      case WEEK -> day.with(TemporalAdjusters.previousOrSame(weekStart));
      case MONTH -> day.withDayOfMonth(1);
      case QUARTER, YEAR -> throw new IllegalArgumentException("No retention by " + grain);
    };
  }

  private static LocalDate later(Grain grain, LocalDate start, int periods) {
    return switch (grain) {
      case DAY -> start.plusDays(periods);
      case WEEK -> start.plusWeeks(periods);
      case MONTH -> start.plusMonths(periods);
      case QUARTER, YEAR -> throw new IllegalArgumentException("No retention by " + grain);
    };
  }
}
