package io.tenure.jobs.metric;

import io.tenure.common.calendar.LocalDays;
import io.tenure.common.config.ConfigLoader;
import io.tenure.common.config.InputConfig;
import io.tenure.common.config.Scope;
import io.tenure.common.config.SubscriptionEvent;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.history.Event;
import io.tenure.common.history.History;
import io.tenure.common.history.HistoryLayout;
import io.tenure.common.history.HistoryShape;
import io.tenure.common.history.OpenHistory;
import io.tenure.common.table.Column;
import io.tenure.common.table.Contract;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * A small log written as a table, and the tables that the metrics make of it, without Spark.
 *
 * <pre>
 *   user | time             | is              | country
 *   ann  | 2024-03-01       | active          | RO
 *   ann  | 2024-03-02T10:00 | active purchase | -
 * </pre>
 *
 * Columns: {@code user}; {@code time} (a day, a local date and time, or with Z an instant); {@code
 * is} (names of activities and subscription events; without the column every event is {@code
 * active}); {@code id}; {@code amount}; every other column is a dimension or touchpoint, named as
 * in the config. {@code -} is NULL. Text after # is a comment.
 */
public final class TestLog {
  private final List<Map<String, String>> events;

  private TestLog(List<Map<String, String>> events) {
    this.events = events;
  }

  public static TestLog of(String table) {
    List<List<String>> lines =
        table
            .lines()
            .map(line -> line.replaceFirst("#.*", ""))
            .filter(line -> !line.isBlank())
            .map(line -> Arrays.stream(line.split("\\|")).map(String::strip).toList())
            .toList();
    List<Map<String, String>> events = new ArrayList<>();
    for (List<String> line : lines.subList(1, lines.size())) {
      Map<String, String> event = new LinkedHashMap<>();
      for (int column = 0; column < line.size(); column++) {
        event.put(lines.get(0).get(column), line.get(column));
      }
      events.add(event);
    }
    return new TestLog(events);
  }

  public static TestLog of(List<Map<String, String>> events) {
    return new TestLog(events);
  }

  /** A config with the required keys filled in and these lines besides. */
  public static TenureConfig config(String yaml) {
    String required = "input: {path: in, user: user, time: time}\noutput: out\n";
    return ConfigLoader.load(
        (yaml.contains("input:") ? "" : required) + yaml, "test.yaml", List.of());
  }

  /** The rows of one table as of a day, sorted by grain; each row maps column to value. */
  public List<Map<String, Object>> table(String name, TenureConfig config, String asOf) {
    Map<String, History> histories = histories(config);
    int logStart = histories.values().stream().mapToInt(history -> history.day(0)).min().orElse(0);
    int end = (int) LocalDate.parse(asOf).toEpochDay() + 1;
    List<Metric> metrics = Metrics.of(new Scope(config, logStart, end - 1));
    Cells cells = new Cells();
    for (History history : histories.values()) {
      metrics.forEach(metric -> metric.add(history.before(end), cells));
    }
    Metric owner = null;
    Contract contract = null;
    for (Metric metric : metrics) {
      for (Contract table : metric.tables()) {
        if (table.name().equals(name)) {
          owner = metric;
          contract = table;
        }
      }
    }
    if (owner == null) {
      throw new IllegalArgumentException("No table " + name);
    }
    List<Map<String, Object>> rows = new ArrayList<>();
    List<String> columns = contract.columns().stream().map(Column::name).toList();
    Optional<String> known = owner.listsUsersBy(name);
    Map<Cell.Key, List<Cell>> together = new LinkedHashMap<>();
    for (var all = cells.iterator(); all.hasNext(); ) {
      Cell cell = all.next();
      if (cell.key().table().equals(owner.cellsOf(known.orElse(name)))) {
        cell = cell.ofTable(known.orElse(name));
        Cell.Key key = owner.joinsCells(name) ? owner.together(cell.key()) : cell.key();
        together.computeIfAbsent(key, unseen -> new ArrayList<>()).add(cell);
      }
    }
    for (List<Cell> joined : together.values()) {
      if (known.isPresent()) {
        Metric.UserRows users = owner.users(joined);
        histories.forEach(
            (user, history) -> {
              Optional<Object[]> listed = users.row(user, history.before(end));
              if (listed.isPresent()
                  && !users.mayList(History.firstAndLastDay(history.encode())[1])) {
                throw new AssertionError(user + " is listed but would not be read");
              }
              listed.ifPresent(values -> rows.add(row(columns, values)));
            });
      } else {
        owner.rows(joined, values -> rows.add(row(columns, values)));
      }
    }
    List<String> grain = contract.grain();
    rows.sort(
        (left, right) ->
            grain.stream()
                .mapToInt(key -> compare(left.get(key), right.get(key)))
                .filter(order -> order != 0)
                .findFirst()
                .orElse(0));
    return rows;
  }

  /** One column of the rows that satisfy a predicate. */
  public static List<Object> column(
      List<Map<String, Object>> rows, String column, Predicate<Map<String, Object>> which) {
    return new ArrayList<>(rows.stream().filter(which).map(row -> row.get(column)).toList());
  }

  private static Map<String, Object> row(List<String> columns, Object[] values) {
    if (values.length != columns.size() - 1) {
      throw new AssertionError(values.length + " values for " + columns);
    }
    Map<String, Object> row = new LinkedHashMap<>();
    for (int column = 0; column < values.length; column++) {
      row.put(columns.get(column), values[column]);
    }
    return row;
  }

  @SuppressWarnings("unchecked")
  private static int compare(Object left, Object right) {
    if (left == null || right == null) {
      return Boolean.compare(left != null, right != null);
    }
    return ((Comparable<Object>) left).compareTo(right);
  }

  /** The history of every user, encoded and decoded on the way as between two stages. */
  public Map<String, History> histories(TenureConfig config) {
    HistoryShape shape = HistoryShape.of(config);
    Map<String, OpenHistory> open = new TreeMap<>();
    for (Map<String, String> event : events) {
      open.computeIfAbsent(event.get("user"), user -> new OpenHistory(shape))
          .add(event(event, config));
    }
    Map<String, History> histories = new TreeMap<>();
    open.forEach((user, history) -> histories.put(user, History.decode(history.close().encode())));
    return histories;
  }

  private static Event event(Map<String, String> values, TenureConfig config) {
    Event event = new Event(HistoryShape.of(config).dimensions());
    String time = values.get("time");
    if (time.endsWith("Z")) {
      Instant instant = Instant.parse(time);
      event.time = instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
      event.instant = event.time;
      event.day = new LocalDays(config.timezone()).ofInstant(event.time);
    } else {
      LocalDateTime local = LocalDateTime.parse(time.contains("T") ? time : time + "T00:00");
      event.time = local.toEpochSecond(ZoneOffset.UTC) * 1_000_000;
      event.day = LocalDays.ofLocal(event.time);
      event.instant = new LocalDays(config.timezone()).instantWithin(event.day, event.time);
    }
    for (String activity : values.getOrDefault("is", "active").split(" +")) {
      if (!activity.equals("-")) {
        event.activities |= 1L << bit(activity, config, event);
      }
    }
    event.id = nullable(values.get("id"));
    String amount = nullable(values.get("amount"));
    if (amount != null) {
      event.amount =
          new BigDecimal(amount).movePointRight(InputConfig.AMOUNT_SCALE).longValueExact();
    }
    List<String> dimensions = config.dimensions();
    for (int dimension = 0; dimension < dimensions.size(); dimension++) {
      event.segments[dimension] = nullable(values.get(dimensions.get(dimension)));
    }
    int dimension = HistoryLayout.firstScore(config);
    for (String touchpoint : config.nps().touchpoints().keySet()) {
      String score = nullable(values.get(touchpoint));
      event.segments[dimension++] =
          score == null ? null : "%02d".formatted(Integer.parseInt(score));
    }
    return event;
  }

  /** The bit of an activity or, by its label, of a subscription event, which is then the last. */
  private static int bit(String name, TenureConfig config, Event event) {
    List<SubscriptionEvent> subscription = HistoryLayout.subscriptionEvents(config);
    for (int at = 0; at < subscription.size(); at++) {
      if (subscription.get(at).label().equals(name)) {
        int last = HistoryLayout.lastSubscriptionEvent(config);
        String least = HistoryLayout.leastFirst(subscription.get(at));
        event.segments[last] = greater(event.segments[last], subscription.get(at).name());
        event.segments[last + 1] = greater(event.segments[last + 1], least);
        return HistoryLayout.firstSubscriptionBit(config) + at;
      }
    }
    return config.activityIndex(name);
  }

  private static String greater(String one, String other) {
    return one == null || one.compareTo(other) < 0 ? other : one;
  }

  private static String nullable(String value) {
    return value == null || value.equals("-") ? null : value;
  }
}
