package io.tenure.common.history;

import static io.tenure.common.history.RandomEvents.closed;
import static io.tenure.common.history.RandomEvents.event;
import static io.tenure.common.history.RandomEvents.forAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tenure.common.encoding.Texts;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryTest {
  @Test
  void what_was_written_is_read_back() {
    Texts texts = new Texts();
    forAll(
        3_000,
        random -> {
          HistoryShape shape = RandomEvents.shape(random);
          History history = RandomEvents.history(RandomEvents.events(shape, random), shape);
          assertThat(History.decode(history.encode())).isEqualTo(history);
          assertThat(History.decode(history.encode(), texts)).isEqualTo(history);
          if (history.size() > 0) {
            assertThat(History.firstAndLastDay(history.encode()))
                .containsExactly(history.day(0), history.day(history.size() - 1));
          }
        });
  }

  @Test
  void texts_that_share_a_place_are_told_apart() {
    Texts texts = new Texts();
    for (int round = 0; round < 2; round++) {
      for (int value = 0; value < 20_000; value++) {
        History history = history(new long[] {1}, null, null, "ț" + value);
        assertThat(History.decode(history.encode(), texts).segment(0, 7)).isEqualTo("ț" + value);
      }
    }
    assertThatThrownBy(() -> History.firstAndLastDay(History.EMPTY.encode()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void two_histories_are_equal_only_if_every_column_is() {
    History one = history(new long[] {1}, new long[] {1}, new long[] {5}, "a");
    assertThat(one)
        .isEqualTo(history(new long[] {1}, new long[] {1}, new long[] {5}, "a"))
        .hasSameHashCodeAs(history(new long[] {1}, new long[] {1}, new long[] {5}, "a"))
        .isNotEqualTo(history(new long[] {3}, new long[] {1}, new long[] {5}, "a"))
        .isNotEqualTo(history(new long[] {1}, new long[] {0}, new long[] {5}, "a"))
        .isNotEqualTo(history(new long[] {1}, null, new long[] {5}, "a"))
        .isNotEqualTo(history(new long[] {1}, new long[] {1}, new long[] {6}, "a"))
        .isNotEqualTo(history(new long[] {1}, new long[] {1}, null, "a"))
        .isNotEqualTo(history(new long[] {1}, new long[] {1}, new long[] {5}, null));
    History more = history(sequence(1), 1);
    assertThat(more)
        .isEqualTo(history(sequence(1), 1))
        .isNotEqualTo(history(sequence(2), 1))
        .isNotEqualTo(history(null, 1))
        .isNotEqualTo(history(sequence(1), 2));
    assertThat(History.decode(more.encode())).isEqualTo(more);
  }

  private static StepSequence sequence(long instant) {
    StepSequence.Builder events = new StepSequence.Builder(1);
    events.add(instant, 1, false);
    return events.build();
  }

  private static History history(StepSequence steps, int count) {
    return new History(
        new int[] {7},
        new long[] {1},
        null,
        null,
        new ValueRuns[0],
        steps == null ? null : new StepSequence[] {steps},
        new int[][] {{count}});
  }

  private static History history(
      long[] activities, long[] openings, long[] amounts, String segment) {
    return new History(
        new int[] {7},
        activities,
        openings,
        amounts,
        new ValueRuns[] {ValueRuns.of(new String[] {segment}, 1)},
        null,
        null);
  }

  @Test
  void ten_thousand_days_around_1970_are_read_back_and_take_a_byte_a_day() {
    Event[] events = new Event[10_000];
    for (int at = 0; at < events.length; at++) {
      events[at] = event(at - 5_000, at, null, "RO");
    }
    History history = closed(1, events);
    assertThat(history.size()).isEqualTo(10_000);
    assertThat(history.day(0)).isEqualTo(-5_000);
    assertThat(history.segment(0, 4_999)).isEqualTo("RO");
    // 2 for the count, 2 for -5000 and 9,999 gaps of a byte; every bit is the same on every day: 2;
    // no openings, no amounts: 2; one dimension: 1; one run of 2, and RO in 3.
    assertThat(history.encode()).hasSize(2 + 2 + 9_999 + 2 + 2 + 1 + 2 + 3);
    assertThat(History.decode(history.encode())).isEqualTo(history);
  }

  @Test
  void a_year_of_forty_active_days_with_three_dimensions_takes_less_than_eighty_bytes() {
    Event[] events = new Event[40];
    int firstDay = (int) LocalDate.of(2024, 1, 1).toEpochDay();
    for (int at = 0; at < events.length; at++) {
      String plan = at < 20 ? "free" : "paid";
      events[at] = event(firstDay + 9 * at, at, null, "RO", "android", plan);
      events[at].activities = at % 3 == 0 ? 0b11 : 0b01;
    }
    byte[] bytes = closed(3, events).encode();
    // 1 for the count, 3 for the first day and 39 gaps; 2 for the masks and 5 for the activity that
    // varies; 1 each for no openings, no amounts and three dimensions; then runs: 1 for the length,
    // 1 for that of the text, and the text: RO, android, free and paid.
    assertThat(bytes).hasSize(1 + 3 + 39 + 2 + 5 + 3 + 4 + 9 + 6 + 6);
    assertThat(bytes.length).isLessThan(80);
  }

  @Test
  void a_value_is_carried_forward_over_days_without_one_and_is_unknown_before_the_first() {
    History history =
        closed(
            1,
            event(10, 1, null, (String) null),
            event(12, 1, null, "free"),
            event(15, 1, null, (String) null),
            event(20, 1, null, "paid"));
    assertThat(List.of(9, 10, 11, 12, 14, 15, 19, 20, 1_000))
        .extracting(day -> history.segment(0, day))
        .containsExactly(
            "(unknown)", "(unknown)", "(unknown)", "free", "free", "free", "free", "paid", "paid");
  }

  @Test
  void the_value_as_of_any_day_is_that_of_the_last_day_with_one() {
    forAll(
        1_000,
        random -> {
          HistoryShape shape = RandomEvents.shape(random);
          History history = RandomEvents.history(RandomEvents.events(shape, random), shape);
          int day = (history.size() == 0 ? 0 : history.day(0)) + random.nextInt(64) - 2;
          for (int dimension = 0; dimension < shape.dimensions(); dimension++) {
            String expected = "(unknown)";
            for (int at = 0; at < history.size(); at++) {
              if (history.day(at) <= day && history.segmentOfDay(dimension, at) != null) {
                expected = history.segmentOfDay(dimension, at);
              }
            }
            assertThat(history.segment(dimension, day)).isEqualTo(expected);
          }
        });
  }

  @Test
  void before_a_day_is_the_history_of_the_events_before_it() {
    forAll(
        2_000,
        random -> {
          HistoryShape shape = RandomEvents.shape(random);
          List<Event> events = RandomEvents.events(shape, random);
          int end = events.isEmpty() ? 0 : events.get(0).day + random.nextInt(9) - 4;
          List<Event> known = events.stream().filter(event -> event.day < end).toList();
          assertThat(RandomEvents.history(events, shape).before(end))
              .isEqualTo(RandomEvents.history(known, shape));
        });
  }

  @Test
  void the_end_of_before_is_open() {
    History history = closed(0, event(10, 1, null), event(12, 1, null), event(20, 1, null));
    assertThat(history.before(10).size()).isZero();
    assertThat(history.before(11).size()).isEqualTo(1);
    assertThat(history.before(12).size()).isEqualTo(1);
    assertThat(history.before(13).size()).isEqualTo(2);
    assertThat(history.before(21)).isEqualTo(history);
  }

  @Test
  void the_days_of_an_activity_are_those_that_have_it() {
    forAll(
        1_000,
        random -> {
          HistoryShape shape = RandomEvents.shape(random);
          List<Event> events = RandomEvents.events(shape, random);
          int activity = random.nextInt(random.nextBoolean() ? 3 : 64);
          int[] expected =
              events.stream()
                  .filter(event -> (event.activities >>> activity & 1) == 1)
                  .mapToInt(event -> event.day)
                  .distinct()
                  .sorted()
                  .toArray();
          assertThat(RandomEvents.history(events, shape).days(activity)).isEqualTo(expected);
        });
  }

  @Test
  void all_sixty_three_activities_are_kept_apart() {
    Event[] events = new Event[63];
    Arrays.setAll(
        events,
        activity -> {
          Event event = event(activity, 1, null);
          event.activities = 1L << activity;
          return event;
        });
    History history = History.decode(closed(0, events).encode());
    for (int activity = 0; activity < 63; activity++) {
      assertThat(history.days(activity)).containsExactly(activity);
    }
  }

  @Test
  void a_history_without_openings_does_not_answer_what_a_day_opened_with() {
    History history = closed(0, event(1, 1, null));
    assertThatThrownBy(() -> history.opensWith(0, 0))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("This history was folded without openings");
  }
}
