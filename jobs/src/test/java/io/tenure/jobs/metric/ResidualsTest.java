package io.tenure.jobs.metric;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.jobs.metric.PlansLog.Row;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the whole less the values that are shown says is of nobody, or of enough users. */
class ResidualsTest {
  private static final LocalDate FIRST = PlansLog.FIRST;
  private static final int ENOUGH = 10;

  private final PlansLog log = new PlansLog();
  private final List<Map<String, String>> events = log.events;

  private void users(String value, int count, int days, IntPredicate active, String amount) {
    log.users(value, count, days, active, amount);
  }

  private List<Row> rows(String yaml, int days, String table) {
    return log.rows(yaml, days, ENOUGH, table);
  }

  private static boolean always(int day) {
    return true;
  }

  private static boolean monthly(int day) {
    return day % 10 == 0;
  }

  /** The plans with the most users pay nothing: they hide nothing of what the others pay. */
  @Test
  void a_plan_of_few_payers_is_not_the_whole_less_the_only_other_one_that_pays() {
    users("free", 100, 200, ResidualsTest::monthly, null);
    users("trial", 50, 200, ResidualsTest::monthly, null);
    users("pro", 30, 200, ResidualsTest::monthly, "10");
    users("team", 6, 200, ResidualsTest::monthly, "100");
    users("zeal", 6, 200, ResidualsTest::monthly, null);
    int shown = 0;
    for (Row whole : rows("", 200, "revenue_retention")) {
      if (whole.is("segment", "(all)") && !whole.hides("closing_users")) {
        shown++;
        for (Row row : rows("", 200, "revenue_retention")) {
          if (row.is("segment_value", "pro")
              && row.is("period_start", whole.values().get("period_start"))) {
            assertThat(row.hides("closing_users")).as("%s", row).isTrue();
          }
        }
      }
    }
    assertThat(shown).isPositive();
  }

  /** Twelve users of two plans leave no rows; on some days five of them are there. */
  @Test
  void what_is_left_out_is_not_known_day_by_day() {
    users("android", 60, 80, ResidualsTest::always, null);
    users("ios", 40, 80, ResidualsTest::always, null);
    users("tv", 7, 80, day -> day < 21, null);
    users("web", 5, 80, day -> true, null);
    List<Row> rows = rows("", 80, "active_users");
    assertThat(rows)
        .filteredOn(row -> row.is("segment_value", "tv"))
        .allMatch(row -> row.hidden() == null);
    LocalDate known = FIRST.plusDays(30);
    LocalDate thin = FIRST.plusDays(60);
    assertThat(rows)
        .filteredOn(row -> row.is("day", known) && row.is("segment_value", "android"))
        .singleElement()
        .matches(row -> !row.hides("dau"));
    // Of the 28 days before, 105 users less 60 and 40 would be 5.
    assertThat(rows)
        .filteredOn(row -> row.is("day", thin) && row.is("segment_value", "android"))
        .singleElement()
        .matches(row -> row.hides("mau") && row.hides("dau"));
    // Who is active on a day stands in other tables, too.
    assertThat(rows("", 80, "growth"))
        .filteredOn(row -> row.is("grain", "day") && row.is("segment_value", "android"))
        .filteredOn(row -> row.is("period_start", thin) || row.is("period_start", thin.plusDays(1)))
        .hasSize(2)
        .allMatch(row -> row.hides("active_users") && row.hides("previous_active_users"));
  }

  /** 28 times the average times the users is the sum of the days, hidden ones included. */
  @Test
  void an_average_over_hidden_days_is_hidden() {
    users("a", 3, 60, ResidualsTest::always, null);
    users("b", 30, 60, day -> day > 0, null);
    for (Row row : rows("", 60, "active_users")) {
      if (row.is("segment", "(all)")) {
        LocalDate day = (LocalDate) row.values().get("day");
        // Hidden are the first five days.
        assertThat(row.hides("stickiness_avg"))
            .as("%s", day)
            .isEqualTo(day.isBefore(FIRST.plusDays(5 + 27)));
        assertThat(row.hides("dau")).as("%s", day).isEqualTo(day.isBefore(FIRST.plusDays(5)));
      }
    }
  }

  @Test
  void what_a_customer_brings_is_hidden_with_the_money_of_few() {
    users("free", 50, 150, ResidualsTest::monthly, null);
    users("pro", 3, 150, ResidualsTest::monthly, "500");
    assertThat(rows("", 150, "churn_projection"))
        .isNotEmpty()
        .allMatch(row -> row.hides("revenue_per_customer") && !row.hides("customers_at_start"));
    users("pay", 50, 150, ResidualsTest::monthly, "1");
    events.removeIf(event -> event.get("plan").equals("pro"));
    assertThat(rows("", 150, "churn_projection"))
        .isNotEmpty()
        .noneMatch(row -> row.hides("customers_at_start"));
  }

  /** Who is censored after 60 days was born on one day, on which one user was. */
  @Test
  void life_tables_end_before_the_birth_days_of_few() {
    users("a", 40, 100, ResidualsTest::always, null);
    users("one", 1, 100, day -> day >= 39, null);
    List<Row> days =
        rows("churn: {inactive-days: 28}", 100, "survival").stream()
            .filter(row -> row.is("segment", "(all)") && row.is("tenure_unit", "day"))
            .toList();
    assertThat(days)
        .filteredOn(row -> row.is("tenure", 60))
        .allMatch(row -> !row.hides("censored"));
    assertThat(days)
        .filteredOn(row -> row.is("tenure", 61))
        .singleElement()
        .matches(
            row -> row.count("censored") == 1 && row.hides("censored") && row.hides("at_risk"));
  }

  /** Nobody is there when the month begins, and those who come are few. */
  @Test
  void a_month_of_few_who_came_and_went_is_hidden() {
    users("a", 30, 20, ResidualsTest::always, null);
    users("b", 3, 130, day -> day == 95, null);
    List<Row> months =
        rows("churn: {inactive-days: 7}", 130, "churn_periods").stream()
            .filter(row -> row.is("segment", "(all)") && row.is("grain", "month"))
            .toList();
    assertThat(months)
        .filteredOn(row -> row.is("period_start", "2024-04-01"))
        .singleElement()
        .matches(row -> row.count("users_at_start") == 0 && row.count("spells_begun") == 3)
        .matches(row -> row.hides("joined_and_churned_users"));
  }

  /** Of random lives in plans of all sizes, in every row of every table that adds up. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "active_users",
        "active_periods",
        "growth",
        "usage_habit",
        "revenue_retention",
        "churn_periods",
        "churn_by_stage",
        "survival",
        "retention"
      })
  void in_no_row_do_hidden_values_together_speak_of_few(String table) {
    long seed = Long.getLong("tenure.seed", 7);
    Random random = new Random(seed);
    int days = 75;
    int[] sizes = {90, 60, 45, 14, 6, 3};
    for (int plan = 0; plan < sizes.length; plan++) {
      for (int user = 0; user < sizes[plan]; user++) {
        int birth = random.nextInt(3) == 0 ? 0 : random.nextInt(days);
        int death = birth + 1 + random.nextInt(2 * days);
        int often = 1 + random.nextInt(6);
        users(
            "p" + plan + "-" + user + "-",
            1,
            days,
            day -> day >= birth && day < death && (day - birth) % often == 0,
            plan != 1 ? "5" : null);
        String value = "p" + plan;
        events.stream()
            .filter(event -> event.get("plan").startsWith(value + "-"))
            .forEach(event -> event.put("plan", value));
      }
    }
    List<Row> rows =
        rows("retention: [{grains: {day: 5, month: 1}}]\nchurn: {inactive-days: 9}", days, table);
    Map<String, List<Row>> together = new TreeMap<>();
    for (Row row : rows) {
      together.computeIfAbsent(key(row), unseen -> new ArrayList<>()).add(row);
    }
    int judged = 0;
    for (Map.Entry<String, List<Row>> group : together.entrySet()) {
      for (String outcome : outcomes(table)) {
        List<Row> wholes =
            group.getValue().stream().filter(row -> row.is("segment", "(all)")).toList();
        if (wholes.size() != 1 || wholes.get(0).hides(outcome)) {
          continue;
        }
        for (String population : populations(table, outcome, wholes.get(0))) {
          long users =
              group.getValue().stream()
                  .filter(row -> !row.is("segment", "(all)") && row.hides(outcome))
                  .mapToLong(row -> row.count(population))
                  .sum();
          judged++;
          assertThat(users == 0 || users >= ENOUGH)
              .as("seed %d, %s %s: %d %s", seed, group.getKey(), outcome, users, population)
              .isTrue();
        }
      }
    }
    assertThat(judged).as("seed %d", seed).isPositive();
  }

  private static String key(Row row) {
    Set<String> key = new TreeSet<>();
    for (String column :
        List.of(
            "retention",
            "grain",
            "cohort_start",
            "bracket",
            "period",
            "period_start",
            "day",
            "stage",
            "tenure_unit",
            "tenure")) {
      key.add(column + "=" + row.values().get(column));
    }
    return key.toString();
  }

  private static List<String> outcomes(String table) {
    return switch (table) {
      case "active_users" -> List.of("dau", "wau", "mau");
      case "active_periods" -> List.of("active_users");
      case "growth" -> List.of("retained_users", "resurrected_users", "churned_users");
      case "usage_habit" -> List.of("users_28d", "users_84d", "users_below_monthly");
      case "revenue_retention" -> List.of("lost_users", "churned", "closing");
      case "churn_periods", "churn_by_stage" -> List.of("churned_users");
      case "survival" -> List.of("churned", "censored");
      case "retention" -> List.of("retained_users", "retained_or_later_users");
      default -> throw new IllegalArgumentException(table);
    };
  }

  /** The columns that say of how many users an outcome speaks. */
  private static List<String> populations(String table, String outcome, Row row) {
    return switch (table) {
      case "active_users" ->
          List.of(
              row.values().get("mau") != null
                  ? "mau"
                  : row.values().get("wau") != null ? "wau" : "dau");
      case "active_periods" -> List.of("active_users");
      case "growth" -> List.of("active_users", "previous_active_users");
      case "revenue_retention" ->
          List.of("opening_users", "won_users", "kept_users", "lost_users", "closing_users");
      case "usage_habit" -> List.of(outcome.equals("users_28d") ? "users_28d" : "users_84d");
      case "churn_periods", "churn_by_stage" -> List.of("users_at_start", "spells_begun");
      case "survival" -> List.of("at_risk");
      case "retention" -> List.of("cohort_users");
      default -> throw new IllegalArgumentException(table);
    };
  }
}
