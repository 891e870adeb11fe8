package io.tenure.common.table;

import java.io.Serializable;

/**
 * A published column.
 *
 * @param name snake_case
 * @param nullable whether NULL has a meaning here; the comment says which
 * @param comment a sentence for whoever reads the table, carried into the file
 */
public record Column(String name, ColumnType type, boolean nullable, String comment)
    implements Serializable {

  public static Column required(String name, ColumnType type, String comment) {
    return new Column(name, type, false, comment);
  }

  public static Column optional(String name, ColumnType type, String comment) {
    return new Column(name, type, true, comment);
  }
}
