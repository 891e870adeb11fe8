package io.tenure.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TextTableTest {
  private static final TextTable TABLE =
      new TextTable(
          List.of("cohort_start", "segment", "users", "retention_rate", "gap", "revenue", "open"),
          Set.of("retention_rate"),
          List.of(
              Arrays.asList(
                  LocalDate.of(2025, 1, 1), "all", 1_234_567L, 0.4211, 2.5, money("1234.50"), true),
              Arrays.asList(LocalDate.of(2025, 2, 1), "é", 7L, 1.0, null, money("0.10"), false),
              Arrays.asList(LocalDate.of(2025, 3, 1), null, 0L, null, 10.0, null, null)));

  @Test
  void numbers_stand_to_the_right_and_nulls_are_dots() {
    assertThat(TABLE.draw(100))
        .isEqualTo(
            """
            cohort_start  segment      users  retention_rate     gap   revenue  open
            2025-01-01    all      1,234,567          42.1 %   2.500  1,234.50  true
            2025-02-01    é                7         100.0 %       ·      0.10  false
            2025-03-01    ·                0               ·  10.000         ·  ·
            """);
  }

  @Test
  void columns_that_do_not_fit_are_named() {
    assertThat(TABLE.draw(35))
        .isEqualTo(
            """
            cohort_     segment      users
            start
            2025-01-01  all      1,234,567
            2025-02-01  é                7
            2025-03-01  ·                0
            A wider terminal shows 4 more columns:
            retention_rate, gap, revenue, open.
            """);
  }

  @Test
  void a_header_is_broken_where_that_makes_room_and_so_is_a_long_text() {
    TextTable table =
        new TextTable(
            List.of("retained_or_later_users", "step conversion", "meaning"),
            Set.of("step conversion"),
            List.of(
                List.of(7L, 0.5, "How far users get in a funnel"),
                List.of(8L, 0.25, "unbreakableunbreakableunbreakable")));

    assertThat(table.draw(80).lines().findFirst().orElseThrow())
        .isEqualTo("retained_or_later_users  step conversion  meaning");
    assertThat(table.draw(51))
        .isEqualTo(
            """
            retained_        step  meaning
            or_later_  conversion
                users
                    7      50.0 %  How far users get in a
                                   funnel
                    8      25.0 %  unbreakableunbreakableunbrea
                                   kable
            """);
  }

  @Test
  void one_long_text_does_not_keep_the_numbers_from_being_seen() {
    TextTable table =
        new TextTable(
            List.of("segment", "value", "users", "core"),
            Set.of(),
            List.of(
                List.of("plan", "x".repeat(50), 12L, 3L), List.of("plan", "free", 1_000L, 200L)));

    assertThat(table.draw(60))
        .isEqualTo(
            """
            segment  value                 users  core
            plan     xxxxxxxxxxxxxxxxxxxx     12     3
                     xxxxxxxxxxxxxxxxxxxx
                     xxxxxxxxxx
            plan     free                  1,000   200
            """);
  }

  @Test
  void a_long_word_is_broken_after_an_underscore() {
    assertThat(TextTable.wrapped("below_monthly_use, silent_beyond_own_habit", 20))
        .containsExactly("below_monthly_use,", "silent_beyond_own_", "habit");
  }

  @Test
  void the_first_column_is_shown_in_any_width() {
    assertThat(TABLE.draw(1)).startsWith("cohort_\nstart\n2025-01-01\n");
  }

  @Test
  void a_table_without_rows_says_so() {
    assertThat(new TextTable(List.of("day", "dau"), Set.of(), List.of()).draw(80))
        .isEqualTo("day  dau\nNo rows.\n");
  }

  @Test
  void a_value_from_the_log_cannot_steer_the_terminal() {
    TextTable table =
        new TextTable(List.of("plan"), Set.of(), List.of(List.of("\u001b[31mred\nx")));

    assertThat(table.draw(80)).isEqualTo("plan\n\ufffd[31mred\ufffdx\n");
  }

  @Test
  void a_row_of_another_length_is_refused() {
    assertThatThrownBy(() -> new TextTable(List.of("a", "b"), Set.of(), List.of(List.of(1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Invalid row: 1 cells for 2 columns");
  }

  private static BigDecimal money(String amount) {
    return new BigDecimal(amount);
  }
}
