package io.tenure.common.config;

import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * A funnel: steps that users are to take one after the other.
 *
 * @param name in the column {@code funnel}
 * @param steps the activity of each step, in order; one may come several times
 * @param entry which events of the first step a user enters with
 * @param window how long after the first step the others count: elapsed time, its end included
 */
public record FunnelConfig(String name, List<String> steps, Entry entry, Duration window)
    implements Serializable {

  /** Which events of the first step a user enters with. */
  public enum Entry {
    /** The first one: in the log, and in each period. */
    FIRST,
    /** All of them; the one that leads furthest counts. */
    ANY;

    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

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
