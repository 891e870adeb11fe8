package io.tenure.jobs.check;

/** How two sums must stand to each other. A sum of no terms is unknown. */
public enum Relation {
  /** Equal; unknown counts as 0. */
  EQUAL(""),
  /** Equal, wherever there is something to compare: unknown only counts as 0 if expected. */
  EQUAL_WHERE_FOUND(""),
  /** Equal; what is expected to be unknown must be, and nothing found counts as 0. */
  EQUAL_OR_UNKNOWN(""),
  /** Every single term equal to the expected sum. */
  EACH_EQUAL(""),
  /** At most what is expected; unknown counts as 0. */
  AT_MOST("at most "),
  /** At least what is expected; unknown counts as 0. */
  AT_LEAST("at least ");

  private final String words;

  Relation(String words) {
    this.words = words;
  }

  /** Whether one sum may be on one side of the other. */
  boolean isBound() {
    return this == AT_MOST || this == AT_LEAST;
  }

  boolean isBroken(Sums sums) {
    return switch (this) {
      case EQUAL -> sums.expected() != sums.actual();
      case EQUAL_WHERE_FOUND -> sums.found() && sums.expected() != sums.actual();
      case EQUAL_OR_UNKNOWN -> sums.known() ? sums.expected() != sums.actual() : sums.found();
      case EACH_EQUAL ->
          sums.found() && (sums.least() != sums.expected() || sums.greatest() != sums.expected());
      case AT_MOST -> sums.actual() > sums.expected();
      case AT_LEAST -> sums.actual() < sums.expected();
    };
  }

  /** The two numbers, in words. */
  String describe(Sums sums) {
    long odd = sums.least() != sums.expected() ? sums.least() : sums.greatest();
    return "expected %s, found %s"
        .formatted(
            sums.known() ? words + sums.expected() : words + "nothing",
            this == EACH_EQUAL ? odd : sums.actual());
  }
}
