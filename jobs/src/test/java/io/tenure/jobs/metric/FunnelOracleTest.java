package io.tenure.jobs.metric;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.config.TenureConfig;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Funnels of one user with many events of few kinds close together, against every attempt tried,
 * one after the other, on all events: what histories leave out of them changes nothing.
 */
class FunnelOracleTest {
  private static final Instant START = Instant.parse("2024-03-01T00:00:00Z");
  private static final long DAY = 86_400;
  private static final List<String> KINDS = List.of("a", "b", "c");

  @Test
  void what_is_left_out_of_histories_changes_no_funnel() {
    long first = Long.getLong("tenure.seed", new Random().nextLong());
    for (long seed = first; seed != first + 6_000; seed++) {
      Random random = new Random(seed);
      List<String> steps =
          IntStream.range(0, 1 + random.nextInt(4)).mapToObj(step -> kind(random)).toList();
      boolean any = random.nextInt(3) > 0;
      long window = 1 + random.nextInt(random.nextBoolean() ? 20 : 200_000);
      // A second funnel, so that events are kept for another one's sake, too.
      TenureConfig config =
          TestLog.config(
              """
              activities: {a: a, b: b, c: c}
              funnels:
                - {name: tried, steps: %s, entry: %s, window: %d seconds}
                - {name: other, steps: [%s, %s], entry: %s, window: %d seconds}
              """
                  .formatted(
                      steps,
                      any ? "any" : "first",
                      window,
                      kind(random),
                      kind(random),
                      random.nextBoolean() ? "any" : "first",
                      1 + random.nextInt(20)));
      List<Event> events = events(random);
      List<Map<String, Object>> rows =
          TestLog.of(events.stream().map(Event::row).toList())
              .table("funnel", config, LocalDate.parse("2024-12-31").toString());
      List<Long> expected = tried(events, steps, any, window);
      List<Long> found = new ArrayList<>();
      for (Map<String, Object> row : TextRows.where(rows, "funnel", "tried")) {
        if (row.get("users").equals(1L)) {
          found.add(Math.round((Double) row.get("median_seconds")));
        }
      }
      assertThat(found)
          .as("-Dtenure.seed=%d: %s %s in %d s of %s", seed, any, steps, window, events)
          .isEqualTo(expected);
    }
  }

  private static String kind(Random random) {
    return KINDS.get(random.nextInt(KINDS.size()));
  }

  /** An event of some kinds, some seconds after the start; its id may be null. */
  private record Event(long second, String id, List<String> kinds) {
    Map<String, String> row() {
      Map<String, String> row = new HashMap<>();
      row.put("user", "ann");
      row.put("time", START.plusSeconds(second).toString());
      row.put("id", id);
      row.put("is", kinds.isEmpty() ? "-" : String.join(" ", kinds));
      return row;
    }

    List<Integer> served(List<String> steps) {
      return IntStream.range(0, steps.size())
          .filter(step -> kinds.contains(steps.get(step)))
          .boxed()
          .toList();
    }
  }

  /** Sometimes nearly all of one kind, or tied, so that there is much that can be left out. */
  private static List<Event> events(Random random) {
    List<Event> events = new ArrayList<>();
    int spread = List.of(2, 10, 60, 600).get(random.nextInt(4));
    int days = 1 + random.nextInt(3);
    int ids = 1 + random.nextInt(4);
    int[] frequent = random.ints(KINDS.size(), 0, 11).toArray();
    for (int left = 1 + random.nextInt(30); left > 0; left--) {
      long second = random.nextInt(days) * DAY + random.nextInt(spread);
      List<String> kinds =
          IntStream.range(0, KINDS.size())
              .filter(kind -> random.nextInt(10) < frequent[kind])
              .mapToObj(KINDS::get)
              .toList();
      int id = random.nextInt(ids);
      events.add(new Event(second, id == 0 ? null : "" + id, kinds));
    }
    return events;
  }

  /** The seconds after which the attempt that counts reached each of its steps. */
  private static List<Long> tried(
      List<Event> events, List<String> steps, boolean any, long window) {
    List<Event> ordered = new ArrayList<>(events);
    ordered.removeIf(event -> event.served(steps).isEmpty());
    ordered.sort(
        Comparator.comparingLong(Event::second)
            .thenComparing(Event::id, Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparing(event -> event.served(steps).get(0))
            .thenComparing(event -> event.served(steps).get(event.served(steps).size() - 1))
            .thenComparing(event -> event.served(steps).size())
            .thenComparing(event -> event.served(steps), FunnelOracleTest::compare));
    int[] best = {};
    for (int entry = 0; entry < ordered.size(); entry++) {
      if (!ordered.get(entry).served(steps).contains(0) || (!any && best.length > 0)) {
        continue;
      }
      int[] attempt = attempt(ordered, entry, steps, window);
      // Further, or as far and there before, or at the same event and begun later: entries ascend.
      boolean better =
          attempt.length > best.length
              || (attempt.length == best.length
                  && attempt[attempt.length - 1] <= best[best.length - 1]);
      best = better ? attempt : best;
    }
    int[] counted = best;
    return Arrays.stream(counted)
        .mapToObj(at -> ordered.get(at).second() - ordered.get(counted[0]).second())
        .map(seconds -> Elapsed.seconds(Elapsed.number(seconds * 1_000_000)))
        .toList();
  }

  private static int compare(List<Integer> left, List<Integer> right) {
    for (int at = 0; at < left.size(); at++) {
      if (!left.get(at).equals(right.get(at))) {
        return Integer.compare(left.get(at), right.get(at));
      }
    }
    return 0;
  }

  private static int[] attempt(List<Event> ordered, int entry, List<String> steps, long window) {
    List<Integer> places = new ArrayList<>(List.of(entry));
    for (int at = entry + 1; at < ordered.size() && places.size() < steps.size(); at++) {
      if (ordered.get(at).served(steps).contains(places.size())
          && ordered.get(at).second() <= ordered.get(entry).second() + window) {
        places.add(at);
      }
    }
    return places.stream().mapToInt(place -> place).toArray();
  }
}
