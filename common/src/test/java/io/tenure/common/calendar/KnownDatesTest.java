package io.tenure.common.calendar;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KnownDatesTest {
  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 19_000, 47_846, 47_847, 1_000_000})
  void a_date_is_that_of_its_day(int day) {
    assertThat(KnownDates.of(day)).isEqualTo(LocalDate.ofEpochDay(day));
    assertThat(KnownDates.of(day)).isEqualTo(LocalDate.ofEpochDay(day));
  }
}
