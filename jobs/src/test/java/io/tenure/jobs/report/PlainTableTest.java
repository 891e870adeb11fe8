package io.tenure.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlainTableTest {
  private static final List<String> HEADERS =
      List.of("grain", "period", "is_mature", "ci_low", "users", "rate", "bracket");

  private static PlainTable table(List<List<Object>> rows) {
    return new PlainTable(HEADERS, List.of("grain", "period"), Set.of("ci_low", "rate"), rows);
  }

  private static final PlainTable CURVE =
      table(
          List.of(
              Arrays.asList("month", 0, true, 0.9, 40L, 1.0, null),
              Arrays.asList("month", 1, true, 0.2, 40L, 0.25, null),
              Arrays.asList("month", 2, false, null, 40L, null, null)));

  @Test
  void what_is_the_same_is_said_once_and_numbers_stand_before_the_rest() {
    assertThat(CURVE.draw(80))
        .isEqualTo(
            """
            grain = month, users = 40; · in bracket

            period     rate  ci_low  is_mature
                 0  100.0 %  90.0 %  true
                 1   25.0 %  20.0 %  true
                 2        ·       ·  false
            """);
  }

  @Test
  void where_all_numbers_are_the_same_they_are_shown_nonetheless() {
    assertThat(
            table(
                    List.of(
                        Arrays.asList("month", 0, true, 0.9, 40L, 1.0, null),
                        Arrays.asList("month", 1, true, 0.9, 40L, 1.0, null)))
                .draw(80))
        .isEqualTo(
            """
            grain = month, is_mature = true; · in bracket

            period  users     rate  ci_low
                 0     40  100.0 %  90.0 %
                 1     40  100.0 %  90.0 %
            """);
  }

  @Test
  void without_room_for_a_number_a_row_is_a_line_for_each_column() {
    assertThat(CURVE.draw(12))
        .isEqualTo(
            """
            grain =
            month, users
            = 40; · in
            bracket

            period:    0
            rate:      100.0 %
            ci_low:    90.0 %
            is_mature: true

            period:    1
            rate:      25.0 %
            ci_low:    20.0 %
            is_mature: true

            period:    2
            rate:      ·
            ci_low:    ·
            is_mature: false
            """);
  }

  @Test
  void of_a_single_row_every_column_is_shown() {
    assertThat(table(List.of(Arrays.asList("month", 0, true, 0.9, 40L, 1.0, null))).draw(40))
        .isEqualTo(
            """
            grain:     month
            period:    0
            is_mature: true
            ci_low:    90.0 %
            users:     40
            rate:      100.0 %
            bracket:   ·
            """);
  }

  @Test
  void without_rows_there_are_headers() {
    assertThat(table(List.of()).draw(80)).startsWith("grain  period").endsWith("\nNo rows.\n");
  }
}
