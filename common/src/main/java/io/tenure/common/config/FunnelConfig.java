package io.tenure.common.config;

import java.io.Serializable;
import java.time.Duration;
import java.util.List;

/**
 * A funnel: steps that users are to take one after the other.
 *
 * @param name in the column {@code funnel}
 * @param steps the activity of each step, in order; one may come several times
 * @param window how long after the first step the others count: elapsed time, its end included
 */
public record FunnelConfig(String name, List<String> steps, Duration window)
    implements Serializable {

  public FunnelConfig {
    steps = List.copyOf(steps);
  }

  /** The window in microseconds. */
  public long windowMicros() {
    return Math.multiplyExact(window.toSeconds(), 1_000_000L);
  }

  /** The window in the largest unit that it is a whole number of, such as {@code 36 hours}. */
  public String windowInWords() {
    long seconds = window.toSeconds();
    long[] lengths = {86_400, 3_600, 60, 1};
    String[] units = {"day", "hour", "minute", "second"};
    int unit = 0;
    while (seconds % lengths[unit] != 0) {
      unit++;
    }
    long number = seconds / lengths[unit];
    return number + " " + units[unit] + (number == 1 ? "" : "s");
  }
}
