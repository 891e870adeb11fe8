package io.tenure.jobs.report.page;

import io.tenure.common.table.Contract;

/** A value of a dimension, or the whole. */
record Segment(String dimension, String value) {
  static final Segment WHOLE = new Segment(Contract.WHOLE, Contract.WHOLE);

  /** In words. */
  String label() {
    return equals(WHOLE) ? "all users" : dimension + " = " + value;
  }
}
