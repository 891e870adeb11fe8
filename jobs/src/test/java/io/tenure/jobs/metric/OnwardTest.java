package io.tenure.jobs.metric;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.config.Scope;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.history.History;
import io.tenure.common.table.Contract;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Cells that go on from those of an earlier run are those of the whole histories, number for
 * number: after new days, late and corrected ones, and none.
 *
 * <p>Every run draws new logs; {@code -Dtenure.seed=N} draws that of a failure again.
 */
class OnwardTest {
  private static final int LOGS = 150;
  private static final int DAYS = 300;
  private static final LocalDate START = LocalDate.parse("2023-10-17");

  private static final TenureConfig BY_SILENCE =
      TestLog.config(
          """
          segments: [country, plan]
          activities: {purchase: "true"}
          active-users: {windows: [1, 7, 28, 90]}
          churn: {inactive-days: 9}
          retention:
            - {name: default, grains: {day: 20, week: 6, month: 4}}
            - {name: returns, cohort: recurring, grains: {day: 3, month: 2}, brackets: [0, 1, 4, 9]}
            - {name: buyers, start: purchase, return: active, grains: {week: 5}, brackets: [1, 3, 8]}
          """);

  private static final TenureConfig BY_CANCELLATION =
      TestLog.config(
          """
          segments: [contract]
          churn:
            mode: cancellation
            contract: {monthly: 1, annual: 12}
            events:
              start: "true"
              cancel: "true"
              pause: "true"
              resume: "true"
              renewal: "true"
              payment-failed: "true"
          """);

  /** Events of users on days of a range, counted from the first day of the log. */
  private static void draw(Random random, int from, int to, List<Map<String, String>> events) {
    for (int user = 0; user < 25; user++) {
      int gap = 1 + random.nextInt(25);
      for (int day = from + random.nextInt(1 + gap); day < to; day += 1 + random.nextInt(gap)) {
        Map<String, String> event = new TreeMap<>();
        event.put("user", "user" + user);
        event.put("time", START.plusDays(day) + "T" + (10 + random.nextInt(10)) + ":00");
        event.put("is", oneOf(random, "active", "active purchase", "-"));
        event.put("country", oneOf(random, "RO", "DE", "-", "-"));
        event.put("plan", oneOf(random, "free", "paid", "-", "-"));
        event.put("contract", oneOf(random, "monthly", "annual", "-", "-"));
        events.add(event);
      }
    }
  }

  private static String oneOf(Random random, String... values) {
    return values[random.nextInt(values.length)];
  }

  private static void draw(
      Random random, boolean subscriptions, int from, int to, List<Map<String, String>> events) {
    int first = events.size();
    draw(random, from, to, events);
    if (subscriptions) {
      events
          .subList(first, events.size())
          .forEach(
              event ->
                  event.put(
                      "is",
                      oneOf(
                          random,
                          "start",
                          "start",
                          "cancel",
                          "pause",
                          "resume",
                          "renewal",
                          "payment-failed")));
    }
  }

  private static Map<Cell.Key, List<Long>> sums(Collection<Cell> cells) {
    Map<Cell.Key, long[]> added = new HashMap<>();
    cells.forEach(cell -> added.merge(cell.key(), cell.sums().clone(), Cells::add));
    Map<Cell.Key, List<Long>> sums = new HashMap<>();
    added.forEach(
        (key, vector) -> {
          int length = vector.length;
          while (length > 0 && vector[length - 1] == 0) {
            length--;
          }
          if (length > 0) {
            sums.put(key, Arrays.stream(vector, 0, length).boxed().toList());
          }
        });
    return sums;
  }

  /** What the cells become: also one in which nobody counts may say something. */
  private static Set<String> rows(Metric metric, List<Cell> parts) {
    Map<Cell.Key, long[]> added = new HashMap<>();
    parts.forEach(cell -> added.merge(cell.key(), cell.sums().clone(), Cells::add));
    Set<String> rows = new TreeSet<>();
    for (Contract table : metric.tables()) {
      if (metric.listsUsersBy(table.name()).isPresent()) {
        continue;
      }
      Map<Cell.Key, List<Cell>> groups = new HashMap<>();
      added.forEach(
          (key, sums) -> {
            if (key.table().equals(metric.cellsOf(table.name()))) {
              Cell cell = new Cell(key, sums).ofTable(table.name());
              Cell.Key group =
                  metric.joinsCells(table.name()) ? metric.together(cell.key()) : cell.key();
              groups.computeIfAbsent(group, unseen -> new ArrayList<>()).add(cell);
            }
          });
      groups
          .values()
          .forEach(
              cells ->
                  metric.rows(cells, row -> rows.add(table.name() + " " + Arrays.toString(row))));
    }
    return rows;
  }

  private static List<Cell> list(Cells cells) {
    List<Cell> list = new ArrayList<>();
    cells.iterator().forEachRemaining(list::add);
    return list;
  }

  private static List<History> histories(
      List<Map<String, String>> events, TenureConfig config, int end) {
    return TestLog.of(events).histories(config).values().stream()
        .map(history -> history.before(end))
        .filter(history -> history.size() > 0)
        .toList();
  }

  @Test
  void cells_go_on_to_what_all_days_add_up_to() {
    long first = Long.getLong("tenure.seed", new Random().nextLong());
    System.out.printf("OnwardTest: -Dtenure.seed=%d%n", first);
    Set<String> went = new TreeSet<>();
    for (long seed = first; seed != first + LOGS; seed++) {
      Random random = new Random(seed);
      boolean subscriptions = random.nextInt(3) == 0;
      TenureConfig config = subscriptions ? BY_CANCELLATION : BY_SILENCE;
      int differs = 1 + random.nextInt(DAYS);
      int known =
          switch (random.nextInt(3)) {
            case 0 -> differs;
            case 1 -> differs + 1 + random.nextInt(3);
            default -> 1 + random.nextInt(DAYS);
          };
      int end = known + (random.nextInt(4) == 0 ? 0 : 1 + random.nextInt(40));
      List<Map<String, String>> before = new ArrayList<>();
      draw(random, subscriptions, 0, differs, before);
      before.add(Map.of("user", "first", "time", START + "T00:00"));
      List<Map<String, String>> after = new ArrayList<>(before);
      // A run may hold days that it was not to know yet.
      draw(random, subscriptions, differs, DAYS + 20, before);
      draw(random, subscriptions, differs, DAYS + 50, after);
      went.addAll(
          compare(
              config,
              before,
              after,
              Math.min(differs, known),
              known,
              end,
              "-Dtenure.seed=%d: the same until %d, known until %d, now until %d"
                  .formatted(seed, differs, known, end)));
    }
    assertThat(went)
        .containsExactly(
            "ActiveUsers", "Churn", "EarlyWarning", "Growth", "Retention", "UsageFrequency");
  }

  @Test
  void cells_that_lost_their_last_user_are_gone() {
    Map<String, String> signup = Map.of("user", "ann", "time", START + "T10:00", "is", "-");
    Map<String, String> visit =
        Map.of("user", "ann", "time", START.plusDays(9) + "T10:00", "is", "active");
    // The only visit is taken back: nobody was ever active, so there is not even a whole to show.
    compare(BY_SILENCE, List.of(signup, visit), List.of(signup), 9, 10, 11, "taken back");
  }

  /** Compares, and says which metrics went on. */
  private static Set<String> compare(
      TenureConfig config,
      List<Map<String, String>> before,
      List<Map<String, String>> after,
      int same,
      int known,
      int end,
      String what) {
    int start = (int) START.toEpochDay();
    List<Metric> earlier = Metrics.of(new Scope(config, start, start + known - 1));
    List<Metric> later = Metrics.of(new Scope(config, start, start + end - 1));
    List<History> old = histories(before, config, start + known);
    List<History> now = histories(after, config, start + end);
    Set<String> went = new TreeSet<>();
    for (int at = 0; at < later.size(); at++) {
      Metric metric = later.get(at);
      Optional<Onward> onward = metric.onward(new Onward.Earlier(start + same, start + known));
      if (onward.isEmpty()) {
        continue;
      }
      String name = metric.getClass().getSimpleName();
      went.add(name);
      Cells first = new Cells();
      Metric before0 = earlier.get(at);
      old.forEach(history -> before0.add(history, first));
      List<Cell> all = onward.get().kept(list(first).stream()).collect(Collectors.toList());
      Cells rest = new Cells();
      now.forEach(history -> onward.get().rest().add(history, rest));
      all.addAll(list(rest));
      Cells whole = new Cells();
      now.forEach(history -> metric.add(history, whole));
      assertThat(sums(all)).as("%s, %s", name, what).isEqualTo(sums(list(whole)));
      assertThat(rows(metric, all))
          .as("rows of %s, %s", name, what)
          .isEqualTo(rows(metric, list(whole)));
    }
    return went;
  }
}
