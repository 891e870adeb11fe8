package io.tenure.jobs.metric;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDate;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TenuresTest {
  @ParameterizedTest
  @CsvSource({
    "2024-01-15, 2024-01-15, 0",
    "2024-01-15, 2024-02-14, 0",
    "2024-01-15, 2024-02-15, 1",
    "2024-01-29, 2024-02-29, 1",
    "2023-01-29, 2023-02-28, 1",
    "2024-01-30, 2024-02-28, 0",
    "2024-01-30, 2024-02-29, 1",
    "2024-01-31, 2024-02-29, 1",
    "2024-01-31, 2024-03-30, 1",
    "2024-01-31, 2024-03-31, 2",
    "2024-01-31, 2024-04-29, 2",
    "2024-01-31, 2024-04-30, 3",
    "2024-02-29, 2025-02-27, 11",
    "2024-02-29, 2025-02-28, 12",
    "2024-02-29, 2028-02-28, 47",
    "2024-02-29, 2028-02-29, 48",
    "1969-12-31, 1970-01-30, 0",
    "1969-12-31, 1970-01-31, 1",
    "2024-03-02, 2024-03-01, -1"
  })
  void tenure_is_counted_as_plus_months_does(String birth, String day, int months) {
    assertThat(Tenures.months(epochDay(birth), epochDay(day))).isEqualTo(months);
  }

  @Test
  void any_tenure_is_the_greatest_number_of_months_that_can_be_added() {
    long seed = Long.getLong("tenure.seed", System.nanoTime());
    System.out.println("TenuresTest: -Dtenure.seed=" + seed);
    Random random = new Random(seed);
    for (int pair = 0; pair < 20_000; pair++) {
      int birth = random.nextInt(-40_000, 60_000);
      int day = birth + random.nextInt(-400, 4_000);
      LocalDate from = LocalDate.ofEpochDay(birth);
      int months = Tenures.months(birth, day);
      assertThat(from.plusMonths(months)).isBeforeOrEqualTo(LocalDate.ofEpochDay(day));
      assertThat(from.plusMonths(months + 1)).isAfter(LocalDate.ofEpochDay(day));
    }
  }

  private static int epochDay(String iso) {
    return (int) LocalDate.parse(iso).toEpochDay();
  }
}
