package io.tenure.jobs.metric;

import static java.util.Arrays.asList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.tenure.common.config.TenureConfig;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetentionTest {
  private static final Predicate<Map<String, Object>> ALL =
      row -> row.get("segment").equals("(all)");

  @Test
  void an_open_period_is_null_and_a_closed_one_without_anybody_is_zero() {
    // Two users born on the 1st; one comes back on the 2nd. As of the 3rd, period 3 is open.
    List<Map<String, Object>> rows =
        TestLog.of(
                """
                user | time
                ann  | 2024-03-01
                ann  | 2024-03-02
                bob  | 2024-03-01
                """)
            .table("retention", TestLog.config("retention: [{grains: {day: 3}}]"), "2024-03-03");
    assertThat(TestLog.column(rows, "retained_users", row -> true))
        .containsExactly(2L, 1L, 0L, null);
    assertThat(TestLog.column(rows, "retention_rate", row -> true))
        .containsExactly(1.0, 0.5, 0.0, null);
    assertThat(TestLog.column(rows, "retained_or_later_users", row -> true))
        .containsExactly(2L, 1L, 0L, null);
    assertThat(TestLog.column(rows, "matures_on", row -> true))
        .containsExactly(
            LocalDate.parse("2024-03-02"),
            LocalDate.parse("2024-03-03"),
            LocalDate.parse("2024-03-04"),
            LocalDate.parse("2024-03-05"));
  }

  @Test
  void the_curve_pools_mature_cohorts_by_their_users() {
    // Week 1: (500 + 400) of (1000 + 500) = 60 %. Not the mean of rates, (50 % + 80 % + 1.4 %) / 3
    // or (50 % + 80 %) / 2 = 65 %, and not 910 of 2200 = 41 %: the third cohort's week is not over.
    List<Map<String, String>> events = new ArrayList<>();
    cohort(events, "a", 1_000, "2024-03-04", 500, "2024-03-13");
    cohort(events, "b", 500, "2024-03-11", 400, "2024-03-20");
    cohort(events, "c", 700, "2024-03-18", 10, "2024-03-26");
    TenureConfig config = TestLog.config("retention: [{grains: {week: 1}}]");
    List<Map<String, Object>> curve =
        TestLog.of(events).table("retention_curve", config, "2024-03-26");
    assertThat(curve).hasSize(2);
    assertThat(curve.get(1))
        .containsEntry("period", 1)
        .containsEntry("eligible_users", 1_500L)
        .containsEntry("retained_users", 900L)
        .containsEntry("retention_rate", 0.6)
        .containsEntry("is_mature", true);
    assertThat(
            TestLog.column(
                TestLog.of(events).table("retention", config, "2024-03-26"),
                "retained_users",
                row -> row.get("period").equals(1)))
        .containsExactly(500L, 400L, null);
  }

  @Test
  void a_cohort_nobody_of_which_returns_counts_in_the_curve() {
    // 2 of 10 and 0 of 100: 2 / 110 = 1.8 %, not 10 % and not 20 %.
    List<Map<String, String>> events = new ArrayList<>();
    cohort(events, "a", 10, "2024-03-04", 2, "2024-03-05");
    cohort(events, "b", 100, "2024-03-05", 0, "2024-03-06");
    Map<String, Object> row =
        TestLog.of(events)
            .table(
                "retention_curve", TestLog.config("retention: [{grains: {day: 1}}]"), "2024-03-06")
            .get(1);
    assertThat(row).containsEntry("eligible_users", 110L).containsEntry("retained_users", 2L);
    assertThat((Double) row.get("retention_rate")).isEqualTo(2.0 / 110);
  }

  private static void cohort(
      List<Map<String, String>> events,
      String name,
      int users,
      String birth,
      int returning,
      String day) {
    for (int user = 0; user < users; user++) {
      events.add(Map.of("user", name + user, "time", birth));
      if (user < returning) {
        events.add(Map.of("user", name + user, "time", day));
      }
    }
  }

  @Test
  void the_interval_of_a_rate_is_wilsons() {
    // 81 of 263: (0.3080 + 0.0073 ± 1.96 · sqrt(0.3080 · 0.6920 / 263 + 0.0000139)) / 1.0146, the
    // example of Newcombe (1998), who prints 0.2553 to 0.3662.
    List<Map<String, String>> events = new ArrayList<>();
    cohort(events, "a", 263, "2024-03-04", 81, "2024-03-05");
    Map<String, Object> row =
        TestLog.of(events)
            .table("retention", TestLog.config("retention: [{grains: {day: 1}}]"), "2024-03-05")
            .get(1);
    assertThat((Double) row.get("ci_low")).isCloseTo(0.2553, within(0.00005));
    assertThat((Double) row.get("ci_high")).isCloseTo(0.3662, within(0.00005));
  }

  @Test
  void a_day_is_the_local_day_of_the_zone() {
    // 18:00 in London is 02:00 of the next day in Shanghai, eight hours ahead.
    TestLog log =
        TestLog.of(
            """
            user | time
            ann  | 2023-12-12T18:00:00Z
            """);
    String question = "retention: [{grains: {day: 0}}]\n";
    assertThat(
            log.table(
                "cohorts", TestLog.config(question + "timezone: Asia/Shanghai"), "2023-12-31"))
        .extracting(row -> row.get("cohort_start"))
        .containsExactly(LocalDate.parse("2023-12-13"));
    assertThat(log.table("cohorts", TestLog.config(question), "2023-12-31"))
        .extracting(row -> row.get("cohort_start"))
        .containsExactly(LocalDate.parse("2023-12-12"));
  }

  @ParameterizedTest
  @CsvSource({
    // The last second of a local day, a second of the next one, and the first of the third.
    "Asia/Kathmandu,         2024-05-01T18:14:59Z, 2024-05-01T18:15:00Z, 2024-05-02T18:15:00Z",
    "America/St_Johns,       2024-07-02T02:29:59Z, 2024-07-02T02:30:00Z, 2024-07-03T02:30:00Z",
    // 26 April 2024 has no midnight in Cairo: it begins at 01:00 and has 23 hours.
    "Africa/Cairo,           2024-04-25T21:59:59Z, 2024-04-25T22:00:00Z, 2024-04-26T21:00:00Z",
    // 31 October 2024 has 25 hours in Cairo: its last hour comes twice.
    "Africa/Cairo,           2024-10-30T20:59:59Z, 2024-10-31T21:59:59Z, 2024-10-31T22:00:00Z",
    // 4 April 2010: from UTC-7 to UTC-5 in one step.
    "America/Bahia_Banderas, 2010-04-04T06:59:59Z, 2010-04-04T07:00:00Z, 2010-04-05T05:00:00Z"
  })
  void odd_offsets_and_days_of_23_or_25_hours_change_no_count(
      String zone, String first, String second, String third) {
    // Three days in a row, a user born on each of the first two, both there on the third.
    TestLog log =
        TestLog.of(
            """
            user | time
            ann  | %s
            bob  | %s
            ann  | %s
            bob  | %s
            """
                .formatted(first, second, third, third));
    List<Map<String, Object>> rows =
        log.table(
            "retention",
            TestLog.config("timezone: " + zone + "\nretention: [{grains: {day: 2}}]"),
            Instant.parse(third).atZone(ZoneId.of(zone)).toLocalDate().toString());
    assertThat(TestLog.column(rows, "retained_users", row -> true))
        .containsExactly(1L, 0L, 1L, 1L, 1L, null);
  }

  @Test
  void a_bracket_is_half_open_and_matures_when_its_end_begins() {
    // Weeks 8 to 15 after that of Sunday 1 February begin on 29 March, and end before 1 February
    // + 7 · 16 days = 24 May. Ann returns in week 8 and in week 15 and is one user; bob returns in
    // week 16 only, and week 7 is not inside either.
    TestLog log =
        TestLog.of(
            """
            user | time
            ann  | 2026-02-01
            ann  | 2026-03-29
            ann  | 2026-05-23
            bob  | 2026-02-07
            bob  | 2026-03-28
            bob  | 2026-05-24
            """);
    TenureConfig config =
        TestLog.config("week-start: sunday\nretention: [{grains: {week: 1}, brackets: [8, 16]}]");
    Predicate<Map<String, Object>> bracket = row -> row.get("bracket") != null;
    for (String asOf : List.of("2026-05-16", "2026-05-22")) {
      assertThat(log.table("retention", config, asOf))
          .filteredOn(bracket)
          .singleElement()
          .satisfies(
              row ->
                  assertThat(row)
                      .containsEntry("bracket", "[8,16)")
                      .containsEntry("cohort_start", LocalDate.parse("2026-02-01"))
                      .containsEntry("period", 8)
                      .containsEntry("period_start", LocalDate.parse("2026-03-29"))
                      .containsEntry("period_end", LocalDate.parse("2026-05-24"))
                      .containsEntry("cohort_users", 2L)
                      .containsEntry("retained_users", null)
                      .containsEntry("retained_or_later_users", null)
                      .containsEntry("retention_rate", null)
                      .containsEntry("is_mature", false)
                      .containsEntry("matures_on", LocalDate.parse("2026-05-24")));
    }
    // The 23rd is the last day of week 15: nothing of the bracket is left to come.
    assertThat(log.table("retention", config, "2026-05-23"))
        .filteredOn(bracket)
        .singleElement()
        .satisfies(
            row ->
                assertThat(row)
                    .containsEntry("is_mature", true)
                    .containsEntry("retained_users", 1L)
                    .containsEntry("retained_or_later_users", 1L)
                    .containsEntry("retention_rate", 0.5));
    assertThat(log.table("retention", config, "2026-05-24"))
        .filteredOn(bracket)
        .extracting(row -> row.get("retained_users"), row -> row.get("retained_or_later_users"))
        .containsExactly(tuple(1L, 2L));
  }

  @Test
  void week_k_of_a_cohort_matures_seven_times_k_plus_one_days_after_its_start() {
    // Born on the cohort's last day, Sunday the 10th: the week after is 11 to 17 March for
    // everyone.
    List<Map<String, Object>> rows =
        TestLog.of(
                """
                user | time
                ann  | 2024-03-10
                """)
            .table("retention", TestLog.config("retention: [{grains: {week: 3}}]"), "2024-03-17");
    LocalDate start = LocalDate.parse("2024-03-04");
    assertThat(TestLog.column(rows, "matures_on", row -> true))
        .containsExactly(
            start.plusDays(7), start.plusDays(14), start.plusDays(21), start.plusDays(28));
    assertThat(TestLog.column(rows, "is_mature", row -> true))
        .containsExactly(true, true, false, false);
    assertThat(TestLog.column(rows, "retained_users", row -> true))
        .containsExactly(1L, 0L, null, null);
  }

  @ParameterizedTest
  @CsvSource({"monday, 2024-03-04", "sunday, 2024-03-10", "saturday, 2024-03-09"})
  void a_week_starts_on_the_day_that_is_configured(String weekStart, String cohortStart) {
    // 2024-03-10 is a Sunday.
    assertThat(
            TestLog.of(
                    """
                    user | time
                    ann  | 2024-03-10
                    """)
                .table(
                    "cohorts",
                    TestLog.config(
                        "week-start: " + weekStart + "\nretention: [{grains: {week: 0}}]"),
                    "2024-03-31"))
        .extracting(row -> row.get("cohort_start"))
        .containsExactly(LocalDate.parse(cohortStart));
  }

  @Test
  void a_cohort_keeps_the_values_of_the_birth_day() {
    // Ann is free on day 1 and pays from day 5, bob is free, cat is unknown on day 1. Ann's return
    // on day 5 is one of free users: 2 + 1 = 3 users, 1 + 0 = 1 retained.
    List<Map<String, Object>> rows =
        TestLog.of(
                """
                user | time       | plan
                ann  | 2024-03-01 | free
                ann  | 2024-03-05 | paid
                bob  | 2024-03-01 | free
                cat  | 2024-03-01 | -
                cat  | 2024-03-02 | paid
                """)
            .table(
                "retention",
                TestLog.config("segments: [plan]\nretention: [{grains: {day: 4}}]"),
                "2024-03-05");
    assertThat(rows).allMatch(row -> row.get("segment_basis").equals("birth"));
    assertThat(retained(rows, "(all)")).containsExactly(3L, 1L, 0L, 0L, 1L);
    assertThat(retained(rows, "free")).containsExactly(2L, 0L, 0L, 0L, 1L);
    assertThat(retained(rows, "(unknown)")).containsExactly(1L, 1L, 0L, 0L, 0L);
    assertThat(retained(rows, "paid")).isEmpty();
  }

  @Test
  void the_value_of_the_birth_day_is_that_of_its_last_event_that_has_one() {
    // Bob's two values have the same time: the greatest id decides, 9 after 10 as text.
    List<Map<String, Object>> rows =
        TestLog.of(
                """
                user | time             | id | plan
                ann  | 2024-03-01T08:00 | 3  | free
                ann  | 2024-03-01T20:00 | 1  | trial
                ann  | 2024-03-01T21:00 | 2  | -
                bob  | 2024-03-01T08:00 | 10 | zero
                bob  | 2024-03-01T08:00 | 9  | free
                """)
            .table(
                "cohorts",
                TestLog.config("segments: [plan]\nretention: [{grains: {day: 0}}]"),
                "2024-03-05");
    assertThat(TestLog.column(rows, "segment_value", row -> true))
        .containsExactly("(all)", "free", "trial");
  }

  private static List<Object> retained(List<Map<String, Object>> rows, String value) {
    return TestLog.column(rows, "retained_users", row -> row.get("segment_value").equals(value));
  }

  /** Ann signs up first, bob looks around before, cat never signs up, dan does both at once. */
  private static final TestLog SIGNUPS =
      TestLog.of(
          """
          user | time             | is
          ann  | 2024-03-01T09:00 | active signup
          ann  | 2024-03-03T09:00 | active
          ann  | 2024-03-03T10:00 | active signup
          bob  | 2024-03-01T08:00 | active
          bob  | 2024-03-01T09:00 | active signup
          bob  | 2024-03-04T09:00 | active
          cat  | 2024-03-01T09:00 | active
          dan  | 2024-03-02T09:00 | active
          dan  | 2024-03-02T09:00 | active signup
          """);

  private static List<Map<String, Object>> signups(String cohort, String grains) {
    TenureConfig config =
        TestLog.config(
            """
            activities: {active: "true", signup: "event_name = 'signup'"}
            retention: [{cohort: %s, start: signup, return: active, grains: {%s}}]
            """
                .formatted(cohort, grains));
    return SIGNUPS.table("retention", config, "2024-03-04").stream().filter(ALL).toList();
  }

  private static List<String> lines(List<Map<String, Object>> rows) {
    return rows.stream()
        .map(
            row ->
                "%s %s: %s of %s"
                    .formatted(
                        row.get("cohort_start"),
                        row.get("period"),
                        row.get("retained_users"),
                        row.get("cohort_users")))
        .toList();
  }

  @Test
  void first_takes_those_whose_very_first_event_is_a_start() {
    // Bob's first event is none, though his birth day has one; dan's are at the same instant.
    assertThat(lines(signups("first", "day: 2")))
        .containsExactly(
            "2024-03-01 0: 1 of 1",
            "2024-03-01 1: 0 of 1",
            "2024-03-01 2: 1 of 1",
            "2024-03-02 0: 1 of 1",
            "2024-03-02 1: 0 of 1",
            "2024-03-02 2: 0 of 1");
  }

  @Test
  void first_matching_takes_the_first_start_whatever_came_before() {
    // Ann and bob on the 1st: ann is there on the 3rd. Dan on the 2nd.
    assertThat(lines(signups("first-matching", "day: 2")))
        .containsExactly(
            "2024-03-01 0: 2 of 2",
            "2024-03-01 1: 0 of 2",
            "2024-03-01 2: 1 of 2",
            "2024-03-02 0: 1 of 1",
            "2024-03-02 1: 0 of 1",
            "2024-03-02 2: 0 of 1");
  }

  @Test
  void recurring_takes_a_user_into_every_period_with_a_start() {
    // Ann signs up on the 1st and on the 3rd: she is in both cohorts of days, 4 user-days in all,
    assertThat(lines(signups("recurring", "day: 1")))
        .containsExactly(
            "2024-03-01 0: 2 of 2",
            "2024-03-01 1: 0 of 2",
            "2024-03-02 0: 1 of 1",
            "2024-03-02 1: 0 of 1",
            "2024-03-03 0: 1 of 1",
            "2024-03-03 1: 0 of 1");
    // and once in the one cohort of the week that begins on Monday 26 February.
    assertThat(lines(signups("recurring", "week: 0"))).containsExactly("2024-02-26 0: 3 of 3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"first", "first-matching", "recurring"})
  void without_a_filter_the_first_start_is_the_first_event(String cohort) {
    // Both are born in the week of the 4th, and only ann has a second week.
    List<Map<String, Object>> rows =
        TestLog.of(
                """
                user | time
                ann  | 2024-03-04
                ann  | 2024-03-11
                bob  | 2024-03-10
                """)
            .table(
                "retention",
                TestLog.config("retention: [{cohort: " + cohort + ", grains: {week: 1}}]"),
                "2024-03-17");
    assertThat(lines(rows)).startsWith("2024-03-04 0: 2 of 2", "2024-03-04 1: 1 of 2");
    assertThat(rows).hasSize(cohort.equals("recurring") ? 4 : 2);
  }

  @Test
  void with_another_return_period_zero_counts_returns_on_or_after_the_birth_day() {
    // Week of Monday the 4th, three signups. Ann buys before she signs up: no return. Bob buys on
    // the day he signs up, in an earlier hour even: the day is the unit. Cat buys two days later.
    List<Map<String, Object>> rows =
        TestLog.of(
                """
                user | time             | is
                ann  | 2024-03-05       | active purchase
                ann  | 2024-03-06       | active signup
                bob  | 2024-03-06T10:00 | active signup
                bob  | 2024-03-06T09:00 | active purchase
                cat  | 2024-03-06       | active signup
                cat  | 2024-03-08       | active purchase
                cat  | 2024-03-11       | active purchase
                """)
            .table(
                "retention",
                TestLog.config(
                    """
                    activities:
                      signup: "event_name = 'signup'"
                      purchase: "event_name = 'purchase'"
                    retention:
                      - {cohort: first-matching, start: signup, return: purchase, grains: {week: 1}}
                    """),
                "2024-03-17");
    assertThat(lines(rows)).containsExactly("2024-03-04 0: 2 of 3", "2024-03-04 1: 1 of 3");
    // Ann never returns; bob in period 0 only; cat in 0 and 1.
    assertThat(TestLog.column(rows, "retained_or_later_users", row -> true))
        .containsExactly(2L, 1L);
  }

  @Test
  void on_or_after_counts_a_user_until_the_last_return_before_the_end_of_the_as_of_day() {
    // Ann returns in period 4, past the horizon; bob in period 1; cat on the day after the as-of
    // day, which is not known. 3, 2, 1, 1 never rises.
    List<Map<String, Object>> rows =
        TestLog.of(
                """
                user | time
                ann  | 2024-03-01
                ann  | 2024-03-05
                bob  | 2024-03-01
                bob  | 2024-03-02
                cat  | 2024-03-01
                cat  | 2024-03-06
                """)
            .table("retention", TestLog.config("retention: [{grains: {day: 3}}]"), "2024-03-05");
    assertThat(TestLog.column(rows, "retained_or_later_users", row -> true))
        .containsExactly(3L, 2L, 1L, 1L);
    assertThat(TestLog.column(rows, "retained_users", row -> true)).containsExactly(3L, 1L, 0L, 0L);
  }

  @Test
  void months_are_calendar_months_whatever_their_length() {
    // Born on 31 January: 29 February is month 1, a day of a month that has no 31st; 1 April is
    // month 3, so month 2 is without ann. Bob, born on 29 February, is back a year later.
    List<Map<String, Object>> rows =
        TestLog.of(
                """
                user | time
                ann  | 2024-01-31
                ann  | 2024-02-29
                ann  | 2024-04-01
                bob  | 2024-02-29
                bob  | 2025-02-28
                """)
            .table("retention", TestLog.config("retention: [{grains: {month: 12}}]"), "2025-02-28");
    assertThat(
            TestLog.column(
                rows,
                "retained_users",
                row -> row.get("cohort_start").equals(LocalDate.parse("2024-01-01"))))
        .containsExactly(1L, 1L, 0L, 1L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L);
    List<Map<String, Object>> bob =
        rows.stream()
            .filter(row -> row.get("cohort_start").equals(LocalDate.parse("2024-02-01")))
            .toList();
    assertThat(bob.get(12))
        .containsEntry("retained_users", 1L)
        .containsEntry("period_start", LocalDate.parse("2025-02-01"))
        .containsEntry("period_end", LocalDate.parse("2025-03-01"))
        .containsEntry("matures_on", LocalDate.parse("2025-03-01"));
    assertThat(bob.get(11)).containsEntry("retained_users", 0L);
  }

  @Test
  void a_month_matures_after_its_last_day() {
    TestLog log =
        TestLog.of(
            """
            user | time
            ann  | 2024-01-31
            ann  | 2024-02-29
            """);
    TenureConfig config = TestLog.config("retention: [{grains: {month: 1}}]");
    assertThat(TestLog.column(log.table("retention", config, "2024-02-28"), "retained_users", ALL))
        .isEqualTo(asList(1L, null));
    assertThat(TestLog.column(log.table("retention", config, "2024-02-29"), "retained_users", ALL))
        .isEqualTo(asList(1L, 1L));
  }

  @Test
  void a_cohort_knows_its_size_its_days_and_whether_its_births_are_certain() {
    // The log begins on 1 March for certain: the week of Monday 26 February began before it.
    List<Map<String, Object>> rows =
        TestLog.of(
                """
                user | time
                ann  | 2024-03-01
                bob  | 2024-03-03
                cat  | 2024-03-05
                cat  | 2024-03-06
                """)
            .table(
                "cohorts",
                TestLog.config(
                    """
                    input: {path: in, user: user, time: time, history-starts: 2024-03-01}
                    output: out
                    retention: [{grains: {week: 0}}]
                    """),
                "2024-03-06");
    assertThat(rows).hasSize(2);
    assertThat(rows.get(0))
        .containsEntry("cohort_start", LocalDate.parse("2024-02-26"))
        .containsEntry("cohort_end", LocalDate.parse("2024-03-04"))
        .containsEntry("first_day", LocalDate.parse("2024-03-01"))
        .containsEntry("last_day", LocalDate.parse("2024-03-03"))
        .containsEntry("cohort_users", 2L)
        .containsEntry("is_complete", true)
        .containsEntry("birth_observed", false);
    assertThat(rows.get(1))
        .containsEntry("cohort_start", LocalDate.parse("2024-03-04"))
        .containsEntry("first_day", LocalDate.parse("2024-03-05"))
        .containsEntry("last_day", LocalDate.parse("2024-03-05"))
        .containsEntry("cohort_users", 1L)
        .containsEntry("is_complete", false)
        .containsEntry("birth_observed", true);
  }

  @Test
  void a_user_born_after_the_as_of_day_is_in_no_cohort() {
    TestLog log =
        TestLog.of(
            """
            user | time
            ann  | 2024-03-01
            bob  | 2024-03-02
            """);
    TenureConfig config = TestLog.config("retention: [{grains: {day: 0}}]");
    assertThat(log.table("cohorts", config, "2024-03-01")).hasSize(1);
    assertThat(log.table("cohorts", config, "2024-02-29")).isEmpty();
    assertThat(log.table("retention_curve", config, "2024-02-29")).isEmpty();
  }

  @Test
  void a_curve_without_a_mature_cohort_is_unknown_and_not_zero() {
    List<Map<String, Object>> curve =
        TestLog.of(
                """
                user | time
                ann  | 2024-03-04
                """)
            .table(
                "retention_curve",
                TestLog.config("retention: [{grains: {week: 1}}]"),
                "2024-03-10");
    assertThat(TestLog.column(curve, "eligible_users", row -> true)).containsExactly(1L, 0L);
    assertThat(TestLog.column(curve, "retained_users", row -> true)).containsExactly(1L, null);
    assertThat(TestLog.column(curve, "retention_rate", row -> true)).containsExactly(1.0, null);
    assertThat(TestLog.column(curve, "is_mature", row -> true)).containsExactly(true, false);
  }
}
