package io.tenure.jobs.metric;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LanesTest {
  @Test
  void two_counts_share_a_long_and_stay_exact_when_negative_ones_are_added_up() {
    long[] left = new long[Lanes.width(3)];
    Lanes.add(left, 0, -5);
    Lanes.add(left, 1, 2);
    Lanes.add(left, 2, Integer.MAX_VALUE);
    long[] right = new long[Lanes.width(4)];
    Lanes.add(right, 0, 3);
    Lanes.add(right, 1, -7);
    Lanes.add(right, 3, Integer.MIN_VALUE);
    long[] sums = Cells.add(left, right);
    assertThat(Lanes.get(sums, 0)).isEqualTo(-2); // -5 + 3
    assertThat(Lanes.get(sums, 1)).isEqualTo(-5); // 2 - 7
    assertThat(Lanes.get(sums, 2)).isEqualTo(Integer.MAX_VALUE);
    assertThat(Lanes.get(sums, 3)).isEqualTo(Integer.MIN_VALUE);
    assertThat(Lanes.get(sums, 4)).as("beyond the end").isZero();
  }

  @Test
  void the_first_lanes_are_kept_and_the_others_are_zero() {
    long[] sums = new long[Lanes.width(4)];
    int[] counts = {7, -3, -5, 11};
    for (int lane = 0; lane < counts.length; lane++) {
      Lanes.add(sums, lane, counts[lane]);
    }
    for (int kept = 0; kept <= 6; kept++) {
      long[] first = Lanes.first(sums, kept);
      for (int lane = 0; lane < 6; lane++) {
        int expected = lane < Math.min(kept, counts.length) ? counts[lane] : 0;
        assertThat(Lanes.get(first, lane)).as("lane %d of %d", lane, kept).isEqualTo(expected);
      }
    }
  }
}
