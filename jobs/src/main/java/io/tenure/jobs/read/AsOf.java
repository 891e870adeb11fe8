package io.tenure.jobs.read;

import java.time.LocalDate;

/**
 * The last day that counts.
 *
 * @param why how it was chosen, for the person who did not choose it
 */
public record AsOf(LocalDate day, String why) {}
