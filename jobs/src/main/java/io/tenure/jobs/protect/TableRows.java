package io.tenure.jobs.protect;

import io.tenure.common.table.Contract;
import java.util.function.Consumer;

/** The exact tables of a run. */
public interface TableRows {
  /**
   * Reads a table.
   *
   * @param rows takes the values of the contract's columns, in the order of the table's grain
   */
  void each(Contract table, Consumer<Object[]> rows);
}
