package io.tenure.jobs.report.page;

/** A value of a dimension, or the whole. */
record Segment(String dimension, String value) {
  private static final String ALL = "(all)";

  static final Segment WHOLE = new Segment(ALL, ALL);

  /** In words. */
  String label() {
    return equals(WHOLE) ? "all users" : dimension + " = " + value;
  }
}
