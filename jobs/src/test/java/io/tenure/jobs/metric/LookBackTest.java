package io.tenure.jobs.metric;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LookBackTest {
  /** R: quantile(diff(c(1, 2, 3, 10, 12)), c(.5, .9)) is 1.5 and 5.5. */
  @Test
  void percentiles_of_gaps_are_interpolated_as_r_does() {
    LookBack back = new LookBack(new int[] {1, 2, 3, 10, 12});
    back.to(13);
    assertThat(back.medianGap()).isEqualTo(1.5);
    assertThat(back.longGap()).isEqualTo(5.5);
  }

  @Test
  void without_two_days_there_is_no_habit() {
    LookBack back = new LookBack(new int[] {7});
    back.to(100);
    assertThat(back.medianGap()).isNull();
    assertThat(back.longGap()).isNull();
    assertThat(back.isBeyondHabit()).isFalse();
    assertThat(back.silence()).isEqualTo(92);
  }

  /** The 90th percentile of gaps of 1, 1 and 7 days is 5.8: five days of silence are usual. */
  @Test
  void a_silence_is_beyond_habit_when_it_is_longer_than_nine_gaps_of_ten() {
    LookBack back = new LookBack(new int[] {1, 2, 3, 10});
    back.to(16);
    assertThat(back.silence()).isEqualTo(5);
    assertThat(back.isBeyondHabit()).isFalse();
    back.to(17);
    assertThat(back.isBeyondHabit()).isTrue();
  }

  @Test
  void a_day_that_begins_does_not_know_itself() {
    LookBack back = new LookBack(new int[] {1, 29, 30});
    back.to(29);
    assertThat(back.lastActive()).isEqualTo(1);
    assertThat(back.silence()).isEqualTo(27);
    assertThat(back.last28()).isEqualTo(1);
    back.to(30);
    assertThat(back.silence()).isZero();
    assertThat(back.last28()).isEqualTo(1);
    assertThat(back.prior28()).isEqualTo(1);
    assertThat(back.last84()).isEqualTo(2);
  }

  @Test
  void moving_on_says_what_counting_anew_says() {
    long seed = Long.getLong("tenure.seed", System.nanoTime());
    System.out.println("LookBackTest: -Dtenure.seed=" + seed);
    Random random = new Random(seed);
    for (int life = 0; life < 300; life++) {
      int often = 1 + random.nextInt(30);
      int[] days = IntStream.range(100, 600).filter(day -> random.nextInt(often) == 0).toArray();
      LookBack back = new LookBack(days);
      for (int day = 90; day < 650; day += 1 + random.nextInt(20)) {
        back.to(day);
        compare(back, days, day);
      }
    }
  }

  private static void compare(LookBack back, int[] all, int day) {
    int[] days = Arrays.stream(all).filter(known -> known < day).toArray();
    assertThat(back.activeDays()).isEqualTo(days.length);
    assertThat(back.last28()).isEqualTo(count(days, day - 28, day));
    assertThat(back.prior28()).isEqualTo(count(days, day - 56, day - 28));
    assertThat(back.last84()).isEqualTo(count(days, day - 84, day));
    int[] gaps =
        IntStream.range(1, days.length).map(at -> days[at] - days[at - 1]).sorted().toArray();
    assertThat(back.medianGap()).isEqualTo(quantile(gaps, 0.5));
    assertThat(back.longGap()).isEqualTo(quantile(gaps, 0.9));
    if (days.length > 0) {
      assertThat(back.isBeyondHabit())
          .isEqualTo(gaps.length > 0 && back.silence() > quantile(gaps, 0.9));
    }
  }

  private static int count(int[] days, int from, int to) {
    return (int) Arrays.stream(days).filter(day -> day >= from && day < to).count();
  }

  private static Double quantile(int[] sorted, double share) {
    if (sorted.length == 0) {
      return null;
    }
    double at = (sorted.length - 1) * share;
    int below = (int) Math.floor(at + 1e-9);
    double above = Math.max(0, at - below);
    int next = Math.min(below + 1, sorted.length - 1);
    return Math.round(10 * (sorted[below] + above * (sorted[next] - sorted[below]))) / 10.0;
  }
}
