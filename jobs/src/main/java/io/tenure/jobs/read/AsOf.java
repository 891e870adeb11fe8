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
  AsOf(LocalDate day, String why) {
    this(day, why, Optional.empty());
  }
}
