package io.tenure.common.table;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Who is counted in a row of a table, and by which rule a protected copy hides what it says: {@code
 * of(COHORTS).counting("cohort_users")}.
 *
 * @param rule how the numbers of the table hang together with others, and so which go with a small
 *     one
 * @param counted the column that says of how many users a row speaks; null if none does
 * @param alsoHidden columns that are no numbers and tell of users all the same
 * @param kept numbers that tell nothing of users
 * @param shares rates that follow from two counts of their row, so that they can follow from
 *     rounded ones
 */
public record Protection(
    Rule rule, String counted, List<String> alsoHidden, List<String> kept, List<Share> shares)
    implements Serializable {

  /**
   * A rate with its interval: a count over another one of the same row.
   *
   * @param rate the column of the rate; low and high are those of its interval
   * @param part the column of the numerator
   * @param whole the column of the denominator
   */
  public record Share(String rate, String low, String high, String part, String whole)
      implements Serializable {}

  /** How the rows of a table are hidden. */
  public enum Rule {
    /** Nothing was said, so the table cannot be published. */
    UNSAID,
    /** The table tells nothing of users: it is copied. */
    NOBODY,
    /** The table stays inside: there is no protected copy of it. */
    INSIDE,
    /**
     * Rows speak of single users by name: the table stays inside, and no other table repeats what
     * its rows say.
     */
    PERSONS,
    /**
     * All rows of a segment value are hidden if one of them is small, whatever the table is: right
     * for numbers that no other table has.
     */
    SEGMENT,
    /** Cohorts by period. */
    COHORTS,
    /** The sizes of cohorts. */
    SIZES,
    /** Sums over cohorts. */
    CURVE,
    /** Trailing windows. */
    WINDOWS,
    /** Users of calendar periods. */
    PERIODS,
    /** Users of a month by active days. */
    FREQUENCY,
    /** Users of the last days by habit. */
    HABIT,
    /** Comings and goings from one period to the next. */
    FLOWS,
    /**
     * Money that comes and goes from one month to the next: a row is hidden if any count of users
     * in it is small, because money of few is a secret of theirs even where their number is none.
     */
    MONEY,
    /** Losses by period. */
    CHURN,
    /** Losses by month and stage. */
    STAGES,
    /** Life tables. */
    LIFE_TABLE,
    /** Life tables by stage. */
    LIFE_STAGES,
    /** A value against the others: what follows from its churn and return and from the whole's. */
    DRIVERS,
    /** Comparisons of all values of a dimension. */
    COMPARISON,
    /** What follows from the last months of the whole. */
    PROJECTION
  }

  static final Protection UNSAID = of(Rule.UNSAID);

  public Protection {
    alsoHidden = List.copyOf(alsoHidden);
    kept = List.copyOf(kept);
    shares = List.copyOf(shares);
  }

  public static Protection of(Rule rule) {
    return new Protection(rule, null, List.of(), List.of(), List.of());
  }

  /** This protection of rows that speak of as many users as a column says. */
  public Protection counting(String column) {
    return new Protection(rule, column, alsoHidden, kept, shares);
  }

  /** This protection, which hides columns that are no numbers, too. */
  public Protection alsoHiding(String... columns) {
    return new Protection(rule, counted, List.of(columns), kept, shares);
  }

  /** This protection, which leaves numbers as they are. */
  public Protection keeping(String... columns) {
    return new Protection(rule, counted, alsoHidden, List.of(columns), shares);
  }

  /** This protection of rows with a rate whose interval is {@code ci_low} to {@code ci_high}. */
  public Protection sharing(String rate, String part, String whole) {
    return sharing(new Share(rate, "ci_low", "ci_high", part, whole));
  }

  /** This protection of rows with a rate. */
  public Protection sharing(Share share) {
    List<Share> more = new ArrayList<>(shares);
    more.add(share);
    return new Protection(rule, counted, alsoHidden, kept, more);
  }

  /** The column that says of how many users a row speaks. */
  public Optional<String> population() {
    return Optional.ofNullable(counted);
  }

  /** Whether there is no protected copy of the table. */
  public boolean staysInside() {
    return rule == Rule.INSIDE || rule == Rule.PERSONS;
  }

  /** Whether a protected copy of the table can have hidden numbers. */
  public boolean hidesAny() {
    return rule != Rule.UNSAID && rule != Rule.NOBODY && !staysInside();
  }
}
