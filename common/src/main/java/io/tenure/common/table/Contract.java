package io.tenure.common.table;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * What a published table promises.
 *
 * @param name the table's name and directory
 * @param comment what one row is
 * @param grain the columns that identify a row, in the order rows are sorted by
 * @param columns all columns, in order
 */
public record Contract(String name, String comment, List<String> grain, List<Column> columns)
    implements Serializable {

  /** In a column that splits a table: the whole, beside its parts. */
  public static final String WHOLE = "(all)";

  public Contract {
    grain = List.copyOf(grain);
    columns = List.copyOf(columns);
    List<String> names = columns.stream().map(Column::name).toList();
    if (names.stream().distinct().count() != names.size()) {
      throw new IllegalArgumentException("Two columns of " + name + " share a name: " + names);
    }
    for (String key : grain) {
      if (!names.contains(key)) {
        throw new IllegalArgumentException("Grain of " + name + " names no column: " + key);
      }
    }
  }

  /** The contract of a result table: the columns given, and the run that wrote the row. */
  public static Contract result(
      String name, String comment, List<String> grain, List<Column> columns) {
    List<Column> all = new ArrayList<>(columns);
    all.add(Column.required("run_id", ColumnType.STRING, "The run that computed the row"));
    return new Contract(name, comment, grain, all);
  }

  /** The position of a column. */
  public int index(String column) {
    for (int index = 0; index < columns.size(); index++) {
      if (columns.get(index).name().equals(column)) {
        return index;
      }
    }
    throw new IllegalArgumentException("No column " + column + " in " + name);
  }
}
