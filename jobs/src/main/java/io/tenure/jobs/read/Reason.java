package io.tenure.jobs.read;

import java.util.Locale;

/**
 * Why a row of the input is not an accepted event. Checked in this order; the first one counts.
 *
 * <p>Rejection does not look at the as-of day, so what is rejected of a file never changes.
 */
public enum Reason {
  /** The row is an event. */
  ACCEPTED(Fate.ACCEPTED, ""),
  /**
   * A line of CSV with more or fewer fields than the others, or of JSON that is none: what was read
   * of it may be what another column says.
   */
  BROKEN_LINE(
      Fate.REJECTED, "the line is broken: not as many fields as there are columns, or no JSON"),
  /** {@code input.where} is not true for it. */
  FILTERED(Fate.LEFT_OUT, "input.where is not true"),
  /** Its user was erased; nothing else is said of it. */
  ERASED_USER(Fate.LEFT_OUT, "its user was erased"),
  MISSING_TIME(Fate.REJECTED, "no time"),
  UNPARSEABLE_TIME(Fate.REJECTED, "the time cannot be read as one"),
  /** Its local day is before {@code input.earliest}, or its time is beyond what a time can hold. */
  TIME_OUT_OF_RANGE(Fate.REJECTED, "before input.earliest, or beyond any calendar"),
  /**
   * No user, or one of nothing but white space; or one that looks like others: a text that could
   * not be decoded, or a floating-point number from which on whole numbers run together.
   */
  MISSING_USER(
      Fate.REJECTED,
      "no user, or none that can be told from others: in another encoding, or too large for floating point"),
  UNPARSEABLE_AMOUNT(Fate.REJECTED, "the amount cannot be read as DECIMAL(18,4)"),
  UNPARSEABLE_SCORE(Fate.REJECTED, "a score is no whole number from 0 to 10"),
  /** Its local day is after the as-of day. */
  AFTER_AS_OF(Fate.LEFT_OUT, "later than the as-of day"),
  /** Its day is not among those that an incremental run recomputes; it counts as stored. */
  OTHER_DAY(Fate.LEFT_OUT, "its day is not recomputed by this run"),
  /** Another row of the same user and local day has the same event id. */
  DUPLICATE(Fate.LEFT_OUT, "same event id, user and day as another row");

  /** What becomes of a row. */
  public enum Fate {
    ACCEPTED,
    /** Not an event the run asked for. */
    LEFT_OUT,
    /** An event, had it not been broken. */
    REJECTED
  }

  private final Fate fate;
  private final String meaning;

  Reason(Fate fate, String meaning) {
    this.fate = fate;
    this.meaning = meaning;
  }

  public Fate fate() {
    return fate;
  }

  /** Whether a row that does not count has a time all the same, which says what days it is of. */
  public boolean tellsDay() {
    return this == AFTER_AS_OF
        || this == MISSING_USER
        || this == UNPARSEABLE_AMOUNT
        || this == UNPARSEABLE_SCORE;
  }

  /** A few words for a person. */
  public String meaning() {
    return meaning;
  }

  /** The name in tables and run records: {@code missing_user}, … */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
