package io.tenure.jobs.metric;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.config.Scope;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.table.Contract;
import io.tenure.common.table.Dictionary;
import io.tenure.common.table.Protection.Rule;
import io.tenure.jobs.describe.Dates;
import io.tenure.jobs.describe.Quality;
import io.tenure.jobs.describe.Runs;
import io.tenure.jobs.publish.Restatements;
import io.tenure.jobs.read.RejectedEvents;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tries to recover what protected tables hide, by linear algebra over all that they publish. Logs
 * and lives are drawn under {@code -Dtenure.seed}, always the same ones without it: what hides
 * enough in these hides enough in most others, but not in all, see {@code docs/privacy.md}.
 */
class ProtectionTest {
  private static final LocalDate FIRST = LocalDate.parse("2024-01-22");

  /** Lives to begin with; a leak that is one stays when there are more. */
  private static final int LIVES = 2000;

  private static final int MOST_LIVES = 12_000;

  private final long seed = Long.getLong("tenure.seed", 11);
  private final Random random = new Random(seed);

  private record Log(TenureConfig config, int days, int minUsers, int users) {
    LocalDate last() {
      return FIRST.plusDays(days - 1);
    }
  }

  private static Log log(int days, int minUsers, int users, String yaml) {
    return new Log(TestLog.config(yaml), days, minUsers, users);
  }

  private static Log named(String name) {
    return switch (name) {
      case "days" ->
          log(
              10,
              5,
              100,
              """
              segments: [country]
              retention: [{grains: {day: 4}}]
              churn: {inactive-days: 3}
              """);
      case "days and weeks" ->
          log(
              16,
              5,
              150,
              """
              segments: [country]
              retention: [{grains: {day: 6, week: 1}}]
              churn: {inactive-days: 5}
              """);
      case "large groups and a small one" ->
          log(
              16,
              5,
              1000,
              """
              segments: [country]
              retention: [{grains: {day: 6, week: 1}}]
              churn: {inactive-days: 5}
              """);
      case "brackets, two dimensions and windows of two periods" ->
          log(
              12,
              4,
              120,
              """
              segments: [country, plan]
              retention: [{grains: {day: 3}, brackets: [0, 1, 3, 6]}]
              active-users: {windows: [2, 14]}
              churn: {inactive-days: 3}
              """);
      case "users who join every period" ->
          log(
              14,
              4,
              120,
              """
              segments: [country]
              retention:
                - {name: a, grains: {day: 3}, cohort: recurring}
                - {name: b, grains: {day: 10}}
              churn: {inactive-days: 4}
              """);
      case "months and stages, and everybody pays" ->
          log(
              45,
              6,
              100,
              """
              input: {path: in, user: user, time: time, amount: amount}
              output: out
              segments: [country]
              retention: [{grains: {month: 1}}]
              churn: {inactive-days: 10, stages: {early: 0, mid: 1}}
              """);
      default -> throw new IllegalArgumentException(name);
    };
  }

  private static Map<String, String> event(
      String user, LocalDate day, String country, String plan) {
    return Map.of(
        "user",
        user,
        "time",
        day.toString(),
        "country",
        country,
        "plan",
        plan,
        "amount",
        day.getDayOfMonth() % 7 == 0 ? "-3" : "1");
  }

  /** Some days of a user, whose values stay: who knows that they do knows most. */
  private List<Map<String, String>> life(Log log, String name, String country) {
    List<Map<String, String>> events = new ArrayList<>();
    int day = random.nextInt(4) == 0 ? random.nextInt(3) : random.nextInt(log.days());
    int pause = 1 + random.nextInt(random.nextInt(4) == 0 ? log.days() : 8);
    String plan = random.nextBoolean() ? "free" : "pro";
    do {
      events.add(event(name, FIRST.plusDays(day), country, plan));
      day += 1 + random.nextInt(pause);
    } while (day < log.days() && random.nextInt(9) > 0);
    return events;
  }

  private List<Map<String, String>> events(Log log) {
    List<Map<String, String>> events = new ArrayList<>();
    for (int user = 0; user < log.users(); user++) {
      String country = user < log.users() / 8 ? "NP" : user < log.users() / 3 ? "MX" : "RO";
      events.addAll(life(log, "u" + user, user < 3 ? "AD" : country));
    }
    return events;
  }

  private void addLives(Log log, Disclosure disclosure, int lives) {
    List<String> countries = List.of("AD", "MX", "NP", "RO");
    for (int user = 0; user < lives; user++) {
      disclosure.user(life(log, "u", countries.get(random.nextInt(countries.size()))));
    }
  }

  private Set<String> secretsComputed(
      Disclosure disclosure, ProtectedLog tables, Predicate<String> hidden) {
    return disclosure.computable(hidden, tables.secret::contains);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "days",
        "days and weeks",
        "large groups and a small one",
        "brackets, two dimensions and windows of two periods",
        "users who join every period",
        "months and stages, and everybody pays"
      })
  void no_number_of_few_users_can_be_computed_from_all_that_is_published(String name) {
    Log log = named(name);
    ProtectedLog tables =
        new ProtectedLog(log.config(), FIRST, log.last(), log.minUsers(), events(log));
    assertThat(tables.hidden).as("seed %d", seed).containsAll(tables.secret);
    assertThat(tables.secret).as("seed %d", seed).hasSizeGreaterThan(50);
    Disclosure disclosure = new Disclosure(log.config(), FIRST, log.last());
    Set<String> computed;
    int lives = 0;
    do {
      addLives(log, disclosure, LIVES);
      lives += LIVES;
      computed = secretsComputed(disclosure, tables, tables::isHidden);
    } while (!computed.isEmpty() && lives < MOST_LIVES);
    assertThat(computed).as("seed %d", seed).isEmpty();
    System.out.printf(
        "ProtectionTest: -Dtenure.seed=%d, %s: %d counts shown, %d hidden, %d of them of few users, none computed from %d lives%n",
        seed, name, tables.shown.size(), tables.hidden.size(), tables.secret.size(), lives);
  }

  @Test
  void hiding_nothing_but_numbers_of_few_users_gives_some_of_them_away() {
    Log log = named("days");
    ProtectedLog tables =
        new ProtectedLog(log.config(), FIRST, log.last(), log.minUsers(), events(log));
    Disclosure disclosure = new Disclosure(log.config(), FIRST, log.last());
    addLives(log, disclosure, LIVES);
    Set<String> computed = secretsComputed(disclosure, tables, tables.secret::contains);
    System.out.printf("%d of %d are computed%n", computed.size(), tables.secret.size());
    assertThat(computed).as("seed %d", seed).hasSizeGreaterThan(10);
  }

  @Test
  void the_numbers_of_large_groups_stay() {
    Log log = named("large groups and a small one");
    ProtectedLog tables =
        new ProtectedLog(log.config(), FIRST, log.last(), log.minUsers(), events(log));
    assertThat(tables.leftOut).contains("country AD").doesNotContain("country RO", "(all) (all)");
    long whole =
        tables.shown.keySet().stream().filter(count -> count.contains("(all) (all)")).count();
    long wholeHidden =
        tables.hidden.stream().filter(count -> count.contains("(all) (all)")).count();
    assertThat(wholeHidden).as("seed %d", seed).isLessThan(whole / 5);
    assertThat(tables.shown.size()).as("seed %d", seed).isGreaterThan(tables.hidden.size());
  }

  @Test
  void a_value_of_few_users_leaves_no_rows_and_takes_the_next_smallest_with_it() {
    List<Map<String, String>> events = new ArrayList<>();
    for (int user = 0; user < 13; user++) {
      String country = user < 2 ? "NP" : user < 7 ? "MX" : "RO";
      for (int day = 0; day < 9; day++) {
        events.add(event("u" + user, FIRST.plusDays(day), country, "free"));
      }
    }
    ProtectedLog tables =
        new ProtectedLog(
            TestLog.config("segments: [country]"), FIRST, FIRST.plusDays(8), 3, events);
    // 2 in NP, 5 in MX, 6 in RO: without MX, 13 - 5 - 6 would be 2.
    assertThat(tables.leftOut).containsExactlyInAnyOrder("country NP", "country MX");
    assertThat(tables.shown)
        .containsEntry("active_users|2024-01-30 (all) (all)|dau", 13L)
        .containsEntry("active_users|2024-01-30 country RO|dau", 6L)
        .doesNotContainKey("active_users|2024-01-30 country MX|dau");
  }

  @Test
  void a_cohort_of_few_users_hides_who_returns_and_the_pool_it_is_alone_in() {
    List<Map<String, String>> events = new ArrayList<>();
    for (int user = 0; user < 3; user++) {
      for (int day = 0; day < 9; day++) {
        events.add(event("u" + user, FIRST.plusDays(day), "RO", "free"));
      }
    }
    // One user joins on the second day and returns on the third.
    events.add(event("late", FIRST.plusDays(1), "RO", "free"));
    events.add(event("late", FIRST.plusDays(2), "RO", "free"));
    ProtectedLog tables =
        new ProtectedLog(
            TestLog.config("retention: [{grains: {day: 1}}]"), FIRST, FIRST.plusDays(8), 2, events);
    assertThat(tables.shown)
        .containsEntry("retention|default day (all) (all) 2024-01-22 null 1|retained_users", 3L)
        .containsEntry("retention|default day (all) (all) 2024-01-23 null 1|cohort_users", 1L)
        .doesNotContainKey("retention|default day (all) (all) 2024-01-23 null 1|retained_users")
        // 4 of 4 in the pool, 3 of 3 in the cohort that is shown: it would be 1 of 1.
        .doesNotContainKey("retention_curve|default day (all) (all) null 1|retained_users")
        .containsEntry("growth|day 2024-01-24 (all) (all)|retained_users", 4L);
  }

  @Test
  void money_of_one_user_is_hidden_with_the_months_beside_it_and_so_is_the_open_month() {
    List<Map<String, String>> events = new ArrayList<>();
    for (int day = 0; day < 270; day += 3) {
      for (int user = 0; user < 6; user++) {
        events.add(event("u" + user, FIRST.plusDays(day), "RO", "free"));
      }
      // One of them, who was there before, pays again in June, after a month without.
      if (day < 60 || day > 140) {
        events.add(event("v", FIRST.plusDays(day), "RO", "free"));
      }
    }
    TenureConfig config =
        TestLog.config(
            """
            input: {path: in, user: user, time: time, amount: amount}
            output: out
            """);
    LocalDate last = FIRST.plusDays(269);
    ProtectedLog tables = new ProtectedLog(config, FIRST, last, 2, events);
    ProtectedLog exact = new ProtectedLog(config, FIRST, last, 0, events);
    String closing = "revenue_retention|%s (all) (all)|closing_users";
    String opening = "revenue_retention|%s (all) (all)|opening_users";
    // Lost in April, back in June, who alone brings more in July; the log ends within October.
    assertThat(exact.shown)
        .containsEntry("revenue_retention|2024-04-01 (all) (all)|lost_users", 1L)
        .containsEntry("revenue_retention|2024-06-01 (all) (all)|reactivated_users", 1L)
        .containsEntry(opening.formatted("2024-10-01"), 7L);
    for (String hidden :
        List.of(
            "2024-03-01", "2024-04-01", "2024-05-01", "2024-06-01", "2024-07-01", "2024-08-01")) {
      assertThat(tables.shown).doesNotContainKey(closing.formatted(hidden));
    }
    assertThat(tables.shown)
        .containsEntry(closing.formatted("2024-09-01"), 7L)
        .doesNotContainKey(opening.formatted("2024-10-01"));
  }

  @Test
  void drivers_of_a_dimension_with_a_value_that_leaves_no_rows_are_hidden() {
    List<Map<String, String>> events = new ArrayList<>();
    for (int user = 0; user < 13; user++) {
      String country = user < 2 ? "NP" : user < 7 ? "MX" : "RO";
      for (int day = 0; day < 60; day += 2) {
        events.add(event("u" + user, FIRST.plusDays(day), country, "free"));
      }
    }
    TenureConfig config = TestLog.config("segments: [country]");
    LocalDate last = FIRST.plusDays(59);
    String counted = "drivers|churn country RO|rest_users";
    assertThat(new ProtectedLog(config, FIRST, last, 0, events).shown).containsEntry(counted, 7L);
    ProtectedLog tables = new ProtectedLog(config, FIRST, last, 3, events);
    // Without rows are the two of NP and, with them, MX.
    assertThat(tables.leftOut).containsExactlyInAnyOrder("country NP", "country MX");
    assertThat(tables.shown)
        .containsEntry("churn_periods|month country RO 2024-02-01|users_at_start", 6L)
        .doesNotContainKey(counted);
  }

  @Test
  void what_drivers_show_is_shown_of_churn_and_pooled_retention() {
    Log log = named("months and stages, and everybody pays");
    int values = 0;
    for (int minUsers : List.of(2, 6)) {
      ProtectedLog tables =
          new ProtectedLog(log.config(), FIRST, log.last(), minUsers, events(log));
      for (Map.Entry<String, Long> count : tables.shown.entrySet()) {
        if (count.getKey().startsWith("drivers|")) {
          // drivers|churn country RO|users
          String[] key = count.getKey().split("[| ]");
          boolean churn = key[1].equals("churn");
          String of =
              churn
                  ? "churn_periods|month %s %s 2024-02-01|%s"
                  : "retention_curve|default month %s %s null 1|%s";
          boolean all = count.getKey().contains("users") && !key[4].startsWith("rest_");
          String column =
              key[4].endsWith("outcome_users")
                  ? churn ? "churned_users" : "retained_users"
                  : churn ? "users_at_start" : "eligible_users";
          Long own = tables.shown.get(of.formatted(key[2], key[3], column));
          Long whole = tables.shown.get(of.formatted("(all)", "(all)", column));
          assertThat(own).as("%s, seed %d", count, seed).isNotNull();
          assertThat(whole).as("%s, seed %d", count, seed).isNotNull();
          assertThat(count.getValue()).isEqualTo(all ? own : whole - own);
          if (List.of("users", "rest_users").contains(key[4])) {
            assertThat(count.getValue()).as("%s, seed %d", count, seed).isNotIn(few(minUsers));
          }
          values++;
        }
      }
    }
    assertThat(values).as("seed %d", seed).isPositive();
  }

  private static List<Long> few(int minUsers) {
    return LongStream.range(1, minUsers).boxed().toList();
  }

  @Test
  void every_table_of_users_says_how_it_is_protected() {
    TenureConfig config =
        TestLog.config(
            """
            churn: {mode: cancellation, events: {start: "event = 's'", cancel: "event = 'c'"}}
            funnels: [{steps: [active, active]}]
            nps: {touchpoints: {shop: score}}
            virality: {invitation: active, joined: active}
            """);
    List<String> inside = new ArrayList<>();
    for (Contract table : Metrics.tables(Metrics.of(new Scope(config, 0, 10)))) {
      assertThat(table.protection().rule()).as(table.name()).isNotIn(Rule.UNSAID, Rule.NOBODY);
      if (table.protection().staysInside()) {
        inside.add(table.name());
      }
    }
    assertThat(inside)
        .containsExactly(
            "risk_backtest", "at_risk_users", "funnel", "funnel_periods", "nps", "virality");
  }

  @Test
  void tables_about_the_run_have_a_copy_and_those_about_single_rows_have_none() {
    assertThat(List.of(Dictionary.CONTRACT, Dates.CONTRACT, Runs.CONTRACT, Quality.CONTRACT))
        .allMatch(table -> table.protection().rule() == Rule.NOBODY);
    assertThat(List.of(RejectedEvents.CONTRACT, Restatements.CONTRACT))
        .allMatch(table -> table.protection().rule() == Rule.INSIDE);
  }
}
