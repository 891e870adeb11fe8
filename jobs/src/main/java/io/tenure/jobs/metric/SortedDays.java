package io.tenure.jobs.metric;

import java.util.Arrays;

/** Days in ascending order, each once. */
final class SortedDays {
  private SortedDays() {}

  /** The position of the first one that is not before a day; their number if there is none. */
  static int from(int[] days, int day) {
    int found = Arrays.binarySearch(days, day);
    return found >= 0 ? found : -found - 1;
  }
}
