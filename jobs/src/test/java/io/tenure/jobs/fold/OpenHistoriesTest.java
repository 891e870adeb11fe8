package io.tenure.jobs.fold;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.history.Event;
import io.tenure.common.history.FunnelSteps;
import io.tenure.common.history.HistoryShape;
import io.tenure.common.history.OpenHistory;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.unsafe.types.UTF8String;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Histories of many users in flat arrays are those of each user alone. */
class OpenHistoriesTest {
  private static final EventClock CLOCK =
      new EventClock(new JudgedRow.Layout(JudgedRow.Clock.INSTANT, ZoneOffset.UTC, true, true, 0));
  private static final String[] VALUES = {null, "a", "b", "länger als acht", "länger als acht!"};

  @ParameterizedTest
  @CsvSource({
    "0, false, false, false",
    "1, true, false, false",
    "2, false, true, true",
    "3, true, true, true",
    "5, false, false, true"
  })
  void any_events_in_any_order(int dimensions, boolean openings, boolean amounts, boolean ids) {
    long seed = Long.getLong("tenure.seed", System.nanoTime());
    Random random = new Random(seed);
    HistoryShape shape =
        new HistoryShape(
            dimensions,
            openings,
            amounts,
            steps(random, dimensions),
            random.ints(random.nextInt(3), 0, 3).boxed().toList());
    OpenHistories all = new OpenHistories(shape, ids, CLOCK);
    // The second round begins afresh in memory that was used before.
    for (int round = 0; round < 2; round++) {
      all.clear();
      Map<String, OpenHistory> each = new HashMap<>();
      int events = random.nextInt(20_000);
      for (int number = 0; number < events; number++) {
        add(random, shape, ids, number, all, each);
      }
      all.absorb();
      assertThat(all.size()).isEqualTo(each.size());
      for (int user = 0; user < all.size(); user++) {
        String name = new String(all.user(user), StandardCharsets.UTF_8);
        assertThat(all.history(user).encode())
            .as("%s, seed %d", name, seed)
            .isEqualTo(each.remove(name).encode());
      }
    }
  }

  /** Funnels of the three activities there are; without dimensions none. */
  private static FunnelSteps steps(Random random, int dimensions) {
    List<FunnelSteps.Path> funnels = new ArrayList<>();
    for (int funnel = 0; funnel < Math.min(2, dimensions); funnel++) {
      List<Integer> steps = random.ints(1 + random.nextInt(3), 0, 3).boxed().toList();
      funnels.add(new FunnelSteps.Path(steps, random.nextBoolean(), random.nextInt(4)));
    }
    return new FunnelSteps(funnels);
  }

  private static void add(
      Random random,
      HistoryShape shape,
      boolean ids,
      int number,
      OpenHistories all,
      Map<String, OpenHistory> each) {
    Event event = new Event(shape.dimensions());
    int repeated = random.nextInt(20) == 0 ? 20 + random.nextInt(20) : random.nextInt(8);
    String user = "user".repeat(repeated) + random.nextInt(300);
    // Mostly ascending, as logs are; sometimes anything.
    event.day = random.nextInt(10) == 0 ? random.nextInt(60) : number / 400;
    event.time = event.day * 1_000L + random.nextInt(5);
    event.instant = event.time;
    event.activities = 1 + random.nextInt(7);
    event.amount = shape.amounts() ? random.nextInt(100) - 20 : 0;
    event.id = ids && random.nextBoolean() ? "id" + random.nextInt(3) : null;
    all.add(UTF8String.fromString(user));
    all.event(event.day, event.time, event.activities, event.amount, event.id);
    for (int dimension = 0; dimension < shape.dimensions(); dimension++) {
      event.segments[dimension] = VALUES[random.nextInt(VALUES.length)];
      all.value(dimension, all.number(UTF8String.fromString(event.segments[dimension])));
    }
    each.computeIfAbsent(user, unseen -> new OpenHistory(shape)).add(event);
  }

  @Test
  void memory_taken_is_told() {
    HistoryShape shape = new HistoryShape(3, false, false);
    OpenHistories histories = new OpenHistories(shape, false, CLOCK);
    long empty = histories.bytes();
    for (int user = 0; user < 10_000; user++) {
      histories.add(UTF8String.fromString("user" + user));
      histories.event(19_000, 0, 1, 0, null);
      for (int dimension = 0; dimension < 3; dimension++) {
        histories.value(dimension, OpenHistories.NO_VALUE);
      }
    }
    histories.absorb();
    // Two slots of a name of two words, its slot, and an entry of seven words at the least.
    assertThat(histories.bytes() - empty).isGreaterThan(10_000 * (48 + 4 + 56));
    histories.clear();
    assertThat(histories.bytes()).isEqualTo(empty);
    assertThat(histories.size()).isZero();
  }

  @Test
  void steps_of_funnels_take_memory_but_those_that_only_begin_one_take_it_once() {
    HistoryShape shape =
        new HistoryShape(
            0,
            false,
            false,
            new FunnelSteps(List.of(new FunnelSteps.Path(List.of(0, 1), false, 1))),
            List.of());
    long[] taken = new long[2];
    for (int activity = 0; activity < 2; activity++) {
      OpenHistories histories = new OpenHistories(shape, false, CLOCK);
      for (int event = 0; event < 1_000; event++) {
        histories.add(UTF8String.fromString("user"));
        histories.event(19_000, event, 1L << activity, 0, null);
      }
      histories.absorb();
      taken[activity] = histories.bytes();
    }
    assertThat(taken[1] - taken[0]).isGreaterThanOrEqualTo(999 * 20);
  }
}
