package io.tenure.jobs.metric;

import java.util.Arrays;

/**
 * Counts of users, two to a long: vectors over days are long and there is one for each segment
 * value, so half the room is worth a shift.
 *
 * <p>Vectors of lanes are added like any other, number by number, and each lane comes out exact as
 * long as its sum stays within an int: fewer than 2,147,483,648 users on one day. A lane beyond the
 * end of a vector is 0.
 */
final class Lanes {
  private Lanes() {}

  /** The length of a vector of so many lanes. */
  static int width(int lanes) {
    return (lanes + 1) / 2;
  }

  static void add(long[] sums, int lane, int count) {
    // A negative low lane borrows from the high one; reading gives back what was borrowed.
    sums[lane >> 1] += (long) count << ((lane & 1) << 5);
  }

  /** The first lanes of a vector, as far as it has them; the others are 0. */
  static long[] first(long[] sums, int lanes) {
    long[] first = Arrays.copyOf(sums, Math.min(sums.length, width(lanes)));
    if ((lanes & 1) == 1 && first.length == width(lanes)) {
      // The low lane alone, with what it borrows.
      first[first.length - 1] = (int) first[first.length - 1];
    }
    return first;
  }

  static int get(long[] sums, int lane) {
    int at = lane >> 1;
    if (at >= sums.length) {
      return 0;
    }
    int low = (int) sums[at];
    return (lane & 1) == 0 ? low : (int) (sums[at] - low >> 32);
  }
}
