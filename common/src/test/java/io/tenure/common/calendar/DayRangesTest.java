package io.tenure.common.calendar;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;

class DayRangesTest {
  private static RoaringBitmap days(String... days) {
    RoaringBitmap bitmap = new RoaringBitmap();
    for (String day : days) {
      bitmap.add((int) LocalDate.parse(day).toEpochDay());
    }
    return bitmap;
  }

  @Test
  void days_are_read_as_they_were_written_those_before_1970_first() {
    RoaringBitmap days = days("1969-12-31", "1970-01-01", "2024-03-01", "2024-03-03");
    List<String> ranges = DayRanges.format(days);
    assertThat(ranges)
        .containsExactly("1969-12-31/1970-01-01", "2024-03-01/2024-03-01", "2024-03-03/2024-03-03");
    assertThat(DayRanges.parse(ranges)).isEqualTo(days);
    assertThat(DayRanges.first(ranges)).contains(LocalDate.parse("1969-12-31"));
  }

  @Test
  void the_last_day_is_none_after_the_day_that_was_asked_for() {
    List<String> ranges = List.of("2024-03-01/2024-03-05", "2024-03-08/2024-03-09");
    assertThat(DayRanges.last(ranges, LocalDate.parse("2024-02-29"))).isEmpty();
    assertThat(DayRanges.last(ranges, LocalDate.parse("2024-03-01"))).contains(day(1));
    assertThat(DayRanges.last(ranges, LocalDate.parse("2024-03-04"))).contains(day(4));
    assertThat(DayRanges.last(ranges, LocalDate.parse("2024-03-07"))).contains(day(5));
    assertThat(DayRanges.last(ranges, LocalDate.parse("2025-01-01"))).contains(day(9));
    assertThat(DayRanges.last(List.of(), day(9))).isEmpty();
  }

  @Test
  void the_longest_gap_is_between_days_and_none_is_after_the_day_that_was_asked_for() {
    RoaringBitmap days = days("1969-12-30", "1970-01-01", "2024-03-01", "2024-03-02", "2026-03-02");
    LocalDate middle = LocalDate.parse("2024-03-05");
    assertThat(DayRanges.longestGap(days, middle))
        .contains(new DayRanges.Gap(LocalDate.parse("1970-01-02"), LocalDate.parse("2024-02-29")));
    assertThat(DayRanges.longestGap(days, LocalDate.parse("2024-02-29")))
        .contains(new DayRanges.Gap(LocalDate.parse("1969-12-31"), LocalDate.parse("1969-12-31")));
    assertThat(DayRanges.longestGap(days("2024-03-01", "2024-03-02", "2026-03-02"), middle))
        .isEmpty();
    assertThat(DayRanges.longestGap(new RoaringBitmap(), middle)).isEmpty();
    assertThat(new DayRanges.Gap(day(1), day(3)).days()).isEqualTo(3);
  }

  @Test
  void days_up_to_one_include_it_and_those_before_1970() {
    RoaringBitmap days = days("1969-12-31", "2024-03-01", "2024-03-05", "2024-03-06");
    assertThat(DayRanges.upTo(days, day(5)))
        .isEqualTo(days("1969-12-31", "2024-03-01", "2024-03-05"));
    assertThat(DayRanges.upTo(days, LocalDate.parse("1969-12-30")).isEmpty()).isTrue();
  }

  private static LocalDate day(int ofMarch) {
    return LocalDate.of(2024, 3, ofMarch);
  }
}
