package io.tenure.jobs.metric;

import java.io.Serializable;

/**
 * A vector of sums over users, and where it belongs.
 *
 * @param sums what each position means is the metric's own affair
 */
public record Cell(Key key, long[] sums) implements Serializable {
  /**
   * The address of a cell.
   *
   * @param table the table it becomes rows of
   * @param dimension the segment dimension, or {@link Segments#ALL}
   * @param value the segment value, or {@link Segments#ALL}
   * @param part the metric's own subdivision of a table, such as a grain
   * @param index the metric's own index within a part, such as a cohort
   */
  public record Key(String table, String dimension, String value, int part, int index)
      implements Serializable {
    // Looked up for every cell of every task; what a record makes of itself takes long to warm up.

    @Override
    public int hashCode() {
      int hash = (table.hashCode() * 31 + dimension.hashCode()) * 31 + value.hashCode();
      int mixed = ((hash * 31 + part) * 31 + index) * 0x9E3779B1;
      return mixed ^ mixed >>> 15;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key key
          && index == key.index
          && part == key.part
          && table.equals(key.table)
          && dimension.equals(key.dimension)
          && value.equals(key.value);
    }

    Key ofTable(String other) {
      return new Key(other, dimension, value, part, index);
    }

    /** What the cells of all indexes of a part share. */
    public Key ofValue() {
      return new Key(table, dimension, value, part, 0);
    }

    /** What the cells of all dimensions share. */
    public Key ofPart() {
      return new Key(table, Segments.ALL, Segments.ALL, part, index);
    }

    /** What the cells of all values of the dimension share. */
    public Key ofDimension() {
      return new Key(table, dimension, Segments.ALL, part, index);
    }
  }

  /** The same sums, to become rows of another table. */
  public Cell ofTable(String table) {
    return table.equals(key.table()) ? this : new Cell(key.ofTable(table), sums);
  }

  public String dimension() {
    return key.dimension();
  }

  public String value() {
    return key.value();
  }

  public int part() {
    return key.part();
  }

  public int index() {
    return key.index();
  }

  /** A sum; beyond the end of the vector nothing was added. */
  long sum(int at) {
    return at < sums.length ? sums[at] : 0;
  }

  /** The place of the first sum that is not 0. Cells are made to be added to, so there is one. */
  int firstSum() {
    int at = 0;
    while (sums[at] == 0) {
      at++;
    }
    return at;
  }
}
