package io.tenure.jobs.check;

import io.tenure.common.config.TenureConfig;
import java.util.List;
import java.util.stream.Stream;

/** The identities that every run must satisfy before it is published. */
public final class Identities {
  private Identities() {}

  /** All that fit a config: a metric adds its own list here. */
  public static List<Identity> all(TenureConfig config) {
    return Stream.of(
            RetentionIdentities.ALL,
            ActivityIdentities.of(config),
            GrowthIdentities.of(config),
            ChurnIdentities.ALL)
        .flatMap(List::stream)
        .toList();
  }
}
