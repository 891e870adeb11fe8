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
}
