package io.tenure.jobs.metric;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.config.TenureConfig;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class FunnelTest {
  private static final TenureConfig CONFIG =
      TestLog.config(
          """
          timezone: Europe/Bucharest
          activities: {view: view, cart: cart, buy: buy}
          segments: [country]
          funnels: [{name: buying, steps: [view, cart, buy], window: 2 days}]
          """);

  private static final List<String> COUNTS = List.of("step", "users", "dropped", "pending");

  private static List<Map<String, Object>> whole(TenureConfig config, String asOf, String log) {
    return TextRows.where(TestLog.of(log).table("funnel", config, asOf), "segment", "(all)");
  }

  private static List<String> counts(List<Map<String, Object>> rows) {
    return rows.stream().map(row -> TextRows.line(row, COUNTS)).toList();
  }

  @Test
  void who_goes_on_who_stops_and_who_may_still_go_on() {
    List<Map<String, Object>> rows =
        whole(
            CONFIG,
            "2024-03-10",
            """
            user | time             | is
            ann  | 2024-03-01T10:00 | view
            ann  | 2024-03-01T10:05 | cart
            ann  | 2024-03-01T10:30 | buy
            ben  | 2024-03-01T10:00 | view    # the cart comes too late
            ben  | 2024-03-03T10:01 | cart
            cat  | 2024-03-02T10:00 | view    # to the second
            cat  | 2024-03-04T10:00 | cart
            dan  | 2024-03-10T10:00 | view    # has until the 12th
            eva  | 2024-03-10T10:00 | view    # has bought already
            eva  | 2024-03-10T11:00 | cart
            eva  | 2024-03-10T12:00 | buy
            fay  | 2024-03-05T10:00 | cart    # never viewed
            """);
    assertThat(counts(rows)).containsExactly("1 | 5 | 1 | 1", "2 | 3 | 1 | 0", "3 | 2 | 0 | 0");
    // Of three users whose window is over.
    assertThat(rows).extracting("closed_users").containsExactly(3L, 2L, 1L);
    assertThat(rows).extracting("closed_entered_users").containsOnly(3L);
    assertThat(rows).extracting("step_conversion").containsExactly(null, 2 / 3.0, 0.5);
    assertThat(rows).extracting("overall_conversion").containsExactly(1.0, 2 / 3.0, 1 / 3.0);
    assertThat(rows).extracting("is_largest_drop").containsExactly(true, false, false);
    // ann after 5 minutes, cat after two days, rounded; ann after 30 minutes.
    assertThat(rows)
        .extracting("median_seconds")
        .containsExactly(0.0, (300 + 172_032) / 2.0, 1800.0);
  }

  @Test
  void a_window_is_over_only_when_what_ends_it_is_known() {
    String log =
        """
        user | time             | is
        ann  | 2024-03-01T00:00 | view
        """;
    // The window ends at the very instant at which knowledge ends, and its end is still within.
    assertThat(counts(whole(CONFIG, "2024-03-02", log))).startsWith("1 | 1 | 0 | 1");
    assertThat(counts(whole(CONFIG, "2024-03-03", log))).startsWith("1 | 1 | 1 | 0");
    assertThat(whole(CONFIG, "2024-03-02", log).get(0))
        .containsEntry("overall_conversion", null)
        .containsEntry("median_seconds", null)
        .containsEntry("is_largest_drop", false);
  }

  @Test
  void a_window_is_elapsed_time_whatever_clocks_do() {
    // In the night to 31 March 2024 clocks go from 03:00 to 04:00.
    String log =
        """
        user | time                 | is
        ann  | 2024-03-30T10:00     | view
        ann  | 2024-04-01T10:59:59Z | cart    # 13:59:59 there, 50:59:59 later
        ben  | 2024-03-30T10:00     | view
        ben  | 2024-04-01T11:00     | cart    # 48 hours later
        """;
    assertThat(counts(whole(CONFIG, "2024-05-01", log)))
        .containsExactly("1 | 2 | 1 | 0", "2 | 1 | 1 | 0", "3 | 0 | 0 | 0");
  }

  @Test
  void two_steps_at_one_instant_are_in_the_order_of_their_ids() {
    String log =
        """
        user | time                 | is   | id
        ann  | 2024-03-01T10:00:00Z | view | 1
        ann  | 2024-03-01T10:00:00Z | cart | 2
        ben  | 2024-03-01T10:00:00Z | view | 2
        ben  | 2024-03-01T10:00:00Z | cart | 1
        """;
    assertThat(counts(whole(CONFIG, "2024-05-01", log)))
        .startsWith("1 | 2 | 1 | 0", "2 | 1 | 1 | 0");
  }

  @Test
  void without_ids_they_are_in_the_order_of_the_funnel() {
    String log =
        """
        user | time                 | is
        ann  | 2024-03-01T10:00:00Z | buy
        ann  | 2024-03-01T10:00:00Z | cart
        ann  | 2024-03-01T10:00:00Z | view
        """;
    assertThat(counts(whole(CONFIG, "2024-05-01", log)))
        .containsExactly("1 | 1 | 0 | 0", "2 | 1 | 0 | 0", "3 | 1 | 0 | 0");
  }

  @Test
  void an_event_that_matches_two_steps_serves_one() {
    String log =
        """
        user | time             | is
        ann  | 2024-03-01T10:00 | view cart
        ben  | 2024-03-01T10:00 | view cart
        ben  | 2024-03-01T11:00 | view cart
        cat  | 2024-03-01T10:00 | view cart    # which of the two serves the first is settled for the best
        cat  | 2024-03-01T10:00 | view
        """;
    assertThat(counts(whole(CONFIG, "2024-05-01", log)))
        .containsExactly("1 | 3 | 1 | 0", "2 | 2 | 2 | 0", "3 | 0 | 0 | 0");
  }

  @Test
  void an_activity_may_be_several_steps() {
    TenureConfig config =
        TestLog.config(
            """
            activities: {view: view, buy: buy}
            funnels: [{steps: [buy, buy, buy], window: 30 days}]
            """);
    StringBuilder log = new StringBuilder("user | time | is\n");
    for (int second = 0; second < 50; second++) {
      log.append("ann | 2024-03-01T10:00:%02d | buy\n".formatted(second));
    }
    log.append("ben | 2024-03-01T10:00 | buy\n");
    log.append("ben | 2024-03-20T10:00 | buy\n");
    assertThat(counts(whole(config, "2024-05-01", log.toString())))
        .containsExactly("1 | 2 | 0 | 0", "2 | 2 | 1 | 0", "3 | 1 | 0 | 0");
  }

  @Test
  void a_hundred_shuffles_give_one_answer() {
    Random random = new Random(7);
    List<String> lines = new ArrayList<>();
    String[] kinds = {"view", "cart", "buy", "view cart", "cart buy", "view buy", "-"};
    for (int event = 0; event < 400; event++) {
      lines.add(
          "user%d | 2024-03-%02dT10:0%d | %s | %s | %s"
              .formatted(
                  random.nextInt(12),
                  1 + random.nextInt(6),
                  random.nextInt(3),
                  kinds[random.nextInt(kinds.length)],
                  random.nextBoolean() ? "-" : "" + random.nextInt(3),
                  random.nextBoolean() ? "RO" : "DE"));
    }
    String head = "user | time | is | id | country\n";
    List<Map<String, Object>> expected =
        TestLog.of(head + String.join("\n", lines)).table("funnel", CONFIG, "2024-03-08");
    for (int shuffle = 0; shuffle < 100; shuffle++) {
      Collections.shuffle(lines, random);
      assertThat(TestLog.of(head + String.join("\n", lines)).table("funnel", CONFIG, "2024-03-08"))
          .isEqualTo(expected);
    }
  }

  @Test
  void users_count_under_the_value_of_the_day_on_which_they_enter() {
    List<Map<String, Object>> rows =
        TestLog.of(
                """
                user | time             | is   | country
                ann  | 2024-03-01T10:00 | -    | RO
                ann  | 2024-03-02T10:00 | view | -
                ann  | 2024-03-02T11:00 | -    | DE
                ann  | 2024-03-03T10:00 | cart | NP
                ben  | 2024-03-02T10:00 | view | -
                """)
            .table("funnel", CONFIG, "2024-05-01");
    assertThat(TextRows.where(rows, "segment", "country"))
        .extracting("segment_value")
        .containsExactly("(unknown)", "(unknown)", "(unknown)", "DE", "DE", "DE");
  }

  @Test
  void where_any_entry_may_count_it_is_the_one_that_leads_furthest() {
    TenureConfig any =
        TestLog.config(
            """
            timezone: Europe/Bucharest
            activities: {view: view, cart: cart, buy: buy}
            segments: [country]
            funnels: [{name: buying, steps: [view, cart, buy], entry: any, window: 30 minutes}]
            """);
    TestLog log =
        TestLog.of(
            """
            user | time             | is   | country
            ann  | 2024-03-01T10:00 | view | RO
            ann  | 2024-03-02T10:00 | view | DE    # of two entries the later one, of one minute
            ann  | 2024-03-02T10:01 | view | DE
            ann  | 2024-03-02T10:20 | cart | DE
            ann  | 2024-03-02T10:31 | buy  | DE    # too late for the one, not for the other
            ann  | 2024-03-05T10:00 | view | RO
            ben  | 2024-03-01T10:00 | view | RO
            ben  | 2024-03-01T10:20 | view | RO
            ben  | 2024-03-01T10:25 | cart | RO
            ben  | 2024-03-01T10:40 | buy  | RO    # from the view before the cart
            cat  | 2024-03-01T10:00 | view | RO
            cat  | 2024-03-09T23:50 | view | RO    # may still go on
            """);
    List<Map<String, Object>> rows = log.table("funnel", any, "2024-03-09");
    List<Map<String, Object>> whole = TextRows.where(rows, "segment", "(all)");
    assertThat(counts(whole)).containsExactly("1 | 3 | 0 | 1", "2 | 2 | 0 | 0", "3 | 2 | 0 | 0");
    assertThat(whole).extracting("closed_users").containsExactly(2L, 2L, 2L);
    // 19 and 5 minutes to the cart, of which the first is rounded; 30 and 20 to the end.
    assertThat(whole).extracting("median_seconds").containsExactly(0.0, (1136 + 300) / 2.0, 1500.0);
    assertThat(counts(TextRows.where(rows, "segment_value", "DE")))
        .containsExactly("1 | 1 | 0 | 0", "2 | 1 | 0 | 0", "3 | 1 | 0 | 0");
    assertThat(
            counts(TextRows.where(log.table("funnel", CONFIG, "2024-03-09"), "segment", "(all)")))
        .as("the first entry alone leads nowhere else")
        .containsExactly("1 | 3 | 1 | 0", "2 | 2 | 0 | 0", "3 | 2 | 0 | 0");
  }

  @Test
  void two_steps_that_are_close_are_found_among_many_of_the_kind() {
    TenureConfig config =
        TestLog.config("funnels: [{steps: [active, active], entry: any, window: 30 minutes}]");
    assertThat(
            whole(
                config,
                "2024-03-05",
                """
                user | time
                ann  | 2024-03-01T09:00
                ann  | 2024-03-01T10:00
                ann  | 2024-03-01T11:00
                ann  | 2024-03-01T11:05
                ann  | 2024-03-01T12:00
                ann  | 2024-03-01T13:00
                """))
        .extracting("users", "median_seconds")
        .map(Object::toString)
        .containsExactly("(1L, 0.0)", "(1L, 300.0)");
  }

  @Test
  void in_a_log_of_days_the_event_that_serves_fewer_steps_goes_first() {
    TenureConfig config =
        TestLog.config(
            "activities: {active: active, buy: buy}\n"
                + "funnels: [{steps: [active, buy, active], window: 9 days}]");
    assertThat(
            counts(
                whole(
                    config,
                    "2024-04-01",
                    """
                    user | time       | is
                    ann  | 2024-03-01 | active buy
                    ann  | 2024-03-01 | active
                    ann  | 2024-03-05 | active
                    """)))
        .containsExactly("1 | 1 | 0 | 0", "2 | 1 | 0 | 0", "3 | 1 | 0 | 0");
  }

  @Test
  void every_week_and_month_has_its_own_entries() {
    List<Map<String, Object>> rows =
        TextRows.where(
            TextRows.where(
                TestLog.of(
                        """
                        user | time             | is
                        ann  | 2024-02-27T10:00 | view
                        ann  | 2024-02-28T10:00 | view    # the second in the month counts not
                        ann  | 2024-03-01T09:00 | view
                        ann  | 2024-03-01T10:00 | cart    # too late for February's, not for March's
                        ben  | 2024-03-31T23:00 | view
                        ben  | 2024-04-01T01:00 | cart    # in April, for March's
                        cat  | 2024-05-02T10:00 | view
                        """)
                    .table("funnel_periods", CONFIG, "2024-05-03"),
                "segment",
                "(all)"),
            "grain",
            "month");
    List<String> columns =
        List.of(
            "period_start",
            "step",
            "users",
            "dropped",
            "pending",
            "overall_conversion",
            "is_mature",
            "matures_on");
    assertThat(rows.stream().map(row -> TextRows.line(row, columns)))
        .containsExactly(
            "2024-02-01 | 1 | 1 | 1 | 0 | 1 | true | 2024-03-03",
            "2024-02-01 | 2 | 0 | 0 | 0 | 0 | true | 2024-03-03",
            "2024-02-01 | 3 | 0 | 0 | 0 | 0 | true | 2024-03-03",
            "2024-03-01 | 1 | 2 | 0 | 0 | 1 | true | 2024-04-03",
            "2024-03-01 | 2 | 2 | 2 | 0 | 1 | true | 2024-04-03",
            "2024-03-01 | 3 | 0 | 0 | 0 | 0 | true | 2024-04-03",
            // Nobody entered in April; of nobody there is no rate.
            "2024-04-01 | 1 | 0 | 0 | 0 | - | true | 2024-05-03",
            "2024-04-01 | 2 | 0 | 0 | 0 | - | true | 2024-05-03",
            "2024-04-01 | 3 | 0 | 0 | 0 | - | true | 2024-05-03",
            "2024-05-01 | 1 | 1 | 0 | 1 | - | false | 2024-06-03",
            "2024-05-01 | 2 | 0 | 0 | 0 | - | false | 2024-06-03",
            "2024-05-01 | 3 | 0 | 0 | 0 | - | false | 2024-06-03");
  }

  @Test
  void a_window_of_hours_makes_a_period_final_on_the_next_day() {
    TenureConfig config =
        TestLog.config("activities: {view: view}\nfunnels: [{steps: [view], window: 30 minutes}]");
    TestLog log = TestLog.of("user | time | is\nann | 2024-03-01 | view");
    assertThat(log.table("funnel_periods", config, "2024-03-31"))
        .filteredOn("grain", "month")
        .map(row -> TextRows.line(row, List.of("matures_on", "is_mature")))
        .containsExactly("2024-04-02 | false");
  }

  @Test
  void nobody_who_never_takes_the_first_step_has_a_row() {
    TestLog log = TestLog.of("user | time | is\nann | 2024-03-01 | buy");
    assertThat(log.table("funnel", CONFIG, "2024-03-31")).isEmpty();
    assertThat(log.table("funnel_periods", CONFIG, "2024-03-31")).isEmpty();
  }

  @Test
  void a_funnel_that_begins_with_any_event_counts_the_active_users_of_every_period() {
    TenureConfig config =
        TestLog.config(
            "segments: [country, plan]\nfunnels: [{steps: [active, active], window: 1 days}]");
    TestLog log = TestLog.of(new RandomLives(11, 60, LocalDate.parse("2024-01-20"), 90).events());
    Map<String, Object> active = new TreeMap<>();
    for (Map<String, Object> row : log.table("growth", config, "2024-04-20")) {
      active.put(key(row), row.get("active_users"));
    }
    List<Map<String, Object>> entered =
        TextRows.where(log.table("funnel_periods", config, "2024-04-20"), "step", "1");
    assertThat(TextRows.where(entered, "segment", "(all)")).hasSizeGreaterThan(15);
    for (Map<String, Object> row : TextRows.where(entered, "segment", "(all)")) {
      assertThat(row.get("users")).as(key(row)).isEqualTo(active.get(key(row)));
    }
  }

  private static String key(Map<String, Object> row) {
    return TextRows.line(row, List.of("grain", "period_start", "segment", "segment_value"));
  }
}
