package io.tenure.jobs.metric;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ElapsedTest {
  private static final long MICROS = 1_000_000;

  @ParameterizedTest
  @CsvSource({
    "0, 0", "999999, 0", "1000000, 1", "3599999999, 3599",
    // From an hour on minutes, from a day on hours.
    "3600000000, 3600", "3659999999, 3600", "3660000000, 3660", "86399999999, 86340",
    "86400000000, 86400", "89999999999, 86400", "90000000000, 90000"
  })
  void a_time_is_rounded_down(long micros, long seconds) {
    assertThat(Elapsed.seconds(Elapsed.number(micros))).isEqualTo(seconds);
  }

  @Test
  void numbers_rise_with_times_and_are_few() {
    Random random = new Random(1);
    for (int at = 0; at < 100_000; at++) {
      long one = random.nextLong(1L << random.nextInt(1, 38));
      long other = random.nextLong(1L << random.nextInt(1, 38));
      assertThat(Integer.signum(Integer.compare(Elapsed.number(one), Elapsed.number(other))))
          .isIn(0, Long.compare(one, other));
    }
    assertThat(Elapsed.number(3650L * 86_400 * MICROS)).isLessThan(100_000);
  }
}
