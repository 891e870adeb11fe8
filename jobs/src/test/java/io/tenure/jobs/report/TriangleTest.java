package io.tenure.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TriangleTest {
  /** A rate that is not yet known. */
  private static final double UNKNOWN = -1;

  private static final Triangle SMALL =
      new Triangle(
          "month",
          List.of(
              row("2025-02-01", 1_200, 1, 0.305, UNKNOWN, UNKNOWN),
              row("2025-01-01", 800, 1, 0.25, 0.004, 0),
              row("2025-03-01", 7, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN)),
          List.of(point(2_000, 1), point(2_000, 0.283), point(800, 0.004), point(800, 0)));

  @Test
  void a_triangle_shows_cohorts_by_date_and_the_pooled_curve() {
    assertThat(SMALL.draw(Canvas.of(Palette.NONE)))
        .isEqualTo(
            """
            Retention by month: % of a cohort's users

            cohort     users    0    1    2    3
            2025-01-01   800  100   25   <1    0
            2025-02-01 1,200  100   31    ·    ·
            2025-03-01     7    ·    ·    ·    ·

            pooled            100   28   <1    0
                       100 %  ███
                              ███
                              ███  ▁▁▁
                         0 %  ███  ███  ▁▁▁
                       users 2.0k 2.0k  800  800

            · not yet known
            """);
  }

  @Test
  void what_is_left_out_is_blank_and_not_unknown() {
    Triangle triangle =
        new Triangle(
            "month",
            List.of(
                new TriangleRow(
                    LocalDate.parse("2025-01-01"),
                    800,
                    List.of(rate(UNKNOWN), rate(0.25), rate(UNKNOWN)),
                    Set.of(0)),
                new TriangleRow(
                    LocalDate.parse("2025-02-01"),
                    20,
                    List.of(rate(UNKNOWN), rate(0.5)),
                    Set.of(0))),
            List.of(point(0, UNKNOWN), point(820, 0.256)));

    assertThat(triangle.draw(Canvas.of(Palette.NONE)).lines())
        .contains(
            "2025-01-01   800      25   ·",
            "2025-02-01    20      50",
            "pooled                26   ·",
            "           users     820");
  }

  @Test
  void colours_are_heat_and_what_is_not_known_has_none() {
    Triangle triangle =
        new Triangle("week", List.of(row("2025-01-06", 10, 1, 0.25, UNKNOWN)), List.of());

    assertThat(triangle.draw(Canvas.of(Palette.ANSI256)).lines().toList().get(3))
        .isEqualTo(
            "2025-01-06    10 \u001b[48;5;220;38;5;16m100 \u001b[0m"
                + "\u001b[48;5;30;38;5;16m 25 \u001b[0m  ·");
    assertThat(triangle.draw(Canvas.of(Palette.TRUECOLOR)).lines().toList().get(3))
        .isEqualTo(
            "2025-01-06    10 \u001b[48;2;253;231;37;38;2;0;0;0m100 \u001b[0m"
                + "\u001b[48;2;33;145;140;38;2;0;0;0m 25 \u001b[0m  ·");
  }

  @Test
  void what_does_not_fit_is_said() {
    List<TriangleRow> rows = new ArrayList<>();
    for (int day = 0; day < 180; day++) {
      double[] rates = IntStream.range(0, 31).mapToDouble(k -> 1.0 / (k + 1)).toArray();
      rows.add(row(LocalDate.of(2025, 1, 1).plusDays(day).toString(), 12, rates));
    }
    Triangle triangle = new Triangle("day", rows, List.of());

    List<String> lines = triangle.draw(new Canvas(40, 2, Palette.NONE)).lines().toList();

    assertThat(lines.subList(2, 5))
        .containsExactly(
            "cohort     users   0   1   2   3   4",
            "2025-06-28    12 100  50  33  25  20",
            "2025-06-29    12 100  50  33  25  20");
    assertThat(lines.get(lines.size() - 1))
        .isEqualTo(
            "Showing the latest 2 of 180 cohorts (--limit shows more, --where others);"
                + " periods 0 to 4 of 0 to 30 (a wider terminal shows more).");
    assertThat(lines.subList(0, lines.size() - 1)).allMatch(line -> line.length() <= 40);
  }

  @Test
  void many_users_widen_the_cells() {
    Triangle triangle =
        new Triangle(
            "day",
            List.of(row("2025-01-01", 1_234_567, 1, 0.5)),
            List.of(point(1_234_567, 1), point(123_456, 0.5)));

    assertThat(triangle.draw(Canvas.of(Palette.NONE)).lines())
        .contains("2025-01-01 1,234,567  100   50", "               users   1M 123k");
  }

  @Test
  void no_cohorts_are_said_to_be_none() {
    assertThat(new Triangle("day", List.of(), List.of()).draw(Canvas.of(Palette.NONE)))
        .isEqualTo("No cohorts.\n");
  }

  private static TriangleRow row(String cohort, long users, double... rates) {
    return new TriangleRow(
        LocalDate.parse(cohort),
        users,
        DoubleStream.of(rates).mapToObj(TriangleTest::rate).toList());
  }

  private static CurvePoint point(long eligibleUsers, double rate) {
    return new CurvePoint(eligibleUsers, rate(rate));
  }

  private static OptionalDouble rate(double rate) {
    return rate == UNKNOWN ? OptionalDouble.empty() : OptionalDouble.of(rate);
  }
}
