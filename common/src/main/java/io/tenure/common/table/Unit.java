package io.tenure.common.table;

/** What a number of a column counts or measures. */
public enum Unit {
  USERS("users"),
  /** Expected, so not whole. */
  CUSTOMERS("customers"),
  /** One user may have several. */
  SPELLS("spells"),
  EVENTS("events"),
  /** Of one user, day and touchpoint. */
  ANSWERS("answers"),
  ROWS("rows"),
  VALUES("segment values"),
  SECONDS("seconds"),
  DAYS("days"),
  MONTHS("months"),
  PERIODS("periods of the row's grain"),
  /** Of {@code tenure_unit}, in the same row. */
  TENURE("days or months, as tenure_unit says"),
  /** A part of a whole. */
  SHARE("share, 0 to 1"),
  /** A share less another one, times 100. */
  POINTS("points, -100 to 100"),
  /** One number over another, which is no part of it. */
  RATIO("ratio"),
  PER_MONTH("per month"),
  CURRENCY("money, in the currency of input.amount"),
  /** A number without a dimension, such as a test statistic or a position. */
  NUMBER("number");

  private final String label;

  Unit(String label) {
    this.label = label;
  }

  /** The unit in words. */
  public String label() {
    return label;
  }
}
