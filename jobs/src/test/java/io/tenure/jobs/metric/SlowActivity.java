package io.tenure.jobs.metric;

import io.tenure.common.calendar.Grain;
import io.tenure.common.config.TenureConfig;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The tables of activity the slow and obvious way: for every row, ask of every user and every event
 * whether it counts. Intervals are left out.
 */
final class SlowActivity {
  private final List<Map<String, String>> events;
  private final TenureConfig config;
  private final LocalDate logStart;
  private final LocalDate asOf;
  private final LocalDate historyStarts;
  private final TreeSet<String> users = new TreeSet<>();
  private final Map<Map<String, String>, LocalDate> days = new IdentityHashMap<>();

  SlowActivity(List<Map<String, String>> events, TenureConfig config, LocalDate asOf) {
    this.config = config;
    this.logStart = RandomLog.firstDay(events, config.timezone());
    this.asOf = asOf;
    this.historyStarts = config.input().historyStarts().orElse(LocalDate.MIN);
    this.events = events.stream().filter(event -> !day(event).isAfter(asOf)).toList();
    this.events.forEach(event -> users.add(event.get("user")));
  }

  private LocalDate day(Map<String, String> event) {
    return days.computeIfAbsent(event, unseen -> RandomLog.day(unseen, config.timezone()));
  }

  private record Value(String segment, String value) {}

  private List<Value> values() {
    List<Value> values = new ArrayList<>(List.of(new Value("(all)", "(all)")));
    for (String dimension : config.dimensions()) {
      TreeSet<String> seen = new TreeSet<>(List.of("(unknown)"));
      events.forEach(event -> seen.add(event.get(dimension)));
      seen.remove("-");
      seen.forEach(value -> values.add(new Value(dimension, value)));
    }
    return values;
  }

  private boolean has(String user, Value value, LocalDate day) {
    if (value.segment().equals("(all)")) {
      return true;
    }
    return events.stream()
        .filter(event -> event.get("user").equals(user) && !day(event).isAfter(day))
        .filter(event -> !event.get(value.segment()).equals("-"))
        .max(
            Comparator.comparing((Map<String, String> event) -> event.get("time"))
                .thenComparing(event -> event.get("id"))
                .thenComparing(event -> event.get(value.segment())))
        .map(event -> event.get(value.segment()))
        .orElse("(unknown)")
        .equals(value.value());
  }

  /** The days in [from, to) on which a user was active. */
  private long days(String user, LocalDate from, LocalDate to) {
    return events.stream()
        .filter(event -> event.get("user").equals(user) && event.get("is").equals("active"))
        .map(this::day)
        .filter(day -> !day.isBefore(from) && day.isBefore(to))
        .distinct()
        .count();
  }

  private long count(Value value, LocalDate asOfDay, Predicate<String> which) {
    return users.stream().filter(user -> which.test(user) && has(user, value, asOfDay)).count();
  }

  private long window(Value value, LocalDate day, int length) {
    LocalDate end = day.plusDays(1);
    return count(value, day, user -> days(user, end.minusDays(length), end) > 0);
  }

  List<Map<String, Object>> activeUsers() {
    List<Map<String, Object>> rows = new ArrayList<>();
    TreeSet<Integer> windows = new TreeSet<>(config.activeUsers().windows());
    windows.addAll(List.of(1, 7, 28));
    for (Value value : values()) {
      boolean begun = value.segment().equals("(all)") && anybodyEver();
      for (LocalDate day = logStart; !day.isAfter(asOf); day = day.plusDays(1)) {
        begun |= window(value, day, windows.last()) > 0;
        if (begun) {
          rows.add(activeUsersRow(value, day, windows));
        }
      }
    }
    return rows;
  }

  private boolean anybodyEver() {
    return users.stream().anyMatch(user -> days(user, logStart, asOf.plusDays(1)) > 0);
  }

  private Map<String, Object> activeUsersRow(Value value, LocalDate day, TreeSet<Integer> windows) {
    Map<String, Object> row = row("day", day, value);
    for (int length : windows) {
      boolean known = !day.minusDays(length - 1).isBefore(logStart);
      String column =
          length == 1
              ? "dau"
              : length == 7 ? "wau" : length == 28 ? "mau" : "active_" + length + "d";
      row.put(column, known ? window(value, day, length) : null);
    }
    LocalDate tomorrow = day.plusDays(1);
    row.put(
        "new_users",
        count(value, day, user -> days(user, day, tomorrow) > 0 && days(user, logStart, day) == 0));
    Long mau = (Long) row.get("mau");
    boolean rated = mau != null && mau > 0;
    long month = 0;
    for (int back = 0; rated && back < 28; back++) {
      month += window(value, day.minusDays(back), 1);
    }
    row.put("stickiness", rated ? (double) (long) row.get("dau") / mau : null);
    row.put("stickiness_avg", rated ? (double) month / 28 / mau : null);
    row.put("is_mature", mau != null);
    row.put("birth_observed", !day.isBefore(historyStarts));
    return row;
  }

  private LocalDate start(Grain grain, LocalDate day) {
    DayOfWeek weekStart = config.weekStart();
    return switch (grain) {
      case DAY -> day;
      case WEEK -> day.with(TemporalAdjusters.previousOrSame(weekStart));
      case MONTH -> day.withDayOfMonth(1);
      case QUARTER, YEAR -> throw new IllegalArgumentException(grain.label());
    };
  }

  private static LocalDate next(Grain grain, LocalDate start) {
    return switch (grain) {
      case DAY -> start.plusDays(1);
      case WEEK -> start.plusWeeks(1);
      case MONTH -> start.plusMonths(1);
      case QUARTER, YEAR -> throw new IllegalArgumentException(grain.label());
    };
  }

  List<Map<String, Object>> growth() {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Grain grain : List.of(Grain.DAY, Grain.WEEK, Grain.MONTH)) {
      for (Value value : values()) {
        boolean begun = value.segment().equals("(all)") && anybodyEver();
        long activeBefore = 0;
        LocalDate start = start(grain, logStart);
        for (; !start.isAfter(asOf); start = next(grain, start)) {
          Map<String, Object> row = growthRow(grain, value, start, activeBefore);
          begun |= row.remove("anybody").equals(true);
          activeBefore = (long) row.get("active_users");
          if (begun) {
            rows.add(row);
          }
        }
      }
    }
    return rows;
  }

  private Map<String, Object> growthRow(
      Grain grain, Value value, LocalDate start, long activeBefore) {
    LocalDate end = next(grain, start);
    LocalDate before = start(grain, start.minusDays(1));
    LocalDate last = end.minusDays(1).isAfter(asOf) ? asOf : end.minusDays(1);
    Predicate<String> now = user -> days(user, start, end) > 0;
    Predicate<String> previously = user -> days(user, before, start) > 0;
    Predicate<String> ever = user -> days(user, LocalDate.MIN, start) > 0;
    long retained = count(value, last, now.and(previously));
    long churned = count(value, last, previously.and(now.negate()));
    long fresh = count(value, last, now.and(ever.negate()));
    long resurrected = count(value, last, now.and(ever).and(previously.negate()));
    boolean over = end.minusDays(1).isBefore(asOf.plusDays(1));
    boolean observed = !start.isBefore(historyStarts);
    boolean told = !historyStarts.isAfter(logStart) || !before.isBefore(logStart);
    boolean rated = over && told;
    Map<String, Object> row = row("period_start", start, value);
    row.put("grain", grain.label());
    row.put("period_end", end);
    row.put("active_users", count(value, last, now));
    row.put("new_users", fresh);
    row.put("retained_users", retained);
    row.put("resurrected_users", resurrected);
    row.put("churned_users", rated ? churned : null);
    row.put("previous_active_users", told ? retained + churned : null);
    row.put("net_moved_users", told ? retained + churned - activeBefore : null);
    row.put("quick_ratio", rated && churned > 0 ? (double) (fresh + resurrected) / churned : null);
    row.put(
        "retention_rate",
        rated && retained + churned > 0 ? (double) retained / (retained + churned) : null);
    row.put("is_complete", over);
    row.put("begins_in_log", !start.isBefore(logStart));
    row.put("birth_observed", observed);
    row.put("anybody", (long) row.get("active_users") + churned > 0);
    return row;
  }

  List<Map<String, Object>> usageFrequency() {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (Value value : values()) {
      boolean begun = value.segment().equals("(all)") && anybodyEver();
      LocalDate start = start(Grain.MONTH, logStart);
      for (; !start.isAfter(asOf); start = start.plusMonths(1)) {
        LocalDate from = start;
        LocalDate end = start.plusMonths(1);
        LocalDate last = end.minusDays(1).isAfter(asOf) ? asOf : end.minusDays(1);
        begun |= count(value, last, user -> days(user, from, end) > 0) > 0;
        for (int k = 1; begun && k <= start.lengthOfMonth(); k++) {
          int exactly = k;
          boolean possible = !start.plusDays(k - 1).isAfter(asOf);
          Map<String, Object> row = row("period_start", start, value);
          row.put("period_end", end);
          row.put("active_days", k);
          row.put(
              "users",
              possible ? count(value, last, user -> days(user, from, end) == exactly) : null);
          row.put(
              "users_at_least",
              possible ? count(value, last, user -> days(user, from, end) >= exactly) : null);
          row.put("is_complete", !end.isAfter(asOf.plusDays(1)) && !start.isBefore(logStart));
          rows.add(row);
        }
      }
    }
    return rows;
  }

  private static Map<String, Object> row(String time, LocalDate start, Value value) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put(time, start);
    row.put("segment", value.segment());
    row.put("segment_value", value.value());
    row.put("segment_basis", "as_of");
    return row;
  }
}
