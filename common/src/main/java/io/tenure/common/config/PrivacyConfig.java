package io.tenure.common.config;

import java.io.Serializable;

/**
 * What is hidden in published tables.
 *
 * @param minUsers numbers of rows that speak of fewer users than this are hidden outside, with
 *     those that would give them away; 0 hides nothing
 */
public record PrivacyConfig(int minUsers) implements Serializable {
  /** Whether there is a protected copy. */
  public boolean hidesAny() {
    return minUsers > 0;
  }
}
