package io.tenure.jobs.describe;

import static org.assertj.core.api.Assertions.assertThat;

import io.tenure.common.config.ConfigLoader;
import io.tenure.common.config.TenureConfig;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;

class DatesTest {
  private static List<Object[]> rows(String weekStart, String first, String last) {
    TenureConfig config =
        ConfigLoader.load(
            "{input: {path: in, user: u, time: t}, output: out, week-start: " + weekStart + "}",
            "test.yaml",
            List.of());
    return Dates.rows(config, day(first), day(last), "r1");
  }

  private static int day(String iso) {
    return (int) LocalDate.parse(iso).toEpochDay();
  }

  private static Object value(Object[] row, String column) {
    return row[Dates.CONTRACT.index(column)];
  }

  @Test
  void every_day_lies_in_its_periods() {
    // 2024-02-29 is a Thursday.
    List<Object[]> rows = rows("sunday", "2024-02-29", "2024-04-02");
    assertThat(rows).hasSize(34);
    Object[] first = rows.get(0);
    assertThat(value(first, "week_start")).isEqualTo(LocalDate.parse("2024-02-25"));
    assertThat(value(first, "month_start")).isEqualTo(LocalDate.parse("2024-02-01"));
    assertThat(value(first, "quarter_start")).isEqualTo(LocalDate.parse("2024-01-01"));
    assertThat(value(first, "quarter")).isEqualTo(1);
    assertThat(value(first, "day_of_week")).isEqualTo(5);
    assertThat(value(first, "weekday")).isEqualTo("Thursday");
    assertThat(value(first, "days_ago")).isEqualTo(33);
    Object[] last = rows.get(33);
    assertThat(value(last, "quarter_start")).isEqualTo(LocalDate.parse("2024-04-01"));
    assertThat(value(last, "quarter")).isEqualTo(2);
    assertThat(value(last, "days_ago")).isEqualTo(0);
    assertThat(last).hasSize(Dates.CONTRACT.columns().size());
  }

  @Test
  void a_period_is_complete_when_all_of_it_lies_between_the_first_and_the_as_of_day() {
    // The log begins inside February; March is whole; April and its quarter are open. The Monday
    // weeks of 26 February and of 1 April are cut, those between are whole.
    List<Object[]> rows = rows("monday", "2024-02-27", "2024-04-06");
    assertThat(completeDays(rows, "month")).containsExactly("2024-03-01", "2024-03-31", "31");
    assertThat(completeDays(rows, "week")).containsExactly("2024-03-04", "2024-03-31", "28");
    assertThat(completeDays(rows, "quarter")).isEmpty();
    assertThat(completeDays(rows("monday", "2023-12-31", "2024-12-31"), "year"))
        .containsExactly("2024-01-01", "2024-12-31", "366");
  }

  /** The first and last day whose period is complete, and how many there are. */
  private static List<String> completeDays(List<Object[]> rows, String grain) {
    List<String> days =
        rows.stream()
            .filter(row -> (Boolean) value(row, "is_%s_complete".formatted(grain)))
            .map(row -> value(row, "day").toString())
            .toList();
    return days.isEmpty()
        ? List.of()
        : List.of(days.get(0), days.get(days.size() - 1), Integer.toString(days.size()));
  }
}
