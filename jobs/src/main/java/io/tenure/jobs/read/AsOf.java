package io.tenure.jobs.read;

import java.time.LocalDate;
import java.util.Optional;

/**
 * The last day that counts.
 *
 * @param why how it was chosen, for the person who did not choose it
 * @param warning what the person who chose it should know
 */
public record AsOf(LocalDate day, String why, Optional<String> warning) {
  /** Days without any event that are more than a weekend or holidays: the log has ended. */
  public static final int LONG_SILENCE = 7;

  AsOf(LocalDate day, String why) {
    this(day, why, Optional.empty());
  }
}
