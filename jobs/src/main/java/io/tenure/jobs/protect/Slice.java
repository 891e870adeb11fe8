package io.tenure.jobs.protect;

import io.tenure.common.table.Contract;

/** The whole, or a value of a dimension. */
record Slice(String segment, String value) {
  static final Slice WHOLE = new Slice(Contract.WHOLE, Contract.WHOLE);

  boolean isWhole() {
    return equals(WHOLE);
  }
}
