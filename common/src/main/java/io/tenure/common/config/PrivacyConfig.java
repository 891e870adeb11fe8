package io.tenure.common.config;

import java.io.Serializable;

/**
 * What is hidden in published tables.
 *
 * @param minUsers numbers of rows that speak of fewer users than this are hidden outside, with
 *     those that would give them away; 0 hides nothing
 * @param roundTo counts outside are rounded to multiples of this; 1 leaves them as they are
 */
public record PrivacyConfig(int minUsers, int roundTo) implements Serializable {
  /** Everything is shown as it is. */
  public static final PrivacyConfig NONE = new PrivacyConfig(0, 1);

  /** Whether there is a protected copy. */
  public boolean protects() {
    return minUsers > 0 || roundTo > 1;
  }
}
