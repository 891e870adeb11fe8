package io.tenure.jobs.command;

import io.tenure.common.UserError;
import io.tenure.common.config.PrivacyConfig;
import io.tenure.common.config.TenureConfig;
import io.tenure.common.store.Output;
import io.tenure.common.store.ProtectionRecord;
import java.util.Optional;

/** What of a run may be seen outside: by people who read its page, and in databases. */
final class Outside {
  private Outside() {}

  /**
   * Requires that a run is protected at least as a config asks for. A run that hides more than that
   * stays as it is: what it hides is hidden for good.
   *
   * @throws UserError of usage
   */
  static void require(TenureConfig config, Output output, String runId) {
    PrivacyConfig run = privacy(output, runId);
    PrivacyConfig wanted = config.privacy();
    if (wanted.minUsers() > run.minUsers()) {
      throw UserError.usage(
          "Cannot publish run %s outside: it hides %s, and privacy.min-users is %d now. `run` again."
              .formatted(
                  runId,
                  run.minUsers() == 0
                      ? "nothing"
                      : "what speaks of fewer than " + run.minUsers() + " users",
                  wanted.minUsers()));
    }
    if (wanted.roundTo() > run.roundTo()) {
      throw UserError.usage(
          "Cannot publish run %s outside: its counts are %s, and privacy.round-to is %d now. `run` again."
              .formatted(
                  runId,
                  run.roundTo() == 1 ? "exact" : "rounded to multiples of " + run.roundTo(),
                  wanted.roundTo()));
    }
  }

  /** How a run is protected, whatever a config says now. */
  static PrivacyConfig privacy(Output output, String runId) {
    return output
        .protection(runId)
        .map(protection -> new PrivacyConfig(protection.minUsers(), protection.roundTo()))
        .orElse(PrivacyConfig.NONE);
  }

  /** What a run hides, in a line; empty if nothing. */
  static Optional<String> describe(Output output, String runId) {
    return output
        .protection(runId)
        .map(
            protection ->
                "outside, %,d of its %,d numbers are hidden (privacy.min-users %d)%s%s"
                    .formatted(
                        protection.hidden(),
                        protection.numbers(),
                        protection.minUsers(),
                        leftOut(protection),
                        protection.roundTo() > 1
                            ? "; counts are rounded to multiples of " + protection.roundTo()
                            : ""));
  }

  private static String leftOut(ProtectionRecord protection) {
    int values = protection.valuesLeftOut().values().stream().mapToInt(Integer::intValue).sum();
    return values == 0 ? "" : "; %d segment values have no rows there".formatted(values);
  }
}
