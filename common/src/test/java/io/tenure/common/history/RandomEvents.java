package io.tenure.common.history;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Random events of one user, and their history by the slowest way there is.
 *
 * <p>Every run draws new ones; {@code -Dtenure.seed=N} draws those of a failure again.
 */
final class RandomEvents {
  private static final String[] VALUES = {null, "RO", "MD", "(unknown)", "", "ö", "a much longer"};
  private static final String[] IDS = {null, "", "1", "2", "10"};

  private RandomEvents() {}

  /** Runs a property many times; a failure names the seed that repeats it at once. */
  static void forAll(int cases, Consumer<Random> property) {
    long first = Long.getLong("tenure.seed", new Random().nextLong());
    for (long seed = first; seed != first + cases; seed++) {
      try {
        property.accept(new Random(seed));
      } catch (Throwable failure) {
        throw new AssertionError("Repeat with -Dtenure.seed=" + seed, failure);
      }
    }
  }

  static HistoryShape shape(Random random) {
    return new HistoryShape(
        random.nextInt(4),
        random.nextBoolean(),
        random.nextBoolean(),
        steps(random),
        random.ints(random.nextInt(3), 0, 4).boxed().toList());
  }

  /** Funnels of the activities that events have most; activities may come again. */
  static FunnelSteps steps(Random random) {
    List<FunnelSteps.Path> funnels = new ArrayList<>();
    for (int funnel = random.nextInt(3); funnel > 0; funnel--) {
      List<Integer> steps = random.ints(1 + random.nextInt(4), 0, 4).boxed().toList();
      funnels.add(new FunnelSteps.Path(steps, random.nextBoolean(), random.nextInt(4)));
    }
    return new FunnelSteps(funnels);
  }

  /** Few days, times, ids and values, so that ties of every kind are frequent. */
  static List<Event> events(HistoryShape shape, Random random) {
    int[] firstDays = {-200_000, -30, -1, 0, 127, 19_000, 200_000};
    int firstDay = firstDays[random.nextInt(firstDays.length)];
    int spread = 1 + random.nextInt(random.nextBoolean() ? 4 : 60);
    boolean ids = random.nextBoolean();
    List<Event> events = new ArrayList<>();
    for (int left = random.nextInt(40); left > 0; left--) {
      Event event = new Event(shape.dimensions());
      event.day = firstDay + random.nextInt(spread);
      event.time = event.day * 86_400_000_000L + random.nextInt(3);
      event.instant = event.time + random.nextInt(2);
      event.activities = 1L << random.nextInt(63) | random.nextInt(8);
      event.id = ids ? IDS[random.nextInt(IDS.length)] : null;
      event.amount = random.nextInt(5) == 0 ? random.nextLong() >> 8 : random.nextInt(200) - 100;
      for (int dimension = 0; dimension < shape.dimensions(); dimension++) {
        event.segments[dimension] = VALUES[random.nextInt(VALUES.length)];
      }
      events.add(event);
    }
    return events;
  }

  /** What the events say, day by day, without any state that is merged. */
  static History history(List<Event> events, HistoryShape shape) {
    Map<Integer, List<Event>> byDay = new TreeMap<>();
    events.forEach(event -> byDay.computeIfAbsent(event.day, day -> new ArrayList<>()).add(event));
    int size = byDay.size();
    int[] days = new int[size];
    long[] activities = new long[size];
    long[] openings = new long[size];
    long[] amounts = new long[size];
    String[][] segments = new String[shape.dimensions()][size];
    int at = 0;
    for (List<Event> ofDay : byDay.values()) {
      days[at] = ofDay.get(0).day;
      Event earliest =
          Collections.min(
              ofDay,
              Comparator.comparingLong((Event event) -> event.time)
                  .thenComparing(
                      event -> event.id, Comparator.nullsFirst(Comparator.naturalOrder())));
      for (Event event : ofDay) {
        activities[at] |= event.activities;
        boolean opens = event.time == earliest.time && Objects.equals(event.id, earliest.id);
        openings[at] |= opens ? event.activities : 0;
        amounts[at] += event.amount;
      }
      for (int dimension = 0; dimension < shape.dimensions(); dimension++) {
        segments[dimension][at] = lastValue(ofDay, dimension);
      }
      at++;
    }
    return new History(
        days,
        activities,
        shape.openings() ? openings : null,
        shape.amounts() ? amounts : null,
        Arrays.stream(segments).map(ofDays -> ValueRuns.of(ofDays, size)).toArray(ValueRuns[]::new),
        shape.steps().isEmpty() ? null : sequences(byDay.values(), shape.steps()),
        shape.counted().isEmpty() ? null : counts(byDay.values(), shape.counted()));
  }

  private static int[][] counts(Collection<List<Event>> days, List<Integer> counted) {
    return counted.stream()
        .map(
            bit ->
                days.stream()
                    .mapToInt(
                        ofDay ->
                            (int)
                                ofDay.stream()
                                    .filter(event -> (event.activities >>> bit & 1) == 1)
                                    .count())
                    .toArray())
        .toArray(int[][]::new);
  }

  private static StepSequence[] sequences(Iterable<List<Event>> days, FunnelSteps steps) {
    List<StepSequence> sequences = new ArrayList<>();
    for (List<Event> ofDay : days) {
      StepEvents events = new StepEvents();
      for (Event event : ofDay) {
        if ((event.activities & steps.activities()) != 0) {
          events.add(event.instant, event.activities & steps.activities(), event.id);
        }
      }
      sequences.add(events.close(steps));
    }
    return sequences.toArray(StepSequence[]::new);
  }

  private static String lastValue(List<Event> events, int dimension) {
    Event last = null;
    for (Event event : events) {
      if (event.segments[dimension] != null && (last == null || after(event, last, dimension))) {
        last = event;
      }
    }
    return last == null ? null : last.segments[dimension];
  }

  /** By time; then an id before none, and by id; then by value. */
  private static boolean after(Event left, Event right, int dimension) {
    if (left.time != right.time) {
      return left.time > right.time;
    }
    if (left.id == null && right.id != null || left.id != null && right.id == null) {
      return right.id == null;
    }
    if (left.id != null && !left.id.equals(right.id)) {
      return left.id.compareTo(right.id) > 0;
    }
    return left.segments[dimension].compareTo(right.segments[dimension]) > 0;
  }

  /** One event of a day, at a time within it. */
  static Event event(int day, long time, String id, String... segments) {
    Event event = new Event(segments.length);
    event.day = day;
    event.time = time;
    event.activities = 1;
    event.id = id;
    System.arraycopy(segments, 0, event.segments, 0, segments.length);
    return event;
  }

  /** The closed history of events with these segment dimensions and nothing else to remember. */
  static History closed(int dimensions, Event... events) {
    OpenHistory open = new OpenHistory(new HistoryShape(dimensions, false, false));
    Arrays.stream(events).forEach(open::add);
    return open.close();
  }
}
