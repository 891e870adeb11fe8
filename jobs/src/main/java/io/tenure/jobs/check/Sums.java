package io.tenure.jobs.check;

import java.io.Serializable;

/**
 * What is expected and what was found under one key: sums of terms, in any order.
 *
 * @param known whether any term was expected
 * @param found whether any term was found
 * @param least the least term found
 * @param greatest the greatest term found
 */
record Sums(boolean known, long expected, boolean found, long actual, long least, long greatest)
    implements Serializable {

  static Sums expected(long term) {
    return new Sums(true, term, false, 0, Long.MAX_VALUE, Long.MIN_VALUE);
  }

  static Sums actual(long term) {
    return new Sums(false, 0, true, term, term, term);
  }

  static Sums both(long expected, long actual) {
    return new Sums(true, expected, true, actual, actual, actual);
  }

  Sums plus(Sums other) {
    return new Sums(
        known || other.known,
        Math.addExact(expected, other.expected),
        found || other.found,
        Math.addExact(actual, other.actual),
        Math.min(least, other.least),
        Math.max(greatest, other.greatest));
  }
}
