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
    "0, 0",
    "999999, 0",
    "1000000, 1",
    "255999999, 255",
    // From 256 seconds on by twos, from 512 by fours; a day by 512.
    "256000000, 256",
    "257999999, 256",
    "258000000, 258",
    "511999999, 510",
    "515999999, 512",
    "86400000000, 86016",
    "-5000000, 0"
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
    assertThat(Elapsed.number(Integer.MAX_VALUE * MICROS)).isLessThan(Elapsed.NUMBERS);
  }

  @Test
  void no_second_and_then_no_part_of_a_hundred_is_lost() {
    for (long seconds = 0; seconds < 2_000_000; seconds++) {
      long rounded = Elapsed.seconds(Elapsed.number(seconds * MICROS));
      assertThat(rounded).isBetween(seconds < 256 ? seconds : seconds - seconds / 100, seconds);
    }
  }
}
