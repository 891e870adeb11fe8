package io.tenure.jobs.metric;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.jobs.metric.PlansLog.Row;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Numbers of few that follow from two or three others, by what the tables mean. */
class DifferencesTest {
  private static final int ENOUGH = 10;

  private final PlansLog log = new PlansLog();

  private List<Row> rows(String yaml, int days, String table) {
    return log.rows(yaml, days, ENOUGH, table);
  }

  private static boolean always(int day) {
    return true;
  }

  private static boolean often(int day) {
    return day % 3 == 0;
  }

  /** Twelve of pro and one of team stop paying in May: 897 less 120 would be the one's money. */
  @Test
  void money_of_one_who_leaves_is_not_the_whole_less_that_of_many_who_leave() {
    int days = 182;
    log.users("free", 100, days, day -> day % 9 == 0, null);
    log.users("trial", 80, days, day -> day % 9 == 0, null);
    for (int user = 0; user < 43; user++) {
      boolean isOfTeam = user >= 30;
      boolean leaves = user < 12 || user == 42;
      for (int day = 2; day < days; day += 10) {
        boolean isPaid = !leaves || PlansLog.FIRST.plusDays(day).getMonthValue() < 5;
        String amount = user == 42 ? "777" : "10";
        log.event("p" + user, day, isOfTeam ? "team" : "pro", "active", isPaid ? amount : null);
      }
    }
    List<Row> may =
        rows("", days, "revenue_retention").stream()
            .filter(row -> row.is("period_start", "2024-05-01"))
            .toList();
    assertThat(may)
        .filteredOn(row -> row.is("segment_value", "team"))
        .singleElement()
        .matches(row -> row.count("lost_users") == 1 && row.hides("churned"));
    assertThat(may)
        .filteredOn(row -> row.is("segment_value", "pro"))
        .singleElement()
        .matches(row -> row.count("lost_users") == 12)
        .matches(row -> row.hides("churned") && row.hides("lost_users"));
  }

  /** Days that users were there are not users: three are left of v3. */
  @Test
  void the_few_who_are_left_of_a_plan_are_not_the_whole_less_another_plan() {
    int days = 182;
    log.users("v1", 60, 40, DifferencesTest::often, null);
    log.users("v2", 50, 40, DifferencesTest::often, null);
    log.users("v4", 30, days, DifferencesTest::often, null);
    log.users("v3", 12, 40, DifferencesTest::often, null);
    log.users("v3", 3, 120, DifferencesTest::often, null);
    List<Row> may =
        rows("churn: {inactive-days: 7}", days, "churn_periods").stream()
            .filter(row -> row.is("grain", "month") && row.is("period_start", "2024-05-01"))
            .toList();
    assertThat(may)
        .filteredOn(row -> row.is("segment_value", "v3"))
        .allMatch(row -> row.count("users_at_start") == 3);
    boolean isWholeHidden =
        may.stream().anyMatch(row -> isWhole(row) && row.hides("churned_users"));
    boolean isOtherHidden =
        may.stream().anyMatch(row -> row.is("segment_value", "v4") && row.hides("churned_users"));
    assertThat(isWholeHidden || isOtherHidden).isTrue();
  }

  private static boolean isWhole(Row row) {
    return row.is("segment", "(all)");
  }

  /** Of monthly contracts everybody could leave: the whole less these would be two annual ones. */
  @Test
  void who_could_leave_is_hidden_everywhere_or_nowhere() {
    for (int user = 0; user < 100; user++) {
      log.event("m" + user, user < 50 ? 5 : 69, "monthly", "active start", null);
      if (user < 20 || user > 85) {
        log.event("m" + user, 440, "monthly", "active cancel", null);
      }
    }
    for (int user = 0; user < 32; user++) {
      log.event("y" + user, user < 30 ? 5 : 69, "annual", "active start", null);
    }
    log.event("y30", 434, "annual", "active cancel", null);
    log.events.forEach(event -> event.put("contract", event.remove("plan")));
    List<Row> rows =
        rows(
            """
            segments: [contract]
            churn: {mode: cancellation, events: {start: "event = 's'", cancel: "event = 'c'"}}
            """,
            460,
            "churn_periods");
    assertThat(rows).isNotEmpty();
    long hidden = rows.stream().filter(row -> row.hides("could_leave_users")).count();
    assertThat(hidden).isIn(0L, (long) rows.size());
  }

  /** One user of C was born on a day on which many of D were: who of C is left would follow. */
  @Test
  void who_is_left_of_one_birth_is_not_the_whole_less_another_plan() {
    int days = 80;
    for (int user = 0; user < 50; user++) {
      int from = user % 5;
      log.users("A", 1, days, day -> day >= from && (day - from) % 3 == 0, null);
      rename("A", user);
    }
    for (int user = 0; user < 40; user++) {
      int from = user % 4;
      log.users("B", 1, days, day -> day >= from && (day - from) % 3 == 0, null);
      rename("B", user);
    }
    for (int user = 0; user < 20; user++) {
      int to = user < 6 ? 50 : days;
      log.users("D", 1, days, day -> day >= 40 && day < to && (day - 40) % 3 == 0, null);
      rename("D", user);
    }
    for (int user = 20; user < 30; user++) {
      log.users("D", 1, days, day -> day >= 2 && day % 3 == 2, null);
      rename("D", user);
    }
    for (int user = 0; user < 12; user++) {
      log.users("C", 1, days, day -> day >= 3 && day % 3 == 0, null);
      rename("C", user);
    }
    log.users("C", 1, days, day -> day >= 40 && (day - 40) % 3 == 0, null);
    rename("C", 12);
    List<Row> rows =
        log.rows("churn: {inactive-days: 7}", days, 5, "survival").stream()
            .filter(row -> row.is("tenure_unit", "day") && row.is("tenure", 40))
            .toList();
    assertThat(rows).anyMatch(row -> row.is("segment_value", "C") && row.hides("censored"));
    assertThat(rows)
        .filteredOn(row -> isWhole(row) || row.is("segment_value", "D"))
        .anyMatch(row -> row.hides("censored"));
  }

  /** The users just added are one more. */
  private void rename(String plan, int user) {
    log.events.stream()
        .filter(event -> event.get("user").equals(plan + "0"))
        .forEach(event -> event.put("user", plan + "-" + user));
  }

  /** Two come in June to a stage in which nobody was, and one of them goes. */
  @Test
  void few_who_come_are_hidden_among_many_who_were_there() {
    int days = 213;
    log.users("old", 60, days, DifferencesTest::often, null);
    log.users("came", 1, days, day -> day >= 155 && day < 160, null);
    log.users("stays", 1, days, day -> day >= 156, null);
    log.events.forEach(event -> event.put("plan", "one"));
    List<Row> june =
        rows("churn: {inactive-days: 7}", days, "churn_by_stage").stream()
            .filter(row -> row.is("period_start", "2024-06-01"))
            .toList();
    assertThat(june)
        .filteredOn(row -> row.is("stage", "early") || row.is("stage", "(all)"))
        .hasSize(4)
        .allMatch(row -> row.count("spells_begun") == 2)
        .allMatch(row -> row.hides("joined_and_churned_users") && row.hides("users_at_end"));
  }

  /** One user outlives all others. */
  @Test
  void a_life_table_does_not_say_how_long_the_longest_life_was() {
    for (int user = 0; user < 40; user++) {
      int to = 1 + user % 20;
      log.users("a" + user, 1, 100, day -> day < to, null);
    }
    log.users("last", 1, 100, day -> day < 53, null);
    log.users("later", 30, 100, day -> day >= 60, null);
    log.events.forEach(event -> event.put("plan", "one"));
    List<Row> rows =
        rows("churn: {inactive-days: 7}", 100, "survival").stream()
            .filter(row -> isWhole(row) && row.is("tenure_unit", "day"))
            .toList();
    int longest = rows.stream().mapToInt(DifferencesTest::tenure).max().orElseThrow();
    int published =
        rows.stream()
            .filter(row -> row.hidden() != null)
            .mapToInt(DifferencesTest::tenure)
            .max()
            .orElseThrow();
    assertThat(published).isLessThan(longest);
    assertThat(rows)
        .filteredOn(row -> tenure(row) == published)
        .singleElement()
        .matches(row -> row.hides("at_risk"));
  }

  private static int tenure(Row row) {
    return (Integer) row.values().get("tenure");
  }

  /** On weekends only: the week has the users of both days. */
  @Test
  void who_is_there_on_both_days_of_a_week_is_not_their_sum_less_the_week() {
    int days = 112;
    for (int user = 0; user < 32; user++) {
      int which = user;
      log.users(
          "u" + user,
          1,
          days,
          day -> {
            LocalDate date = PlansLog.FIRST.plusDays(day);
            boolean isThin = date.equals(LocalDate.parse("2024-03-16"));
            return date.getDayOfWeek() == DayOfWeek.SATURDAY && which < (isThin ? 3 : 25)
                || date.getDayOfWeek() == DayOfWeek.SUNDAY && which >= 2;
          },
          null);
    }
    log.events.forEach(event -> event.put("plan", "one"));
    assertThat(rows("", days, "growth"))
        .filteredOn(row -> isWhole(row) && row.is("grain", "day"))
        .filteredOn(row -> row.is("period_start", "2024-03-17"))
        .singleElement()
        .matches(row -> row.count("retained_users") == 1 && row.hides("retained_users"));
    assertThat(rows("", days, "active_periods"))
        .filteredOn(row -> isWhole(row) && row.is("grain", "week"))
        .filteredOn(row -> row.is("period_start", "2024-03-11"))
        .singleElement()
        .matches(row -> row.hides("active_users"));
    assertThat(rows("", days, "active_users"))
        .filteredOn(row -> isWhole(row) && row.is("day", "2024-03-17"))
        .singleElement()
        .matches(row -> row.hides("wau") && !row.hides("dau"));
  }

  /** Before 28 days are known, weeks are the longest window. */
  @Test
  void first_weeks_are_judged_by_the_longest_window_that_is_known() {
    int days = 60;
    log.users("A", 60, days, DifferencesTest::always, null);
    log.users("B", 40, days, DifferencesTest::always, null);
    log.users("C", 6, days, day -> day < 3 || day > 40, null);
    log.users("D", 5, days, day -> day < 3 || day > 40, null);
    log.users("D-1", 1, days, DifferencesTest::always, null);
    log.events.stream()
        .filter(event -> event.get("plan").equals("D-1"))
        .forEach(event -> event.put("plan", "D"));
    List<Row> day =
        rows("", days, "active_users").stream().filter(row -> row.is("day", "2024-01-19")).toList();
    assertThat(day)
        .filteredOn(DifferencesTest::isWhole)
        .singleElement()
        .matches(row -> row.count("dau") == 101 && row.values().get("mau") == null);
    // 101 - 60 - 40 = 1.
    assertThat(day)
        .filteredOn(
            row -> isWhole(row) || row.is("segment_value", "A") || row.is("segment_value", "B"))
        .anyMatch(row -> row.hides("dau"));
  }

  /** Where a share of hidden users is hidden, so is its interval. */
  @Test
  void an_interval_does_not_say_what_its_rate_does_not() {
    int days = 112;
    for (int user = 0; user < 32; user++) {
      int which = user;
      log.users("u" + user, 1, days, day -> day % 28 < 2 && which % 3 == day % 3, null);
    }
    log.users("v", 3, days, day -> day % 7 == 0, null);
    log.events.forEach(event -> event.put("plan", "one"));
    assertThat(rows("", days, "active_users"))
        .filteredOn(row -> row.hides("mau") && row.hidden() != null)
        .isNotEmpty()
        .allMatch(row -> row.hides("ci_low") && row.hides("stickiness"));
  }

  /** Nobody counts on which day subscriptions begin. */
  @Test
  void life_tables_of_subscriptions_are_hidden() {
    for (int user = 0; user < 50; user++) {
      log.event("u" + user, user % 2, "one", "active start", null);
    }
    assertThat(
            rows(
                "churn: {mode: cancellation, events: {start: \"event = 's'\", cancel: \"event = 'c'\"}}",
                121,
                "survival"))
        .isNotEmpty()
        .allMatch(row -> row.hides("censored"));
    log.events.get(0).put("plan", "two");
    assertThat(
            rows(
                "churn: {mode: cancellation, events: {start: \"event = 's'\", cancel: \"event = 'c'\"}}",
                121,
                "survival_test"))
        .allMatch(row -> row.hides("users") && row.hides("churned"));
    PlansLog others = new PlansLog();
    others.users("u", 50, 121, DifferencesTest::always, null);
    assertThat(others.rows("", 121, ENOUGH, "survival")).anyMatch(row -> !row.hides("censored"));
  }
}
