package io.tenure.jobs.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The log of the default 2,000 users, summed up in plain loops. */
class SampleUserTest {
  private static final SampleOptions OPTIONS =
      new SampleOptions(2_000, 180, 1, SampleOptions.DEFAULTS.start());
  private static final List<List<SampleEvent>> USERS =
      LongStream.range(0, OPTIONS.users())
          .mapToObj(number -> SampleUser.events(OPTIONS, number))
          .toList();
  private static final List<SampleEvent> ROWS = USERS.stream().flatMap(List::stream).toList();

  @Test
  void a_user_is_the_same_whoever_is_asked_for_before() {
    List<Long> numbers = new ArrayList<>(LongStream.range(0, OPTIONS.users()).boxed().toList());
    Collections.shuffle(numbers, new Random(7));
    for (long number : numbers) {
      assertThat(SampleUser.events(OPTIONS, number)).isEqualTo(USERS.get((int) number));
    }
  }

  @Test
  void another_seed_gives_other_people() {
    SampleOptions other = new SampleOptions(OPTIONS.users(), OPTIONS.days(), 2, OPTIONS.start());
    assertThat(SampleUser.events(other, 0)).doesNotContainAnyElementsOf(USERS.get(0));
  }

  @Test
  void a_number_beyond_the_users_is_refused() {
    assertThatThrownBy(() -> SampleUser.events(OPTIONS, 2_000))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid user number: 2000 of 2000");
  }

  @Test
  void every_user_begins_with_a_signup_and_signs_up_once() {
    Set<String> ids = new HashSet<>();
    for (List<SampleEvent> rows : USERS) {
      SampleEvent first = rows.get(0);
      assertThat(first.name()).isEqualTo("signup");
      assertThat(first.userId()).matches("[0-9a-f]{32}");
      assertThat(ids.add(first.userId())).isTrue();
      assertThat(rows.stream().filter(row -> row.name().equals("signup")).distinct()).hasSize(1);
      assertThat(rows).filteredOn(SampleUserTest::isTimed).isSortedAccordingTo(this::byTime);
    }
  }

  private int byTime(SampleEvent one, SampleEvent other) {
    return one.time().compareTo(other.time());
  }

  @Test
  void the_day_of_a_row_is_the_utc_day_of_its_time_and_lies_in_the_range() {
    for (SampleEvent row : ROWS) {
      assertThat(row.day()).isAfterOrEqualTo(OPTIONS.start()).isBefore(OPTIONS.end());
      if (isTimed(row)) {
        assertThat(LocalDate.ofInstant(row.time(), ZoneOffset.UTC)).isEqualTo(row.day());
      }
    }
  }

  @Test
  void purchases_and_nothing_else_have_an_amount_with_two_decimals() {
    for (SampleEvent row : ROWS) {
      assertThat(row.amount() != null).isEqualTo(row.name().equals("purchase"));
      if (row.amount() != null) {
        assertThat(row.amount()).isPositive().hasScaleOf(2);
      }
    }
  }

  @Test
  void people_leave_early_and_settle_later() {
    assertThat(retention(1, row -> true)).isBetween(0.35, 0.45);
    assertThat(retention(7, row -> true)).isBetween(0.20, 0.25);
    assertThat(retention(30, row -> true)).isBetween(0.10, 0.15);
    assertThat(retention(90, row -> true)).isBetween(0.06, 0.12);
  }

  @Test
  void pro_stays_better_than_free_and_ios_better_than_web() {
    assertThat(retention(30, row -> row.plan().equals("pro")))
        .isGreaterThan(2 * retention(30, row -> row.plan().equals("free")));
    assertThat(retention(7, row -> row.platform().equals("ios")))
        .isGreaterThan(1.2 * retention(7, row -> row.platform().equals("web")));
  }

  /** Of the users whose first row matches: the share active on a day after birth. */
  private static double retention(int day, Predicate<SampleEvent> first) {
    int born = 0;
    int back = 0;
    for (List<SampleEvent> rows : USERS) {
      LocalDate then = rows.get(0).day().plusDays(day);
      if (first.test(rows.get(0)) && then.isBefore(OPTIONS.end())) {
        born++;
        back += rows.stream().anyMatch(row -> row.day().equals(then)) ? 1 : 0;
      }
    }
    return (double) back / born;
  }

  @Test
  void monthly_cohorts_settle() {
    int[] active = new int[6];
    for (List<SampleEvent> rows : USERS) {
      if (YearMonth.from(rows.get(0).day()).equals(YearMonth.of(2025, 1))) {
        rows.stream()
            .map(row -> row.day().getMonthValue() - 1)
            .distinct()
            .forEach(month -> active[month]++);
      }
    }
    assertThat(active[1]).isBetween(active[0] / 4, active[0] / 2);
    assertThat(active[5]).isBetween(active[2] / 2, active[2]);
  }

  @Test
  void more_are_born_in_the_second_half_and_fewer_on_weekends() {
    LocalDate middle = OPTIONS.start().plusDays(OPTIONS.days() / 2);
    Map<Boolean, Long> late = births(day -> !day.isBefore(middle));
    assertThat((double) late.get(true) / late.get(false)).isBetween(1.1, 1.6);
    Map<Boolean, Long> weekend = births(day -> day.getDayOfWeek().getValue() > 5);
    assertThat((double) weekend.get(true) / weekend.get(false)).isBetween(0.25, 0.36);
  }

  private static Map<Boolean, Long> births(Predicate<LocalDate> condition) {
    return USERS.stream()
        .map(rows -> rows.get(0).day())
        .collect(Collectors.partitioningBy(condition, Collectors.counting()));
  }

  @Test
  void segments_change_over_a_life_and_some_come_back() {
    assertThat(usersWith(rows -> rows.stream().anyMatch(row -> row.name().equals("upgrade"))))
        .isBetween(60, 250);
    assertThat(usersWith(rows -> rows.stream().anyMatch(row -> row.name().equals("downgrade"))))
        .isBetween(5, 80);
    assertThat(usersWith(rows -> rows.stream().map(SampleEvent::platform).distinct().count() > 1))
        .isGreaterThan(100);
    assertThat(usersWith(SampleUserTest::wasAway)).isBetween(40, 250);
  }

  private static int usersWith(Predicate<List<SampleEvent>> condition) {
    return (int) USERS.stream().filter(condition).count();
  }

  private static boolean wasAway(List<SampleEvent> rows) {
    List<LocalDate> days = rows.stream().map(SampleEvent::day).distinct().toList();
    for (int i = 1; i < days.size(); i++) {
      if (days.get(i - 1).plusDays(28).isBefore(days.get(i))) {
        return true;
      }
    }
    return false;
  }

  @Test
  void one_user_in_a_thousand_is_a_bot_with_a_hundred_events_every_day() {
    List<List<SampleEvent>> bots =
        USERS.stream()
            .filter(rows -> rows.size() >= 90L * days(rows))
            .filter(rows -> rows.get(rows.size() - 1).day().equals(OPTIONS.end().minusDays(1)))
            .toList();
    assertThat(bots).hasSize(2);
  }

  private static long days(List<SampleEvent> rows) {
    return rows.stream().map(SampleEvent::day).distinct().count();
  }

  @Test
  void three_rows_in_a_thousand_are_broken_or_doubled() {
    assertThat(share(row -> row.userId() == null)).isBetween(0.0007, 0.0013);
    assertThat(share(row -> row.time() == null)).isBetween(0.0003, 0.0007);
    assertThat(share(row -> Instant.EPOCH.equals(row.time()))).isBetween(0.0003, 0.0007);
    Map<String, SampleEvent> byId = new HashMap<>();
    int doubled = 0;
    for (SampleEvent row : ROWS) {
      SampleEvent same = byId.putIfAbsent(row.eventId(), row.withLate(false));
      if (same != null) {
        assertThat(row.withLate(false)).isEqualTo(same);
        doubled++;
      }
    }
    assertThat((double) doubled / ROWS.size()).isBetween(0.0007, 0.0013);
  }

  @Test
  void one_row_in_a_hundred_is_late_and_one_has_no_country() {
    assertThat(share(SampleEvent::late)).isBetween(0.009, 0.011);
    assertThat(share(row -> row.country() == null)).isBetween(0.009, 0.011);
  }

  private static double share(Predicate<SampleEvent> condition) {
    return (double) ROWS.stream().filter(condition).count() / ROWS.size();
  }

  private static boolean isTimed(SampleEvent row) {
    return row.time() != null && !row.time().equals(Instant.EPOCH);
  }
}
