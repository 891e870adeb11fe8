package io.tenure.common.history;

import static io.tenure.common.history.RandomEvents.closed;
import static io.tenure.common.history.RandomEvents.event;
import static io.tenure.common.history.RandomEvents.forAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OpenHistoryTest {
  @Test
  void any_order_of_the_same_events_gives_the_same_history() {
    forAll(
        2_000,
        random -> {
          HistoryShape shape = RandomEvents.shape(random);
          List<Event> events = RandomEvents.events(shape, random);
          History expected = RandomEvents.history(events, shape);
          for (int order = 0; order < 3; order++) {
            Collections.shuffle(events, random);
            assertThat(folded(events, shape).close()).isEqualTo(expected);
          }
        });
  }

  @Test
  void any_split_and_any_grouping_of_the_parts_gives_the_same_history() {
    forAll(
        2_000,
        random -> {
          HistoryShape shape = RandomEvents.shape(random);
          List<Event> events = RandomEvents.events(shape, random);
          History expected = RandomEvents.history(events, shape);
          List<OpenHistory> parts = parts(events, shape, random);
          while (parts.size() > 1) {
            OpenHistory left = parts.remove(random.nextInt(parts.size()));
            OpenHistory right = parts.remove(random.nextInt(parts.size()));
            left.merge(random.nextBoolean() ? right : sent(right, shape));
            parts.add(random.nextBoolean() ? left : sent(left, shape));
          }
          assertThat(parts.get(0).close()).isEqualTo(expected);
        });
  }

  @Test
  void events_may_still_be_added_to_a_state_that_was_sent_and_merged() {
    forAll(
        1_000,
        random -> {
          HistoryShape shape = RandomEvents.shape(random);
          List<Event> events = RandomEvents.events(shape, random);
          OpenHistory state = new OpenHistory(shape);
          for (Event event : events) {
            if (random.nextInt(4) == 0) {
              state = sent(state, shape);
            }
            if (random.nextBoolean()) {
              state.add(event);
            } else {
              state.merge(folded(List.of(event), shape));
            }
          }
          assertThat(state.close()).isEqualTo(RandomEvents.history(events, shape));
        });
  }

  @Test
  void merging_leaves_the_other_part_as_it_was_and_empty_changes_nothing() {
    forAll(
        500,
        random -> {
          HistoryShape shape = RandomEvents.shape(random);
          List<Event> events = RandomEvents.events(shape, random);
          OpenHistory part = folded(events, shape);
          History before = part.close();
          folded(RandomEvents.events(shape, random), shape).merge(part);
          assertThat(part.close()).isEqualTo(before);
          part.merge(new OpenHistory(shape));
          assertThat(part.close()).isEqualTo(before);
          OpenHistory empty = new OpenHistory(shape);
          empty.merge(part);
          assertThat(empty.close()).isEqualTo(before);
        });
  }

  @Test
  void a_life_of_ten_thousand_days_that_arrives_backwards_is_whole() {
    HistoryShape shape = new HistoryShape(1, true, true);
    List<Event> events = new ArrayList<>();
    for (int day = 4_999; day >= -5_000; day--) {
      Event event = event(day, day * 86_400_000_000L, "id" + day, day % 1_000 == 0 ? "v" : null);
      event.amount = day;
      events.add(event);
    }
    List<OpenHistory> parts = parts(events, shape, new Random(1));
    OpenHistory whole = new OpenHistory(shape);
    for (OpenHistory part : parts) {
      whole.merge(sent(part, shape));
    }
    assertThat(whole.size()).isEqualTo(10_000);
    assertThat(whole.close()).isEqualTo(RandomEvents.history(events, shape));
    assertThat(History.decode(whole.close().encode())).isEqualTo(whole.close());
  }

  @Test
  void the_last_event_of_a_day_that_has_a_value_decides() {
    History history =
        closed(
            2,
            event(1, 30, "1", null, "b"),
            event(1, 20, "9", "x", "a"),
            event(1, 10, "9", "w", null));
    assertThat(history.segmentOfDay(0, 0)).isEqualTo("x");
    assertThat(history.segmentOfDay(1, 0)).isEqualTo("b");
  }

  @Test
  void at_the_same_time_the_greatest_id_decides_and_then_the_greatest_value() {
    assertThat(closed(1, event(1, 5, "1", "z"), event(1, 5, "2", "a")).segmentOfDay(0, 0))
        .isEqualTo("a");
    assertThat(closed(1, event(1, 5, "2", "z"), event(1, 5, "2", "a")).segmentOfDay(0, 0))
        .isEqualTo("z");
    assertThat(closed(1, event(1, 5, null, "y"), event(1, 5, null, "z")).segmentOfDay(0, 0))
        .isEqualTo("z");
    // An event with an id is after one without, whichever came first.
    assertThat(closed(1, event(1, 5, null, "z"), event(1, 5, "", "a")).segmentOfDay(0, 0))
        .isEqualTo("a");
    assertThat(closed(1, event(1, 5, "", "a"), event(1, 5, null, "z")).segmentOfDay(0, 0))
        .isEqualTo("a");
  }

  @Test
  void a_late_event_between_two_equal_values_counts_until_the_second_of_them() {
    // Free on day 1 and on day 9; that the user was on trial on day 5 arrives last.
    History history =
        closed(1, event(1, 1, null, "free"), event(9, 9, null, "free"), event(5, 5, null, "trial"));
    assertThat(history.segment(0, 4)).isEqualTo("free");
    assertThat(history.segment(0, 5)).isEqualTo("trial");
    assertThat(history.segment(0, 8)).isEqualTo("trial");
    assertThat(history.segment(0, 9)).isEqualTo("free");
  }

  @Test
  void the_opening_is_what_the_earliest_instant_holds() {
    HistoryShape shape = new HistoryShape(0, true, false);
    OpenHistory open = new OpenHistory(shape);
    open.add(active(7, 20, 0b001));
    open.add(active(7, 10, 0b010));
    open.add(active(7, 10, 0b100));
    open.add(active(7, 11, 0b1000));
    History history = open.close();
    assertThat(history.opensWith(0, 0)).isFalse();
    assertThat(history.opensWith(0, 1)).isTrue();
    assertThat(history.opensWith(0, 2)).isTrue();
    assertThat(history.opensWith(0, 3)).isFalse();
    assertThat(history.has(0, 0)).isTrue();
  }

  @Test
  void of_events_at_the_earliest_instant_the_one_with_the_least_id_is_the_opening() {
    HistoryShape shape = new HistoryShape(0, true, false);
    OpenHistory open = new OpenHistory(shape);
    open.add(active(7, 10, 0b001));
    assertThat(open.close().opensWith(0, 0)).isTrue();
    OpenHistory named = new OpenHistory(shape);
    for (String id : new String[] {"b", "a", "a", "c"}) {
      Event event = active(7, 10, id.equals("a") ? 0b010 : 0b100);
      event.id = id;
      named.add(event);
    }
    assertThat(named.close().opensWith(0, 1)).isTrue();
    assertThat(named.close().opensWith(0, 2)).isFalse();
    OpenHistory sent = OpenHistory.decode(named.encode(), shape);
    sent.merge(OpenHistory.decode(open.encode(), shape));
    assertThat(sent.close().opensWith(0, 0)).as("one without id comes before all").isTrue();
    assertThat(sent.close().opensWith(0, 1)).isFalse();
  }

  @Test
  void a_sum_of_amounts_that_does_not_fit_is_an_error_and_never_wraps() {
    OpenHistory open = new OpenHistory(new HistoryShape(0, false, true));
    Event event = active(1, 1, 1);
    event.amount = Long.MAX_VALUE;
    open.add(event);
    event.amount = 1;
    assertThatThrownBy(() -> open.add(event)).isInstanceOf(ArithmeticException.class);
  }

  private static Event active(int day, long time, long activities) {
    Event event = event(day, time, null);
    event.activities = activities;
    return event;
  }

  private static OpenHistory folded(List<Event> events, HistoryShape shape) {
    OpenHistory open = new OpenHistory(shape);
    events.forEach(open::add);
    return open;
  }

  /** As another task would receive it. */
  private static OpenHistory sent(OpenHistory open, HistoryShape shape) {
    return OpenHistory.decode(open.encode(), shape);
  }

  /** The events in random order, dealt to between one and six states. */
  private static List<OpenHistory> parts(List<Event> events, HistoryShape shape, Random random) {
    List<OpenHistory> parts = new ArrayList<>();
    for (int count = 1 + random.nextInt(6); count > 0; count--) {
      parts.add(new OpenHistory(shape));
    }
    List<Event> shuffled = new ArrayList<>(events);
    Collections.shuffle(shuffled, random);
    shuffled.forEach(event -> parts.get(random.nextInt(parts.size())).add(event));
    return parts;
  }
}
